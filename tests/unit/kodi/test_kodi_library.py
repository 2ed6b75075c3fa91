# SPDX-License-Identifier: GPL-3.0-or-later
"""The library: its screens, the service's turns at it, and what Kodi is told."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from commonreel.catalog import following
from commonreel.catalog.following import Offer, State
from commonreel.catalog.holdings import Holdings
from commonreel.catalog.store import Store
from commonreel.service.config import Config
from commonreel.works.errors import ServiceUnavailable
from commonreel.works.parental import Level
from commonreel.works.work import ContentRating, PartOf, Rating, Tombstone
from lab.few_works import COPS, MOON, OPEN, WORKS

SERIES = OPEN._replace(id="open:series", name={"en": "A Series"}, type="TVSeries", encoding=())
PLUGIN = "plugin://plugin.video.commonreel"


def episode(number, season=1, **facts):
    part = PartOf(SERIES.id, season, number)
    name = {"en": "Part %d" % number}
    return OPEN._replace(id="open:e%d" % number, name=name, type="TVEpisode", part_of=part, **facts)


class Library:
    """Kodi's own, as its JSON-RPC answers. `sources`: paths; the others: {path of the file: id}."""

    def __init__(self, kodi):
        self.sources, self.asked = [], []
        self.movies, self.tvshows, self.episodes = {}, {}, {}  # a series' path is that of its tvshow.nfo
        self.facts = {}  # {id: what Kodi has of it}
        kodi.rpc.side_effect = self._answer

    def _answer(self, request):
        said = json.loads(request)
        method, params = said["method"], said["params"]
        if method == "Files.GetSources":
            return json.dumps({"result": {"sources": [{"file": path} for path in self.sources]}})
        if method.startswith("VideoLibrary.Get"):
            kind = method.partition(".Get")[2].lower()
            theirs = getattr(self, kind).items()
            found = [
                {kind[:-1] + "id": id, **self._of(id, params.get("properties", []))}
                for path, id in theirs
                if _fits(path, params["filter"])
            ]
            return json.dumps({"result": {kind: found, "limits": {"total": len(found)}}})
        self.asked.append((method.partition(".")[2], params))
        return json.dumps({"result": "OK"})

    def _of(self, id, names):
        return {name: fact for name, fact in self.facts.get(id, {}).items() if name in names}


def _fits(path, rule):
    if "and" in rule:
        return all(_fits(path, each) for each in rule["and"])
    folder, name = path.rsplit("/", 1)
    if rule["operator"] == "startswith":
        return path.startswith(rule["value"])
    return rule["value"] == (folder + "/" if rule["field"] == "path" else name)


@pytest.fixture
def theirs(kodi):
    return Library(kodi)


@pytest.fixture
def folder(kodi):
    return kodi.profile / "library"


@pytest.fixture
def config(kodi):
    kodi.settings["country"] = "US"
    return Config(profile=kodi.profile, starter=None, version="1", country="US")


@pytest.fixture
def librarian(kodi, theirs):
    from commonreel.kodi.library.librarian import Librarian

    return Librarian()


@pytest.fixture
def holdings(kodi):
    with Holdings(kodi.profile / "library.db") as holdings:
        yield holdings


@pytest.fixture
def turn(librarian, config):
    """Turns of the service until there is nothing left to do."""

    def turn(config=config):
        for _ in range(1000):
            librarian.tick(config)
            if librarian._seen or librarian._rest_until:
                return
        raise AssertionError("it never ends")

    return turn


def fill(kodi, *entries, origin="starter"):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill(origin, str(entries), entries)


def streams(folder):
    return sorted(path.stem for path in folder.rglob("*.strm"))


def of_library(item):
    """The entry of its context menu that is about the library."""
    return next(entry for entry in item.menu if "/library/" in entry[1])


def library_entries(kodi):
    return {item.label: of_library(item) for url, item, _ in kodi.rows if "/play/" in url}


ALL_FILMS = ["A Rabbit (2008)", "A Trip to the Moon (1902)", "Cops (1922)", "The Trap (1913)"]


# What the user wants


