# SPDX-License-Identifier: GPL-3.0-or-later
"""The store is filled from the zip and from the local folder, and only with what may be shown."""

import json

import pytest

from commonreel.catalog.store import Store
from commonreel.service import catalogues
from commonreel.service.catalogues import Catalogues, local_torrent
from commonreel.works.errors import (
    LocalFolderInvalid,
    ServiceUnavailable,
    TorrentInvalid,
    UnknownWork,
    WorkWithdrawn,
)
from commonreel.works.query import Query
from lab.catalogue_folder import CatalogueFolder
from lab.curator import Curator
from lab.records import free, gone

COPS = {
    "id": "ia:Cops",
    "type": "Movie",
    "name": {"en": "Cops"},
    "year": 1922,
    "license": {"url": "https://creativecommons.org/publicdomain/mark/1.0/"},
    "rights": {
        "class": "C",
        "territories": ["US"],
        "evidence": [
            {"kind": "pd-rule", "rule": "us-95"},
            {"kind": "wikidata", "url": "https://www.wikidata.org/wiki/Q1"},
        ],
    },
    "encoding": [{"torrent": "https://archive.org/download/Cops/Cops_archive.torrent"}],
    "source": {"name": "archive.org", "url": "https://archive.org/details/Cops"},
}


@pytest.fixture
def store(tmp_path):
    return tmp_path / "catalogue.db"


@pytest.fixture
def starter(tmp_path):
    def write(*records):
        file = tmp_path / "catalogue.json"
        file.write_text(json.dumps(records), encoding="utf-8")
        return file

    return write


@pytest.fixture
def mine(tmp_path):
    return CatalogueFolder(tmp_path / "mine")


def titles(path, country="US"):
    with Store(path) as store:
        return [work.title() for work in store.page(Query(country=country)).works]


def test_the_starter_catalogue_fills_the_store(store, starter):
    Catalogues(store, starter(COPS), "1.0").refresh(None, 2026)
    assert titles(store) == ["Cops"]


def test_an_update_of_the_add_on_replaces_it(store, starter):
    Catalogues(store, starter(COPS), "1.0").refresh(None, 2026)
    Catalogues(store, starter({**COPS, "name": {"en": "Cops!"}}), "1.1").refresh(None, 2026)
    assert titles(store) == ["Cops!"]


def test_the_gate_keeps_out_what_no_rule_frees_and_lets_it_in_when_one_does(store, starter):
    file = starter({**COPS, "year": 1931})
    Catalogues(store, file, "1.0").refresh(None, 2026)
    assert titles(store) == []
    Catalogues(store, file, "1.0").refresh(None, 2027)
    assert titles(store) == ["Cops"]


def test_a_withdrawn_work_is_known_as_such(store, starter):
    tombstone = {"id": "ia:Cops", "rev": 2, "withdrawn": "an objection", "at": "2026-01-01"}
    Catalogues(store, starter(tombstone), "1.0").refresh(None, 2026)
    with Store(store) as opened, pytest.raises(WorkWithdrawn):
        opened.work("ia:Cops")


def test_a_local_film_appears_changes_and_goes(store, starter, mine):
    kept = Catalogues(store, starter(), "1.0")
    mine.add("local:a", "A film of mine", b"torrent")
    assert kept.refresh(mine.folder, 2026) == []
    assert titles(store, country="") == ["A film of mine"]
    mine.add("local:a", "A better title", b"torrent")
    kept.refresh(mine.folder, 2026)
    assert titles(store, country="") == ["A better title"]
    kept.refresh(None, 2026)
    assert titles(store, country="") == []


def test_what_is_wrong_with_a_local_record_is_said_once_and_the_others_stay(store, starter, mine):
    kept = Catalogues(store, starter(), "1.0")
    mine.add("local:good", "Good", b"torrent")
    mine.add("local:bad", "Bad", b"torrent", license={"url": "https://example.org/all-rights-reserved"})
    problems = kept.refresh(mine.folder, 2026)
    assert len(problems) == 1
    assert "local:bad" in problems[0]
    assert "records.json" in problems[0]
    assert titles(store, country="") == ["Good"]
    assert kept.refresh(mine.folder, 2026) == []


