# SPDX-License-Identifier: GPL-3.0-or-later
"""Subtitles as Kodi's player gets them: those that are here with the film, the others while it plays."""

from __future__ import annotations

import logging
import re
from typing import Any, Callable, Iterator, Mapping

from ...works.errors import CommonReelError
from .. import rpc
from ..api import xbmc
from ..words.strings import Text, language, text

log = logging.getLogger(__name__)

MACHINE = "machine-made"  # as works.subtitles.file_name() has it
MOST_LANGUAGES = 10
TURN_SECONDS = 1.0  # in which Kodi turns to subtitles that it is given
_LOOK = 0.05

Status = Mapping[str, Any]


def languages() -> list[str]:
    """In which the viewer wants subtitles, the best first (ISO 639-1): as Kodi's settings have it, then that
    of Kodi's screens."""
    found = [_code(name) for name in _settings()]
    return list(dict.fromkeys(each for each in [*found, language()] if each))[:MOST_LANGUAGES]


def addresses(status: Status) -> list[str]:
    """Where those are that are here, best first; each with a name that tells Kodi's menu what they are."""
    return [_named(each) for each in status.get("subtitles") or ()]


class Late:
    """Gives the player what was not here when the film began."""

    def __init__(self, player: xbmc.Player) -> None:
        self._player = player
        self._monitor = xbmc.Monitor()
        self._address = ""
        self._given: set[str] = set()
        self._over = True

    def playing(self, address: str) -> None:
        """The player plays `address` now; '' when it has stopped."""
        if address != self._address:
            self._address, self._over, self._given = address, not address, set()

    def tick(self, status: Callable[[str], Status]) -> None:
        """Every few seconds. `status`: of the stream whose film is at an address; empty if it is none."""
        if self._over:
            return
        try:
            now = status(self._address)
            self._over = not now.get("subtitlesComing")
            late = [each for each in now.get("subtitles") or () if _named(each) not in self._before()]
            if late and self._player.getPlayingFile() == self._address:
                self._add(late)
        except (CommonReelError, RuntimeError) as error:  # the latter is Kodi's: it has stopped meanwhile
            log.info("no more subtitles: %s", error)
            self._over = True

    def _before(self) -> set[str]:
        """What it has: Kodi keeps what came with the film as properties subtitle:1, subtitle:2, … of it."""
        if not self._given:
            item = self._player.getPlayingItem()
            found = iter(lambda: item.getProperty("subtitle:%d" % (len(self._given) + 1)), "")
            for each in found:
                self._given.add(each)
        return self._given

    def _add(self, late: list[Mapping[str, Any]]) -> None:
        """Kodi turns on what it is given, by and by. What was on is turned on again behind that; where there
        was nothing the best goes on, if it is in a language of the viewer's who wants any."""
        before = _now()
        for each in late:
            self._given.add(_named(each))
            self._player.setSubtitles(_named(each))
        self._wait_for(len(before.get("subtitles") or ()) + len(late) - 1)
        chosen = before.get("currentsubtitle") or {}
        self._player.setSubtitleStream(int(chosen.get("index", 0)))
        on = bool(before.get("subtitleenabled"))
        self._player.showSubtitles(on and (bool(chosen) or _is_wanted(late[0])))

    def _wait_for(self, last: int) -> None:
        """Until the player has turned to the last of its subtitles; not for long."""
        for _ in range(int(TURN_SECONDS / _LOOK)):
            now = _now().get("currentsubtitle") or {}
            if now.get("index") == last or self._monitor.waitForAbort(_LOOK):
                return


def _is_wanted(subtitles: Mapping[str, Any]) -> bool:
    """Whether they are in a language of the viewer's."""
    from ...works.languages import same  # here, for no list needs that table

    return any(same(str(subtitles.get("lang")), each) for each in languages())


def _now() -> dict[str, Any]:
    wanted = ["subtitles", "currentsubtitle", "subtitleenabled"]
    players = rpc.ask("Player.GetActivePlayers").get("result") or []
    number = next((each["playerid"] for each in players if each.get("type") == "video"), 1)
    found = rpc.ask("Player.GetProperties", playerid=number, properties=wanted).get("result")
    return found if isinstance(found, dict) else {}


def _settings() -> Iterator[str]:
    """Kodi's names of languages; beside them there are words such as 'original'."""
    for setting in ("locale.subtitlelanguage", "subtitles.languages"):
        value = rpc.ask("Settings.GetSettingValue", setting=setting).get("result", {}).get("value")
        yield from value if isinstance(value, list) else [str(value or "")]


def _code(name: str) -> str:
    return xbmc.convertLanguage(name, xbmc.ISO_639_1) if name else ""


def _named(subtitles: Mapping[str, Any]) -> str:
    """Their address, with the mark of a machine in the viewer's language. Kodi shows it as it stands in the
    address, so nothing of it may be encoded: a word in other letters stays English."""
    mark = text(Text.MACHINE_MADE)
    word = mark if re.fullmatch("[A-Za-z-]+", mark) else MACHINE
    return str(subtitles["url"]).replace(".%s." % MACHINE, ".%s." % word)
