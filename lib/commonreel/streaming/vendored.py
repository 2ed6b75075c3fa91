# SPDX-License-Identifier: GPL-3.0-or-later
"""The libtorrent that comes in the add-on's zip for a platform: which folder of lib/vendor fits this Python.

lib/vendor/linux-x86_64/cp311 holds the package as pip would put it into site-packages. The universal zip
has no such folder.
"""

from __future__ import annotations

import os
import platform
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NamedTuple

VENDOR = Path(__file__).resolve().parents[2] / "vendor"

# By system and machine, as Python spells them.
NAMES = {
    ("Linux", "x86_64"): "linux-x86_64",
    ("Linux", "aarch64"): "linux-aarch64",
    ("Darwin", "arm64"): "macos-arm64",
    ("Darwin", "x86_64"): "macos-x86_64",
    ("Windows", "AMD64"): "windows-x64",
}


class Interpreter(NamedTuple):
    """What decides whether a compiled module can be loaded."""

    system: str
    machine: str  # the kernel's: a Python for 32 bits may run on a machine of 64
    bits: int
    gnu: bool  # whether its C library is glibc, for which the wheels for Linux are made
    version: tuple[int, int]
    flags: str  # of its ABI: t without the global lock, d for debugging


def this() -> Interpreter:
    """The Python that runs."""
    return Interpreter(
        platform.system(),
        platform.machine(),
        64 if sys.maxsize > 1 << 32 else 32,
        "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", {}),
        sys.version_info[:2],
        getattr(sys, "abiflags", ""),
    )


def folder(interpreter: Interpreter, vendor: Path = VENDOR) -> Path | None:
    """The folder with the modules for that Python, None where the zip has none."""
    name = NAMES.get((interpreter.system, interpreter.machine), "")
    if not name or interpreter.bits != 64 or (interpreter.system == "Linux" and not interpreter.gnu):
        return None
    found = vendor / name / ("cp%d%d%s" % (*interpreter.version, interpreter.flags))
    return found if found.is_dir() else None


@contextmanager
def first() -> Iterator[None]:
    """What is imported within it comes from the vendored folder before it comes from the system."""
    found = folder(this())
    if not found:
        yield
        return
    sys.path.insert(0, str(found))
    try:
        yield
    finally:
        sys.path.remove(str(found))
