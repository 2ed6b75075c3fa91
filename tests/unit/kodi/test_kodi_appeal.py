# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said once a film has ended: of which films, how long, and which keys take it away."""

from __future__ import annotations

import pytest

from commonreel.catalog.store import Store
from commonreel.kodi import service as kodi_service
from commonreel.kodi import settings
from commonreel.kodi.api import xbmc, xbmcgui
from commonreel.kodi.playing import appeal
from commonreel.works.guide import Maker
from commonreel.works.work import Channel, PartOf
from lab.few_works import OPEN
from lab.kodi_api import Double

LONG = 3600.0


def way(name):
    return (Channel("payment-provider", "https://liberapay.com/" + name),)


GIVEN = OPEN._replace(id="t:given", name={"en": "Given"}, funding=way("makers"))
HOPELESS = GIVEN._replace(id="t:hopeless", funding=(Channel("payment-provider", "https://evil.example/"),))
ONE = GIVEN._replace(id="t:one", type="TVEpisode", part_of=PartOf("t:series", 1, 1))
TWO = GIVEN._replace(id="t:two", type="TVEpisode", part_of=PartOf("t:series", 1, 2))
SUPPORT = "RunPlugin(plugin://plugin.video.commonreel/support/?id=t%3Agiven)"


class Screen:
    """`at_rest`: whether nothing is on it. `windows`: that came up on it, True while they are there."""

    def __init__(self, monkeypatch):
        self.at_rest, self.windows, self.properties = True, {}, {}
        monkeypatch.setattr(
            xbmc, "getCondVisibility", lambda condition: condition == appeal.REST and self.at_rest
        )
        for name, there in (("show", True), ("close", False)):
            monkeypatch.setattr(
                appeal.Window, name, lambda window, there=there: self.windows.update({window: there})
            )
        monkeypatch.setattr(
            appeal.Window, "setProperty", lambda _, name, value: self.properties.update({name: value})
        )

    @property
    def shown(self):
        return [window for window, there in self.windows.items() if there]


@pytest.fixture
def screen(kodi, monkeypatch):
    return Screen(monkeypatch)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said(screen, clock):
    return appeal.Appeal(clock)


def shown(said, screen, clock, work=GIVEN):
    """The film was seen, and the window is there."""
    said.due(work)
    clock.now += appeal.BREATH + 1
    said.tick()
    [window] = screen.shown
    return window


def test_it_names_whom_one_may_give_to(said, screen, clock):
    shown(said, screen, clock)
    assert screen.properties == {
        "heading": "Support the makers",
        "name": "A Foundation",
        "show": "Show the code to scan",
    }


def test_a_name_is_no_command_of_kodis(said, screen, clock):
    evil = GIVEN.license._replace(credit="[COLOR red]A[/COLOR] $INFO[Network.MacAddress]")
    shown(said, screen, clock, GIVEN._replace(license=evil, rights=GIVEN.rights._replace(evidence=())))
    assert screen.properties["name"] == "A INFO[Network.MacAddress]"


def test_where_nobody_is_named_the_film_is(said, screen, clock):
    shown(said, screen, clock, GIVEN._replace(license=GIVEN.license._replace(credit="")))
    assert screen.properties["name"] == "Given"


def test_its_makers_can_be_given_to_where_the_film_has_no_way_of_its_own(kodi, said, screen, clock):
    names = {"t:ann": "Ann", "t:bo": "Bo", "t:cy": "Cy"}
    makers = [Maker(id, {"en": name}, funding=way(name)) for id, name in names.items()]
    film = HOPELESS._replace(maker=("t:unknown", "t:bo", "t:ann"))
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [film, *makers])
    shown(said, screen, clock, film)
    assert screen.properties["name"] == "Bo, Ann"


def test_nothing_is_said_where_the_makers_cannot_be_read(kodi, said, screen, clock):
    (kodi.profile / "catalogue.db").write_bytes(b"no database" * 1000)
    said.due(HOPELESS._replace(maker=("t:ann",)))
    clock.now += appeal.BREATH + 1
    said.tick()
    assert not screen.windows


def test_it_waits_for_what_may_begin_then(said, screen, clock):
    said.due(GIVEN)
    said.tick()
    assert not screen.windows
    clock.now += appeal.BREATH + 0.1
    screen.at_rest = False
    said.tick()
    assert not screen.windows
    screen.at_rest = True
    said.tick()
    assert screen.shown


def test_it_comes_soon_or_never(said, screen, clock):
    said.due(GIVEN)
    screen.at_rest = False
    clock.now += appeal.PATIENCE + 0.1
    said.tick()
    screen.at_rest = True
    said.tick()
    assert not screen.windows


