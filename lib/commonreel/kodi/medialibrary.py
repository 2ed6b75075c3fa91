# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi's own library, by JSON-RPC: where it looks into our folder, and what it has from there."""

from __future__ import annotations

import logging
from typing import Any, Mapping, NamedTuple
from urllib.parse import unquote

from . import rpc
from .api import xbmc, xbmcvfs
from .export import SHOW
from .paths import MOVIES, SERIES

log = logging.getLogger(__name__)

MULTIPATH = "multipath://"


class _Kind(NamedTuple):
    """How Kodi's API calls films, series, or episodes."""

    all: str
    id: str
    get: str
    remove: str
    set: str
    facts: tuple[str, ...]  # that can be set


_FILMS = _Kind(
    "movies",
    "movieid",
    "VideoLibrary.GetMovies",
    "VideoLibrary.RemoveMovie",
    "VideoLibrary.SetMovieDetails",
    ("title", "originaltitle", "tagline", "plot", "genre", "director", "country", "year", "runtime", "art"),
)
_SHOWS = _Kind(
    "tvshows",
    "tvshowid",
    "VideoLibrary.GetTVShows",
    "VideoLibrary.RemoveTVShow",
    "VideoLibrary.SetTVShowDetails",
    ("title", "originaltitle", "plot", "genre", "art"),
)
_EPISODES = _Kind(
    "episodes",
    "episodeid",
    "VideoLibrary.GetEpisodes",
    "VideoLibrary.RemoveEpisode",
    "VideoLibrary.SetEpisodeDetails",
    ("title", "originaltitle", "plot", "director", "runtime", "art"),
)


def place(folder: str) -> str:
    """The folder as Kodi has it: in or below a source of its videos, or one whose films it has; else ''.

    `folder`: special://… and ends in '/', as do all paths here. Kodi compares paths as texts.
    """
    real = _real(folder)
    for source in _sources():
        if real.startswith(_real(source)):
            return source + real[len(_real(source)) :]
        if _real(source).startswith(real):  # Movies or Series alone
            return folder if source.startswith("special:") else real
    return next((form for form in (folder, real) if films(form) or series(form)), "")


def films(place: str) -> int:
    """How many films Kodi has from there."""
    return _total(_FILMS, place + MOVIES + "/")


def series(place: str) -> int:
    """How many series Kodi has from there, with at least an episode."""
    return _total(_SHOWS, place + SERIES + "/")


def busy() -> bool:
    """Whether it is not to be disturbed: something plays, or is being looked for."""
    return xbmc.Player().isPlaying() or xbmc.getCondVisibility("Library.IsScanningVideo")


def scan(place: str) -> None:
    """Have it look what is new in the folder."""
    rpc.ask("VideoLibrary.Scan", directory=place, showdialogs=False)


def remove(place: str, path: str) -> None:
    """A work's file below `place` has gone. Kodi's own cleaning would pass over it, where the folder is not
    among its sources."""
    kind = _kind(path)
    for id in _ids(kind, place, path):
        rpc.ask(kind.remove, **{kind.id: id})


def change(place: str, path: str, details: Mapping[str, object]) -> None:
    """Other facts hold of it. Kodi's own refreshing would forget that it was watched."""
    kind = _kind(path)
    facts = {name: value for name, value in details.items() if name in kind.facts}
    for id in _ids(kind, place, path):
        _result(kind.set, **{kind.id: id}, **facts)


def _sources() -> list[str]:
    """Paths of Kodi's sources of videos."""
    found = _result("Files.GetSources", media="video").get("sources") or []
    paths: list[str] = []
    for source in found:
        path = str(source.get("file", ""))
        if path.startswith(MULTIPATH):
            paths += [unquote(part) for part in path[len(MULTIPATH) :].split("/")]
        else:
            paths.append(path)
    return [path.rstrip("/\\") + "/" for path in paths if path and not path.startswith("plugin:")]


def _kind(path: str) -> _Kind:
    if path.startswith(MOVIES):
        return _FILMS
    return _SHOWS if path.endswith(SHOW) else _EPISODES


def _ids(kind: _Kind, place: str, path: str) -> list[int]:
    """Kodi's own of what is in that file."""
    folder, _, name = path.rpartition("/")
    rules = [{"field": "path", "operator": "is", "value": "%s%s/" % (place, folder)}]
    if kind is not _SHOWS:
        rules.append({"field": "filename", "operator": "is", "value": name})
    found = _result(kind.get, filter={"and": rules}).get(kind.all) or []
    return [int(each[kind.id]) for each in found]


def _total(kind: _Kind, folder: str) -> int:
    """How many there are below it."""
    rule = {"field": "path", "operator": "startswith", "value": folder}
    found = _result(kind.get, filter=rule, limits={"start": 0, "end": 1})
    return int(found.get("limits", {}).get("total", 0))


def _result(method: str, **parameters: object) -> dict[str, Any]:
    answer = rpc.ask(method, **parameters)
    if "error" in answer:
        log.warning("%s: %s", method, answer["error"])
    result = answer.get("result")
    return result if isinstance(result, dict) else {}


def _real(path: str) -> str:
    """The path as the system has it, to compare."""
    return xbmcvfs.translatePath(path).replace("\\", "/").rstrip("/") + "/"
