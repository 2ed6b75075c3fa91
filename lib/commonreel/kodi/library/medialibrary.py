# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi's own library, by JSON-RPC: where it looks into our folder, and what it has from there."""

from __future__ import annotations

import logging
from typing import Any, Mapping, NamedTuple, Sequence
from urllib.parse import unquote

from .. import rpc
from ..api import xbmc, xbmcvfs
from ..paths import MOVIES, SERIES
from .export import SHOW

log = logging.getLogger(__name__)

MULTIPATH, IMAGE = "multipath://", "image://"
RUNTIME = "runtime"  # that of a film that has played is what Kodi has measured
ROUNDING = 0.05
NO_DAY = "1970-01-01"

Facts = Mapping[str, Any]


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
    (
        *("title", "originaltitle", "tagline", "plot", "genre", "director", "country", "studio", "year"),
        *("runtime", "trailer", "ratings", "uniqueid", "art"),
    ),
)
_SHOWS = _Kind(
    "tvshows",
    "tvshowid",
    "VideoLibrary.GetTVShows",
    "VideoLibrary.RemoveTVShow",
    "VideoLibrary.SetTVShowDetails",
    ("title", "originaltitle", "plot", "genre", "studio", "premiered", "ratings", "uniqueid", "art"),
)
_EPISODES = _Kind(
    "episodes",
    "episodeid",
    "VideoLibrary.GetEpisodes",
    "VideoLibrary.RemoveEpisode",
    "VideoLibrary.SetEpisodeDetails",
    ("title", "originaltitle", "plot", "director", "firstaired", "runtime", "ratings", "uniqueid", "art"),
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
    for theirs in _found(kind, place, path):
        rpc.ask(kind.remove, **{kind.id: theirs[kind.id]})


def change(place: str, path: str, was: Facts, now: Facts) -> None:
    """Other facts hold of it than Kodi knows. What the user has made of one in Kodi stays. Kodi's own
    refreshing would forget that it was watched.

    `was`, `now`: as in Kodi's Set…Details, by name."""
    kind = _kind(path)
    other = [name for name in kind.facts if now.get(name) != was.get(name)]
    for theirs in _found(kind, place, path, other) if other else ():
        due = {name: _due(name, was.get(name), now.get(name), theirs.get(name)) for name in other}
        facts = {name: fact for name, fact in due.items() if fact is not None and fact != {}}
        if facts:
            _result(kind.set, **{kind.id: theirs[kind.id]}, **facts)


def _due(name: str, was: object, now: object, theirs: object) -> object:
    """What Kodi is to make of a fact. None: what it has, for that is the user's. Of a fact in parts (art,
    ratings, ids): those parts alone that are to change; None is one that goes."""
    if isinstance(now, dict):
        old, kept = was if isinstance(was, dict) else {}, theirs if isinstance(theirs, dict) else {}
        other = [part for part in {**old, **now} if now.get(part) != old.get(part)]
        return {part: now.get(part) for part in other if _same(old.get(part), kept.get(part))}
    return now if name == RUNTIME or _same(was, theirs) else None


def _same(ours: object, theirs: object) -> bool:
    """Whether Kodi has a fact as it was told: it has art by an address of its own, numbers in single
    precision, and a day where it knows of none."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(_same(value, theirs.get(name)) for name, value in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return sorted(map(_plain, ours)) == sorted(map(_plain, theirs))
    if isinstance(ours, float) and isinstance(theirs, (int, float)):
        return abs(ours - theirs) < ROUNDING
    return _plain(ours or "") == _plain(theirs or "")


def _plain(fact: object) -> str:
    said = str(fact)
    if said.startswith(IMAGE):
        return unquote(said[len(IMAGE) :].rstrip("/"))
    return "" if said == NO_DAY else " ".join(said.split())


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


def _found(kind: _Kind, place: str, path: str, facts: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What Kodi has from that file: its own id, and these facts."""
    folder, _, name = path.rpartition("/")
    rules = [{"field": "path", "operator": "is", "value": "%s%s/" % (place, folder)}]
    if kind is not _SHOWS:
        rules.append({"field": "filename", "operator": "is", "value": name})
    found = _result(kind.get, filter={"and": rules}, properties=list(facts))
    return list(found.get(kind.all) or [])


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
