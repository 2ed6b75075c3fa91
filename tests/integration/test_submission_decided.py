# SPDX-License-Identifier: GPL-3.0-or-later
"""From a submission to the catalogue and out of it again, by the command line."""

from __future__ import annotations

import json
import shutil

import pytest

from commonreel import cli
from commonreel.publish import keys
from commonreel.publish.repository import Repository
from commonreel.works import declaration, giving, record
from lab import records
from lab.submissions import Maker, Places, short_film, today
from lab.webseed import WebSeed

OTHER_ID = "web:makers.example:another"


@pytest.fixture(scope="module")
def film():
    return short_film().read_bytes()


class Desk:
    """A curator's, with one maker's places in reach."""

    def __init__(self, folder, film, capsys):
        self.folder, self.capsys = folder, capsys
        self.maker = Maker(film)
        self.places = Places(folder / "web", self.maker.key)
        self.catalog, self.web = folder / "catalogue", None

    def run(self, *arguments):
        """Exit status, and the lines of standard output as objects."""
        status = cli.main([str(each) for each in arguments])
        return status, [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]

    def accept(self, folder, reviewer="Ana", *options):
        given = ["--base-url", self.web.address, "--catalog", self.catalog, "--reviewer", reviewer, *options]
        status, told = self.run("submission", "accept", folder, *given)
        return status, told[-1]

    def build(self, days=0, window=28, *more):
        """A build so many days from today; what is shown after it, and what waits."""
        at = "%sT12:00:00Z" % today(days)
        given = ["--keys", self.folder / "keys", "--out", self.catalog, "--at", at, "--window", window, *more]
        assert self.run("catalog", "build", *given)[0] == 0
        found = Repository(self.catalog).catalogue()
        return [made["id"] for made in found.works], list(found.waiting)

    def shown_at_once(self, folder):
        """Have a submission in the catalogue."""
        for reviewer in ("Ana", "Ben"):
            assert self.accept(folder, reviewer)[0] == 0
        return self.build(window=0)


@pytest.fixture
def desk(tmp_path, film, capsys):
    found = Desk(tmp_path, film, capsys)
    with WebSeed(found.places.folder) as found.web:
        yield found


def other(desk, **more):
    """Another film by the same maker."""
    made = desk.maker.record(OTHER_ID, name={"en": "Another"}, **more)
    desk.maker.film += b"\0\0\0\x08free"
    return desk.maker.send(desk.folder / "other", made)


def test_a_new_maker_waits_for_two_people_and_for_whoever_objects(desk):
    sent = desk.maker.send(desk.folder / "sent")
    status, told = desk.accept(sent)
    assert (status, told["known"], told["missing"]) == (0, False, 1)
    assert desk.build() == ([], ["ia:TheLongWay"])
    assert desk.accept(sent, " ana ")[1]["missing"] == 1  # she has looked already
    assert desk.build(days=40) == ([], ["ia:TheLongWay"])
    assert desk.accept(sent, "Ben")[1]["reviewers"] == ["Ana", "Ben"]
    assert desk.build(days=27) == ([], ["ia:TheLongWay"])
    assert desk.build(days=40) == (["ia:TheLongWay"], [])
    assert Repository(desk.catalog).catalogue().records["ia:TheLongWay"]["rights"]["class"] == "A"
    assert desk.run("catalog", "verify", desk.catalog) == (0, [])


def test_what_somebody_objects_to_waits_on(desk):
    sent = desk.maker.send(desk.folder / "sent")
    for reviewer in ("Ana", "Ben"):
        desk.accept(sent, reviewer)
    desk.build()
    objections = desk.folder / "objections"
    objections.write_text(json.dumps({"id": "ia:TheLongWay", "at": today(3)}))
    assert desk.build(40, 28, "--objections", objections) == ([], ["ia:TheLongWay"])


def test_a_maker_who_is_known_is_shown_with_the_next_build(desk):
    assert desk.shown_at_once(desk.maker.send(desk.folder / "sent")) == (["ia:TheLongWay"], [])
    assert desk.accept(other(desk))[1]["known"] is True
    assert desk.build()[0] == ["ia:TheLongWay", OTHER_ID]


def test_who_changes_a_submission_that_waits_waits_from_the_beginning(desk):
    sent = desk.maker.send(desk.folder / "sent")
    for reviewer in ("Ana", "Ben"):
        desk.accept(sent, reviewer)
    desk.build()
    changed = desk.maker.send(desk.folder / "sent", desk.maker.record(genre=["drama"]))
    assert desk.accept(changed, "Ana")[1]["missing"] == 1
    desk.accept(changed, "Ben")
    assert desk.build(days=27) == ([], ["ia:TheLongWay"])
    assert desk.build(days=40) == ([], ["ia:TheLongWay"])
    assert desk.build(days=56) == (["ia:TheLongWay"], [])


def page(desk):
    """The record of the maker's page in the catalogue; None where there has never been one."""
    return Repository(desk.catalog).catalogue().records.get(declaration.maker(desk.maker.key))


