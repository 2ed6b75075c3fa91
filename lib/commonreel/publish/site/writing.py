# SPDX-License-Identifier: GPL-3.0-or-later
"""A site in its folder: what is new is written, what is not made any more goes, and a stranger's file stays.

Which files are the site's own is in a list there, a path a line. A run adds to a journal what it is about to
write, so that one that was broken off is known to the next.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Iterable, NamedTuple

MANIFEST = "site-files.txt.gz"
_JOURNAL = "site-files.new"


class Written(NamedTuple):
    files: int
    changed: int
    removed: int


def write(out: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    """Raises OSError, and ValueError for a file that is not the site's where one is to be."""
    out.mkdir(parents=True, exist_ok=True)
    before = _own(out)
    after: set[str] = set()
    changed = 0
    with (out / _JOURNAL).open("a", encoding="utf-8") as journal:
        for name, body in files:
            path = _inside(out, name)
            if name in after:
                raise ValueError("two pages would be %s" % name)
            after.add(name)
            held = path.read_bytes() if path.is_file() else None
            if held == body:
                continue
            if held is not None and name not in before:
                raise ValueError("%s is not this site's: take another folder, or remove it" % path)
            if name not in before:
                journal.write(name + "\n")
                journal.flush()
            _put(path, body)
            changed += 1
    gone = sorted(before - after)
    for name in gone:
        _remove(out, _inside(out, name))
    _put(out / MANIFEST, gzip.compress("".join(each + "\n" for each in sorted(after)).encode(), 9, mtime=0))
    (out / _JOURNAL).unlink()
    return Written(len(after), changed, len(gone))


def _own(out: Path) -> set[str]:
    """The files that earlier runs have written."""
    manifest, journal = out / MANIFEST, out / _JOURNAL
    listed = gzip.decompress(manifest.read_bytes()).decode() if manifest.exists() else ""
    begun = journal.read_text("utf-8") if journal.exists() else ""
    return set(filter(None, (listed + begun).split("\n")))


def _inside(out: Path, name: str) -> Path:
    """Raises ValueError for a path that leads out of the folder."""
    steps = name.split("/")
    if any(step in ("", ".", "..") or "\\" in step for step in steps):
        raise ValueError("no path of a site: %r" % name)
    return out.joinpath(*steps)


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(body)
    fresh.replace(path)


def _remove(out: Path, path: Path) -> None:
    """And the folders that are empty then."""
    if path.is_file() or path.is_symlink():
        path.unlink()
    for folder in path.parents:
        if folder == out or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()
