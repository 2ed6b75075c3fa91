# SPDX-License-Identifier: GPL-3.0-or-later
"""A PeerTube host as a source: its own public videos, or one playlist as a series.

The API is that of https://docs.joinpeertube.org/api-rest-reference.html. A listing has no files: every
video is asked for by itself, with its captions and its torrents. A host may also be asked at an address
that only stands for it (plain HTTP, for a dry run).
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any, Iterator, Mapping
from urllib.parse import parse_qs, quote, urlsplit

from ...works import peertube_licence
from ...works.errors import FetchFailed, TooLarge, TorrentInvalid
from ..polite import Polite, torrent
from . import peertube_files, peertube_video
from .peertube_fields import child, children, host_of, matching, number
from .peertube_files import Offers
from .peertube_video import PLAYLIST, id_of
from .source import Found, Listed, Record

COUNT = 100  # rows of a page; more is not given
MAX_PAGES = 10_000
MAX_ROWS = 1 << 40

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HOST = r"(?!.*\.\.)[a-z0-9][a-z0-9._-]{0,100}(?::[0-9]{1,5})?"
UUID, HOST = re.compile(_UUID), re.compile(_HOST)
ID = re.compile("pt:(%s):((?:%s)?%s)" % (_HOST, PLAYLIST, _UUID))

_GONE = (401, 403, 404, 410)  # deleted, or not for everybody any more

log = logging.getLogger(__name__)


class PeerTube:
    """`query` is more of the listing's parameters ('categoryOneOf=2&languageOneOf=fr'), or
    'playlist:UUID'. ValueError if it is neither, or the address is no host's."""

    def __init__(self, address: str, query: str) -> None:
        self._address = address.rstrip("/")
        self._host = matching(host_of(address), HOST)
        if not self._host:
            raise ValueError("a PeerTube host must be named: https://HOST, not %.80r" % address)
        self._dry = urlsplit(address).scheme == "http"
        self._playlist = ""
        self._parameters: dict[str, list[str]] = {}
        if query.startswith(PLAYLIST):
            self._playlist = matching(query[len(PLAYLIST) :], UUID)
            if not self._playlist:
                raise ValueError("no playlist's UUID: %.80r" % query)
        elif query:
            self._parameters = parse_qs(query, strict_parsing=True)

    def listing(self, ask: Polite) -> Iterator[Listed]:
        return self._episodes(ask) if self._playlist else self._videos(ask)

    def item(self, id: str) -> Listed:
        """ValueError if the id is not one of this source's."""
        found = ID.fullmatch(id)
        if not found:
            raise ValueError("not the id of a PeerTube video: %.80r" % id)
        return Listed(found[2], {"host": found[1]})

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:
        key, host = listed.key, listed.hint.get("host", self._host)
        is_playlist = key.startswith(PLAYLIST)
        try:
            about = self._about(ask, key)
        except FetchFailed as error:
            if error.status not in _GONE or not (self._dry or host == self._host):
                raise  # what another host has is not gone because this one has no copy
            return [Found(id_of(host, key), gone="HTTP %d" % error.status)]
        host = _home(about) or host
        gone = peertube_video.gone(about)
        if gone:
            return [Found(id_of(host, key), gone=gone)]
        away = peertube_video.elsewhere(about, host, "" if self._dry else self._host)
        found = self._series(ask, about, host) if is_playlist else self._film(ask, about, host, listed, away)
        return [replace(found, reasons=(away, *found.reasons), holders=()) if away else found]

    def _videos(self, ask: Polite) -> Iterator[Listed]:
        parameters = {
            "sort": "-publishedAt",
            "isLocal": "true",
            "nsfw": "false",
            "licenceOneOf": peertube_licence.NUMBERS,
            **self._parameters,
        }
        for row in self._rows(ask, "/api/v1/videos", parameters):
            uuid = matching(row.get("uuid"), UUID)
            if uuid:
                yield Listed(uuid, _hint(row))

    def _episodes(self, ask: Polite) -> Iterator[Listed]:
        playlist = self._about(ask, PLAYLIST + self._playlist)
        host = _home(playlist) or self._host
        yield Listed(PLAYLIST + self._playlist, {"host": host})
        series = id_of(host, PLAYLIST + self._playlist)
        for count, element in enumerate(self._elements(ask, self._playlist), 1):
            video = child(element, "video")  # none where it is deleted or private
            uuid = matching(video.get("uuid"), UUID)
            episode = number(element.get("position"), 1, 99_999) or count
            if uuid:
                yield Listed(
                    uuid, {**_hint(video), "partOf": {"series": series, "season": 1, "episode": episode}}
                )

    def _elements(self, ask: Polite, uuid: str) -> Iterator[Mapping[str, Any]]:
        return self._rows(ask, "/api/v1/video-playlists/%s/videos" % quote(uuid, safe=""), {})

    def _rows(self, ask: Polite, path: str, parameters: Mapping[str, object]) -> Iterator[Mapping[str, Any]]:
        """The rows of a listing, page by page."""
        start = 0
        for _ in range(MAX_PAGES):
            answer = ask.json(self._address + path, **{**parameters, "start": start, "count": COUNT})
            if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
                raise FetchFailed("no listing: %s" % path)
            yield from children(answer, "data")
            start += len(answer["data"])
            total = number(answer.get("total"), 1, MAX_ROWS) or MAX_ROWS
            if not answer["data"] or start >= total:
                return
        raise FetchFailed("more than %d pages: %s" % (MAX_PAGES, path))

    def _about(self, ask: Polite, key: str) -> Mapping[str, Any]:
        """What the host tells of a video or a playlist. Raises FetchFailed, also for an answer about
        something else."""
        path, uuid = (
            ("video-playlists", key[len(PLAYLIST) :]) if key.startswith(PLAYLIST) else ("videos", key)
        )
        answer = ask.json("%s/api/v1/%s/%s" % (self._address, path, quote(uuid, safe="")))
        if not isinstance(answer, dict) or answer.get("uuid") != uuid:
            raise FetchFailed("an answer that is not about %s" % key)
        return answer

    def _series(self, ask: Polite, playlist: Mapping[str, Any], host: str) -> Found:
        uuid = playlist["uuid"]
        videos = [child(element, "video") for element in self._elements(ask, uuid) if child(element, "video")]
        return peertube_video.series(playlist, host, uuid, videos)

    def _film(self, ask: Polite, detail: Mapping[str, Any], host: str, listed: Listed, away: str) -> Found:
        part_of = listed.hint.get("partOf", {})
        if self._playlist and not part_of:
            raise FetchFailed("the playlist does not name %s" % listed.key)
        if away:
            return peertube_video.film(detail, host, listed.key, (), part_of)
        offers = peertube_files.offers(detail, host, self._host)
        encodings, problem = self._encodings(ask, offers, host, listed.key)
        found = peertube_video.film(detail, host, listed.key, encodings, part_of)
        return replace(found, reasons=(*found.reasons, problem)) if problem else found

    def _encodings(self, ask: Polite, offers: Offers, host: str, uuid: str) -> tuple[list[Record], str]:
        """The encodings of those that keep what they promise; where none does, why."""
        subtitles = self._subtitles(ask, host, uuid) if offers.files else []
        made, problem = [], offers.reason
        for offer in offers.files:
            try:
                body = torrent(ask, self._address + offer.torrent[len("https://" + host) :])
                made.append(peertube_files.encoding(offer, body, subtitles))
            except TorrentInvalid as error:
                problem = "%s: %s" % (offer.torrent, error.detail)
            except FetchFailed as error:
                if error.status not in _GONE and not isinstance(error, TooLarge):
                    raise
                problem = "no torrent: %s" % error.detail
        return made, "" if made else problem

    def _subtitles(self, ask: Polite, host: str, uuid: str) -> list[Record]:
        try:
            captions = ask.json("%s/api/v1/videos/%s/captions" % (self._address, quote(uuid, safe="")))
        except FetchFailed as error:
            if error.status not in _GONE:
                raise  # else a film would lose those that it had
            log.info("no captions of %s: %s", uuid, error.detail)  # a film does without
            return []
        if not isinstance(captions, dict) or not isinstance(captions.get("data"), list):
            raise FetchFailed("no list of the captions of %s" % uuid)
        return peertube_files.subtitles(captions, host)


def _home(about: Mapping[str, Any]) -> str:
    """The host of the account that a video or a playlist belongs to, '' where it is not told."""
    return matching(child(about, "account").get("host") or child(about, "ownerAccount").get("host"), HOST)


def _hint(row: Mapping[str, Any]) -> dict[str, Any]:
    host = _home(row)
    return {"host": host} if host else {}