def test_adding_and_removing_by_the_menu(call, kodi, turn, folder):
    kodi.settings["country"] = "US"
    call("/library/add/", "?id=ia%3ACops", handle=-1)
    kodi.builtin.assert_called_once_with("Container.Refresh")
    kodi.dialog.notification.assert_called_once()
    assert not folder.exists()  # the service writes it
    turn()
    assert streams(folder) == ["Cops (1922)"]
    call("/films/")
    entries = library_entries(kodi)
    remove = "RunPlugin(%s/library/remove/?id=ia%%3ACops)" % PLUGIN
    assert entries["Cops"] == ("Remove from library", remove)
    assert entries["The Trap"][0] == "Add to library"
    call("/library/remove/", "?id=ia%3ACops", handle=-1)
    turn()
    assert streams(folder) == []


def test_all_films_and_no_longer_all(call, kodi, turn, folder):
    kodi.settings["country"] = "US"
    call("/library/all/", handle=-1)
    turn()
    assert streams(folder) == ALL_FILMS
    call("/library/remove/", "?id=ia%3ACops", handle=-1)
    fill(kodi, *WORKS, COPS._replace(id="ia:New", name={"en": "New"}))
    turn()
    assert streams(folder) == [
        "A Rabbit (2008)",
        "A Trip to the Moon (1902)",
        "New (1922)",
        "The Trap (1913)",
    ]
    call("/library/all/", handle=-1)
    fill(kodi, *WORKS)
    turn()
    assert streams(folder) == ["A Rabbit (2008)", "A Trip to the Moon (1902)", "The Trap (1913)"]
    call("/library/all/", handle=-1)
    turn()
    assert streams(folder) == ALL_FILMS


def test_removing_everything_asks_first(call, kodi, turn, folder, holdings):
    call("/library/all/", handle=-1)
    kodi.dialog.yesno.return_value = False
    call("/library/clear/", handle=-1)
    turn()
    assert streams(folder) == ALL_FILMS
    kodi.dialog.yesno.return_value = True
    call("/library/clear/", handle=-1)
    assert "all 4 films and series" in kodi.dialog.yesno.call_args[0][1]
    turn()
    assert streams(folder) == []
    assert holdings.count() == (0, 0)


def test_the_screen_of_an_empty_library(call, kodi, theirs):
    kodi.settings["country"] = "US"
    call("/library/")
    assert kodi.labels == [
        "Show the library in Kodi's Movies…",
        "Add all films (4)",
        "Keep the library up to date: #107",
    ]
    call("/library/guide/")
    assert kodi.labels[:2] == ["First add a film, by its context menu", "1. Open the folder"]


def test_the_screen_says_how_many_kodi_shows(call, kodi, theirs, turn, holdings):
    for work in (COPS, OPEN):
        holdings.want(work)
    turn()
    call("/library/")
    assert kodi.labels[:2] == ["Show the library in Kodi's Movies…", "In the library (2)"]
    theirs.movies["%s/library/Movies/Cops (1922)/Cops (1922).strm" % kodi.profile] = 7
    call("/library/")
    assert kodi.labels[0] == "In Kodi's Movies: 1 of 2"
    call("/library/films/")
    assert kodi.labels == ["A Rabbit", "Cops"]


def test_keeping_it_up_to_date_can_be_turned_off(call, kodi, librarian, turn, folder, holdings):
    holdings.want(COPS)
    turn()
    call("/library/update/", handle=-1)
    assert kodi.settings["library_update"] is False
    librarian.follow = False
    fill(kodi, *WORKS[1:])
    turn()
    assert streams(folder) == ["Cops (1922)"]
    holdings.want(OPEN)
    turn()
    assert streams(folder) == ["A Rabbit (2008)", "Cops (1922)"]
    librarian.follow = True
    turn()
    assert streams(folder) == ["A Rabbit (2008)"]


def test_an_account_that_cannot_be_read_takes_no_list_away(call, kodi):
    (kodi.profile / "library.db").mkdir()
    call("/films/")
    assert kodi.ends == [("list", True)]


# What the catalogue brings


