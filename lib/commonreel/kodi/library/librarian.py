# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the library as the user and the catalogue want it: a little at each turn of the service's loop."""

from __future__ import annotations

import json
import logging
import time
import xml.etree.ElementTree as ET
from itertools import chain
from typing import Iterable, Iterator

from ...catalog import database, following
from ...catalog.holdings import ADDED, CATALOGUE, EVERYTHING, PLACE, REMOVED, Holdings
from ...catalog.store import Store
from ...service.config import Config
from ...works import rights
from ...works.errors import ServiceUnavailable, UnknownWork, WorkWithdrawn
from ...works.parental import allowed
from ...works.work import Work
from .. import paths
from ..viewer import Viewer
from ..words.strings import language
from . import medialibrary, nfo
from .export import ABOUT, SHOW, Export

log = logging.getLogger(__name__)

TURN_SECONDS = 0.1  # of work in one turn
MINUTE, HOUR = 60.0, 3600.0  # to rest after trouble: with a wish, with what the catalogue brings
TELLINGS = 10  # to Kodi in one turn


class _Errand:
    """Works that are to be seen to, one after the other."""

    def __init__(self, ids: Iterable[str], purpose: object) -> None:
        self._ids = iter(ids)
        self.purpose = purpose
        self.trouble = False  # it met some

    def go_on(self, holdings: Holdings, store: Store, config: Config, until: float) -> bool:
        """Whether all are as they should be, but where there was trouble."""
        for id in self._ids:
            self.trouble |= not _settle(id, holdings, store, config)
            if time.monotonic() > until:
                return False
        return True


class Librarian:
    """Lives as long as the service does."""

    def __init__(self) -> None:
        self._account = paths.library_account()  # now: an add-on that is being disabled cannot ask
        self._round: _Errand | None = None  # through the whole library; its purpose is the mark to make
        self._wish: _Errand | None = None  # its purpose is what the user wants
        self._seen: tuple[object, ...] = ()  # how things were when there was nothing to do
        self._untold = False  # there is news for Kodi, which is not to be disturbed at present
        self._rest_until = self._no_round_until = 0.0
        self.follow = True  # do what the catalogue brings, too; else the user's wishes alone

    def tick(self, config: Config) -> None:
        """Do what is due, for at most a tenth of a second or so."""
        file = self._account
        if time.monotonic() < self._rest_until or not file.exists():
            return
        resting = time.monotonic() < self._no_round_until
        seen = (
            database.look(file),
            database.look(config.store),
            _who(config),
            language(),
            self.follow,
            resting,
        )
        if seen == self._seen and not (self._untold and not medialibrary.busy()):
            return
        try:
            with Holdings(file) as holdings:
                idle = self._turn(holdings, config)
            self._seen = (database.look(file), *seen[1:]) if idle else ()
        except (ServiceUnavailable, OSError) as error:
            self._rest_until = time.monotonic() + MINUTE
            self._round = self._wish = None  # they are begun anew
            log.warning("the library waits: %s", error)

    def _turn(self, holdings: Holdings, config: Config) -> bool:
        """Whether there is nothing to do before something changes."""
        until = time.monotonic() + TURN_SECONDS
        with Store(config.store) as store:
            self._settle_wishes(holdings, store, config, until)
            if _is_whole(store, config):
                if self._round is None:
                    self._begin(holdings, store, config)
                self._go_round(holdings, store, config, until)
        self._untold = bool(holdings.news(1)) and medialibrary.busy()
        told = self._untold or _tell(holdings)
        return self._round is None and not holdings.unsettled() and told

    def _settle_wishes(self, holdings: Holdings, store: Store, config: Config, until: float) -> None:
        """The user is waiting for these."""
        for id, wanted in holdings.unsettled():
            if id == EVERYTHING:
                holdings.set_mark(CATALOGUE, "")
                self._round, self._no_round_until = None, 0.0
            elif time.monotonic() > until:
                return
            else:
                if not self._wish or self._wish.purpose != (id, wanted):
                    self._wish = _Errand(_whole(id, holdings, store, _who(config)), (id, wanted))
                if not self._wish.go_on(holdings, store, config, until):
                    return
                done, self._wish = self._wish, None
                if done.trouble:
                    self._rest_until = time.monotonic() + MINUTE
                    continue
            holdings.settled(id, wanted)

    def _begin(self, holdings: Holdings, store: Store, config: Config) -> None:
        """Go round, where the last round was for another catalogue."""
        if time.monotonic() < self._no_round_until:
            return
        mark, done = _mark(store, config), holdings.mark(CATALOGUE)
        if done != mark and (self.follow or not done):
            self._round = _Errand(_all(holdings, config), mark)

    def _go_round(self, holdings: Holdings, store: Store, config: Config, until: float) -> None:
        if not self._round or time.monotonic() > until:
            return
        if self._round.go_on(holdings, store, config, until):
            done, self._round = self._round, None
            if done.trouble:
                self._no_round_until = time.monotonic() + HOUR
            else:
                holdings.set_mark(CATALOGUE, str(done.purpose))


