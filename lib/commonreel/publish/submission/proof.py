# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof of control: whoever has the key has the place too from which the work comes.

    ia:ITEM         `external-identifier` of the archive.org item, which its uploader alone can write
    pt:HOST:UUID    support text or description of the video's PeerTube channel
    web:HOST:NAME   https://HOST/.well-known/commonreel.json (RFC 8615): {"v": 1, "keys": [fingerprint, …]}

A record may name other hosts' well-known files as evidence too, by which its makers' sites become theirs to
give at: so each is asked. Nothing that a device asks for of a record may be elsewhere. What such a place says
of the licence is compared on the way.
"""

from __future__ import annotations

import re
from typing import AbstractSet, Any, Iterator, Mapping
from urllib.parse import quote, urlsplit

from ...works import licence, peertube_licence, well_known
from ...works.declaration import Problem, proof
from ...works.errors import FetchFailed
from ...works.metainfo import Metainfo
from ...works.work import Evidence, Work
from .. import own_sites
from ..sources import archive_fields as read
from ..sources.archive_item import IDENTIFIER, read_item
from ..sources.peertube import ID as PEERTUBE
from ..sources.peertube_fields import child, written
from ..sources.peertube_video import PLAYLIST, gone
from .web import Web

ARCHIVE = "archive.org"  # where every maker may have their film's web seed
_EVIDENCE = "rights.evidence"
_ELSEWHERE = "%s is neither where the work is nor a proven site of its makers'"
_SITE = re.compile(r"web:((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}):.+")
_RESERVED = re.compile(r"all\s+rights\s+reserved", re.IGNORECASE)


def problems(work: Work, torrent: Metainfo | None, key: str, web: Web) -> Iterator[Problem]:
    """Why it is not proven that the work is this key's to declare."""
    yield from _of_place(work, key, web)
    for number, one in enumerate(work.rights.evidence):
        if _is_asked(one):
            for reason in own_sites.of_site(work, one, web.get):
                yield Problem("%s[%d]" % (_EVIDENCE, number), reason)
    own = {
        _place(work.id),
        *(_host(one.url) for one in work.rights.evidence if _is_asked(one)),
    }
    for field, address in _asked_for(work):
        if address and not _within(address, own):
            yield Problem(field, _ELSEWHERE % _host(address))
    for seed in torrent.web_seeds if torrent else ():
        if not _within(seed, {*own, ARCHIVE}):
            yield Problem("film.torrent", _ELSEWHERE % _host(seed))


def _within(address: str, sites: AbstractSet[str]) -> bool:
    host = _host(address)
    return any(host == site or host.endswith("." + site) for site in sites if site)


def _is_asked(one: Evidence) -> bool:
    """Whether it names a site's own word, which has been looked at then."""
    return one.kind == "signed-declaration" and well_known.is_address(one.url)


def _asked_for(work: Work) -> Iterator[tuple[str, str]]:
    """The addresses of which a device asks, and where they stand."""
    yield from (("image.poster", work.poster), ("image.fanart", work.fanart), ("trailer", work.trailer))
    for number, one in enumerate(work.rights.evidence):
        yield "%s[%d].url" % (_EVIDENCE, number), one.url if one.kind == "signed-declaration" else ""
    for encoding in work.encoding:
        yield "encoding.torrent", encoding.torrent
        yield from (("encoding.web", address) for address in encoding.web)
        yield from (("encoding.subtitles", each.url) for each in encoding.subtitles)


def _place(id: str) -> str:
    """The host that a work with that id is at; '' for none that could be asked."""
    peertube, site = PEERTUBE.fullmatch(id), _SITE.fullmatch(id)
    if id.startswith("ia:"):
        return ARCHIVE
    return peertube[1] if peertube else site[1] if site else ""


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()