def test_what_was_withdrawn_goes_and_comes_back_as_new(kodi, turn, folder, holdings):
    holdings.want(COPS)
    turn()
    fill(kodi, *WORKS[1:], Tombstone(COPS.id, "its maker asked", 9, "2026-11-24"))
    turn()
    assert streams(folder) == []
    fill(kodi, *WORKS)
    turn()
    assert streams(folder) == ["Cops (1922)"]


def test_what_is_above_the_parental_level_is_not_in_the_library(kodi, turn, config, folder, holdings):
    adult = COPS._replace(content_rating=ContentRating(age=18))
    fill(kodi, adult, MOON)
    holdings.want_everything()
    turn()
    assert streams(folder) == ["A Trip to the Moon (1902)", "Cops (1922)"]
    turn(replace(config, level=Level(max_age=12)))
    assert streams(folder) == ["A Trip to the Moon (1902)"]
    turn(config)
    assert streams(folder) == ["A Trip to the Moon (1902)", "Cops (1922)"]


def test_another_country_has_other_films(kodi, turn, folder, holdings, config):
    holdings.want_everything()
    turn()
    turn(replace(config, country="FR"))
    assert streams(folder) == ["A Rabbit (2008)", "A Trip to the Moon (1902)"]


def test_a_drive_that_is_unplugged_withdraws_nothing(kodi, turn, folder, holdings, config, tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    with_drive = replace(config, local_folder=drive)
    mine = OPEN._replace(id="local:mine", name={"en": "Mine"})
    fill(kodi, mine, origin="local")
    holdings.want(mine)
    turn(with_drive)
    drive.rmdir()
    fill(kodi, origin="local")
    turn(with_drive)
    assert streams(folder) == ["Mine (2008)"]
    drive.mkdir()
    fill(kodi, mine, OPEN, origin="local")
    turn(with_drive)
    assert streams(folder) == ["Mine (2008)"]
    fill(kodi, OPEN, origin="local")
    turn(with_drive)
    assert streams(folder) == []


def test_a_drive_that_is_unplugged_meanwhile(kodi, librarian, turn, folder, holdings, config, tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    with_drive = replace(config, local_folder=drive)
    mine = [OPEN._replace(id="local:%d" % n, name={"en": "Mine %d" % n}) for n in range(50)]
    fill(kodi, *mine, origin="local")
    holdings.want_everything()
    turn(with_drive)
    count = len(streams(folder))
    fill(kodi, *mine[1:], origin="local")
    with clock():
        librarian.tick(with_drive)
        assert librarian._round is not None
        drive.rmdir()
        fill(kodi, origin="local")
        for _ in range(20):
            librarian.tick(with_drive)
    assert len(streams(folder)) >= count - 1
    drive.mkdir()
    fill(kodi, *mine, origin="local")
    turn(with_drive)
    assert len(streams(folder)) == count


def test_a_store_that_was_made_anew_withdraws_nothing(kodi, turn, folder, holdings, config):
    followed = following.follow(
        config.catalogues, Offer("https://example.org/", b'{"signed": {"_type": "root"}}')
    )
    followed.keep(State(checked=1.0))
    mine = OPEN._replace(id="t:mine", name={"en": "Mine"})
    fill(kodi, mine, origin=followed.origin)
    holdings.want(mine)
    turn()
    with Store(config.store, writable=True) as store:
        store.drop(followed.origin)
    turn()
    assert streams(folder) == ["Mine (2008)"]


def test_a_turn_is_short_however_many_films_there_are(kodi, librarian, turn, folder, holdings, config):
    many = [OPEN._replace(id="x:%d" % n, name={"en": "Film %d" % n}) for n in range(300)]
    fill(kodi, *many)
    holdings.want_everything()
    turns = 0
    with clock():
        while not librarian._seen:
            librarian.tick(config)
            turns += 1
    assert len(streams(folder)) == 300
    assert turns > 10


@contextmanager
def clock(start=1000.0, look=0.01):
    """Each look at the clock takes that long, in seconds, and nothing else takes any time."""
    from commonreel.kodi.library import librarian as module

    ticks = itertools.count(start, look)
    real, module.time = module.time, SimpleNamespace(monotonic=lambda: next(ticks))
    try:
        yield
    finally:
        module.time = real


def test_who_uses_no_library_has_none(kodi, librarian, config):
    librarian.tick(config)
    assert not (kodi.profile / "library.db").exists()
    assert not (kodi.profile / "library").exists()


def test_trouble_with_one_film_is_no_trouble_for_the_others(
    kodi, librarian, turn, folder, holdings, monkeypatch
):
    from commonreel.kodi.library import export

    real = export._replace

    def full(place, text):
        if "Cops" in place.name:
            raise OSError(28, "No space left on device")
        real(place, text)

    monkeypatch.setattr(export, "_replace", full)
    for work in (COPS, OPEN):
        holdings.want(work)
    turn()
    assert streams(folder) == ["A Rabbit (2008)"]
    monkeypatch.setattr(export, "_replace", real)
    librarian._rest_until = 0.0
    turn()
    assert streams(folder) == ["A Rabbit (2008)", "Cops (1922)"]


def test_a_catalogue_that_cannot_be_read_meanwhile_ends_no_round(
    kodi, librarian, turn, folder, holdings, monkeypatch
):
    fill(kodi, *(OPEN._replace(id="x:%d" % n, name={"en": "Film %d" % n}) for n in range(120)))
    holdings.want_everything()
    real = Store.page

    def page(store, query):
        if query.page == 2:
            raise ServiceUnavailable("busy")
        return real(store, query)

    monkeypatch.setattr(Store, "page", page)
    turn()
    assert len(streams(folder)) == 100
    monkeypatch.setattr(Store, "page", real)
    librarian._rest_until = 0.0
    turn()
    assert len(streams(folder)) == 120


def test_what_failed_in_a_round_is_tried_again_after_an_hour(
    kodi, librarian, folder, holdings, config, monkeypatch
):
    from commonreel.kodi.library import export

    real, full = export._replace, [True]

    def replaced(place, text):
        if full and "Cops" in place.name:
            raise OSError(28, "No space left on device")
        real(place, text)

    monkeypatch.setattr(export, "_replace", replaced)
    holdings.want_everything()
    with clock():
        for _ in range(20):
            librarian.tick(config)
    assert "Cops (1922)" not in streams(folder)
    full.clear()
    with clock(5000.0):
        for _ in range(20):
            librarian.tick(config)
    assert "Cops (1922)" in streams(folder)


# What Kodi is told


def test_kodi_is_told_nothing_while_it_looks_elsewhere(turn, theirs, holdings):
    holdings.want(COPS)
    turn()
    assert theirs.asked == []
    assert holdings.news(1) == []


def test_kodi_is_told_also_when_the_last_film_had_gone(turn, kodi, theirs, holdings):
    theirs.movies["%s/library/Movies/Gone/Gone.strm" % kodi.profile] = 1
    holdings.want(COPS)
    turn()
    theirs.movies.clear()
    holdings.want(OPEN)
    turn()
    assert [method for method, _ in theirs.asked] == ["Scan", "Scan"]


def test_kodi_is_told_from_when_the_user_was_led_to_the_folder(call, turn, theirs, holdings):
    call("/library/open/", handle=-1)
    holdings.want(COPS)
    turn()
    assert [method for method, _ in theirs.asked] == ["Scan"]


@pytest.mark.parametrize(
    ("source", "scanned"),
    [
        ("{profile}/library/", "{profile}/library/"),
        ("{profile}/library", "{profile}/library/"),
        ("{profile}/library/Movies/", "{profile}/library/"),
        ("{profile}/", "{profile}/library/"),
        ("multipath://%2felsewhere%2f/{quoted}%2f/", "{profile}/library/"),
    ],
)
def test_kodi_looks_once_where_the_folder_is_a_source(kodi, turn, theirs, holdings, source, scanned):
    names = {"profile": kodi.profile, "quoted": str(kodi.profile).replace("/", "%2f")}
    theirs.sources = ["/films/", source.format(**names)]
    for work in (COPS, MOON, OPEN):
        holdings.want(work)
    with clock(look=0.0):  # one turn is enough, however slow the machine is
        turn()
    assert theirs.asked == [("Scan", {"directory": scanned.format(**names), "showdialogs": False})]


def test_nothing_disturbs_a_film_that_plays(kodi, librarian, turn, theirs, holdings, config, monkeypatch):
    from commonreel.kodi.library import librarian as module

    theirs.sources = [str(kodi.profile)]
    kodi.player.isPlaying.return_value = True
    holdings.want(COPS)
    turn()
    opened = []
    monkeypatch.setattr(module, "Holdings", lambda file: opened.append(file) or Holdings(file))
    for _ in range(5):
        librarian.tick(config)
    assert opened == []  # nothing has changed: nothing is read
    assert theirs.asked == []
    kodi.player.isPlaying.return_value = False
    librarian.tick(config)
    assert [method for method, _ in theirs.asked] == ["Scan"]


def test_kodi_is_told_of_what_changed_and_what_has_gone(kodi, turn, theirs, holdings):
    place = "%s/library/" % kodi.profile
    holdings.want_everything()
    turn()
    theirs.movies = {
        place + "Movies/Cops (1922)/Cops (1922).strm": 7,
        place + "Movies/The Trap (1913)/The Trap (1913).strm": 8,
        "/films/Cops (1922)/Cops (1922).strm": 9,
    }
    theirs.facts[7] = {"title": "Cops", "plot": "", "year": 1922}
    new = COPS._replace(name={"en": "Policemen"}, description={"en": "New"}, actor=("A",))
    fill(kodi, new, MOON, OPEN)
    turn()
    asked = dict(theirs.asked)
    assert asked["RemoveMovie"] == {"movieid": 8}
    assert asked["SetMovieDetails"] == {"movieid": 7, "title": "Policemen", "plot": "New"}
    assert len(theirs.asked) == 2


FIRST_FACTS = {
    "description": {"en": "One  two.\n\nThree."},
    "genre": ("Comedy", "Drama"),
    "director": ("A B", "C D"),
    "country": ("FR", "DE"),
    "year": 2020,
    "duration": 600,
    "trailer": "https://example.org/t.mp4",
    "poster": "https://example.org/p.jpg?a=b&c=d",
    "fanart": "https://example.org/f.jpg",
    "rating": Rating(8.4, 57, "archive.org"),
    "same_as": ("imdb:tt0000001",),
}
AS_KODI_HAS_THEM = {  # as Kodi 20.1 answers
    "title": "Cops",
    "plot": "One  two.\n\nThree.",
    "genre": ["Comedy", "Drama"],
    "director": ["A B", "C D"],
    "country": ["France", "Germany"],
    "studio": ["Internet Archive"],
    "year": 2020,
    "runtime": 612,  # measured, when it played
    "trailer": "https://example.org/t.mp4",
    "art": {
        "icon": "image://DefaultVideo.png/",
        "poster": "image://https%3a%2f%2fexample.org%2fp.jpg%3fa%3db%26c%3dd/",
        "fanart": "image://https%3a%2f%2fexample.org%2ff.jpg/",
    },
    "ratings": {"archive.org": {"default": True, "rating": 8.399999618530273, "votes": 57}},
    "uniqueid": {"commonreel": "ia:Cops", "imdb": "tt0000001"},
}


@pytest.fixture
def in_kodi(kodi, turn, theirs, holdings):
    """A film that Kodi has in its library, as the catalogue first had it."""
    film = COPS._replace(**FIRST_FACTS)
    fill(kodi, film)
    holdings.want(film)
    turn()
    theirs.movies = {"%s/library/Movies/Cops (2020)/Cops (2020).strm" % kodi.profile: 7}
    theirs.facts = {7: dict(AS_KODI_HAS_THEM)}
    return film


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ({"rating": Rating(9.0, 60, "archive.org")},
         {"ratings": {"archive.org": {"rating": 9.0, "votes": 60, "default": True}}}),
        ({"rating": Rating(7.0, 9, "b.org")},
         {"ratings": {"archive.org": None, "b.org": {"rating": 7.0, "votes": 9, "default": True}}}),
        ({"trailer": "https://example.org/new.mp4"}, {"trailer": "https://example.org/new.mp4"}),
        ({"trailer": ""}, {"trailer": ""}),
        ({"description": {"en": "New"}}, {"plot": "New"}),
        ({"genre": ("Drama",)}, {"genre": ["Drama"]}),
        ({"director": ()}, {"director": []}),
        ({"country": ("IT",)}, {"country": ["Italy"]}),
        ({"year": 2019}, {"year": 2019}),
        ({"duration": 660}, {"runtime": 660}),
        ({"poster": "https://example.org/q.jpg"}, {"art": {"poster": "https://example.org/q.jpg"}}),
        ({"fanart": ""}, {"art": {"fanart": None}}),
        ({"same_as": ("imdb:tt0000002",)}, {"uniqueid": {"imdb": "tt0000002"}}),
        ({"actor": ("Nobody",)}, None),  # nothing that Kodi can be told
    ],
)  # fmt: skip
def test_each_fact_that_changes_reaches_kodis_library_alone(kodi, turn, theirs, in_kodi, fact, told):
    fill(kodi, in_kodi._replace(**fact))
    turn()
    assert theirs.asked == ([("SetMovieDetails", {"movieid": 7, **told})] if told else [])


