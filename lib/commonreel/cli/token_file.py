# SPDX-License-Identifier: GPL-3.0-or-later
"""The file with the token by which an engine knows those who may call it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

AT_LEAST = 16  # characters
AT_MOST = 256

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PLAIN = re.compile("[!-~]{%d,%d}" % (AT_LEAST, AT_MOST))


def read(file: Path) -> str:
    """The token in the file, without the end of its line; a file that is not there is made, with a fresh
    token, for its owner alone.

    Raises ValueError for a file that others than its owner may touch (POSIX), and for a token that is
    too short or has other characters than printable ASCII; OSError.
    """
    with contextlib.suppress(FileExistsError):
        return _make(file)
    with file.open("rb") as opened:
        mode = os.fstat(opened.fileno()).st_mode
        if os.name == "posix" and mode & _OTHERS:
            raise ValueError("%s: others than its owner may read or write it; chmod 600 it" % file)
        token = opened.read(AT_MOST + 2).decode("ascii", "replace").strip()
    if _PLAIN.fullmatch(token) is None:
        wanted = "%d to %d printable ASCII characters without spaces" % (AT_LEAST, AT_MOST)
        raise ValueError("%s: not a token of %s" % (file, wanted))
    return token


def _make(file: Path) -> str:
    token = secrets.token_urlsafe(24)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
        new.write(token + "\n")
    return token
