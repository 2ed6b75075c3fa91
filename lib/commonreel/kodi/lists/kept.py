# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as they were made last, shown again for as long as all that they were made of is as it was.

That is: the add-on itself, Kodi's language, the screen, and the files of the profile, for there is nothing
else that such a list is made of. So a list that was seen before needs neither the catalogue nor most of the
code: a file of the folder `lists` has its basis in the first line and its rows, as JSON, in the second.
"""

from __future__ import annotations

import json
import os
import time
from binascii import crc32
from typing import Iterator

from ... import __version__
from ..api import xbmc, xbmcaddon, xbmcgui, xbmcvfs
from .listing import Item, Listing, Row

MOST, MOST_HERE = 50, 4  # lists: on the disk, and read already in an interpreter that Kodi keeps
FRESH_SECONDS = 3.0  # after which a file that changes again cannot look the same: FAT counts in twos
DAY = 86_400  # seconds: how films came is told for some days
# What changes by itself, and is told in no list that is kept: who has given how much, and SQLite's locks
_OF_NO_LIST = ("patronage.db", "-shm", ".new")

_here: dict[str, tuple[str, Listing]] = {}  # by their addresses, with what they were made of


def basis() -> str:
    """What a list that is made now is made of, in words; '' while that changes."""
    now = time.time()
    try:
        files = sorted(_files())
        code = os.stat(__file__).st_mtime_ns
    except OSError:  # there is no profile yet, or a file went while it was looked at
        return ""
    if any(now - changed / 1e9 < FRESH_SECONDS for _, changed, _, _ in files):
        return ""
    language, lines = xbmc.getLanguage(xbmc.ENGLISH_NAME, True), xbmcgui.getScreenHeight()
    return repr((__version__, code, _profile(), language, lines, int(now // DAY), files))


def _files() -> Iterator[tuple[str, int, int, int]]:
    """Of the profile: name, time of the last change in nanoseconds, size, and which file it is."""
    with os.scandir(_profile()) as entries:
        for entry in entries:
            if not entry.name.endswith(_OF_NO_LIST) and entry.is_file():
                stat = entry.stat()
                if stat.st_size:  # not the empty log that SQLite's readers make
                    yield entry.name, stat.st_mtime_ns, stat.st_size, stat.st_ino


def find(address: str, basis: str) -> Listing | None:
    """The list at an address, if it was made on that basis."""
    if not basis:
        return None
    known = _here.pop(address, ("", None))
    found = known[1] if known[0] == basis else _read(address, basis)
    if found:
        _here[address] = basis, found
        while len(_here) > MOST_HERE:
            del _here[next(iter(_here))]
    return found


def _read(address: str, basis: str) -> Listing | None:
    try:
        with open(_file(address), "rb") as file:
            if file.readline() == _first_line(address, basis):
                rows, *others = json.loads(file.read())
                return Listing([Row(url, Item(*item), is_folder) for url, item, is_folder in rows], *others)
    except (OSError, ValueError, TypeError):  # there is none, or it was cut off
        return None
    return None


def keep(address: str, basis: str, listing: Listing) -> None:
    """For the next call; in the place of the oldest one where there are many. Raises OSError."""
    if not basis:
        return
    folder = _folder()
    os.makedirs(folder, exist_ok=True)
    with os.scandir(folder) as entries:
        oldest_first = sorted(entries, key=lambda entry: entry.stat().st_mtime_ns)
    for entry in oldest_first[: max(0, len(oldest_first) - MOST + 1)]:
        os.unlink(entry.path)
    written = "%s.%d.new" % (_file(address), time.time_ns())
    with open(written, "wb") as file:
        file.write(_first_line(address, basis) + json.dumps(listing).encode("ascii"))
    os.replace(written, _file(address))


def _profile() -> str:
    return xbmcvfs.translatePath(xbmcaddon.Addon().getAddonInfo("profile"))


def _folder() -> str:
    return os.path.join(_profile(), "lists")


def _file(address: str) -> str:
    return os.path.join(_folder(), "%08x.json" % crc32(address.encode("utf-8", "surrogatepass")))


def _first_line(address: str, basis: str) -> bytes:
    return json.dumps([address, basis]).encode("ascii") + b"\n"
