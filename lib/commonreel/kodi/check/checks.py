# SPDX-License-Identifier: GPL-3.0-or-later
"""What the self-check looks at: each thing by itself, also while the service is down, and within seconds."""

from __future__ import annotations

import logging
import platform
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

from ...catalog import following as catalogues
from ...catalog import schema
from ...catalog.store import Store
from ...net.reach import listens
from ...streaming import interface
from ...streaming.cache import FREE_FLOOR, Cache
from ...works.errors import CommonReelError, NotWritable, error_for, foreseen
from .. import address, paths, remote, settings, state, viewer, wishes
from ..api import xbmc
from ..screens import following
from ..settings import Settings
from ..words.strings import GB, Text, country_name, error_text, text

SECONDS = 3.0  # for each answer that is waited for
DAY = 24 * 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str  # its own, short and for ever the same
    label: str  # what it is called
    found: str  # how it is, in a few words
    words: str = ""  # what to do, or what it means; '' where there is nothing to add
    amiss: bool = False
    url: str = ""  # what pressing it does; '' shows the words


@dataclass(frozen=True)
class _Facts:
    """What several of them look at."""

    chosen: Settings
    health: Mapping[str, Any]  # what the engine says of itself; empty where it says nothing
    error: CommonReelError | None  # and why not


def every() -> list[Check]:
    """All of them, what matters most first."""
    facts = _facts()
    found: list[Check] = []
    for label, look in _LOOKS:
        try:
            found += look(facts)
        except (CommonReelError, OSError) as error:
            log.warning("self-check: %s", error)
            said = error_text(foreseen(error))
            found.append(Check(look.__name__.strip("_"), text(label), text(Text.CHECK_NO), said, amiss=True))
    return found


def _facts() -> _Facts:
    chosen = settings.read()
    try:
        return _Facts(chosen, _health(chosen), None)
    except CommonReelError as error:
        return _Facts(chosen, {}, error)


def _health(chosen: Settings) -> Mapping[str, Any]:
    if chosen.remote:
        return remote.client(chosen, SECONDS).health()
    from ...proxy.client import Client  # here, for it is slow to import and no list needs it

    now = state.read()
    if now.status == state.ERROR:
        raise error_for(now.reason)
    return Client(now.port, now.secret, SECONDS).health()


def _service(facts: _Facts) -> Iterator[Check]:
    """The add-on's own, here."""
    now = state.read()
    label = text(Text.CHECK_SERVICE)
    dead = now.status != state.READY or (facts.error and not facts.chosen.remote)
    if not dead:
        yield Check("service", label, text(Text.CHECK_YES))
    else:
        reason = error_text(error_for(now.reason)) + "\n" if now.reason else ""
        cure = reason + text(Text.CHECK_SERVICE_CURE)
        yield Check("service", label, text(Text.CHECK_NO), cure, amiss=True)


def _engine(facts: _Facts) -> Iterator[Check]:
    label = text(Text.ENGINE)
    if facts.error:
        yield Check("engine", label, text(Text.CHECK_NO_ANSWER), error_text(facts.error), amiss=True)
        return
    lack = str(facts.health.get("webOnly") or "")
    cure = error_text(error_for(lack)) if lack else ""
    yield Check("engine", label, _short(facts.health.get("engine")), cure, amiss=bool(lack))


def _reach(facts: _Facts) -> Iterator[Check]:
    """Whether other viewers get to the engine. libtorrent knows no more than this."""
    if facts.error or facts.health.get("webOnly"):
        return
    label, port = text(Text.CHECK_REACH), facts.health.get("port")
    if facts.health.get("incoming") or facts.health.get("mapped"):
        yield Check("reach", label, text(Text.CHECK_YES))
    elif not facts.chosen.remote and facts.chosen.proxy_type != "none":
        yield Check("reach", label, text(Text.CHECK_NO), text(Text.CHECK_REACH_PROXY))
    elif not port:
        yield Check("reach", label, text(Text.CHECK_UNKNOWN), text(Text.CHECK_REACH_LATER))
    else:
        cure = text(Text.CHECK_REACH_CURE, port=_short(port))
        yield Check("reach", label, text(Text.CHECK_NOT_YET), cure)


