# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's addresses inside Kodi.

They are an interface: favourites, .strm files and Kodi's own database keep them as text. So each is
built here and nowhere else, short and in a fixed order, and a test pins them.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from .paths import ADDON_ID

ROOT = "plugin://" + ADDON_ID


def _address(path: str, **arguments: object) -> str:
    """`path` with the arguments that say something: page 1 goes without saying."""
    said = {name: value for name, value in arguments.items() if value and (name, value) != ("page", 1)}
    return ROOT + path + ("?" + urlencode(said, quote_via=quote, safe="") if said else "")


def home() -> str:
    return _address("/")


def nothing() -> str:
    """In the place of the first screen, a list that fails."""
    return _address("/", nothing=1)


def films(page: int = 1) -> str:
    return _address("/films/", page=page)


def decades() -> str:
    return _address("/decades/")


def decade(year: int, page: int = 1) -> str:
    return _address("/decade/", year=year, page=page)


def genres() -> str:
    return _address("/genres/")


def genre(name: str, page: int = 1) -> str:
    return _address("/genre/", name=name, page=page)


def open_films(page: int = 1) -> str:
    return _address("/open/", page=page)


def search() -> str:
    return _address("/search/")


def search_new() -> str:
    return _address("/search/new/")


def search_results(text: str, page: int = 1) -> str:
    return _address("/search/results/", q=text, page=page)


def search_forget(text: str = "") -> str:
    """Forget one search, or all of them."""
    return _address("/search/forget/", q=text)


def work(work_id: str) -> str:
    """The page that tells why a work may be watched."""
    return _address("/work/", id=work_id)


def play(work_id: str) -> str:
    return _address("/play/", id=work_id)


def catalogues() -> str:
    return _address("/catalogues/")


def follow() -> str:
    """The question which catalogue to follow."""
    return _address("/catalogues/follow/")


def catalogue(fingerprint: str) -> str:
    """What to do with a catalogue that is followed: the beginning of its fingerprint names it."""
    return _address("/catalogue/", id=fingerprint)


def country() -> str:
    """The question which country the viewer is in."""
    return _address("/country/")
