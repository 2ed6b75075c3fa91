# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip that people install: what is in it, and that it comes out the same every time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import build_zip
import wheels
from commonreel.catalog import main
from commonreel.catalog.following import Offer
from lab.curator import Curator
from lab.records import free
from lab.wheels import wheel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_zip.build(tmp_path_factory.mktemp("dist"))


def test_it_is_named_by_id_and_version(built):
    version = ET.parse(ROOT / "addon.xml").getroot().get("version")
    assert built.name == "plugin.video.commonreel-%s.zip" % version


def test_the_same_bytes_every_time(built, tmp_path):
    assert build_zip.build(tmp_path).read_bytes() == built.read_bytes()


def test_what_kodi_needs_is_there_and_nothing_else(built):
    names = {name.partition("/")[2] for name in zipfile.ZipFile(built).namelist()}
    assert {"addon.xml", "default.py", "LICENSE.txt", "README.md", "CHANGELOG.md"} <= names
    assert {"lib/service.py", "lib/commonreel/kodi/plugin.py", "resources/catalogue.json"} <= names
    assert {name.partition("/")[0] for name in names if "/" in name} == {"lib", "resources"}
    assert not [name for name in names if "publish" in name or "pycache" in name or "/cli/" in name]


def test_every_module_that_runs_in_kodi_is_there(built):
    names = {name.partition("/")[2] for name in zipfile.ZipFile(built).namelist()}
    package = ROOT / "lib" / "commonreel"
    here = {path.relative_to(ROOT).as_posix() for path in package.rglob("*.py")}
    left_out = {name for name in here if name.startswith(("lib/commonreel/publish/", "lib/commonreel/cli/"))}
    assert here - names == left_out | {"lib/commonreel/__main__.py"}


def test_all_lies_in_one_folder_of_the_add_ons_name_and_nothing_is_executable(built):
    for entry in zipfile.ZipFile(built).infolist():
        assert entry.filename.startswith("plugin.video.commonreel/")
        assert (entry.external_attr >> 16) & 0o777 == 0o644


def test_another_version_changes_addon_xml_alone(built, tmp_path):
    newer = zipfile.ZipFile(build_zip.build(tmp_path, "99.0.0"))
    older = zipfile.ZipFile(built)
    manifest = "plugin.video.commonreel/addon.xml"
    assert ET.fromstring(newer.read(manifest)).get("version") == "99.0.0"
    assert newer.namelist() == older.namelist()
    assert {name for name in newer.namelist() if newer.read(name) != older.read(name)} == {manifest}


def test_a_platforms_zip_adds_what_is_vendored_and_changes_nothing(built, tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "fetch", lambda platform, python: wheel(tmp_path, platform, python))
    path = build_zip.build(tmp_path, platform="linux-x86_64")
    assert path.name == built.name.replace(".zip", "-linux-x86_64.zip")
    universal, larger = zipfile.ZipFile(built), zipfile.ZipFile(path)
    names = universal.namelist()
    assert larger.namelist()[: len(names)] == names
    assert all(larger.read(name) == universal.read(name) for name in names)
    added = larger.namelist()[len(names) :]
    assert all(name.startswith("plugin.video.commonreel/lib/vendor/") for name in added)
    assert sum(name.endswith(".so") for name in added) == len(wheels.PLATFORMS["linux-x86_64"].pythons)
    assert build_zip.build(tmp_path / "again", platform="linux-x86_64").read_bytes() == path.read_bytes()


def test_the_universal_zip_has_no_compiled_file(built):
    names = zipfile.ZipFile(built).namelist()
    assert not [name for name in names if name.endswith(wheels.COMPILED)]


def test_what_kodis_repository_lacks_is_there_with_its_licences(built):
    names = {name.partition("/")[2] for name in zipfile.ZipFile(built).namelist()}
    vendored = {name for name in names if name.startswith("lib/vendor/")}
    assert {"lib/vendor/pure/tuf/ngclient/updater.py", "lib/vendor/pure/securesystemslib/hash.py"} <= vendored
    assert {name.split("/")[3] for name in vendored if "/pure/" in name} == {
        "tuf",
        "securesystemslib",
        "segno",
    }
    assert all(name.endswith((".py", ".txt")) for name in vendored)
    for package in ("tuf", "securesystemslib", "segno"):
        assert [name for name in vendored if name.startswith("lib/vendor/licences/%s-" % package)]


@pytest.fixture(scope="module")
def curator(tmp_path_factory):
    made = Curator(tmp_path_factory.mktemp("curator"))
    made.build(free("t:one"))
    return made


