# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishers sign for works of their own; a curator takes nothing else from them."""

from __future__ import annotations

import gzip
import json
import shutil
from functools import partial

import pytest

from commonreel import cli
from commonreel.publish import keys, publishers, signing
from commonreel.publish.checking import problems
from commonreel.publish.publishers import read
from commonreel.publish.repository import Repository
from lab.curator import NOW, Curator, Publisher
from lab.records import free, gone


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path)
    made.build(free("t:a"))
    return made


@pytest.fixture
def festival(tmp_path):
    return Publisher("fest", tmp_path / "fest")


def test_a_build_that_carries_a_publisher_holds_together(curator, festival):
    curator.build(publishers=[festival.publish(free("fest:a"), gone("fest:b"))])
    assert problems(curator.out, NOW) == []
    assert list(Repository(curator.out).publishers()) == ["fest"]


def test_a_publisher_stays_until_it_is_dropped(curator, festival):
    curator.build(publishers=[festival.publish(free("fest:a"))])
    curator.build(free("t:b"))
    assert list(Repository(curator.out).publishers()) == ["fest"]
    curator.build(dropped=["fest"])
    assert Repository(curator.out).publishers() == {}
    assert not list((curator.out / "metadata").glob("*.fest.json"))
    assert problems(curator.out, NOW) == []


def test_old_versions_go(curator, festival):
    for rev in range(1, 6):
        curator.build(publishers=[festival.publish(free("fest:a", rev))])
    assert len(list((curator.out / "targets" / "publishers").iterdir())) == 2
    assert len(list((curator.out / "metadata").glob("*.fest.json"))) == 2


@pytest.mark.parametrize("name", ["Fest", "f", "a/b", "..", "targets", "root", "x" * 21])
def test_a_name_that_will_not_do(tmp_path, name):
    with pytest.raises(ValueError, match="name"):
        Publisher(name, tmp_path / "publisher").publish(free(name + ":a"))


def test_an_id_of_somebody_else_is_not_signed(festival):
    with pytest.raises(ValueError, match="begins with fest:"):
        festival.publish(free("t:a"))


def test_what_was_changed_after_signing_is_refused(festival):
    handed = festival.publish(free("fest:a"))
    (handed / "records.ndjson.gz").write_bytes(b"?")
    with pytest.raises(ValueError, match="fest"):
        read(handed, NOW.year)


def test_what_others_have_signed_is_refused(festival, tmp_path):
    other = Publisher("fest", tmp_path / "other").publish(free("fest:b"))
    handed = festival.publish(free("fest:a"))
    shutil.copy(other / "publisher.json", handed / "publisher.json")
    with pytest.raises(ValueError, match="its own keys"):
        read(handed, NOW.year)


def test_other_keys_than_before_are_refused(curator, festival, tmp_path):
    curator.build(publishers=[festival.publish(free("fest:a"))])
    impostor = Publisher("fest", tmp_path / "impostor")
    with pytest.raises(ValueError, match="other keys"):
        curator.build(publishers=[impostor.publish(free("fest:b"))])
    curator.build(dropped=["fest"])
    curator.build(publishers=[impostor.publish(free("fest:b"))])


def test_an_older_version_is_refused(curator, festival, tmp_path):
    older = shutil.copytree(festival.publish(free("fest:a")), tmp_path / "older")
    curator.build(publishers=[festival.publish(free("fest:a", 2))])
    with pytest.raises(ValueError, match="older"):
        curator.build(publishers=[older])


def test_a_name_that_the_catalogues_own_works_have_is_refused(curator, tmp_path):
    taking = Publisher("ta", tmp_path / "ta").publish(free("ta:a"))
    curator.build(free("ta:b"))
    with pytest.raises(ValueError, match="catalogue's own"):
        curator.build(publishers=[taking])


