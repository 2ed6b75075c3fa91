# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk cache: what has been fetched of each torrent, in a folder named by its info hash.

<folder>/<info hash>/torrent   the metainfo; its time of change is when it was last used
<folder>/<info hash>/resume    libtorrent's account of the pieces that are here
<folder>/<info hash>/data/N    the torrent's file N, with holes where nothing has come yet
<folder>/unwanted              the user wants all of it removed that does not play
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Callable, Collection, Iterator

FREE_FLOOR = 512 << 20  # bytes that others on this disk can count on
LAST_FLOOR = 64 << 20  # bytes of it that not even a film that plays takes
SCRATCH = "magnets"  # a folder for torrents of which nothing but the metainfo is fetched

_UNWANTED = "unwanted"
_INFO_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Cache:
    """Torrents on disk, least recently used first to go.

    `limit`: bytes. `kept`: torrents that are kept for others beside it: they do not count, and go only
    where the disk would be full. Both may be changed at any time.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.kept: frozenset[str] = frozenset()  # info hashes
        self.players: tuple[Callable[[], Collection[str]], ...] = ()  # what plays, of all engines on it

    def sweep(self) -> None:
        """Remove what was left half done: to be called once, before anything is opened.

        That is, what a process that was killed had not finished to write or to remove. Whatever has
        a name that is not ours stays.
        """
        shutil.rmtree(self.folder / SCRATCH, ignore_errors=True)
        for entry in self._entries():
            if not (entry / "torrent").is_file():
                self.remove(entry.name)
            for fresh in entry.glob("*.new"):
                with contextlib.suppress(OSError):  # it takes room, and does no harm
                    fresh.unlink()

    def torrent(self, info_hash: str) -> bytes | None:
        """The .torrent file that was kept under that hash."""
        return self._content(info_hash, "torrent")

    def keep_torrent(self, info_hash: str, metainfo: bytes) -> Path:
        """Make room for a torrent, remember its metainfo, count it as used now; where its data goes.

        Raises OSError.
        """
        data = self._entry(info_hash) / "data"
        data.mkdir(parents=True, exist_ok=True)
        self._write(info_hash, "torrent", metainfo)
        return data

    def resume(self, info_hash: str) -> bytes | None:
        return self._content(info_hash, "resume")

    def keep_resume(self, info_hash: str, account: bytes) -> None:
        if self._entry(info_hash).is_dir():  # else it has been removed meanwhile
            self._write(info_hash, "resume", account)

    def used(self, info_hash: str) -> None:
        """Count it as used now."""
        with contextlib.suppress(OSError):  # then it goes earlier than it should
            os.utime(self._entry(info_hash) / "torrent")

    def size(self) -> int:
        """Bytes that it takes on the disk."""
        return sum(map(_size, self._entries()))

    def size_kept(self) -> int:
        """Bytes of that which are kept for others."""
        return sum(_size(entry) for entry in self._entries() if entry.name in self.kept)

    def unwant(self) -> None:
        """Have all of it removed that does not play, by whoever runs it, or will. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _UNWANTED).touch()

    @property
    def unwanted(self) -> bool:
        return (self.folder / _UNWANTED).exists()

    def empty(self) -> bool:
        """Remove what is unwanted, where nothing plays; whether there was something."""
        surplus = self.surplus(())
        for info_hash in surplus:
            self.remove(info_hash)
        return bool(surplus)

    def emptied(self) -> None:
        """What was unwanted has been removed. Raises OSError."""
        (self.folder / _UNWANTED).unlink()

    def played(self) -> set[str]:
        """The torrents that play, where several engines are on it."""
        return {name for playing in self.players for name in playing()}

    def surplus(self, playing: Collection[str]) -> list[str]:
        """The torrents to remove so that limit and free space hold, or all where they are unwanted; never
        one that plays, and one that is kept for others only where the disk is too full."""
        sizes = {entry.name: _size(entry) for entry in self._entries()}
        kept, playing = self.kept, self.played().union(playing)
        if self.unwanted:
            return sorted(set(sizes) - kept - playing)
        lacking = FREE_FLOOR - self.free()
        over = max(sum(size for name, size in sizes.items() if name not in kept) - self.limit, lacking)
        found = []
        for name in sorted(set(sizes) - playing, key=lambda name: (name in kept, self._last_use(name))):
            if (lacking if name in kept else over) <= 0:
                break
            found.append(name)
            over -= sizes[name]
            lacking -= sizes[name]
        return found

    def spare(self, playing: str) -> int:
        """Bytes that could come beside the torrent that plays, if all others were removed that are not kept
        for others."""
        sizes = {entry.name: _size(entry) for entry in self._entries() if entry.name not in self.kept}
        taken = sizes.pop(playing, 0)
        return min(self.limit - taken, self.free() + sum(sizes.values()) - FREE_FLOOR)

    def free(self) -> int:
        """Bytes that can be written to this disk; as many as can be where that is not known."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError:  # no such folder yet
            return sys.maxsize

    def full(self) -> bool:
        """Whether nothing more is to be written to this disk."""
        return self.free() < LAST_FLOOR

    def remove(self, info_hash: str) -> None:
        """What cannot be removed now (open on Windows) goes at the next time."""
        shutil.rmtree(self._entry(info_hash), ignore_errors=True)

    def _entries(self) -> Iterator[Path]:
        """Folders alone: what else has such a name is not ours."""
        try:
            found = list(os.scandir(self.folder))
        except OSError:  # no such folder yet, or not ours to read
            return
        for entry in found:
            if _INFO_HASH.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)

    def _entry(self, info_hash: str) -> Path:
        if not _INFO_HASH.fullmatch(info_hash):
            raise ValueError("not an info hash: %r" % info_hash)
        return self.folder / info_hash

    def _last_use(self, info_hash: str) -> float:
        try:
            return (self.folder / info_hash / "torrent").stat().st_mtime
        except OSError:
            return 0.0  # a folder without a torrent is of no use to anybody

    def _content(self, info_hash: str, name: str) -> bytes | None:
        try:
            return (self._entry(info_hash) / name).read_bytes()
        except OSError:
            return None

    def _write(self, info_hash: str, name: str, content: bytes) -> None:
        """Whole or not at all, wherever the process is killed."""
        path = self._entry(info_hash) / name
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(path)


def _size(entry: Path) -> int:
    """Bytes on disk: holes do not count where the system tells of them."""
    total = 0
    for path in entry.rglob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            found = path.lstat()
            total += found.st_blocks * 512 if hasattr(found, "st_blocks") else found.st_size
    return total