def test_a_local_folder_that_is_not_there_is_told_of_once(store, starter, tmp_path):
    kept = Catalogues(store, starter(COPS), "1.0")
    assert kept.refresh(None, 2026) == []
    assert "nowhere" in kept.refresh(tmp_path / "nowhere", 2026)[0]
    assert kept.refresh(tmp_path / "nowhere", 2026) == []
    assert titles(store) == ["Cops"]


def test_a_huge_file_of_records_is_refused_unread(store, starter, mine, monkeypatch):
    mine.add("local:a", "A film of mine", b"torrent")
    monkeypatch.setattr(catalogues, "MAX_FILE", 10)
    problems = Catalogues(store, starter(), "1.0").refresh(mine.folder, 2026)
    assert "records.json: over 10 bytes" in problems


def test_a_damaged_store_is_filled_anew_in_the_same_run(store, starter, mine):
    kept = Catalogues(store, starter(COPS), "1.0")
    mine.add("local:a", "A film of mine", b"torrent")
    kept.refresh(mine.folder, 2026)
    store.write_bytes(b"not a database" * 1000)
    with pytest.raises(ServiceUnavailable):
        titles(store)
    kept.refresh(mine.folder, 2026)
    assert titles(store) == ["A film of mine", "Cops"]


@pytest.mark.parametrize("name", ["../secret.torrent", "/etc/passwd", "sub/film.torrent", "missing.torrent"])
def test_a_local_record_names_only_files_of_its_folder(mine, name):
    (mine.folder.parent / "secret.torrent").write_bytes(b"x")
    (mine.folder / "sub").mkdir()
    (mine.folder / "sub" / "film.torrent").write_bytes(b"x")
    with pytest.raises(LocalFolderInvalid):
        local_torrent(mine.folder, name)


def test_a_local_torrent_is_read_up_to_its_bound(mine, monkeypatch):
    (mine.folder / "film.torrent").write_bytes(b"12345")
    assert local_torrent(mine.folder, "film.torrent") == b"12345"
    monkeypatch.setattr(catalogues, "MAX_FILE", 4)
    with pytest.raises(TorrentInvalid):
        local_torrent(mine.folder, "film.torrent")


def test_a_work_of_nobody_is_unknown(store, starter):
    Catalogues(store, starter(COPS), "1.0").refresh(None, 2026)
    with Store(store) as opened, pytest.raises(UnknownWork):
        opened.work("ia:Other")


# What other commands leave there


def test_a_submission_is_shown_as_it_is(store, starter, tmp_path):
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "record.json").write_text(json.dumps(free("maker:film"), indent=1))
    (folder / "declaration.json").write_text('{"v": 1}')
    assert Catalogues(store, starter(), "1").refresh(folder, 2026) == []
    assert titles(store) == ["Film maker:film"]


def test_a_catalogue_as_it_was_built_is_shown_and_so_is_its_next_build(store, starter, tmp_path):
    curator = Curator(tmp_path / "curator")
    curator.build(free("t:a"), free("t:b"))
    catalogues = Catalogues(store, starter(), "1")
    assert catalogues.refresh(curator.out, 2026) == []
    assert titles(store) == ["Film t:a", "Film t:b"]
    curator.build(free("t:c"), gone("t:b"))
    assert catalogues.refresh(curator.out, 2026) == []
    assert titles(store) == ["Film t:a", "Film t:c"]


def test_a_catalogue_that_is_not_whole_is_told(store, starter, tmp_path):
    curator = Curator(tmp_path / "curator")
    curator.build(free("t:a"))
    [signed] = curator.out.glob("metadata/*.targets.json")
    signed.write_text("{}")
    [problem] = Catalogues(store, starter(), "1").refresh(curator.out, 2026)
    assert "no whole catalogue" in problem
