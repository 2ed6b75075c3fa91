# SPDX-License-Identifier: GPL-3.0-or-later
"""From `commonreel submit` to a catalogue that a device has fetched, each step by its command."""

from __future__ import annotations

import shutil

import pytest

from commonreel.publish.repository import Repository
from lab.desk import Desk
from lab.submissions import ITEM
from lab.submitting import film, subtitles
from lab.webseed import WebSeed

PASSED = {"ok": True, "class": "A", "problems": []}


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Two films, and subtitles of the first."""
    folder = tmp_path_factory.mktemp("films")
    for number in (1, 2):
        film(folder / ("Route.S01E0%d.mp4" % number), seconds=3 + number)
    subtitles(folder / "Route.S01E01.fr.srt")
    return folder


@pytest.fixture
def desk(tmp_path):
    with Desk(tmp_path) as desk:
        yield desk


def test_a_film_that_its_maker_has_put_where_the_page_said(desk, films):
    files = films / "Route.S01E01.mp4", "--subtitles", films / "Route.S01E01.fr.srt"
    sent = desk.submit(*files, "--title", "La route")
    before = desk.ask("check", sent)
    assert (before.status, before.told) == (0, [PASSED])
    assert before.said.count("not there yet") == 2  # torrent and film
    put = desk.web.folder / "download" / ITEM
    put.mkdir(parents=True)
    for file in [*sent.rglob("*.mp4"), *sent.rglob("*.srt")]:
        shutil.move(str(file), put / file.name)
    shutil.copy(sent / "film.torrent", put / "film-torrent.bin")
    after = desk.ask("check", sent)
    assert (after.told, after.said) == ([PASSED], "")
    assert desk.web.given > 10_000  # every byte of the film was looked at
    (put / "Route.S01E01.fr.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nAu revoir\n")
    assert [each["field"] for each in desk.ask("check", sent).told[-1]["problems"]] == ["film"]


def test_a_series_work_by_work(desk, films):
    episodes = [films / ("Route.S01E0%d.mp4" % number) for number in (1, 2)]
    sent = desk.submit(*episodes, "--series", "La route")
    done = desk.ask("check", sent)
    assert (done.status, "several submissions" in done.told[-1]["error"]) == (2, True)
    folders = sorted(path.parent for path in sent.glob("*/record.json"))
    assert len(folders) == 3
    for folder in folders:
        for reviewer in ("Ana", "Ben"):
            desk.accept(folder, reviewer)
    assert desk.build() == ["ia:" + ITEM, "ia:%s:s01e01" % ITEM, "ia:%s:s01e02" % ITEM]
    with WebSeed(desk.maker.folder) as host:
        given = "--fingerprint", Repository(desk.catalogue).fingerprint, "--dir", "device"
        done = desk.maker.run("catalog", "fetch", host.address + "catalogue/", *given)
    assert done.told[-1]["works"] == 3