def test_a_maker_has_a_page_from_the_first_work_that_is_shown_to_the_last(desk):
    ways = {"channels": [{"type": "payment-provider", "address": "https://liberapay.com/ada"}]}
    sent = desk.maker.send(desk.folder / "sent", desk.maker.record(funding=ways))
    for reviewer in ("Ana", "Ben"):
        desk.accept(sent, reviewer)
    desk.build()
    assert page(desk) is None
    desk.build(days=40)
    made = record.parse(page(desk))
    assert (made.title(), made.submitter) == ("Ada Lund", desk.maker.key)
    assert [each.address for each in giving.shown(made)] == ["https://liberapay.com/ada"]
    desk.run(*take_back(desk))
    desk.build(days=41)
    assert page(desk)["withdrawn"]


def test_all_that_a_maker_sends_in_is_on_the_same_page(desk):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    desk.accept(other(desk, director=["Bo Ek"]))
    desk.build()
    works = Repository(desk.catalog).catalogue().works
    assert [made["maker"] for made in works] == [[page(desk)["id"]]] * 2
    assert record.parse(page(desk)).title() == "Ada Lund"


def test_who_declares_and_is_no_director_is_not_named(desk):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent", desk.maker.record(director=["Bo Ek"])))
    assert page(desk) is None


def test_the_page_that_a_curator_writes_counts(desk):
    id = declaration.maker(desk.maker.key)
    found = desk.folder / "records.ndjson"
    found.write_text(json.dumps(records.maker(id, description={"en": "Films roads."})))
    for reviewer in ("Ana", "Ben"):
        desk.accept(desk.maker.send(desk.folder / "sent"), reviewer)
    desk.build(0, 0, "--records", found)
    assert page(desk)["description"] == {"en": "Films roads."}


def test_what_does_not_pass_is_not_accepted(desk):
    sent = desk.maker.send(desk.folder / "sent", desk.maker.record(name={"en": "Citizenfour"}))
    status, told = desk.accept(sent)
    assert (status, told["ok"], told["problems"][0]["field"]) == (1, False, "name.en")
    assert not desk.catalog.exists()


def test_another_key_cannot_have_what_one_has_sent_in(desk, film):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    thief = Maker(film)
    desk.places.item["external-identifier"] += ["urn:commonreel:key:" + thief.key]
    desk.places.write()
    status, told = desk.accept(thief.send(desk.folder / "theirs"))
    assert (status, [each["field"] for each in told["problems"]]) == (1, ["id"])


def test_the_same_film_by_two_claimants(desk, film):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    second = Maker(film)
    desk.places.site["keys"] = [second.key]
    desk.places.write()
    status, told = desk.accept(second.send(desk.folder / "theirs", second.record("web:makers.example:way")))
    assert status == 1
    assert {each["field"] for each in told["problems"]} == {"encoding", "name"}
    assert all("ia:TheLongWay" in each["reason"] for each in told["problems"])


def test_nobody_puts_a_film_on_another_makers_page_or_into_anothers_series(desk):
    found = desk.folder / "records.ndjson"
    series = records.free("t:series", type="TVSeries")
    lines = [records.maker("t:jane"), records.maker("t:ada", submitter=desk.maker.key), series]
    found.write_text("\n".join(map(json.dumps, lines)))
    desk.build(0, 0, "--records", found)
    sent = desk.maker.send(desk.folder / "sent", desk.maker.record(maker=["t:ada", "t:jane"]))
    status, told = desk.accept(sent)
    assert (status, [each["field"] for each in told["problems"]]) == (1, ["maker[1]"])
    episode = {"type": "TVEpisode", "partOf": {"series": "t:series", "season": 1, "episode": 1}}
    status, told = desk.accept(desk.maker.send(desk.folder / "sent", desk.maker.record(**episode)))
    assert (status, [each["field"] for each in told["problems"]]) == (1, ["partOf.series"])


def test_what_the_sources_say_of_a_work_that_was_sent_in_is_not_heeded(desk):
    """A harvest has no more right to it, not even with a higher revision."""
    found = desk.folder / "records.ndjson"
    found.write_text(json.dumps(records.free("ia:TheLongWay", 7)))
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    desk.build(0, 0, "--records", found)
    assert Repository(desk.catalog).catalogue().records["ia:TheLongWay"]["submitter"] == desk.maker.key


def withdrawn(desk):
    return Repository(desk.catalog).catalogue().records["ia:TheLongWay"].get("withdrawn")


def take_back(desk, out="gone"):
    key = desk.folder / "maker.pem"
    if not key.exists():
        keys.write(key, desk.maker.private)
    given = ["--key", key, "--out", desk.folder / out, "--why", "a scene is not mine"]
    assert desk.run("withdraw", "ia:TheLongWay", *given)[0] == 0
    return "withdraw", "ia:TheLongWay", "--catalog", desk.catalog, "--signed", desk.folder / out


