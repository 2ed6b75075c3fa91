# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker says of a film, and the words in which it is asked."""

from __future__ import annotations

import string

import pytest

from commonreel.publish.submission import sheet, words
from commonreel.publish.submission.torrent import TRACKERS
from commonreel.works import licence
from commonreel.works.declaration import ANSWERS, Problem, Statement

NEEDED = {
    "title": "The Long Way",
    "place": "https://archive.org/details/TheLongWay",
    "year": "2025",
    "language": "fr, French, pt-BR",
    "director": "Ada Lund, Bo Ek",
    "by": "Ada Lund",
    "authors": "sole",
    "music": {"answer": "agreed", "note": "Bo Ek"},
    "archiveFootage": "none",
    "performers": "agreed",
    "coProducers": "none",
    "collectingSociety": "none",
    "licence": "creativecommons.org/licenses/by/4.0",
}


def test_answers_of_a_terminal_and_of_a_file_are_read_alike():
    typed = sheet.fill(NEEDED).sheet
    written = sheet.fill(
        {**NEEDED, "year": 2025, "language": ["fr", "pt-BR"], "director": ["Ada Lund", "Bo Ek"]}
    ).sheet
    assert typed.year == written.year == 2025
    assert typed.director == written.director == ("Ada Lund", "Bo Ek")
    assert typed.language == written.language == ("fr", "pt-BR")
    assert typed.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert typed.statements["music"] == Statement("agreed", "Bo Ek")


def test_trackers_are_those_that_a_maker_names_or_the_usual_ones():
    mine = ["udp://tracker.example:6969/announce", "wss://tracker.example"]
    assert sheet.fill({**NEEDED, "trackers": mine}).sheet.trackers == tuple(mine)
    assert sheet.fill({**NEEDED, "trackers": ", ".join(mine)}).sheet.trackers == tuple(mine)
    assert sheet.fill(NEEDED).sheet.trackers == TRACKERS


def test_all_that_is_missing_is_told_at_once():
    missing = {problem.field for problem in sheet.fill({}).problems}
    assert missing == set(NEEDED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", {"klingon": "a"}),
        ("title", {"fr": 7}),
        ("year", "last"),
        ("language", "Elvish"),
        ("director", []),
        ("country", "France"),
        ("place", "here"),
        ("licence", "CC BY"),
        ("licence", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("funding", "https://liberapay.com@evil.example"),
        ("funding", ["javascript:alert(1)"]),
        ("site", "https://user@makers.example"),
        ("trackers", "tracker.example:80"),
        ("trackers", ["udp://tracker.example:80", "magnet:?xt=urn:btih:00"]),
        ("trackers", "https://ada:secret@tracker.example/announce"),
        ("trackers", "udp://192.168.1.1:80/announce"),
        ("trackers", "http://localhost/announce"),
        ("trackers", []),
        ("music", "agreed"),
        ("music", "perhaps"),
        ("music", {"answer": ["none"]}),
        ("music", {"answer": "none", "why": "silent"}),
        ("rating", 18),
        ("colour", "yes"),
    ],
)
def test_a_wrong_answer_is_told_by_its_name(name, value):
    filled = sheet.fill({**NEEDED, name: value})
    assert filled.sheet is None
    assert [problem.field for problem in filled.problems] == [name]


def test_a_channel_is_asked_for_at_peertube_alone():
    at_peertube = {**NEEDED, "place": "https://tube.example/w/uQY1GcvymqyyLJvXnZU2Qx"}
    assert sheet.fill(at_peertube).problems == (Problem("channel", "missing"),)
    assert sheet.fill({**at_peertube, "channel": "https://tube.example/c/ada"}).sheet
    assert "channel" not in [question.name for question in sheet.asked(NEEDED)]


def test_a_society_leaves_non_commercial_licences():
    assert sheet.non_commercial_only({"collectingSociety": {"answer": "member", "note": "SACEM"}})
    assert not sheet.non_commercial_only({"collectingSociety": "none"})
    assert not sheet.non_commercial_only({})


def fields_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def flat(told, path=""):
    for name, value in told.items():
        if isinstance(value, str):
            yield path + name, fields_of(value)
        else:
            yield from flat(value, path + name + ".")


def test_both_languages_say_the_same():
    english, french = (words.words(language) for language in words.LANGUAGES)
    for one, other in zip(english[1:], french[1:]):
        assert list(flat(one)) == list(flat(other))
    assert words.words("fr_FR.UTF-8").language == "fr"
    assert words.words("de_DE").language == words.words("").language == "en"


def test_every_question_answer_and_licence_has_words():
    told = words.words("en")
    assert {question.name for question in sheet.QUESTIONS} - set(ANSWERS) <= set(told.ask)
    for name, answers in ANSWERS.items():
        assert {"question", *answers} == set(told.statement[name])
        assert (name in told.note) == any(answers.values())
    assert all(licence.lookup(url).gate == "ok" and licence.lookup(url).url == url for url in told.licence)
    assert any(not licence.lookup(url).commercial for url in told.licence)
