# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a maker puts a film: an archive.org item, a PeerTube host, or a folder of a site of their own.

Each has its own way to show that whoever signs is who has the account:

- archive.org: the key in the item's `external-identifier`, which its uploader alone can edit;
- PeerTube: the key in the support or description text of the channel that the video is in;
- an own site: the key in /.well-known/commonreel.json (RFC 8615), {"v": 1, "keys": [fingerprint, …]}.

Ids are spelled as publish/sources names the same works; 'web:HOST:NAME' on an own site.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from ...works import links, well_known
from .. import archive_org
from ..sources.archive_item import IDENTIFIER
from ..sources.peertube_video import PLAYLIST, id_of

ARCHIVE, PEERTUBE, SITE = "archive", "peertube", "site"

# archive.org takes a file called .torrent for an order to fetch what is in it.
_TORRENT = {ARCHIVE: "%s-torrent.bin", SITE: "%s.torrent"}
_WATCH = re.compile(r"/(?:w|videos/watch)/(p/|playlist/)?([0-9A-Za-z-]{22,36})")
_CHANNEL = re.compile(r"/(?:c|video-channels)/([A-Za-z0-9_.:-]{1,120})(?:/videos)?/?")
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._+~-]{0,99}")
_BASE_58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # PeerTube's short UUIDs


@dataclass(frozen=True)
class Place:
    kind: str  # ARCHIVE | PEERTUBE | SITE
    id: str  # of the work there
    name: str  # of the source, as the record has it
    page: str  # address for people
    proof: str  # address at which the proof of control stands; '' while it is not known
    folder: str = ""  # address that the files lie under, with '/' at its end; '' where they do not

    def episode(self, season: int, number: int) -> Place:
        """An episode of the series that is at this place."""
        return replace(self, id="%s:s%02de%02d" % (self.id, season, number))

    def file(self, name: str) -> str:
        """The address of a file there; '' where it has none of its own."""
        return self.folder + quote(name) if self.folder else ""

    def torrent_name(self, stem: str) -> str:
        """What a torrent is called there; '' where it cannot be put."""
        return _TORRENT[self.kind] % stem if self.folder else ""


def of(address: str, channel: str = "") -> Place:
    """The place at an address that a maker gives. `channel`: the address of the PeerTube channel, '' while it
    is not known. Raises ValueError, which says what is wrong with it."""
    address = address.strip()
    if not links.payee(address) or "?" in address or "#" in address:
        raise ValueError("not a plain https:// address: %.100s" % address)
    parts = urlsplit(address)
    host = parts.netloc.lower()
    if host in ("archive.org", "www.archive.org"):
        return _archive(parts.path)
    watched = _WATCH.fullmatch(parts.path)
    if watched:
        return _peertube(host, bool(watched[1]), watched[2], channel)
    return _site(host, parts.path)


def is_peertube(address: str) -> bool:
    """Whether it is a video's or a playlist's, however it is spelled."""
    try:
        return of(address).kind == PEERTUBE
    except ValueError:
        return False


def _archive(path: str) -> Place:
    steps = path.strip("/").split("/")
    if len(steps) != 2 or steps[0] not in ("details", "download") or not IDENTIFIER.fullmatch(steps[1]):
        raise ValueError("not an item: https://archive.org/details/ITEM")
    item = steps[1]
    details = archive_org.details(item)
    return Place(ARCHIVE, "ia:" + item, "archive.org", details, details, archive_org.download(item, ""))


def _peertube(host: str, playlist: bool, key: str, channel: str) -> Place:
    key = str(uuid.UUID(key) if len(key) == 36 else uuid.UUID(int=_long(key)))
    page = "https://%s/w/%s%s" % (host, "p/" if playlist else "", key)
    return Place(
        PEERTUBE,
        id_of(host, PLAYLIST + key if playlist else key),
        host,
        page,
        _channel(host, channel) if channel else "",
    )


def _channel(host: str, channel: str) -> str:
    parts = urlsplit(channel.strip())
    named = _CHANNEL.fullmatch(parts.path)
    if parts.scheme != "https" or parts.netloc.lower() != host or not named:
        raise ValueError("not a channel of that host: https://%s/c/NAME" % host)
    return "https://%s/c/%s" % (host, named[1])


def _site(host: str, path: str) -> Place:
    """'https://makers.example/films/the-long-way/': the last step is the work's name."""
    name = path.rstrip("/").rpartition("/")[2]
    if not path.endswith("/") or not _NAME.fullmatch(name):
        raise ValueError("not a folder of a site of your own: https://HOST/NAME/, with / at its end")
    page = "https://%s%s" % (host, path)
    return Place(SITE, "web:%s:%s" % (host, name), host, page, well_known.address(host), page)


def _long(short: str) -> int:
    number = 0
    for sign in short:
        if sign not in _BASE_58:
            raise ValueError("not a video's address: %.40s" % short)
        number = number * 58 + _BASE_58.index(sign)
    if number >> 128:
        raise ValueError("not a video's address: %.40s" % short)
    return number