def test_a_maker_takes_a_work_back_by_its_key(desk):
    sent = desk.maker.send(desk.folder / "sent")
    desk.shown_at_once(sent)
    status, told = desk.run(*take_back(desk))
    assert (status, told[0]["withdrawn"]) == (0, "a scene is not mine")
    assert desk.build() == ([], [])
    assert withdrawn(desk) == "a scene is not mine"
    assert desk.run("catalog", "verify", desk.catalog) == (0, [])
    status, told = desk.accept(sent)  # by anybody who has kept it
    assert (status, told["problems"][0]["field"]) == (1, "at")


def test_nobody_elses_key_takes_it_back(desk, film):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    desk.maker, owner = Maker(film), desk.maker
    status, told = desk.run(*take_back(desk))
    assert (status, "not sent in" in told[0]["error"]) == (2, True)
    assert desk.build()[0] == ["ia:TheLongWay"]
    assert desk.maker.key != owner.key


def test_a_withdrawal_that_was_tampered_with(desk):
    desk.shown_at_once(desk.maker.send(desk.folder / "sent"))
    command = take_back(desk)
    file = desk.folder / "gone" / "withdrawal.json"
    file.write_bytes(file.read_bytes().replace(b"a scene", b"no scene"))
    assert desk.run(*command)[0] == 2
    assert desk.build()[0] == ["ia:TheLongWay"]


def test_what_the_curator_takes_back_stays_away(desk):
    """Whatever a source says, and whoever sends it in; and its maker is a newcomer again."""
    sent = desk.maker.send(desk.folder / "sent")
    desk.shown_at_once(sent)
    why = ("--why", "its music is another's")
    assert desk.run("withdraw", "ia:TheLongWay", "--catalog", desk.catalog, *why)[0] == 0
    found = desk.folder / "records.ndjson"
    found.write_text(json.dumps(records.free("ia:TheLongWay", 99)))
    assert desk.build(1, 0, "--records", found) == ([], [])
    assert withdrawn(desk) == "its music is another's"
    status, told = desk.accept(sent)
    assert (status, [each["field"] for each in told["problems"]]) == (1, ["id"])
    assert desk.accept(other(desk))[1]["known"] is False


def test_the_curator_takes_back_what_only_waits(desk):
    desk.accept(desk.maker.send(desk.folder / "sent"))
    assert desk.build() == ([], ["ia:TheLongWay"])
    assert desk.run("withdraw", "ia:TheLongWay", "--catalog", desk.catalog)[0] == 0
    assert desk.build(1) == ([], [])


def test_what_is_not_there_cannot_be_taken_back(desk):
    status, told = desk.run("withdraw", "ia:Nothing", "--catalog", desk.catalog)
    assert (status, "unknown-work" in told[0]["error"]) == (2, True)


def test_who_declares_it_anew_is_asked_in_time(desk):
    sent = desk.maker.send(desk.folder / "sent")
    desk.accept(sent, "Ana", "--reach", "ada@makers.example")
    desk.shown_at_once(sent)
    assert desk.run("submission", "due", "--catalog", desk.catalog) == (0, [])
    status, told = desk.run("submission", "due", "--catalog", desk.catalog, "--days", 365)
    assert (status, told[0]["id"], told[0]["reach"]) == (0, "ia:TheLongWay", "ada@makers.example")
    assert told[0]["until"] == today(365)


def test_a_submission_is_declared_anew(desk):
    """A year later its record has a higher revision, and the film need not wait again."""
    sent = desk.maker.send(desk.folder / "sent")
    desk.shown_at_once(sent)
    kept = desk.folder / "kept"
    shutil.copytree(sent, kept)
    dated = desk.maker.record()
    dated["rights"]["evidence"][0]["at"], dated["rights"]["declaredUntil"] = today(-300), today(60)
    aged = desk.maker.send(desk.folder / "aged", dated, declared={"at": today(-300), "until": today(60)})
    status, told = desk.accept(aged)
    assert (status, [each["field"] for each in told["problems"]]) == (
        1,
        ["at"],
    )  # the catalogue has a later one
    keys.write(desk.folder / "maker.pem", desk.maker.private)
    status, told = desk.run("submission", "renew", aged, "--key", desk.folder / "maker.pem")
    assert (status, told[0]["at"]) == (0, today())
    assert desk.accept(aged)[1]["known"] is True
    assert desk.build(1)[0] == ["ia:TheLongWay"]
    held = Repository(desk.catalog).catalogue().records["ia:TheLongWay"]
    assert held["rev"] == 2
    assert held["rights"]["declaredUntil"] == told[0]["until"]


def test_nobody_else_declares_it_anew(desk, film):
    sent = desk.maker.send(desk.folder / "sent")
    keys.write(desk.folder / "other.pem", Maker(film).private)
    before = (sent / "declaration.json").read_bytes()
    assert desk.run("submission", "renew", sent, "--key", desk.folder / "other.pem")[0] == 2
    assert (sent / "declaration.json").read_bytes() == before