def test_by_command(tmp_path, capsys):
    records, handed, out = tmp_path / "records.ndjson", tmp_path / "handed", tmp_path / "out"
    records.write_text(json.dumps(free("fest:a")))
    own = tmp_path / "own.ndjson"
    own.write_text(json.dumps(free("t:a")))

    def run(*argv):
        assert cli.main(["catalog", *map(str, argv)]) == 0
        return json.loads(capsys.readouterr().out)

    publish = (
        "publish",
        "--name",
        "fest",
        "--records",
        records,
        "--keys",
        tmp_path / "theirs",
        "--out",
        handed,
    )
    first, second = run(*publish), run(*publish)
    assert (first["name"], first["works"]) == ("fest", 1)
    assert first["version"] < second["version"]
    told = run("build", "--records", own, "--keys", tmp_path / "keys", "--publisher", handed, "--out", out)
    assert list(told["publishers"]) == ["fest"]
    assert cli.main(["catalog", "verify", str(out)]) == 0


def test_a_wrong_record_keeps_all_from_being_signed(tmp_path, capsys):
    records, out = tmp_path / "records.ndjson", tmp_path / "out"
    records.write_text(json.dumps(free("fest:a")) + "\n{oops\n")
    places = ["--records", records, "--keys", tmp_path / "keys", "--out", out]
    assert cli.main(["catalog", "publish", "--name", "fest", *map(str, places)]) == 1
    assert "line 2" in capsys.readouterr().err
    assert not out.exists()


def handed_by(festival, **changes):
    """What the festival hands over, with something in publisher.json changed."""
    handed = festival.publish(free("fest:a"))
    said = json.loads((handed / "publisher.json").read_text())
    (handed / "publisher.json").write_text(json.dumps({**said, **changes}))
    return handed


def test_a_key_with_the_id_of_another_is_refused(curator, festival, tmp_path):
    """Roles tell keys apart by their ids, which TUF lets anybody choose."""
    curator.build(publishers=[festival.publish(free("fest:a"))])
    (victim,) = Repository(curator.out).publishers()["fest"].signed.keys
    handed = Publisher("fest", tmp_path / "impostor").publish(free("fest:evil"))
    (own,) = json.loads((handed / "publisher.json").read_text())["keys"]
    for name in ("publisher.json", "metadata.json"):
        (handed / name).write_text((handed / name).read_text().replace(own, victim.keyid))
    with pytest.raises(ValueError, match="id of another"):
        read(handed, NOW.year)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"keys": []},
        {"keys": {"a": 3}},
        {"keys": {"a": {"keytype": "rsa", "scheme": "rsassa-pss-sha256", "keyval": {"public": ""}}}},
        {"keys": {}},
    ],
)
def test_what_is_no_publisher(festival, changes):
    handed = handed_by(festival, **changes)
    with pytest.raises(ValueError, match=r"."):
        read(handed, NOW.year)


packed = partial(gzip.compress, mtime=0)


@pytest.mark.parametrize(
    "body",
    [b"no gzip", *map(packed, (b"[]", b"{", b"[" * 100_000)), packed(b"x")[:-9]],
)
def test_records_that_are_none(festival, body):
    festival.check = False
    made = festival.publish()
    signed = signing.publisher("fest", body, keys.read(festival.keys)["targets"], NOW, 1)
    assert list(publishers.problems(made._replace(signed=signed, body=body), NOW.year))


def test_a_bomb_is_not_unpacked(festival, monkeypatch):
    monkeypatch.setattr(publishers, "MAX_UNPACKED", 1000)
    festival.check = False
    made = festival.publish(*(free("fest:%d" % number) for number in range(100)))
    assert list(publishers.problems(made, NOW.year)) == ["fest: over 1000 bytes unpacked"]


def test_the_catalogue_takes_no_name_of_a_publisher_later_either(curator, festival):
    curator.build(publishers=[festival.publish(free("fest:a"))])
    with pytest.raises(ValueError, match="catalogue's own"):
        curator.build(free("fest:b"))


@pytest.mark.parametrize("about", [{"contact": "x" * 301}, {"legal": "see our website"}, {"mirrors": "one"}])
def test_what_no_device_would_take_is_not_built(curator, about):
    curator.about = about
    with pytest.raises(ValueError, match="no device"):
        curator.build(free("t:b"))
