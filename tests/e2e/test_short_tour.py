# SPDX-License-Identifier: GPL-3.0-or-later
"""A short tour: every row of the first screen leads somewhere, and Back leads home. `make tour` sees more."""

from __future__ import annotations

from lab.commonreel import ROOT, answer_country, go, open_addon, way
from lab.jsonrpc import wait_for

WAYS = {
    "New": "films/?order=new",
    "Films": "films/",
    "Genres": "genres/",
    "Decades": "decades/",
    "Countries and languages": "places/",
    "Short films": "films/?length=short",
    "Animation": "films/?genre=animation",
    "Open movies": "films/?rights=given",
    "Makers": "shelves/?kind=maker",
    "Search": "search/",
    "Makers to support": "films/?support=yes",
    "Library": "library/",
    "What you give": "patron/",
    "Catalogues": "catalogues/",
}


def test_every_row_of_the_first_screen_leads_somewhere(kodi):
    open_addon(kodi)
    answer_country(kodi)
    for name, path in WAYS.items():
        go(kodi, name, path)
        wait_for(kodi.rows, 10, "rows of " + name)
        kodi.press("Back")
        kodi.wait_listing(ROOT)
        wait_for(lambda: way(kodi, "Films"), 20, "the first screen")
