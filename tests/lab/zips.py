# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip under test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .command import ROOT


def build(*arguments):
    """The path of one built anew. `arguments`: those of .ci/build_zip.py."""
    command = [sys.executable, str(ROOT / ".ci" / "build_zip.py"), *arguments]
    return Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
