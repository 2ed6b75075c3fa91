# SPDX-License-Identifier: GPL-3.0-or-later
"""The question which country the viewer is in. It decides what is free to watch."""

from __future__ import annotations

import unicodedata

from ...catalog.store import Store
from ...works.countries import CODES
from .. import address, answers, refresh, rpc
from ..api import xbmc, xbmcgui
from ..call import Call
from ..lists import rows
from ..lists.listing import Row
from ..viewer import Viewer
from ..words.strings import Text, country_name, text

KODIS_OWN = "resource.language.en_gb"


def question(store: Store, who: Viewer) -> list[Row]:
    """The row that asks, until it was answered. It says how many films an answer may bring."""
    if who.country:
        return []
    more = store.count(who._replace(country=guess()).asks()) - store.count(who.asks())
    label = text(Text.WHICH_COUNTRY_MORE, count=more) if more > 0 else text(Text.WHICH_COUNTRY)
    help_ = text(Text.WHICH_COUNTRY_HELP)
    return [rows.action(label, address.country(), "DefaultCountry.png", help_, top=True)]


def choose(_call: Call) -> None:
    """Ask, and remember the answer."""
    codes = sorted(CODES, key=lambda code: _folded(country_name(code)))
    confirmed = answers.read().country
    preselected = codes.index(confirmed if confirmed in CODES else guess())
    names = [country_name(code) for code in codes]
    chosen = xbmcgui.Dialog().select(text(Text.WHICH_COUNTRY), names, preselect=preselected)
    if chosen >= 0:
        answers.set_country(codes[chosen])
        refresh.everything()


def guess() -> str:
    """Where to put the cursor: the country that Kodi's language is named for (fr_ca: Canada), or Kodi's
    region where the language is the one that Kodi starts with. It decides nothing."""
    asked = rpc.ask("Settings.GetSettingValue", setting="locale.language")
    language = str(asked.get("result", {}).get("value", ""))
    _, _, region = xbmc.getLanguage(xbmc.ISO_639_1, region=True).partition("-")
    named = region if language == KODIS_OWN else language.rpartition("_")[2]
    return next((code.upper() for code in (named, region) if code.upper() in CODES), "US")


def _folded(name: str) -> str:
    """Without accents and case: Åland sorts among the A."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
