# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the add-on's zip, the same bytes every time.

python .ci/build_zip.py [--output FOLDER] [--version VERSION] [--platform PLATFORM]
                        [--catalogue "ADDRESS [MIRROR …]" --root FILE]

Prints the path of the zip. --version builds under another version than addon.xml states, which is how
the tests get something to update to. --platform adds libtorrent for one of the platforms of wheels.py;
without it the zip is the universal one, all of it source. --catalogue and --root make the add-on follow
that catalogue by itself: see main_catalogue.py.
Others' packages in it are in wheels.py.
"""

from __future__ import annotations

import argparse
import re
import zipfile
from pathlib import Path
from typing import Iterable, Iterator

import main_catalogue
import wheels

ROOT = Path(__file__).resolve().parent.parent
ADDON_ID = "plugin.video.commonreel"
TOP = ("addon.xml", "default.py", "LICENSE.txt", "README.md", "CHANGELOG.md")
RESOURCES = {".json", ".jpg", ".png", ".po", ".xml"}
NOT_FOR_KODI = ("lib/commonreel/publish/", "lib/commonreel/cli/", "lib/commonreel/__main__.py")
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, as far as zip knows
VERSION = re.compile(r'(<addon\b[^>]*?\bversion=")([^"]+)"')


def names() -> Iterator[str]:
    """The files of the add-on, relative to the root, in the order of the zip."""
    yield from TOP
    for folder, wanted in (("lib", {".py"}), ("resources", RESOURCES)):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in wanted and not name.startswith(NOT_FOR_KODI):
                yield name


def manifest(version: str = "") -> tuple[str, str]:
    """The text of addon.xml, under that version if one is given, and the version."""
    text = (ROOT / "addon.xml").read_text(encoding="utf-8")
    if version:
        text = VERSION.sub(lambda found: '%s%s"' % (found[1], version), text, count=1)
    found = VERSION.search(text)
    if not found:
        raise SystemExit("addon.xml states no version")
    return text, found[2]


def build(output: Path, version: str = "", platform: str = "", catalogue: str = "", root: str = "") -> Path:
    """Writes plugin.video.commonreel-VERSION[-PLATFORM].zip into the folder and returns its path."""
    text, version = manifest(version)
    files = [(name, text.encode() if name == "addon.xml" else (ROOT / name).read_bytes()) for name in names()]
    files += main_catalogue.files(catalogue, root)
    files += wheels.pure()
    if platform:
        files += wheels.vendored(platform)
    return write(output / ("-".join(filter(None, (ADDON_ID, version, platform))) + ".zip"), ADDON_ID, files)


def write(target: Path, addon_id: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Writes an add-on's zip, of names in the add-on's folder and their contents."""
    target.parent.mkdir(parents=True, exist_ok=True)
    being_built = target.with_suffix(".part")
    with zipfile.ZipFile(being_built, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo("%s/%s" % (addon_id, name), BEGINNING)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, whatever this machine is
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return being_built.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--version", default="")
    parser.add_argument("--platform", default="", choices=["", *wheels.PLATFORMS])
    main_catalogue.add_options(parser)
    options = parser.parse_args()
    print(build(options.output, options.version, options.platform, options.catalogue, options.root))


if __name__ == "__main__":
    main()
