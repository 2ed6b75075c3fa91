# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a Kodi repository of static files, and the add-on that tells Kodi where it is.

python .ci/build_repo.py --base https://example.org/kodi/ [--platform PLATFORM] [--version VERSION]
                         [--output FOLDER] [--catalogue "ADDRESS [MIRROR …]" --root FILE]

What is below the folder (dist/repo) is to be served at the base address. With a platform of wheels.py
the repository is one more, in a folder of the platform's name, since an add-on has one zip in a repository:
whoever installs that folder's repository add-on gets that platform's zips. Prints the path of the
repository add-on's zip.

    addons.xml  addons.xml.sha256
    plugin.video.commonreel/  resources/icon.png …, plugin.video.commonreel-VERSION.zip and its .sha256
    repository.commonreel/    icon.png …, repository.commonreel-VERSION.zip and its .sha256

A new version is added to what is there; older zips stay for those who have yet to read the new list.
"""

from __future__ import annotations

import argparse
import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Mapping
from xml.sax.saxutils import escape

import build_zip
import main_catalogue
import wheels

ROOT = build_zip.ROOT
REPOSITORY_ID = "repository.commonreel"
PICTURES = {"icon.png": ROOT / "resources" / "icon.png", "fanart.jpg": ROOT / "resources" / "fanart.jpg"}


def build(
    output: Path, base: str, platform: str = "", version: str = "", catalogue: str = "", root: str = ""
) -> Path:
    """Writes the repository into the folder and returns the path of the zip to install in Kodi."""
    base = main_catalogue.address(base)
    if platform:
        base, output = "%s%s/" % (base, platform), output / platform
    manifest, version = build_zip.manifest(version)
    folder = output / build_zip.ADDON_ID
    named = "%s-%s.zip" % (build_zip.ADDON_ID, version)
    with_checksum(build_zip.build(folder, version, platform, catalogue, root).replace(folder / named))
    for name, picture in PICTURES.items():
        put(folder / "resources" / name, picture.read_bytes())

    template = (ROOT / ".ci" / "repository.xml").read_text(encoding="utf-8")
    ours = template.replace("@VERSION@", version).replace("@BASE@", escape(base))
    zipped = repository(output / REPOSITORY_ID, version, ours)
    listing = ET.Element("addons")
    listing.extend(ET.fromstring(text.encode()) for text in (manifest, ours))
    put(output / "addons.xml", ET.tostring(listing, encoding="utf-8", xml_declaration=True))
    with_checksum(output / "addons.xml")
    return zipped


def repository(folder: Path, version: str, manifest: str) -> Path:
    """Writes the repository add-on's folder of the repository; returns the path of the zip."""
    pictures: Mapping[str, bytes] = {name: path.read_bytes() for name, path in PICTURES.items()}
    for name, content in pictures.items():
        put(folder / name, content)
    files = {
        "addon.xml": manifest.encode(),
        "LICENSE.txt": (ROOT / "LICENSE.txt").read_bytes(),
        **pictures,
    }
    target = folder / ("%s-%s.zip" % (REPOSITORY_ID, version))
    return with_checksum(build_zip.write(target, REPOSITORY_ID, files.items()))


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def with_checksum(path: Path) -> Path:
    """Writes NAME.sha256 beside a file, as sha256sum does; Kodi reads as far as the first space."""
    line = "%s  %s\n" % (hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
    put(path.with_name(path.name + ".sha256"), line.encode())
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--platform", default="", choices=["", *wheels.PLATFORMS])
    parser.add_argument("--version", default="")
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "repo")
    main_catalogue.add_options(parser)
    options = parser.parse_args()
    asked = (options.platform, options.version, options.catalogue, options.root)
    print(build(options.output, options.base, *asked))


if __name__ == "__main__":
    main()
