# SPDX-License-Identifier: GPL-3.0-or-later
"""One process at a time in a folder: two engines that write the same film would spoil it for each other."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def of(folder: Path) -> Iterator[None]:
    """Around the use of a folder, which is made if need be. The lock goes with the process, however it ends.

    Raises ValueError if another process is there, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as opened:
        try:
            _lock(opened.fileno())
        except OSError as error:
            raise ValueError(
                "another commonreel uses %s; choose another folder for this one" % folder
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
