# SPDX-License-Identifier: GPL-3.0-or-later
"""Which folder of lib/vendor fits a Python, and which libtorrent is then the one imported."""

from __future__ import annotations

import sys

import pytest

from commonreel.streaming import session, vendored
from commonreel.streaming.vendored import Interpreter

DEBIAN = Interpreter("Linux", "x86_64", 64, True, (3, 11), "")


@pytest.fixture
def vendor(tmp_path):
    for name in ("linux-x86_64/cp311", "linux-aarch64/cp313", "macos-arm64/cp311", "windows-x64/cp38"):
        (tmp_path / name / "libtorrent").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("interpreter", "name"),
    [
        (DEBIAN, "linux-x86_64/cp311"),
        (DEBIAN._replace(machine="aarch64", version=(3, 13)), "linux-aarch64/cp313"),
        (Interpreter("Darwin", "arm64", 64, False, (3, 11), ""), "macos-arm64/cp311"),
        (Interpreter("Windows", "AMD64", 64, False, (3, 8), ""), "windows-x64/cp38"),
    ],
)
def test_the_folder_of_this_system_machine_and_version(vendor, interpreter, name):
    assert vendored.folder(interpreter, vendor) == vendor / name


@pytest.mark.parametrize(
    "other",
    [
        {"version": (3, 12)},
        {"flags": "t"},
        {"flags": "d"},
        {"gnu": False},
        {"bits": 32},
        {"machine": "aarch64"},
        {"machine": "armv7l"},
        {"machine": ""},
        {"system": "FreeBSD"},
        {"system": "Darwin"},
    ],
)
def test_no_folder_for_another_python(vendor, other):
    assert vendored.folder(DEBIAN._replace(**other), vendor) is None


def test_a_32_bit_python_on_a_64_bit_kernel_has_none(vendor):
    arm = DEBIAN._replace(machine="aarch64", version=(3, 13), bits=32)
    assert vendored.folder(arm, vendor) is None


def test_the_universal_zip_has_none(tmp_path):
    assert vendored.folder(DEBIAN, tmp_path / "vendor") is None


def test_this_python_is_described_as_it_is():
    this = vendored.this()
    assert this.version == sys.version_info[:2]
    assert (this.bits == 64) == (sys.maxsize == 2**63 - 1)
    if (this.system, this.machine) in vendored.NAMES and this.system != "Linux":
        assert not this.gnu


@pytest.fixture
def systems(tmp_path, monkeypatch):
    """The system's libtorrent, and a way to put another into the vendored folder."""
    monkeypatch.delitem(sys.modules, "libtorrent", raising=False)

    def put(folder, text):
        (folder / "libtorrent").mkdir(parents=True)
        (folder / "libtorrent" / "__init__.py").write_text(text)

    put(tmp_path / "system", "__version__ = 'system'")
    monkeypatch.syspath_prepend(tmp_path / "system")
    own = tmp_path / "own"
    monkeypatch.setattr(vendored, "folder", lambda _this: own if own.exists() else None)
    yield lambda text: put(own, text)
    assert str(own) not in sys.path
    sys.modules.pop("libtorrent", None)


def test_the_vendored_one_is_imported_before_the_systems(systems):
    systems("__version__ = 'vendored'")
    assert session._import().__version__ == "vendored"


@pytest.mark.parametrize("text", ["raise ImportError('GLIBC_2.99 not found')", "import missing_library"])
def test_the_systems_is_imported_where_the_vendored_one_does_not_load(systems, text):
    systems(text)
    assert session._import().__version__ == "system"


def test_the_systems_is_imported_where_none_is_vendored(systems):
    assert session._import().__version__ == "system"