def _network(facts: _Facts) -> Iterator[Check]:
    """The interface and the proxy that the settings name."""
    if facts.chosen.remote:
        return
    options = wishes.streaming(facts.chosen)
    proxy, label = options.proxy, text(Text.PROXY)
    try:
        interface.check(options)
    except CommonReelError as error:
        yield Check("network", text(Text.NETWORK), text(Text.CHECK_NO), error_text(error), amiss=True)
        return
    if options.interface:
        yield Check("network", text(Text.NETWORK), text(Text.CHECK_YES))
    if not proxy.kind:
        yield Check("proxy", label, text(Text.OFF))
    elif listens(proxy.host, proxy.port, SECONDS):
        yield Check("proxy", label, text(Text.CHECK_YES))
    else:
        cure = text(Text.CHECK_PROXY_CURE)
        yield Check("proxy", label, text(Text.CHECK_NO_ANSWER), cure, amiss=True)


def _disk(facts: _Facts) -> Iterator[Check]:
    """Room for films, and whether they can be written."""
    profile = paths.profile()
    label, limit = text(Text.DISK), facts.chosen.cache_gb
    if not _writable(profile):
        yield Check("disk", label, text(Text.CHECK_NO), error_text(NotWritable()), amiss=True)
        return
    kept, free = Cache(paths.cache(), 0).size(), Cache(profile, 0).free()
    sizes = {"free": "%.1f" % (free / GB), "kept": "%.1f" % (kept / GB), "limit": limit}
    low = free < 2 * FREE_FLOOR
    words = text(Text.CHECK_DISK_FULL) if low else ""
    url = address.cache_clear() if low else ""
    yield Check("disk", label, text(Text.CHECK_DISK, **sizes), words, low, url)


def _writable(folder: Path) -> bool:
    probe = folder / ".probe"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        log.warning("self-check: %s", error)
        return False
    return True


def _catalogue(_facts: _Facts) -> Iterator[Check]:
    """All films that the catalogues on this device have, as far as they may be shown here."""
    with Store(paths.store()) as store:
        count = store.count(viewer.now().asks())
    yield Check("catalogue", text(Text.FILMS), "%d" % count)


def _followed(_facts: _Facts) -> Iterator[Check]:
    for each in catalogues.followed(paths.catalogues()):
        now = each.state
        found = following.day(now.at) if now.at else text(Text.CHECK_UNKNOWN)
        words, url = following.account(each), address.catalogue(each.origin)
        yield Check(each.origin, following.name(each), found, words, bool(now.trouble), url)


def _clock(_facts: _Facts) -> Iterator[Check]:
    """A catalogue cannot have been signed after now, nor looked at."""
    states = [each.state for each in catalogues.followed(paths.catalogues())]
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + DAY))
    ahead = any(each.at[:10] > today or each.checked > time.time() + DAY for each in states)
    words = text(Text.CHECK_CLOCK_CURE) if ahead else ""
    found = "%s %s" % (following.day(time.strftime("%Y-%m-%d")), time.strftime("%H:%M"))
    yield Check("clock", text(Text.CHECK_CLOCK), found, words, ahead)


def _versions(_facts: _Facts) -> Iterator[Check]:
    fts5 = schema.has_fts5()
    found = (
        paths.version(),
        "Kodi " + xbmc.getInfoLabel("System.BuildVersion").partition(" ")[0],
        "Python " + platform.python_version(),
        "SQLite %s%s" % (sqlite3.sqlite_version, " FTS5" if fts5 else ""),
        "%s %s" % (platform.system(), platform.machine()),
    )
    words = " · ".join(found) + ("" if fts5 else "\n" + text(Text.CHECK_NO_FTS))
    yield Check("versions", text(Text.CHECK_VERSIONS), " · ".join(found[:2]), words)


def _country(facts: _Facts) -> Iterator[Check]:
    code, label = facts.chosen.country, text(Text.COUNTRY)
    if code:
        yield Check("country", label, country_name(code))
    else:
        words = text(Text.WHICH_COUNTRY_HELP)
        yield Check("country", label, text(Text.CHECK_UNKNOWN), words, True, address.country())


def _short(said: object) -> str:
    """What another machine may have said."""
    return str(said)[:40]


_LOOKS: tuple[tuple[Text, Callable[[_Facts], Iterator[Check]]], ...] = (
    (Text.CHECK_SERVICE, _service),
    (Text.ENGINE, _engine),
    (Text.CHECK_REACH, _reach),
    (Text.NETWORK, _network),
    (Text.DISK, _disk),
    (Text.FILMS, _catalogue),
    (Text.CATALOGUES, _followed),
    (Text.CHECK_CLOCK, _clock),
    (Text.CHECK_VERSIONS, _versions),
    (Text.COUNTRY, _country),
)