def _of_place(work: Work, key: str, web: Web) -> Iterator[Problem]:
    kind, _, rest = work.id.partition(":")
    item, peertube, site = rest.partition(":")[0], PEERTUBE.fullmatch(work.id), _SITE.fullmatch(work.id)
    try:
        if kind == "ia" and IDENTIFIER.fullmatch(item):
            yield from _archive(item, work, key, web)
        elif peertube:
            yield from _peertube(peertube[1], peertube[2], work, key, web)
        elif site:
            yield from _site(well_known.address(site[1]), work)
        else:
            yield Problem(
                "id", "of no place whose control can be proven: ia:ITEM, pt:HOST:UUID, web:HOST:NAME"
            )
    except FetchFailed as error:
        yield Problem(_EVIDENCE, error.detail)


def _site(address: str, work: Work) -> Iterator[Problem]:
    """That the record names it is enough: like every site that a record names, it is asked."""
    if address not in [one.url for one in work.rights.evidence if one.kind == "signed-declaration"]:
        yield Problem(_EVIDENCE, "%s is not named" % address)


def _archive(name: str, work: Work, key: str, web: Web) -> Iterator[Problem]:
    page = "https://archive.org/details/" + name
    item = read_item(name, web.json("https://archive.org/metadata/" + quote(name)))
    if item.gone:
        yield Problem(_EVIDENCE, "%s: %s" % (page, item.gone))
        return
    if proof(key) not in read.texts(item.metadata.get("external-identifier")):
        yield Problem(_EVIDENCE, "%s: no external-identifier is %s" % (page, proof(key)))
    granted = licence.lookup(work.license.url).url
    for stated in read.texts(item.metadata.get("licenseurl")):
        if licence.lookup(stated).url != granted:
            yield Problem("license.url", "%s says %.200s" % (page, stated))
    texts = [text for field in ("description", "rights") for text in read.raw(item.metadata.get(field))]
    if any(map(_RESERVED.search, texts)):
        yield Problem("license.url", "%s says: all rights reserved" % page)


def _peertube(host: str, name: str, work: Work, key: str, web: Web) -> Iterator[Problem]:
    whole = name.startswith(PLAYLIST)
    path, uuid = ("video-playlists", name[len(PLAYLIST) :]) if whole else ("videos", name)
    about = web.json("https://%s/api/v1/%s/%s" % (host, path, uuid))
    if not isinstance(about, dict) or about.get("uuid") != uuid:
        raise FetchFailed("https://%s: an answer that is not about %s" % (host, name))
    hidden = gone(about)
    if hidden:
        yield Problem(_EVIDENCE, "https://%s/w/%s: %s" % (host, uuid, hidden))
    channel = child(about, "videoChannel" if whole else "channel")
    if channel.get("host") != host:
        yield Problem("id", "%s is of another host: %.100s" % (name, channel.get("host")))
    elif not _names(channel, key) and not _names(_channel(host, channel, web), key):
        yield Problem(
            _EVIDENCE, "%s: neither support nor description of the channel names %s" % (host, proof(key))
        )
    number = child(about, "licence").get("id")
    if number is not None:
        texts = [written(about.get("description")), work.license.url]
        stated = peertube_licence.stated(number, child(about, "licence").get("label"), texts)
        if stated.url != licence.lookup(work.license.url).url:
            why = stated.reason or stated.url
            yield Problem("license.url", "https://%s/w/%s: %s" % (host, uuid, why))


def _channel(host: str, named: Mapping[str, Any], web: Web) -> Mapping[str, Any]:
    """The channel as its own page tells of it: a video's may leave its texts out."""
    name = quote(str(named.get("name", ""))[:100], safe="")
    told = web.json("https://%s/api/v1/video-channels/%s" % (host, name))
    own = isinstance(told, dict) and (told.get("name"), told.get("host")) == (named.get("name"), host)
    return told if own else {}


def _names(channel: Mapping[str, Any], key: str) -> bool:
    whole = re.compile(re.escape(proof(key)) + "(?![0-9A-Za-z])")
    return any(whole.search(written(channel.get(field))) for field in ("support", "description"))
