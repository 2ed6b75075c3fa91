# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue on disk: what is signed, what is kept, and what is found wrong with it."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from commonreel import cli
from commonreel.publish import files, keys
from commonreel.publish.building import Catalogue
from commonreel.publish.checking import problems
from commonreel.publish.repository import Repository
from commonreel.works import metainfo
from lab.curator import NOW, Curator
from lab.records import chosen, free, gone, maker


@pytest.fixture
def curator(tmp_path):
    return Curator(tmp_path)


def test_what_was_built_holds_together_and_is_read_again(curator):
    curator.build(free("t:a"), free("t:b"))
    assert problems(curator.out, NOW) == []
    assert list(Repository(curator.out).catalogue().records) == ["t:a", "t:b"]


def test_the_same_input_makes_the_same_bytes(curator, tmp_path):
    curator.build(free("t:a"), free("t:b"))
    curator.build(free("t:b"), free("t:a"), out=tmp_path / "again")
    assert curator.tree() == curator.tree(tmp_path / "again")


def test_nothing_new_is_not_signed_again_before_it_is_due(curator):
    curator.build(free("t:a"))
    before = curator.tree()
    curator.build(free("t:a"), now=NOW + timedelta(days=1))
    assert curator.tree() == before
    curator.build(free("t:a"), now=NOW + timedelta(days=4))
    assert curator.versions() == [1, 1, 2, 2]


def test_a_change_is_a_version_of_all_but_root(curator):
    curator.build(free("t:a"))
    curator.build(free("t:a", 2))
    assert curator.versions() == [1, 2, 2, 2]
    assert problems(curator.out, NOW) == []


def test_what_nobody_needs_any_more_is_removed_and_the_build_before_stays(curator):
    curator.build(free("t:a"))
    sizes = []
    for rev in range(2, 6):
        curator.build(free("t:a", rev))
        sizes.append(len(list((curator.out / "targets/shards").iterdir())))
    assert sizes == [257] * 4
    assert len(list((curator.out / "metadata").iterdir())) == 6  # two snapshots, two targets, root, timestamp


def test_new_keys_are_followed_by_who_knows_the_old_ones(curator):
    curator.build(free("t:a"))
    for path in curator.keys.glob("root-[12].pem"):
        path.rename(curator.keys / path.name.replace("root", "retired"))
    fresh = curator.keys.parent / "fresh"
    keys.make(fresh)
    (fresh / "root-1.pem").rename(curator.keys / "root-4.pem")
    curator.build(free("t:a"))
    assert curator.versions()[0] == 2
    assert problems(curator.out, NOW) == []


def test_keys_are_never_overwritten_and_are_their_owners_alone(curator):
    with pytest.raises(FileExistsError):
        keys.make(curator.keys)
    assert {path.stat().st_mode & 0o777 for path in curator.keys.iterdir()} == {0o600}


def test_without_a_key_nothing_is_written(curator):
    (curator.keys / "snapshot.pem").unlink()
    with pytest.raises(ValueError, match="snapshot"):
        curator.build(free("t:a"))
    assert curator.tree() == {}


def damage_target(out, name):
    path = next(out.glob("targets/**/*" + name))
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def another_signature(out):
    path = out / "metadata/timestamp.json"
    made = json.loads(path.read_text())
    made["signatures"][0]["sig"] = "0" * 128
    path.write_text(json.dumps(made))


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: damage_target(out, "index.ndjson.gz"),
        lambda out: damage_target(out, ".00.ndjson.gz"),
        lambda out: next(out.glob("targets/**/*catalog.json")).unlink(),
        lambda out: (out / "metadata/1.snapshot.json").unlink(),
        lambda out: (out / "metadata/timestamp.json").write_text("{}"),
        another_signature,
    ],
)
def test_what_is_not_as_it_was_signed_is_told(curator, damage):
    curator.build(free("t:a"))
    damage(curator.out)
    assert problems(curator.out, NOW)


def test_a_catalogue_that_contradicts_itself_is_told_though_it_is_signed(curator, monkeypatch):
    whole, empty = files.files, {"index.ndjson.gz": gzip.compress(b"")}
    with monkeypatch.context() as patch:
        patch.setattr(files, "files", lambda *args: {**whole(*args), **empty})
        curator.build(free("t:a"))
    assert problems(curator.out, NOW) == ["index.ndjson.gz: does not go with the shards"]


def test_a_record_that_the_gate_refuses_is_told_though_it_is_signed(curator):
    bad = free("t:a", license={"url": "https://creativecommons.org/licenses/by/9.9/"})
    repository = Repository(curator.out)
    repository.write(
        Catalogue(1, "2026-11-24", {"t:a": bad}, {}, {1: (bad,)}, ()), {}, keys.read(curator.keys), NOW
    )
    assert problems(curator.out, NOW) == ["t:a: licence is unknown or refused"]


