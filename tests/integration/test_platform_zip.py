# SPDX-License-Identifier: GPL-3.0-or-later
"""The zips for platforms, made of libtorrent's own wheels: pip fetches them into build/wheels, once."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile

import pytest

import build_zip
import wheels
from commonreel.streaming import vendored

BUILT = [platform for platform in wheels.PLATFORMS if platform != "windows-x64"]

# How a compiled file for the platform begins: ELF class and machine, Mach-O magic number and processor.
ELF, MACH_O = "<4sB13xH", "<II"
BEGINNINGS = {
    "linux-x86_64": (ELF, (b"\x7fELF", 2, 62)),
    "linux-aarch64": (ELF, (b"\x7fELF", 2, 183)),
    "macos-x86_64": (MACH_O, (0xFEEDFACF, 0x01000007)),
    "macos-arm64": (MACH_O, (0xFEEDFACF, 0x0100000C)),
}


@pytest.mark.timeout(300)  # the first time pip has to fetch the wheels
@pytest.mark.parametrize("platform", BUILT)
def test_what_is_added_is_compiled_for_the_platform_or_a_licence(platform):
    form, beginning = BEGINNINGS[platform]
    pythons = set()
    for name, content in wheels.vendored(platform):
        if name.startswith("lib/vendor/licences/"):
            assert name.endswith(".txt")
            continue
        assert name.startswith("lib/vendor/%s/cp3" % platform)
        assert name.endswith(wheels.COMPILED)
        assert struct.unpack_from(form, content) == beginning
        pythons.add(name.split("/")[3])
    assert pythons == {"cp" + python.replace(".", "") for python in wheels.PLATFORMS[platform].pythons}


def test_the_zip_differs_from_the_universal_one_in_that_alone(tmp_path):
    universal = zipfile.ZipFile(build_zip.build(tmp_path))
    path = build_zip.build(tmp_path, platform="macos-arm64")
    larger = zipfile.ZipFile(path)
    same = universal.namelist()
    assert all(larger.read(name) == universal.read(name) for name in same)
    added = {name.partition("/")[2] for name in larger.namelist()} - {name.partition("/")[2] for name in same}
    assert added == {name for name, _content in wheels.vendored("macos-arm64")}
    assert build_zip.build(tmp_path / "again", platform="macos-arm64").read_bytes() == path.read_bytes()


def test_no_zip_for_windows_while_its_wheel_lacks_two_libraries():
    command = [sys.executable, str(build_zip.ROOT / ".ci" / "build_zip.py"), "--platform", "windows-x64"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert not done.stdout
    assert (
        "imports libcrypto-1_1-x64.dll and libssl-1_1-x64.dll, which neither the wheel nor Kodi"
        in done.stderr
    )


def test_the_module_of_this_platform_loads_where_the_system_has_none(tmp_path):
    this = vendored.this()
    platform = vendored.NAMES.get((this.system, this.machine))
    if platform not in BUILT or "%d.%d" % this.version not in wheels.PLATFORMS[platform].pythons:
        pytest.skip("no wheel for this Python")
    for name, content in wheels.vendored(platform):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder = vendored.folder(this, tmp_path / wheels.VENDOR)
    program = "import libtorrent; print(libtorrent.__file__); libtorrent.session().get_torrents()"
    command = [sys.executable, "-S", "-c", program]
    found = subprocess.run(
        command, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(folder))
