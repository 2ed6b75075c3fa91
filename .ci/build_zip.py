# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the add-on's zip, the same bytes every time.

python .ci/build_zip.py [--output FOLDER] [--version VERSION]

Prints the path of the zip. --version builds under another version than addon.xml states, which is how
the tests get something to update to.
"""

from __future__ import annotations

import argparse
import re
import zipfile
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parent.parent
ADDON_ID = "plugin.video.commonreel"
TOP = ("addon.xml", "default.py", "LICENSE.txt", "README.md", "CHANGELOG.md")
RESOURCES = {".json", ".jpg", ".png", ".po", ".xml"}
NOT_FOR_KODI = ("lib/commonreel/publish/", "lib/commonreel/cli.py", "lib/commonreel/__main__.py")
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


def build(output: Path, version: str = "") -> Path:
    """Writes plugin.video.commonreel-VERSION.zip into the folder and returns its path."""
    manifest = (ROOT / "addon.xml").read_text(encoding="utf-8")
    if version:
        manifest = VERSION.sub(lambda found: '%s%s"' % (found[1], version), manifest, count=1)
    found = VERSION.search(manifest)
    if not found:
        raise SystemExit("addon.xml states no version")
    output.mkdir(parents=True, exist_ok=True)
    target = output / ("%s-%s.zip" % (ADDON_ID, found[2]))
    being_built = target.with_suffix(".part")
    with zipfile.ZipFile(being_built, "w") as archive:
        for name in names():
            entry = zipfile.ZipInfo("%s/%s" % (ADDON_ID, name), BEGINNING)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, whatever this machine is
            content = manifest.encode() if name == "addon.xml" else (ROOT / name).read_bytes()
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return being_built.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--version", default="")
    options = parser.parse_args()
    print(build(options.output, options.version))


if __name__ == "__main__":
    main()
