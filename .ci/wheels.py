# SPDX-License-Identifier: GPL-3.0-or-later
"""What a zip brings of others' packages: wheels fetched by pip, pinned by hash.

    lib/vendor/pure/tuf/…       in every zip, what Kodi's repository lacks: lib/service.py puts it on the path
    lib/vendor/linux-x86_64/cp311/libtorrent/__init__.cpython-311-x86_64-linux-gnu.so
                                libtorrent for a platform, where lib/commonreel/streaming/vendored.py looks

`python .ci/wheels.py` fetches the first kind, so that building needs no network.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from typing import Iterator, NamedTuple, Sequence

import pe_imports

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / ".ci" / "libtorrent"
LICENCES = PINS / "licences"
PURE = ROOT / ".ci" / "vendored.txt"
CACHE = ROOT / "build" / "wheels"
VENDOR = "lib/vendor/"
COMPILED = (".so", ".pyd", ".dylib", ".dll")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# python-tuf says that it runs on 3.8, where this module's annotations must not be evaluated.
POSTPONED = "tuf/ngclient/fetcher.py"
LICENCE = re.compile(r"LICEN[CS]E|COPYING|NOTICE", re.IGNORECASE)


class Platform(NamedTuple):
    """What pip calls it, and the Pythons of its Kodis (20 and later) that libtorrent has wheels for."""

    tags: tuple[str, ...]
    pythons: tuple[str, ...]


# Kodi takes the distribution's Python on Linux: 3.10 Ubuntu 22.04 and Flatpak, 3.11 Debian 12, LibreELEC
# and CoreELEC, 3.12 Ubuntu 24.04, 3.13 Debian 13. On macOS it brings 3.11 (Kodi 20 and 21) or 3.14 (22), on
# Windows 3.8 (20 and 21) or 3.14 (22). There are no wheels for 3.14.
_LINUX = ("3.10", "3.11", "3.12", "3.13")
PLATFORMS = {
    "linux-x86_64": Platform(("manylinux_2_17_x86_64", "manylinux2014_x86_64"), _LINUX),
    "linux-aarch64": Platform(("manylinux_2_17_aarch64", "manylinux2014_aarch64"), _LINUX),
    "macos-arm64": Platform(("macosx_14_0_arm64",), ("3.11",)),
    "macos-x86_64": Platform(("macosx_13_0_x86_64",), ("3.11",)),
    "windows-x64": Platform(("win_amd64",), ("3.8",)),
}


def vendored(platform: str) -> list[tuple[str, bytes]]:
    """Names and contents of what a platform's zip has beyond the universal one, in the order of the zip.

    Exits with the reason where a library would be missing on the device.
    """
    folder = VENDOR + platform + "/"
    found = [(VENDOR + "licences/" + path.name, path.read_bytes()) for path in sorted(LICENCES.iterdir())]
    for python in PLATFORMS[platform].pythons:
        wheel = fetch(platform, python)
        modules = dict(compiled(wheel))
        missing = pe_imports.missing(modules)
        if missing:
            raise SystemExit(
                "No zip for %s: %s imports %s, which neither the wheel nor Kodi brings."
                % (platform, wheel.name, " and ".join(missing))
            )
        found += [("%scp%s/%s" % (folder, python.replace(".", ""), name), modules[name]) for name in modules]
    return sorted(found)


def pure() -> list[tuple[str, bytes]]:
    """Names and contents of the packages that are Python alone, in the order of the zip."""
    wanted = len(HASH.findall(PURE.read_text(encoding="utf-8")))
    folder = CACHE / "pure"
    found = all_pinned(folder, PURE)
    if len(found) < wanted:
        _download(["--requirement=%s" % PURE, "--dest=%s" % folder])
        found = all_pinned(folder, PURE)
    if len(found) < wanted:
        raise SystemExit("pip left not every wheel of %s in %s" % (PURE.name, folder))
    return sorted(entry for wheel in found for entry in python_of(wheel))


def python_of(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """The modules of a wheel, and its licences: lib/vendor/licences/tuf-LICENSE.txt."""
    package = wheel.name.partition("-")[0]
    with zipfile.ZipFile(wheel) as archive:
        for path in map(PurePosixPath, archive.namelist()):
            if path.suffix == ".py":
                content = archive.read(str(path))
                if str(path) == POSTPONED:
                    content = content.replace(
                        b"\nimport ", b"\nfrom __future__ import annotations\nimport ", 1
                    )
                yield "%spure/%s" % (VENDOR, path), content
            elif LICENCE.match(path.name):
                whose = [package] if path.parts[0].endswith(".dist-info") else [package, path.parts[-2]]
                yield "%slicences/%s.txt" % (VENDOR, "-".join([*whose, path.name])), archive.read(str(path))


def compiled(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """The compiled modules and libraries of a wheel, and the package's __init__.py if it has one."""
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(COMPILED) or name == "libtorrent/__init__.py":
                yield name, archive.read(name)


def fetch(platform: str, python: str) -> Path:
    """The wheel, from build/wheels if it has been fetched before. Its hash is a pinned one either way."""
    pins = PINS / ("%s.txt" % platform)
    folder = CACHE / platform / python
    found = pinned(folder, pins)
    if not found:
        _download(pip(platform, python, pins, folder))
        found = pinned(folder, pins)
    if not found:
        raise SystemExit("pip left no wheel of %s in %s" % (pins.name, folder))
    return found


def pinned(folder: Path, pins: Path) -> Path | None:
    """The wheel in a folder whose hash is in the file."""
    return next(iter(all_pinned(folder, pins)), None)


def all_pinned(folder: Path, pins: Path) -> list[Path]:
    """All of them."""
    hashes = set(HASH.findall(pins.read_text(encoding="utf-8")))
    wheels = sorted(folder.glob("*.whl"))
    return [path for path in wheels if hashlib.sha256(path.read_bytes()).hexdigest() in hashes]


def pip(platform: str, python: str, pins: Path, folder: Path) -> list[str]:
    """What to tell pip's download to get the wheel."""
    options = ["--requirement=%s" % pins, "--dest=%s" % folder]
    options += ["--implementation=cp", "--python-version=%s" % python]
    return options + ["--platform=%s" % tag for tag in PLATFORMS[platform].tags]


def _download(options: Sequence[str]) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", *options]
    subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    pure()
