# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a wheel goes into a platform's zip, and what a Windows module imports."""

from __future__ import annotations

import hashlib
import re

import pytest

import pe_imports
import wheels
from commonreel.streaming import vendored
from lab.wheels import wheel, windows_module


@pytest.fixture
def bring(tmp_path, monkeypatch):
    """Has wheels of this content fetched."""

    def bring(content=b"compiled", more=None):
        made = lambda platform, python: wheel(tmp_path, platform, python, content, more)  # noqa: E731
        monkeypatch.setattr(wheels, "fetch", made)

    return bring


def test_only_compiled_files_and_licences_are_taken(bring):
    bring(more={"libtorrent.dylibs/libssl.3.dylib": b"", "libtorrent/__init__.py": b""})
    names = [name for name, _content in wheels.vendored("macos-arm64")]
    assert [name for name in names if "/licences/" not in name] == [
        "lib/vendor/macos-arm64/cp311/libtorrent.dylibs/libssl.3.dylib",
        "lib/vendor/macos-arm64/cp311/libtorrent/__init__.3.11.so",
        "lib/vendor/macos-arm64/cp311/libtorrent/__init__.py",
    ]
    assert {"lib/vendor/licences/NOTICE.txt", "lib/vendor/licences/libtorrent.txt"} <= set(names)


def test_every_licence_that_the_notice_names_is_there():
    notice = (wheels.LICENCES / "NOTICE.txt").read_text(encoding="utf-8")
    texts = {path.name for path in wheels.LICENCES.iterdir()} - {"NOTICE.txt"}
    assert texts == {word for word in notice.split() if word.endswith(".txt")}


@pytest.mark.parametrize("platform", wheels.PLATFORMS)
def test_every_platform_has_a_pin_for_each_python(platform):
    pins = (wheels.PINS / ("%s.txt" % platform)).read_text(encoding="utf-8")
    hashes = wheels.HASH.findall(pins)
    assert len(hashes) == len(set(hashes)) == len(wheels.PLATFORMS[platform].pythons)
    assert "libtorrent==" in pins


def test_what_is_vendored_is_what_was_tested():
    pins = set(re.findall(r"^(\S+==\S+)", wheels.PURE.read_text(encoding="utf-8"), re.MULTILINE))
    tested = (wheels.ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert pins
    assert pins <= set(tested)


def test_the_add_on_looks_where_the_zip_has_it():
    assert set(vendored.NAMES.values()) == set(wheels.PLATFORMS)


def test_a_wheel_of_another_hash_is_not_taken(tmp_path):
    pins = tmp_path / "pins.txt"
    found = wheel(tmp_path, "linux-x86_64", "3.11")
    pins.write_text("libtorrent==9.9 --hash=sha256:" + 64 * "0")
    assert wheels.pinned(tmp_path, pins) is None
    pins.write_text("libtorrent==9.9 --hash=sha256:" + hashlib.sha256(found.read_bytes()).hexdigest())
    assert wheels.pinned(tmp_path, pins) == found


def test_imports_are_read_from_the_table():
    assert list(pe_imports.imports(windows_module("python38.dll", "KERNEL32.dll"))) == [
        "python38.dll",
        "KERNEL32.dll",
    ]
    assert list(pe_imports.imports(windows_module())) == []


@pytest.mark.parametrize("length", [0, 2, 0x40, 0x84, 0xF0, 0x180, 0x400, 0x410])
def test_an_image_that_is_cut_off_is_refused(length):
    with pytest.raises(ValueError, match=r"."):
        list(pe_imports.imports(windows_module("python38.dll")[:length]))


def test_a_windows_zip_is_made_only_when_no_library_is_missing(bring):
    bring(
        windows_module("python38.dll", "KERNEL32.dll", "libssl-1_1-x64.dll", "api-ms-win-crt-heap-l1-1-0.dll")
    )
    with pytest.raises(SystemExit, match=r"imports libssl-1_1-x64\.dll, which neither the wheel nor Kodi"):
        wheels.vendored("windows-x64")
    bring(
        windows_module("python38.dll", "LIBSSL-1_1-x64.dll"),
        {"libtorrent/libssl-1_1-x64.dll": windows_module()},
    )
    assert wheels.vendored("windows-x64")
