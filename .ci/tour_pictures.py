# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of docs/tour.md, made small from those that the tour has just taken (make tour).

Exit status 1, and what is amiss, where the page and the pictures do not fit each other.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TAKEN = ROOT / "build" / "tour" / "720"
PAGE = ROOT / "docs" / "tour.md"
KEPT = ROOT / "docs" / "screenshots" / "tour"
WIDTH, QUALITY = 960, 80
MOST = 2_000_000  # bytes of all of them


def shrink(taken: Path, kept: Path) -> None:
    """A JPEG for each picture; those of an earlier tour go."""
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob("*.jpg"):
        old.unlink()
    for file in sorted(taken.glob("[0-9]*.png")):
        with Image.open(file) as picture:
            size = (WIDTH, round(picture.height * WIDTH / picture.width))
            small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.save(kept / (file.stem + ".jpg"), quality=QUALITY, optimize=True)


def amiss(page: Path, kept: Path) -> list[str]:
    """Pictures that the page does not show, or that are not there; and too much of them."""
    shown = set(re.findall(r"\]\(screenshots/tour/([^)]+)\)", page.read_text(encoding="utf-8")))
    there = {file.name: file.stat().st_size for file in kept.glob("*.jpg")}
    found = ["not in %s: %s" % (page.name, name) for name in sorted(there.keys() - shown)]
    found += ["no such picture: " + name for name in sorted(shown - there.keys())]
    if sum(there.values()) > MOST:
        found.append("the pictures have more than %d bytes" % MOST)
    return found


def main() -> int:
    shrink(TAKEN, KEPT)
    problems = amiss(PAGE, KEPT)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