@pytest.mark.parametrize(
    "users",
    [
        {"title": "My title"},
        {"art": {"poster": "image://https%3a%2f%2felsewhere.example%2fmine.jpg/"}},
        {"genre": ["Mine"]},
        {"trailer": "plugin://plugin.video.other/?id=1"},
    ],
)
def test_what_the_user_has_changed_in_kodi_stays(kodi, turn, theirs, in_kodi, users):
    theirs.facts[7].update(users)
    news = {"title": "New", "genre": ["Drama"], "trailer": "https://example.org/n.mp4", "plot": "New"}
    poster = {"poster": "https://example.org/q.jpg"}
    fill(
        kodi,
        in_kodi._replace(
            name={"en": "New"},
            genre=("Drama",),
            trailer="https://example.org/n.mp4",
            description={"en": "New"},
            poster=poster["poster"],
        ),
    )
    turn()
    due = {name: fact for name, fact in {**news, "art": poster}.items() if name not in users}
    assert theirs.asked == [("SetMovieDetails", {"movieid": 7, **due})]


def test_what_changes_twice_before_kodi_is_told(kodi, turn, theirs, in_kodi):
    kodi.player.isPlaying.return_value = True
    fill(kodi, in_kodi._replace(trailer="", description={"en": "First"}))
    turn()
    fill(kodi, in_kodi._replace(description={"en": "Second"}))
    turn()
    kodi.player.isPlaying.return_value = False
    turn()
    assert theirs.asked == [("SetMovieDetails", {"movieid": 7, "plot": "Second"})]
    theirs.facts[7]["plot"] = "Second"
    fill(kodi, in_kodi._replace(description={"en": "Third"}))
    turn()
    assert theirs.asked[1:] == [("SetMovieDetails", {"movieid": 7, "plot": "Third"})]