def first_root(curator):
    return curator.out / "metadata" / "1.root.json"


def test_a_catalogue_of_its_own_adds_where_it_lies_and_its_first_keys(built, tmp_path, curator):
    places = "https://example.org/catalogue https://other.example/"
    path = build_zip.build(tmp_path, catalogue=places, root=str(first_root(curator)))
    without, larger = zipfile.ZipFile(built), zipfile.ZipFile(path)
    assert set(larger.namelist()) - set(without.namelist()) == {
        "plugin.video.commonreel/resources/main/" + name for name in ("followed.json", "root.json")
    }
    assert all(larger.read(name) == without.read(name) for name in without.namelist())
    larger.extractall(tmp_path)
    offer = main.packed(tmp_path / "plugin.video.commonreel" / "resources" / "main")
    assert offer == Offer(
        "https://example.org/catalogue/", first_root(curator).read_bytes(), ("https://other.example/",)
    )
    assert offer.fingerprint == curator.fingerprint


@pytest.mark.parametrize(
    "place", ["", "http://example.org/", "ftp://example.org/", "https://", "https://a.org/ http://b.org/"]
)
def test_a_catalogue_that_could_be_forged_on_its_way_is_refused(tmp_path, curator, place):
    with pytest.raises(SystemExit):
        build_zip.build(tmp_path, catalogue=place, root=str(first_root(curator)))
    assert not list(tmp_path.iterdir())


def one_signature(root):
    """Fewer than it asks for itself."""
    return {**root, "signatures": root["signatures"][:1]}


def another_date(root):
    return {**root, "signed": {**root["signed"], "expires": "2099-01-01T00:00:00Z"}}


def another_version(root):
    return {**root, "signed": {**root["signed"], "version": 2}}


@pytest.mark.parametrize("changed", [one_signature, another_date, another_version, lambda root: {}])
def test_keys_that_do_not_vouch_for_themselves_are_refused(tmp_path, curator, changed):
    root = tmp_path / "root.json"
    root.write_text(json.dumps(changed(json.loads(first_root(curator).read_text()))))
    with pytest.raises(SystemExit, match="no catalogue's first keys"):
        build_zip.build(tmp_path / "dist", catalogue="https://example.org/", root=str(root))


def test_what_is_no_root_is_refused(tmp_path, curator):
    wrong = [curator.out / "metadata" / "1.targets.json", ROOT / "addon.xml", tmp_path / "none"]
    for path in wrong:
        with pytest.raises(SystemExit, match="no catalogue's first keys"):
            build_zip.build(tmp_path / "dist", catalogue="https://example.org/", root=str(path))
    with pytest.raises(SystemExit):
        build_zip.build(tmp_path / "dist", catalogue="https://example.org/")


def python_3_8():
    """One that runs, None where this machine has none."""
    candidates = [shutil.which("python3.8"), *Path.home().glob(".pyenv/versions/3.8.*/bin/python")]
    for path in filter(None, candidates):
        if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(path)
    return None


@pytest.mark.parametrize("python", [sys.executable, python_3_8()])
def test_the_vendored_packages_do_their_work_without_any_other(built, tmp_path, python):
    """In the Pythons of Kodi on Windows (3.8) and of this machine."""
    if not python:
        pytest.skip("no Python 3.8 here")
    zipfile.ZipFile(built).extractall(tmp_path)
    library = tmp_path / "plugin.video.commonreel" / "lib"
    tried = """
import sys, types
sys.path[:0] = [%r, %r]
sys.modules["cryptography"] = None  # no Kodi has it
sys.modules["urllib3"] = types.ModuleType("urllib3")  # Kodi may have 1.26, which lacks what tuf wants
sys.modules["requests"] = None
import tuf, commonreel.catalog.updating
assert tuf.__file__.startswith(sys.path[1]), tuf.__file__
from securesystemslib.signer import Signature, SSlibKey
key = SSlibKey("id", "ed25519", "ed25519", {"public": %r})
key.verify_signature(Signature("id", %r), b"signed")
import io, segno
assert segno.__file__.startswith(sys.path[1]), segno.__file__
drawn = io.BytesIO()
segno.make_qr("https://example.org/", error="m").save(drawn, kind="png", scale=3, border=4)
assert drawn.getvalue().startswith(b"\\x89PNG")
"""
    signer = Ed25519PrivateKey.generate()
    public = signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    code = tried % (str(library), str(library / "vendor" / "pure"), public, signer.sign(b"signed").hex())
    subprocess.run([python, "-I", "-c", code], check=True)
