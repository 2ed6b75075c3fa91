# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: what it prints, and how it ends."""

from __future__ import annotations

import json

import pytest

from commonreel import cli
from lab import torrents
from lab.catalogue_folder import CatalogueFolder
from lab.records import chosen, maker


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = cli.main([str(argument) for argument in arguments])
        return status, capsys.readouterr().out.splitlines()

    return run


def test_a_torrent_is_told_as_one_object(run, tmp_path):
    file = tmp_path / "item.torrent"
    files = {"Film.mp4": b"film" * 9000, "notes.txt": b"x" * 10}
    file.write_bytes(torrents.make("Item", files, announce="http://example.org/announce"))
    status, lines = run("torrent", file)
    [told] = map(json.loads, lines)
    assert status == 0
    assert told["name"] == "Item"
    assert len(told["info_hash"]) == 40
    assert told["info_hash_v2"] is None
    assert {each["path"]: each["length"] for each in told["files"]} == {"Film.mp4": 36000, "notes.txt": 10}
    assert told["playable"] == ["Film.mp4"]
    assert told["trackers"] == ["http://example.org/announce"]
    assert told["web_seeds"] == []


@pytest.mark.parametrize("content", [b"", b"<html>", b"d4:infodee", b"d" * 100_000])
def test_what_is_no_torrent_is_refused(run, tmp_path, content):
    file = tmp_path / "x.torrent"
    file.write_bytes(content)
    status, lines = run("torrent", file)
    assert status == 2
    assert list(json.loads(lines[-1])) == ["error"]


def test_a_file_that_is_not_there_and_one_that_is_too_large(run, tmp_path):
    assert run("torrent", tmp_path / "nowhere")[0] == 2
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate((20 << 20) + 1)
    status, lines = run("torrent", tmp_path / "huge")
    assert status == 2
    assert "over" in json.loads(lines[-1])["error"]


def test_licences_are_told_a_line_each(run):
    urls = ["https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org.example/by/4.0/"]
    status, lines = run("licence", *urls)
    good, bad = map(json.loads, lines)
    assert status == 0
    assert [good["url"], bad["url"]] == urls
    assert (good["spdx"], good["gate"]) == ("CC-BY-4.0", "ok")
    assert (bad["spdx"], bad["gate"]) == (None, "refuse")


def test_records_are_checked_as_the_add_on_does(run, tmp_path):
    folder = CatalogueFolder(tmp_path)
    folder.add("local:good", "Good", b"torrent")
    file = tmp_path / "records.json"
    assert run("record", "check", "--local", file) == (0, [])
    folder.add("local:bad", "Bad", b"torrent", license={"url": "https://example.org/mine"})
    status, lines = run("record", "check", "--local", file)
    assert status == 1
    assert len(lines) == 1
    assert "local:bad" in lines[0]


def test_records_of_makers_and_lists_are_checked_too(run, tmp_path):
    file = tmp_path / "records.ndjson"
    lines = [maker("t:jane"), chosen("t:l", "t:a")]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert run("record", "check", file) == (0, [])
    lines = [maker("t:jane", sameAs=["Q1"]), chosen("t:l", "t:a", "t:a")]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    status, told = run("record", "check", file)
    assert status == 1
    assert [line.partition(": ")[2] for line in told] == [
        "line 1: sameAs: malformed",
        "line 2: itemListElement: names a work twice",
    ]


def test_a_local_record_is_no_public_one(run, tmp_path):
    CatalogueFolder(tmp_path).add("local:a", "A", b"torrent")
    assert run("record", "check", tmp_path / "records.json")[0] == 1


@pytest.mark.parametrize("arguments", [[], ["torrent"], ["licence"], ["nonsense"]])
def test_wrong_usage_ends_with_2(arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(command in told for command in ("stream", "serve", "torrent", "licence", "record"))
