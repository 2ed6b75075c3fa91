# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad places on the web among good ones: each is left out, and the film has the others."""

from __future__ import annotations

import pytest
from test_torrents import ADDRESS, FILES, Place

from commonreel.works.errors import AddressRefused, FetchFailed
from commonreel.works.work import Encoding
from lab import torrents

BASE = "https://good.example/films/"
GOOD = BASE + "Cops/Cops.mp4"


class Answers(dict):
    """Where the redirects of an address end, or what became of it."""

    def __getitem__(self, url):
        found = super().__getitem__(url)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    place.web.places = Answers({GOOD: GOOD})
    return place


@pytest.mark.parametrize(
    "answer",
    [
        AddressRefused("10.0.0.1 leads to no public address"),
        AddressRefused("not https: http://other.example/"),
        FetchFailed("more than 5 redirects"),
        FetchFailed("HTTP 200 to a range"),
        FetchFailed("cannot connect"),
        FetchFailed("certificate has expired"),
        "https://bad.example/login?next=Cops/Cops.mp4",
        "https://bad.example/Cops/Cops_meta.xml",
        "https://bad.example/sorry.html",
    ],
    ids=str,
)
@pytest.mark.parametrize("stated", ["by the record", "by the torrent"])
def test_a_bad_place_costs_no_other(place, answer, stated):
    bad = "https://bad.example/Cops/Cops.mp4"
    place.web.places[bad] = answer
    place.web.pages[ADDRESS] = torrents.make(
        "Cops", FILES, url_list=["https://bad.example", "/12/items/", "ftp://bad.example/", BASE]
    )
    encoding = Encoding(torrent=ADDRESS, web=(bad, GOOD) if stated == "by the record" else ())
    found = place.get(encoding)
    assert list(place.torrents.web_seeds(found, encoding)) == [BASE]
    assert bad in place.web.asked


def test_a_redirect_to_another_host_and_port_is_where_the_film_is(place):
    place.web.places[GOOD] = "https://node7.example:8443/12/items/Cops/Cops.mp4"
    place.web.pages[ADDRESS] = torrents.make("Cops", FILES)
    encoding = Encoding(torrent=ADDRESS, web=(GOOD,))
    found = place.get(encoding)
    assert list(place.torrents.web_seeds(found, encoding)) == ["https://node7.example:8443/12/items/"]