def test_the_guide_leads_to_the_folder(call, kodi):
    call("/library/open/", handle=-1)
    assert (kodi.profile / "library" / "Movies").is_dir()
    kodi.builtin.assert_called_once_with('ActivateWindow(videos,"%s/library/",return)' % kodi.profile)


# Series

HOME = "Series/A Series (2008)/"
FIRST, SECOND, THIRD = ["A Series (2008) - s01e%02d" % number for number in (1, 2, 3)]
ABROAD = episode(3, rights=OPEN.rights._replace(territories=("FR",)))


@pytest.fixture
def series(kodi):
    fill(kodi, *WORKS, SERIES, episode(1), episode(2), ABROAD)
    return SERIES


def test_a_series_comes_and_goes_with_its_episodes_by_the_menu(call, kodi, turn, folder, series):
    kodi.settings["country"] = "US"
    call("/series/")
    narrow, row = kodi.rows
    assert narrow[0] == PLUGIN + "/filter/series/"
    assert of_library(row[1]) == ("Add to library", "RunPlugin(%s/library/add/?id=open%%3Aseries)" % PLUGIN)
    call("/library/add/", "?id=open%3Aseries", handle=-1)
    turn()
    assert streams(folder) == [FIRST, SECOND]
    assert (folder / HOME / "tvshow.nfo").exists()
    call("/series/", "?id=open%3Aseries")
    assert [of_library(item)[0] for _, item, _ in kodi.rows] == ["Remove from library"] * 2
    call("/library/remove/", "?id=open%3Aseries", handle=-1)
    turn()
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]