def test_it_goes_by_itself_and_comes_once(said, screen, clock):
    shown(said, screen, clock)
    clock.now += appeal.SHOWN - 1
    said.tick()
    assert screen.shown
    clock.now += 2
    said.tick()
    clock.now += appeal.BREATH + 1
    said.tick()
    assert list(screen.windows.values()) == [False]


def test_ok_shows_the_code(said, screen, clock, kodi):
    shown(said, screen, clock).onClick(1)
    kodi.builtin.assert_called_once_with(SUPPORT)
    assert not screen.shown


def pressed(window, key):
    action = Double(xbmcgui.Action)
    action.getId.return_value = key
    window.onAction(action)


@pytest.mark.parametrize(
    ("key", "does"),
    [
        (xbmcgui.ACTION_MOVE_DOWN, ["Action(Down)"]),
        (xbmcgui.ACTION_MOVE_LEFT, ["Action(Left)"]),
        (xbmcgui.ACTION_CONTEXT_MENU, ["Action(ContextMenu)"]),
        (xbmcgui.ACTION_NAV_BACK, []),
        (xbmcgui.ACTION_PREVIOUS_MENU, []),
        (xbmcgui.ACTION_MOUSE_LEFT_CLICK, []),
    ],
)
def test_any_other_key_takes_it_away_and_does_what_it_does(said, screen, clock, kodi, key, does):
    pressed(shown(said, screen, clock), key)
    assert [call[0][0] for call in kodi.builtin.call_args_list] == does
    assert not screen.shown


def test_the_volume_is_no_key_of_its(said, screen, clock, kodi):
    pressed(shown(said, screen, clock), xbmcgui.ACTION_VOLUME_UP)
    kodi.builtin.assert_not_called()
    assert screen.shown


def test_whose_makers_cannot_be_given_to_is_not_spoken_of(said, screen, clock):
    said.due(HOPELESS)
    clock.now += appeal.BREATH + 1
    said.tick()
    assert not screen.windows


# The player


@pytest.fixture
def played(kodi, screen, monkeypatch):
    """Plays a work so far, ends it by that, and returns what is due to be said."""
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [GIVEN, HOPELESS, ONE, TWO])
    clock = Clock()
    at = {}
    player = kodi_service.Player()
    player.appeal = appeal.Appeal(clock)
    monkeypatch.setattr(player, "getPlayingFile", lambda: "http://127.0.0.1:1/v1/media/s-x/film.mp4")
    monkeypatch.setattr(xbmc.InfoTagVideo, "getUniqueID", lambda _, key: at["work"])
    monkeypatch.setattr(player, "getTime", lambda: at["seconds"])
    monkeypatch.setattr(player, "getTotalTime", lambda: LONG)

    def play(work, seconds=LONG - 2, end=player.onPlayBackEnded):
        at.update(work=work.id, seconds=seconds)
        player.onAVStarted()
        player.tick()
        end()
        return tick()

    def tick():
        clock.now += appeal.BREATH + 1
        player.tick()
        return len(screen.shown)

    play.player, play.tick = player, tick
    return play


def test_a_film_that_was_seen_is_spoken_of(played):
    assert played(GIVEN) == 1


def test_one_that_was_stopped_in_its_credits_too(played):
    assert played(GIVEN, LONG * 0.95, played.player.onPlayBackStopped) == 1


@pytest.mark.parametrize("end", ["onPlayBackStopped", "onPlayBackEnded", "onPlayBackError"])
def test_one_that_was_left_early_is_not(played, end):
    assert played(GIVEN, LONG * 0.9, getattr(played.player, end)) == 0


def test_one_that_broke_off_is_not(played):
    assert played(GIVEN, end=played.player.onPlayBackError) == 0


def test_while_an_episode_follows_nothing_is_said(played):
    assert played(ONE) == 0
    assert played(TWO) == 1


def test_nor_of_a_film_without_a_way_to_give(played):
    assert played(HOPELESS) == 0


def test_nor_while_kodi_has_more_in_its_queue(played, monkeypatch):
    monkeypatch.setattr(xbmc.PlayList, "getposition", lambda _: 0)
    monkeypatch.setattr(xbmc.PlayList, "size", lambda _: 2)
    assert played(GIVEN) == 0


def test_what_plays_next_takes_it_away(played):
    assert played(GIVEN) == 1
    played.player.onAVStarted()
    assert played.tick() == 0


def test_the_services_end_takes_it_along(played, screen):
    assert played(GIVEN) == 1
    played.player.close()
    assert not screen.shown


def test_switched_off(played, kodi):
    kodi.settings["appeal"] = False
    monitor = kodi_service.Monitor()
    monitor.player = played.player
    monitor.read_settings()
    assert not settings.read().appeal
    assert played(GIVEN) == 0
