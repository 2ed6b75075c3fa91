# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kodi repository: what it states is there, and what is there is what it states."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
import zipfile

import pytest

import build_repo
import wheels
from lab.wheels import wheel

BASE = "https://example.org/kodi/"
ADDONS = {"plugin.video.commonreel", "repository.commonreel"}


def build(folder, base=BASE, **options):
    """Builds into the folder; returns the <dir> of the repository add-on, and the listed add-ons by id."""
    path = build_repo.build(folder, base, **options)
    with zipfile.ZipFile(path) as archive:
        manifest = ET.fromstring(archive.read("repository.commonreel/addon.xml"))
    (place,) = manifest.iter("dir")
    root = path.parent.parent
    return place, {addon.get("id"): addon for addon in ET.parse(root / "addons.xml").getroot()}


def assert_sound(root, place, base):
    """Every file that Kodi will ask for is there, with the checksum that it is going to compare."""

    def local(address):
        assert address.startswith(base)
        return root / address[len(base) :]

    def checked(path):
        stated = path.with_name(path.name + ".sha256").read_text().split()[0]
        return stated == hashlib.sha256(path.read_bytes()).hexdigest()

    assert checked(local(place.findtext("info")))
    assert local(place.findtext("checksum")) == local(place.findtext("info") + ".sha256")
    assert (place.find("checksum").get("verify"), place.findtext("hashes")) == ("sha256", "sha256")
    for addon in ET.parse(local(place.findtext("info"))).getroot():
        folder = local(place.findtext("datadir")) / addon.get("id")
        path = folder / ("%s-%s.zip" % (addon.get("id"), addon.get("version")))
        assert checked(path)
        stated = ET.fromstring(zipfile.ZipFile(path).read(addon.get("id") + "/addon.xml"))
        assert stated.attrib == addon.attrib
        for picture in addon.find(".//assets"):
            assert (folder / picture.text).is_file()


def test_all_that_kodi_will_ask_for_is_there(tmp_path):
    place, addons = build(tmp_path)
    assert set(addons) == ADDONS
    assert_sound(tmp_path, place, BASE)


def test_the_next_version_takes_the_place_of_this_one(tmp_path):
    build(tmp_path)
    place, addons = build(tmp_path, version="99.0.0")
    assert {addon.get("version") for addon in addons.values()} == {"99.0.0"}
    assert_sound(tmp_path, place, BASE)
    assert len(list(tmp_path.glob("plugin.video.commonreel/*.zip"))) == 2


def test_a_platform_has_a_repository_of_its_own_with_its_zip(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "fetch", lambda platform, python: wheel(tmp_path, platform, python))
    place, addons = build(tmp_path, platform="macos-arm64")
    assert set(addons) == ADDONS
    assert_sound(tmp_path / "macos-arm64", place, BASE + "macos-arm64/")
    (path,) = tmp_path.glob("macos-arm64/plugin.video.commonreel/*.zip")
    assert any("/vendor/macos-arm64/" in name for name in zipfile.ZipFile(path).namelist())


def test_the_base_address_is_a_folder(tmp_path):
    place, _addons = build(tmp_path, "https://example.org/kodi")
    assert place.findtext("datadir") == BASE
    place, _addons = build(tmp_path, "http://127.0.0.1:8080/a&b")
    assert place.findtext("datadir") == "http://127.0.0.1:8080/a&b/"


@pytest.mark.parametrize(
    "base", ["", "http://example.org/", "ftp://example.org/", "https://", "https://a.org/?q"]
)
def test_another_address_is_refused(base, tmp_path):
    with pytest.raises(SystemExit):
        build_repo.build(tmp_path, base)
    assert not list(tmp_path.iterdir())
