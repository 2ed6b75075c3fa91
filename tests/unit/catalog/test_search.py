# SPDX-License-Identifier: GPL-3.0-or-later
"""Search, with FTS5 and without: both find the same works."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.catalog import schema
from commonreel.catalog.store import Store
from commonreel.works.folding import folded, words
from commonreel.works.query import Query
from lab.few_works import silent

FILMS = {
    "general": silent("ia:general", "The General", 1926, director=("Buster Keaton",), actor=("Marion Mack",)),
    "arrivee": silent("ia:arrivee", "The Arrival of a Train", 1896, director=("Louis Lumière",))._replace(
        name={"en": "The Arrival of a Train", "fr": "L'Arrivée d'un train à La Ciotat"},
    ),
    "strasse": silent("ia:strasse", "The Street", 1923, original_name="Die Straße"),
    "lodz": silent("ia:lodz", "Łódź in 1920", 1920),
    "and": silent("ia:and", "Him AND Her: near (OR far)", 1915),
    "dance": silent("ia:dance", "100% Dance_Mad", 1925),
    "battleship": silent("ia:battleship", "Battleship", 1925, original_name="Броненосец «Потёмкин»"),
    "keaton": silent("ia:keaton", "Keaton at Home", 1930),
    "actors": silent("ia:actors", "Actors", 1931, actor=("Ann Home",)),
    "oedipe": silent("ia:oedipe", "Œdipe roi", 1910),
    "devdas": silent("ia:devdas", "देवदास", 1928),
}


def fts5_or_not(fts5):
    return pytest.param(fts5, id="fts5" if fts5 else "like")


@pytest.fixture(scope="module", params=[fts5_or_not(True), fts5_or_not(False)])
def store(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "catalogue.db"
    with Store(path, writable=True, fts5=request.param) as writer:
        writer.fill("starter", "1", FILMS.values())
    with Store(path) as store:
        yield store


def found(store, text):
    page = store.page(Query(country="US", text=text))
    assert page.total == len(page.works) == store.count(Query(country="US", text=text))
    return [work.id[3:] for work in page.works]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("general", {"general"}),
        ("GENERAL", {"general"}),
        ("  the   gen ", {"general"}),
        ("gen the", set()),  # only the last word may be a beginning
        ("eneral", set()),  # a beginning, not any part
        ("buster kea", {"general"}),
        ("general marion", {"general"}),  # title and names together
        ("arrivee", {"arrivee"}),
        ("ARRIVÉE", {"arrivee"}),
        ("arrive\u0301e", {"arrivee"}),
        ("l'arr", {"arrivee"}),
        ("arrival", {"arrivee"}),
        ("lumiere", {"arrivee"}),
        ("strasse", {"strasse"}),
        ("STRASSE", {"strasse"}),
        ("straße", {"strasse"}),
        ("lodz", {"lodz"}),
        ("łódź", {"lodz"}),
        ("192", {"lodz"}),
        ("потемкин", {"battleship"}),
        ("ПОТЁМ", {"battleship"}),
        ("oedipe", {"oedipe"}),
        ("œdi", {"oedipe"}),
        ("देव", {"devdas"}),
        ("zzz", set()),
    ],
)
def test_case_accents_and_beginnings(store, text, expected):
    assert set(found(store, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AND", {"and"}),
        ("him AND her", {"and"}),
        ("OR", {"and"}),
        ("general OR cops", set()),
        ("NOT", set()),
        ("near", {"and"}),
        ('"him', {"and"}),
        ('""', set()),
        ('him" OR "general', set()),
        ("general*", {"general"}),
        ("gen*eral", set()),
        ("*", set()),
        ("titles:general", set()),
        ("titles : general", set()),
        ("-general", {"general"}),
        ("^general", {"general"}),
        ("general + the", {"general"}),
        ("{general}", {"general"}),
        ("NEAR(him her, 2)", set()),
        ("100%", {"dance"}),
        ("%", set()),
        ("_", set()),
        ("dance_mad", {"dance"}),
        ("d_nce", set()),
        ("'; DROP TABLE work; --", set()),
        ("\0", set()),
        ("gen\0", {"general"}),
        ("\udc80general", {"general"}),
        ("general " * 1000, {"general"}),
        ("x" * 100_000, set()),
    ],
)
def test_no_syntax_leaks(store, text, expected):
    assert set(found(store, text)) == expected


def test_blanks_ask_for_nothing(store):
    assert len(found(store, " \t")) == len(FILMS)


def test_a_title_comes_before_a_name(store):
    assert found(store, "keaton") == ["keaton", "general"]
    assert found(store, "home") == ["keaton", "actors"]


def test_the_sqlite_of_this_python_has_fts5():
    assert schema.has_fts5()


def test_the_two_searches_are_two(tmp_path):
    for fts5 in (True, False):
        path = tmp_path / ("%s.db" % fts5)
        Store(path, writable=True, fts5=fts5).close()
        connection = sqlite3.connect(path)
        made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'words'").fetchone()[0]
        connection.close()
        assert made.startswith("CREATE VIRTUAL TABLE") is fts5


LETTERS = st.text(alphabet="abéèß łŁœ'-\"*%_()ΣσςяЯё1٣", max_size=8)


def test_both_find_the_same(tmp_path):
    with Store(tmp_path / "1.db", writable=True, fts5=True) as fts5, Store(
        tmp_path / "2.db", writable=True, fts5=False
    ) as like:

        @settings(deadline=None)
        @given(titles=st.lists(LETTERS, max_size=6), text=LETTERS)
        def same(titles, text):
            works = [silent("ia:%d" % n, title, 1920) for n, title in enumerate(titles)]
            query = Query(country="US", text=text)
            results = []
            for store in (fts5, like):
                store.fill("starter", "1", works)
                results.append(sorted(work.id for work in store.page(query).works))
            assert results[0] == results[1]

        same()


@given(st.text())
def test_folding_settles(text):
    assert words(folded(text)) == words(text)
    assert all(word.isalnum() for word in words(text))


@given(st.text())
def test_case_never_counts(text):
    assert words(text.upper()) == words(text.upper().lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Arrivée", ["l", "arrivee"]),
        ("İstanbul ISPARTA", ["istanbul", "isparta"]),
        ("Ærø þing", ["aero", "thing"]),
        ("ﬁn ½", ["fin", "1", "2"]),
        ("co\u00adop", ["coop"]),
        ("東京物語", ["東京物語"]),
        ("…", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@settings(deadline=None)
@given(st.text())
def test_no_text_troubles_the_search(store, text):
    page = store.page(Query(country="US", text=text))
    assert page.total == len(page.works)