def test_new_episodes_come_and_withdrawn_ones_go(kodi, turn, folder, holdings, series, config):
    holdings.want(series)
    turn()
    fill(kodi, SERIES, episode(2), episode(4))
    turn()
    assert streams(folder) == [SECOND, "A Series (2008) - s01e04"]
    turn(replace(config, country="FR"))
    fill(kodi, SERIES, episode(2), ABROAD)
    turn(replace(config, country="FR"))
    assert streams(folder) == [SECOND, THIRD]
    fill(kodi, *WORKS, episode(2))  # without its series there is nowhere to put it
    turn()
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]
    fill(kodi, SERIES, episode(2))
    turn()
    assert streams(folder) == [SECOND]


def test_an_episode_alone_and_a_series_without_one(call, kodi, turn, folder, holdings, series):
    holdings.want(episode(1))
    turn()
    assert streams(folder) == [FIRST]
    fill(kodi, SERIES, episode(1), episode(2))  # a round later it is still there, with its series
    turn()
    assert streams(folder) == [FIRST]
    assert (folder / HOME / "tvshow.nfo").exists()
    holdings.want(episode(1), False)
    turn()
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]
    holdings.want(series)
    holdings.want(episode(2), False)
    turn()
    assert streams(folder) == [FIRST]


def test_all_films_are_no_series_and_removing_everything_takes_them(
    call, kodi, turn, folder, holdings, series
):
    kodi.settings["country"] = "US"
    call("/library/all/", handle=-1)
    turn()
    assert streams(folder) == ALL_FILMS
    holdings.want(series)
    turn()
    call("/library/all/", handle=-1)  # no longer all films
    fill(kodi, *WORKS, SERIES, episode(1), episode(2), episode(4))
    turn()
    assert streams(folder) == sorted([*ALL_FILMS, FIRST, SECOND, "A Series (2008) - s01e04"])
    call("/library/clear/", handle=-1)
    turn()
    assert streams(folder) == []
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]