def _all(holdings: Holdings, config: Config) -> Iterator[str]:
    """Every work that is in the library or is to be, once."""
    there = dict.fromkeys(holdings.works() + holdings.wishes())
    return _each(there, holdings.series(), holdings.everything, config)


def _each(there: Iterable[str], series: Iterable[str], everything: bool, config: Config) -> Iterator[str]:
    """It keeps nothing open between two of them: the catalogue may be made anew meanwhile."""
    films = _films(config) if everything else ()
    episodes = chain.from_iterable(_new_episodes(id, config) for id in series)
    seen: set[str] = set()
    for id in chain(films, episodes, there):
        if id not in seen:
            seen.add(id)
            yield id


def _films(config: Config) -> Iterator[str]:
    """All that may be shown."""
    number, more = 0, True
    while more:
        number += 1
        with Store(config.store) as store:
            page = store.page(_who(config).asks()._replace(page=number))
        more = page.more
        yield from (work.id for work in page.works)


def _new_episodes(series: str, config: Config) -> list[str]:
    with Store(config.store) as store:
        return _episodes(series, store, _who(config))


def _episodes(series: str, store: Store, who: Viewer) -> list[str]:
    """Ids of those of a series that may be shown; none of a film."""
    seasons = store.seasons(series, who.country, who.level)
    return [
        work.id
        for season in seasons
        for work in store.episodes(series, season.number, who.country, who.level)
    ]


def _whole(id: str, holdings: Holdings, store: Store, who: Viewer) -> Iterable[str]:
    """A film; or a series, and all episodes that it has or that are there of it."""
    return dict.fromkeys([id, *_episodes(id, store, who), *holdings.episodes(id)])


def _settle(id: str, holdings: Holdings, store: Store, config: Config) -> bool:
    """Have a work's files there if they are wanted, and the work may be shown; else not. False where that
    could not be done: the others have their turn."""
    export = Export(paths.library(), holdings, config.country)
    who = _who(config)
    work = _shown(id, store, who)
    series = _shown(work.series, store, who) if work and work.part_of else None
    try:
        if work and (series or not work.part_of) and _is_wanted(work, holdings):
            export.put(work, series)
        else:
            _take(id, holdings, export)
    except OSError as error:
        log.warning("%s is not as it should be in the library: %s", id, error)
        return False
    return True


def _is_wanted(work: Work, holdings: Holdings) -> bool:
    """A series is there for its episodes' sake, too."""
    return bool(holdings.wanted([work]) or holdings.episodes(work.id))


def _take(id: str, holdings: Holdings, export: Export) -> None:
    """With the last episode goes its series, unless more of it are to come."""
    series = {file.series for file in holdings.files(id)} - {"", id}
    export.take(id)
    for each in series:
        if not holdings.episodes(each) and each not in holdings.series():
            export.take(each)


def _shown(id: str, store: Store, who: Viewer) -> Work | None:
    try:
        work = store.work(id)
    except (UnknownWork, WorkWithdrawn):
        return None
    may = rights.free_in(work.rights, who.country) and allowed(work, who.level)
    return work if may and work.type != "TVSeason" else None


def _who(config: Config) -> Viewer:
    """Whom the library is for."""
    return Viewer(config.country, config.level)


def _mark(store: Store, config: Config) -> str:
    """Of everything on which the library's files depend."""
    origins = [(origin, store.version(origin)) for origin in store.origins()]
    return json.dumps([config.version, repr(_who(config)), language(), origins])


def _is_whole(store: Store, config: Config) -> bool:
    """Whether all is there that was there before: a drive may be unplugged, a store be made anew. What is
    missing for such a reason was not withdrawn."""
    if config.local_folder and not config.local_folder.is_dir():
        return False
    followed = following.followed(config.catalogues)
    return all(store.version(each.origin) for each in followed if each.state.checked)


def _tell(holdings: Holdings) -> bool:
    """Tell Kodi what is new, if it looks into the folder. Whether there was nothing to tell."""
    news = holdings.news(TELLINGS)
    if not news:
        return True
    place = medialibrary.place(paths.library_address()) or holdings.mark(PLACE)
    holdings.set_mark(PLACE, place)  # it is no less so when the last of its films has gone
    if not place:  # Kodi will see it all when it first looks
        holdings.told_all()
        return True
    for path, what in news:
        if what == ADDED:  # one look finds them all
            medialibrary.scan(place)
            holdings.told_all(ADDED)
            break
        if what == REMOVED:
            _tell_removal(place, path)
        else:
            _tell_change(place, path, holdings.was(path))
        holdings.told(path)
    return False


def _tell_removal(place: str, path: str) -> None:
    """Of a series Kodi forgets all, unless something of the user's is left of it."""
    if not path.endswith(SHOW) or not (paths.library() / path).parent.exists():
        medialibrary.remove(place, path)


def _tell_change(place: str, path: str, was: str) -> None:
    """`was`: what Kodi knows of it."""
    about = (paths.library() / path).with_suffix(ABOUT)
    try:
        known = nfo.details(was) if was else {}
        details = nfo.details(about.read_text("utf-8"))
    except (OSError, ValueError, ET.ParseError) as error:  # the user's by now
        log.warning("%s: %s", about.name, error)
    else:
        medialibrary.change(place, path, known, details)