def test_the_snapshot_is_a_torrent_of_what_is_served_and_the_timestamp_names_it(curator, tmp_path):
    signed = curator.build(free("t:a"), mirrors=["https://example.org/"])
    torrent = metainfo.parse((curator.out / "catalogue.torrent").read_bytes())
    assert signed.timestamp.signed.unrecognized_fields["torrent"] == torrent.info_hash
    assert torrent.web_seeds == ("https://example.org/",)
    tree = {
        path: len(body) for path, body in curator.tree().items() if path.startswith(("metadata", "targets"))
    }
    del tree["metadata/timestamp.json"]
    assert {file.path: file.length for file in torrent.files} == tree
    content = b"".join(curator.tree()[file.path] for file in torrent.files)
    assert hashlib.sha1(content[: torrent.piece_length]).digest() == torrent.pieces[:20]


def test_the_export_follows_the_catalogue(curator):
    encoding = [{"infoHash": "0" * 39 + "1"}]
    curator.build(free("t:a", encoding=encoding))
    assert (curator.out / "stremio/stream/movie/t:a.json").is_file()
    curator.build(gone("t:a"))
    assert [path.name for path in (curator.out / "stremio").rglob("t:*")] == []


def test_no_catalogue(tmp_path):
    assert problems(tmp_path, NOW) == ["%s: no catalogue" % tmp_path]


# The command


def run(*argv):
    return cli.main([str(each) for each in argv])


def told(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def records(tmp_path):
    path = tmp_path / "records.ndjson"
    path.write_text("\n".join(json.dumps(made) for made in (free("t:a"), free("t:b"))))
    return path


def test_build_verify_stats_and_diff(tmp_path, records, capsys):
    out, made = tmp_path / "one", tmp_path / "keys"
    assert run("catalog", "build", "--records", records, "--keys", made, "--out", out) == 0
    assert told(capsys) == [
        {"added": 2, "build": 1, "works": 2, "waiting": 0, "refused": 0, "publishers": {}, "version": 1}
    ]
    assert run("catalog", "verify", out) == 0
    more = tmp_path / "more.ndjson"
    more.write_text("\n".join(map(json.dumps, [gone("t:a"), maker("t:jane"), chosen("t:l", "t:b")])))
    two = tmp_path / "two"
    for path in (records, more):
        assert run("catalog", "build", "--records", path, "--keys", made, "--out", two) == 0
    capsys.readouterr()
    assert run("catalog", "stats", two) == 0
    [stats] = told(capsys)
    assert (stats["works"], stats["withdrawn"], stats["classes"]) == (1, 1, {"B": 1})
    assert stats["types"] == {"Movie": 1, "Person": 1, "ItemList": 1}
    assert run("catalog", "verify", two) == 0
    assert run("catalog", "diff", out, two) == 0
    assert told(capsys) == [
        {"id": "t:a", "what": "withdrawn"},
        {"id": "t:jane", "what": "added"},
        {"id": "t:l", "what": "added"},
    ]


def test_verify_tells_what_is_wrong(tmp_path, records, capsys):
    out = tmp_path / "out"
    run("catalog", "build", "--records", records, "--keys", tmp_path / "keys", "--out", out)
    damage_target(out, "index.ndjson.gz")
    capsys.readouterr()
    assert run("catalog", "verify", out) == 1
    assert "index.ndjson.gz" in capsys.readouterr().out


def test_a_line_that_is_no_json_is_named_and_loses_itself_alone(tmp_path, capsys):
    path = tmp_path / "records.ndjson"
    path.write_text(json.dumps(free("t:a")) + "\n{oops\n")
    assert run("catalog", "build", "--records", path, "--keys", tmp_path / "k", "--out", tmp_path / "o") == 0
    said = capsys.readouterr()
    assert "records.ndjson: line 2: record: not JSON" in said.err
    assert json.loads(said.out)["works"] == 1


def test_what_is_said_of_the_catalogue_is_in_it_and_must_be_an_object(tmp_path, records, capsys):
    about, out = tmp_path / "about.json", tmp_path / "out"
    asked = ("--records", records, "--keys", tmp_path / "k", "--out", out, "--about", about)
    about.write_text("[]")
    assert run("catalog", "build", *asked) == 2
    assert not out.exists()
    about.write_text('{"contact": "mail@example.org"}')
    assert run("catalog", "build", *asked) == 0
    [told_of] = out.glob("targets/*.catalog.json")
    assert json.loads(told_of.read_text())["contact"] == "mail@example.org"


def test_the_starter_catalogue_makes_one_too(tmp_path, capsys):
    starter = Path(__file__).resolve().parents[3] / "resources/catalogue.json"
    out = tmp_path / "out"
    assert (
        run("catalog", "build", "--records", starter, "--keys", tmp_path / "k", "--out", out, "--window", 0)
        == 0
    )
    assert told(capsys)[0]["works"] > 400
    assert run("catalog", "verify", out) == 0
