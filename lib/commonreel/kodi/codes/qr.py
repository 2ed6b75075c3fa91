# SPDX-License-Identifier: GPL-3.0-or-later
"""QR codes, drawn on this device: nobody else learns what somebody looks at."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

from .. import paths

SIDE = 840  # of 1080 lines: what a code may take at most
QUIET = 4  # modules of white around it, as the standard wants


class Drawn(NamedTuple):
    path: Path
    side: int  # pixels, and lines of 1080


def draw(text: str, folder: Path) -> Drawn:
    """A PNG of the code, in a file named for what it says: Kodi keeps pictures by their names."""
    _find_vendored()
    import segno  # late: lists do without

    code = segno.make_qr(text, error="m")
    modules = code.symbol_size(border=QUIET)[0]
    # A module of a multiple of three lines of 1080 is of whole pixels at 720, 1080 and 2160 lines.
    scale = max(SIDE // int(modules) // 3 * 3, 1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (hashlib.sha256(text.encode()).hexdigest()[:16] + ".png")
    code.save(str(path), kind="png", scale=scale, border=QUIET)
    return Drawn(path, int(modules) * scale)


def _find_vendored() -> None:
    """Put the packages that the zip brings on the path; lib/service.py does so for the service."""
    vendored = str(paths.addon_folder() / "lib" / "vendor" / "pure")
    if vendored not in sys.path:
        sys.path.insert(0, vendored)