def test_a_long_series_takes_many_short_turns(kodi, librarian, folder, holdings, config):
    fill(kodi, SERIES, *(episode(number) for number in range(1, 200)))
    holdings.want(SERIES)
    turns = 0
    with clock():
        while not librarian._seen:
            librarian.tick(config)
            turns += 1
    assert len(streams(folder)) == 199
    assert turns > 10
    holdings.want(SERIES, False)
    with clock():
        for _ in range(turns * 3):
            librarian.tick(config)
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]


def test_the_screen_has_a_row_for_series_only_where_there_are_some(
    call, kodi, theirs, turn, holdings, series
):
    kodi.settings["country"] = "US"
    holdings.want(series)
    turn()
    call("/library/")
    assert kodi.labels[:2] == ["Show the series in Kodi's TV shows…", "In the library (1)"]
    assert kodi.rows[0][0] == PLUGIN + "/library/guide/?folder=Series"
    holdings.want(COPS)
    turn()
    theirs.tvshows = {"%s/library/%stvshow.nfo" % (kodi.profile, HOME): 3}
    call("/library/")
    assert kodi.labels[:3] == [
        "Show the library in Kodi's Movies…",
        "In Kodi's TV shows: 1 of 1",
        "In the library (2)",
    ]
    assert kodi.rows[1][0] == PLUGIN + "/library/shows/"
    call("/library/films/")
    assert [(url, is_folder) for url, _, is_folder in kodi.rows] == [
        (PLUGIN + "/play/?id=ia%3ACops", False),
        (PLUGIN + "/series/?id=open%3Aseries", True),
    ]


