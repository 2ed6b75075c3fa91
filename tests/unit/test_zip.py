# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip that people install: what is in it, and that it comes out the same every time."""

from __future__ import annotations

import importlib.util
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def builder():
    spec = importlib.util.spec_from_file_location("build_zip", ROOT / ".ci" / "build_zip.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(builder, tmp_path_factory):
    return builder.build(tmp_path_factory.mktemp("dist"))


def test_it_is_named_by_id_and_version(built):
    version = ET.parse(ROOT / "addon.xml").getroot().get("version")
    assert built.name == "plugin.video.commonreel-%s.zip" % version


def test_the_same_bytes_every_time(builder, built, tmp_path):
    assert builder.build(tmp_path).read_bytes() == built.read_bytes()


def test_what_kodi_needs_is_there_and_nothing_else(built):
    names = {name.partition("/")[2] for name in zipfile.ZipFile(built).namelist()}
    assert {"addon.xml", "default.py", "LICENSE.txt", "README.md", "CHANGELOG.md"} <= names
    assert {"lib/service.py", "lib/commonreel/kodi/plugin.py", "resources/catalogue.json"} <= names
    assert {name.partition("/")[0] for name in names if "/" in name} == {"lib", "resources"}
    assert not [name for name in names if "publish" in name or "pycache" in name or name.endswith("cli.py")]


def test_every_module_that_runs_in_kodi_is_there(built):
    names = {name.partition("/")[2] for name in zipfile.ZipFile(built).namelist()}
    package = ROOT / "lib" / "commonreel"
    here = {path.relative_to(ROOT).as_posix() for path in package.rglob("*.py")}
    left_out = {name for name in here if name.startswith("lib/commonreel/publish/")}
    assert here - names == left_out | {"lib/commonreel/cli.py", "lib/commonreel/__main__.py"}


def test_all_lies_in_one_folder_of_the_add_ons_name_and_nothing_is_executable(built):
    for entry in zipfile.ZipFile(built).infolist():
        assert entry.filename.startswith("plugin.video.commonreel/")
        assert (entry.external_attr >> 16) & 0o777 == 0o644


def test_another_version_changes_addon_xml_alone(builder, built, tmp_path):
    newer = zipfile.ZipFile(builder.build(tmp_path, "99.0.0"))
    older = zipfile.ZipFile(built)
    manifest = "plugin.video.commonreel/addon.xml"
    assert ET.fromstring(newer.read(manifest)).get("version") == "99.0.0"
    assert newer.namelist() == older.namelist()
    assert {name for name in newer.namelist() if newer.read(name) != older.read(name)} == {manifest}
