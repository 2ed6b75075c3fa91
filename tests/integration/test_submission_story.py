# SPDX-License-Identifier: GPL-3.0-or-later
"""From `commonreel submit` to a catalogue that a device has fetched, each step by its command."""

from __future__ import annotations

import json
import shutil

import pytest

from commonreel.publish.repository import Repository
from lab.submissions import ITEM
from lab.submitting import Maker, film, subtitles
from lab.webseed import WebSeed

PLACE = "https://archive.org/details/" + ITEM


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Two films, and subtitles of the first."""
    folder = tmp_path_factory.mktemp("films")
    for number in (1, 2):
        film(folder / ("Route.S01E0%d.mp4" % number), seconds=3 + number)
    subtitles(folder / "Route.S01E01.fr.srt")
    return folder


@pytest.fixture
def maker(tmp_path):
    return Maker(tmp_path)


@pytest.fixture
def web(tmp_path, maker):
    """archive.org with an item whose uploader has put the key there, but nothing else yet."""
    item = {"identifier": ITEM, "external-identifier": maker.key["proof"], "title": "La route"}
    (tmp_path / "web" / "metadata").mkdir(parents=True)
    (tmp_path / "web" / "metadata" / ITEM).write_text(json.dumps({"metadata": item, "files": []}))
    with WebSeed(tmp_path / "web") as seed:
        yield seed


def decide(maker, web, action, folder, *options):
    done = maker.run("submission", action, folder, "--base-url", web.address, *options)
    return done.status, done.told[-1]


def build(maker):
    done = maker.run("catalog", "build", "--keys", "keys", "--out", "catalogue", "--window", 0)
    assert done.status == 0, done
    return [made["id"] for made in Repository(maker.folder / "catalogue").catalogue().works]


def test_a_film_that_its_maker_has_put_where_the_page_said(maker, web, films):
    files = films / "Route.S01E01.mp4", "--subtitles", films / "Route.S01E01.fr.srt"
    done = maker.submit(*files, "--from", maker.sheet, "--title", "La route", "--place", PLACE)
    assert done.status == 0, done
    before = maker.run("submission", "check", maker.out, "--base-url", web.address)
    assert (before.status, before.told) == (0, [{"ok": True, "class": "A", "problems": []}])
    assert before.said.count("not there yet") == 2  # torrent and film
    put = web.folder / "download" / ITEM
    put.mkdir(parents=True)
    for file in [*maker.out.rglob("*.mp4"), *maker.out.rglob("*.srt")]:
        shutil.move(str(file), put / file.name)
    assert decide(maker, web, "check", maker.out)[1]["ok"] is True
    assert web.given > 10_000  # every byte of the film was looked at
    (put / "Route.S01E01.fr.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nAu revoir\n")
    assert [each["field"] for each in decide(maker, web, "check", maker.out)[1]["problems"]] == ["film"]


def test_a_series_work_by_work(maker, web, films):
    episodes = [films / ("Route.S01E0%d.mp4" % number) for number in (1, 2)]
    done = maker.submit(*episodes, "--series", "La route", "--from", maker.sheet, "--place", PLACE)
    assert done.status == 0, done
    status, told = decide(maker, web, "check", maker.out)
    assert (status, "series" in told["error"]) == (2, True)
    folders = sorted(path.parent for path in maker.out.glob("*/record.json"))
    assert len(folders) == 3
    for folder in folders:
        for reviewer in ("Ana", "Ben"):
            given = "--catalog", "catalogue", "--reviewer", reviewer
            assert decide(maker, web, "accept", folder, *given)[0] == 0, folder
    assert build(maker) == ["ia:" + ITEM, "ia:%s:s01e01" % ITEM, "ia:%s:s01e02" % ITEM]
    fingerprint = Repository(maker.folder / "catalogue").fingerprint
    with WebSeed(maker.folder) as host:
        address = host.address + "catalogue/"
        done = maker.run("catalog", "fetch", address, "--fingerprint", fingerprint, "--dir", "device")
    assert done.told[-1]["works"] == 3