def test_the_guide_for_series_is_about_their_folder_and_content(call, kodi, theirs):
    call("/library/guide/", "?folder=Series")
    steps = [label for label in kodi.labels if label[0].isdigit()]
    assert "“Series”" in steps[1]
    assert steps[2].endswith(": #20343")
    call("/library/guide/")
    steps = [label for label in kodi.labels if label[0].isdigit()]
    assert "“Movies”" in steps[1]
    assert steps[2].endswith(": #342")


def test_kodi_is_told_of_what_changed_in_a_series(kodi, turn, theirs, holdings, series, folder):
    place = "%s/library/" % kodi.profile
    holdings.want(series)
    turn()
    theirs.tvshows = {place + HOME + "tvshow.nfo": 3}
    theirs.episodes = {
        "%s%sSeason 01/%s.strm" % (place, HOME, name): id for name, id in ((FIRST, 4), (SECOND, 5))
    }
    old = {"premiered": "1970-01-01", "firstaired": "2008-01-01", "plot": SERIES.plot()}
    theirs.facts = {3: old, 4: {**old, "title": "Part 1"}}
    rating = Rating(9.0, 60, "archive.org")
    new = episode(1)._replace(name={"en": "Another title"}, rating=rating, year=2009)
    fill(kodi, SERIES._replace(description={"en": "New"}, rating=rating, trailer="https://e.org/t.mp4"), new)
    turn()
    asked = dict(theirs.asked)
    assert asked.pop("RemoveEpisode") == {"episodeid": 5}
    ratings = {"archive.org": {"rating": 9.0, "votes": 60, "default": True}}
    assert asked.pop("SetEpisodeDetails") == {
        "episodeid": 4,
        "title": "Another title",
        "firstaired": "2009-01-01",
        "ratings": ratings,
    }
    assert asked.pop("SetTVShowDetails") == {"tvshowid": 3, "plot": "New", "ratings": ratings}
    assert asked == {}


@pytest.mark.parametrize("left", [False, True])
def test_kodi_forgets_a_series_of_which_nothing_is_left(kodi, turn, theirs, holdings, series, folder, left):
    holdings.want(series)
    turn()
    theirs.tvshows = {"%s/library/%stvshow.nfo" % (kodi.profile, HOME): 3}
    theirs.episodes = {"%s/library/%sSeason 01/%s.strm" % (kodi.profile, HOME, FIRST): 4}
    if left:
        (folder / HOME / "mine.strm").write_text("mine", "utf-8")
    holdings.want(series, False)
    turn()
    whole = [] if left else [("RemoveTVShow", {"tvshowid": 3})]  # first: Kodi hides an empty one
    assert theirs.asked == [*whole, ("RemoveEpisode", {"episodeid": 4})]


def test_kodi_is_let_into_the_series_once_their_content_is_seen_to(
    call, kodi, turn, folder, holdings, series
):
    holdings.want(series)
    turn()
    call("/library/open/", handle=-1)  # for the films
    assert (folder / "Series" / ".nomedia").exists()
    call("/library/guide/", "?folder=Series")
    assert {url for url, *_ in kodi.rows} >= {PLUGIN + "/library/open/?folder=Series"}
    call("/library/open/", "?folder=Series", handle=-1)
    fill(kodi, SERIES, episode(1))
    turn()
    assert not (folder / "Series" / ".nomedia").exists()


def test_it_is_said_where_kodi_does_not_show_series_yet(call, kodi, theirs, turn, series):
    theirs.sources = ["%s/library/Movies/" % kodi.profile]
    call("/library/add/", "?id=ia%3ACops", handle=-1)
    call("/library/add/", "?id=open%3Aseries", handle=-1)
    theirs.tvshows = {"%s/library/%stvshow.nfo" % (kodi.profile, HOME): 3}
    call("/library/add/", "?id=open%3Ae1", handle=-1)
    said = [each[0][1] for each in kodi.dialog.notification.call_args_list]
    assert said == ["Added to the library", "Added. To see it in Kodi: Library", "Added to the library"]
