# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker's submission on the curator's side: what passes, and what does not and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonreel import cli
from commonreel.publish.submission import film as film_check
from commonreel.publish.submission import received
from commonreel.publish.submission.web import Web
from commonreel.works import metainfo
from commonreel.works.declaration import Statement
from lab import torrents
from lab.submissions import BY, ITEM, STATEMENTS, UUID, Maker, Places, short_film, today
from lab.webseed import WebSeed

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


@pytest.fixture(scope="session")
def film():
    return short_film().read_bytes()


@pytest.fixture
def maker(film):
    return Maker(film)


@pytest.fixture
def places(tmp_path, maker):
    return Places(tmp_path / "web", maker.key)


@pytest.fixture
def web(places):
    with WebSeed(places.folder) as seed:
        yield seed


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = cli.main([str(each) for each in arguments])
        return status, json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


@pytest.fixture
def check(run, web):
    """What is told of a submission, and that the exit status says the same."""

    def check(folder, *options):
        status, told = run("submission", "check", folder, "--base-url", web.address, *options)
        assert list(told) == ["ok", "class", "problems"]
        assert (status, told["class"]) == ((0, "A") if told["ok"] else (1, "X"))
        assert told["ok"] == (not told["problems"])
        return [(each["field"], each["reason"]) for each in told["problems"]]

    return check


@pytest.mark.parametrize(
    "id", ["ia:" + ITEM, "pt:tube.example:" + UUID, "web:makers.example:the-long-way"], ids=lambda id: id[:3]
)
def test_a_film_passes_whose_maker_has_the_place_it_comes_from(maker, check, tmp_path, id):
    assert check(maker.send(tmp_path / "sent", maker.record(id))) == []


def test_the_film_may_lie_beside_the_submission(maker, check, tmp_path):
    folder = maker.send(tmp_path / "sent")
    (folder / "film.mp4").rename(tmp_path / "film.mp4")
    assert check(folder) == []


def test_a_film_that_is_nowhere_near_is_fetched_from_the_web_seed(maker, places, check, web, tmp_path):
    folder = maker.send(tmp_path / "sent")
    (folder / "film.mp4").unlink()
    [(field, reason)] = check(folder)
    assert (field, "404" in reason) == ("film", True)
    places.put("download/%s/film.mp4" % ITEM, maker.film)
    assert check(folder) == []
    assert web.given >= len(maker.film)


def test_the_key_is_looked_for_where_the_maker_has_it_and_nowhere_else(maker, places, check, tmp_path):
    """Each place by itself: the others still have the key."""
    for id, change in (
        ("ia:" + ITEM, lambda: places.item.update({"external-identifier": "urn:commonreel:key:" + "0" * 64})),
        ("pt:tube.example:" + UUID, lambda: places.channel.update(support=maker.key + "0")),
        ("web:makers.example:x", lambda: places.site.update(keys=[])),
    ):
        change()
        places.write()
        fields = {
            field.partition("[")[0] for field, _ in check(maker.send(tmp_path / "sent", maker.record(id)))
        }
        assert fields == {"rights.evidence"}, id


def test_a_usage_error_is_none_of_the_submission(run, tmp_path):
    assert run("submission", "check", tmp_path / "nowhere")[0] == 2


def funded(*addresses):
    return {"funding": {"channels": [{"type": "payment-provider", "address": each} for each in addresses]}}


def own(**rights):
    """Changes to the record's rights."""
    return lambda maker, made: made["rights"].update(rights)


def evidence(**more):
    return lambda maker, made: made["rights"]["evidence"].append(more)


MARK = {"url": "https://creativecommons.org/publicdomain/mark/1.0/", "credit": "nobody"}


def unasked(maker, made):
    """A picture on a site that evidence of another kind makes look like the maker's own."""
    told = "https://victim.example/.well-known/commonreel.json"
    made["rights"]["evidence"].append({"kind": "license-page", "url": told})
    made["image"] = {"poster": "https://victim.example/1.jpg"}


# What is wrong → fields of a record, or a function that changes it; the field that is named; its reason.
RECORDS = {
    "a film in copyright with a public-domain mark: Citizenfour": (
        {"name": {"en": "Citizenfour"}, "license": MARK},
        "name.en",
        "in copyright",
    ),
    "the mark is no licence": ({"license": MARK}, "license", "claim"),
    "a film in copyright: Network": ({"name": {"en": "Network"}}, "name.en", "1976"),
    "a series in copyright: Knight Rider": ({"name": {"en": "Knight Rider S01E02"}}, "name.en", "1982"),
    "a title as of a rip": ({"name": {"en": "nazar-ke-samne-1995-xvi-drip"}}, "name.en", "1995"),
    "an original title": ({"originalName": "The WIZARD of Oz (1939)"}, "originalName", "1939"),
    "a title with a letter of another alphabet": ({"name": {"en": "\u0421itizenfour"}}, "name.en", "scripts"),
    "another class": (own(**{"class": "B"}), "rights.class", "class A"),
    "a film that is free in one country alone": (
        own(**{"class": "C", "territories": ["US"]}),
        "rights.class",
        "class A",
    ),
    "an old film with a new score": (
        {"name": {"en": "Nosferatu, new score"}, "year": 1922, "license": MARK},
        "rights",
        "claim",
    ),
    "no country at all": (own(territories=[]), "rights.territories", ""),
    "a licence for one use": (
        {"license": {"url": "https://creativecommons.org/licenses/sampling/1.0/"}},
        "license",
        "refuse",
    ),
    "by a rule that its maker cannot state": (
        evidence(kind="pd-rule", rule="us-95", url="https://example.org/"),
        "rights.evidence[1].kind",
        "not a maker's",
    ),
    "an institution that the maker speaks for": (
        evidence(kind="institution", by="A Museum", url="https://museum.example/"),
        "rights.evidence[1].kind",
        "not a maker's",
    ),
    "another key's declaration": (
        evidence(kind="signed-declaration", by="0" * 64, url="https://archive.org/details/x"),
        "rights.evidence[1].by",
        "another key",
    ),
    "a declaration that has ended": (
        lambda maker, made: made["rights"].update(declaredUntil=today(-1)),
        "rights.declaredUntil",
        "is declared",
    ),
    "a licence at an address that looks like it": (
        {"license": {"url": "https://creativecommons.org.evil.example/licenses/by/4.0/"}},
        "license",
        "refuse",
    ),
    "a licence that does not exist": (
        {"license": {"url": "https://creativecommons.org/licenses/by/9.9/"}},
        "license",
        "refuse",
    ),
    "a licence other than its page states": (
        {"license": {"url": "https://creativecommons.org/licenses/by-sa/4.0/"}},
        "license.url",
        "says",
    ),
    "a second film that nobody has looked at": (
        {"encoding": [{"infoHash": "ab" * 20}, {"infoHash": "cd" * 20}]},
        "encoding[1]",
        "not of the torrent",
    ),
    "a poster on a site that nobody asked": (unasked, "image.poster", "victim.example"),
    "a poster that counts who sees it": (
        {"image": {"poster": "https://evil.example/1.gif"}},
        "image.poster",
        "evil.example",
    ),
    "a trailer from elsewhere": (
        {"trailer": "https://archive.org.evil.example/film.mp4"},
        "trailer",
        "evil.example",
    ),
    "evidence at a stranger's": (
        lambda maker, made: made["rights"]["evidence"][0].update(url="https://museum.example/page"),
        "rights.evidence[0].url",
        "museum.example",
    ),
    "on the page of whoever has another key": ({"maker": ["key:" + "0" * 64]}, "maker[0]", "another's key"),
    "an id of no place": ({"id": "mine:film"}, "id", "no place"),
    "a page as an id": ({"id": "web:127.0.0.1:film"}, "id", "no place"),
    "a homograph to give at": (funded("https://xn--iberapay-z4b.com/ada"), "funding.channels[0].address", ""),
    "a homograph in Unicode": (funded("https://li\u0431erapay.com/ada"), "funding.channels[0].address", ""),
    "a user name in front of the host": (
        funded("https://liberapay.com@evil.example/ada"),
        "funding.channels[0].address",
        "",
    ),
    "an address that sends on": (
        funded("https://liberapay.com/ada?next=https://evil.example/"),
        "funding.channels[0].address",
        "",
    ),
    "a shortener": (funded("https://bit.ly/3xyz"), "funding.channels[0].address", "no service"),
    "a site that is not proven": (
        funded("https://evil.example/give"),
        "funding.channels[0].address",
        "no service",
    ),
    "4 kB of address": (
        funded("https://liberapay.com/" + "a" * 4096),
        "funding.channels[0].address",
        "longer",
    ),
    "a number as a host": (funded("https://192.0.2.7/ada"), "funding.channels[0].address", ""),
    "plain HTTP to give at": (funded("http://liberapay.com/ada"), "funding.channels[0].address", ""),
    "a script to give at": (
        funded("javascript://liberapay.com/%0aalert(1)"),
        "funding.channels[0].address",
        "",
    ),
    "another address beside the code": (
        {
            "funding": {
                "channels": [
                    {
                        "type": "payment-provider",
                        "address": "https://liberapay.com/ada",
                        "description": "or rather at evil.example: https://evil.example",
                    }
                ]
            }
        },
        "funding.channels[0].description",
        "another address",
    ),
    "a support text with a script": (
        {"description": {"en": "Support us! <script src=//evil.example></script>"}},
        "description.en",
        "markup",
    ),
    "a support text with a picture that counts": (
        {"description": {"en": "Thanks ![](https://evil.example/1.gif)"}},
        "description.en",
        "markup",
    ),
    "a text that is read backwards": (
        {"license": {"url": BY, "credit": "Ada \u202eelpmaxe"}},
        "license.credit",
        "turn round",
    ),
    "a path out of the folder": (
        {"encoding": [{"infoHash": "ab" * 20, "file": {"path": "../x"}}]},
        "encoding",
        "",
    ),
}


@pytest.mark.parametrize(("change", "field", "reason"), RECORDS.values(), ids=list(RECORDS))
def test_a_record_is_refused(maker, check, tmp_path, change, field, reason):
    made = maker.record(**(change if isinstance(change, dict) else {}))
    if callable(change):
        change(maker, made)
    found = check(maker.send(tmp_path / "sent", made))
    assert [each for each in found if each[0].startswith(field) and reason in each[1]], found


LINK = {"attr": "l", "length": 0, "path": ["film.mp4"], "symlink path": ["etc", "passwd"]}
TWICE = {"length": 0, "path": ["film.mp4"]}
TORRENTS = {
    "a web seed that is not its maker's": (
        lambda maker: maker.torrent(url_list=["https://victim.example/film.mp4"]),
        "film.torrent",
        "neither where the work is",
    ),
    "private": (lambda maker: maker.torrent(private=True), "film.torrent", "private"),
    "no name": (lambda maker: maker.torrent(info={"name": None}), "film.torrent", "name"),
    "pieces taken out": (
        lambda maker: torrents.make("film.mp4", maker.film, info={"pieces": b""}),
        "film.torrent",
        "pieces",
    ),
    "a page": (lambda maker: b"<!doctype html><title>Not found</title>", "film.torrent", ""),
    "21 MB": (lambda maker: b"d" * (21 << 20), "film.torrent", "more than"),
    "of another film": (
        lambda maker: torrents.make("film.mp4", bytes(len(maker.film)), announce="udp://t.example:1/a"),
        "film",
        "pieces",
    ),
    "of no film": (
        lambda maker: torrents.make("notes.txt", maker.film, announce="udp://t.example:1/a"),
        "film",
        "other files",
    ),
    "an empty file beside": (
        lambda maker: torrents.make(
            "x", {"film.mp4": maker.film, "film.srt": b""}, announce="udp://t.example:1/a"
        ),
        "film.torrent",
        "is empty",
    ),
    "two files of one path": (
        lambda maker: torrents.make("x", {"film.mp4": maker.film}, info={"files": [TWICE, TWICE]}),
        "film.torrent",
        "",
    ),
    "nowhere to ask": (lambda maker: maker.torrent(url_list=None), "film.torrent", "neither a web seed"),
    "a path out of the folder": (
        lambda maker: torrents.make("x", {"../film.mp4": maker.film}),
        "film.torrent",
        "unsafe",
    ),
    "a symbolic link": (
        lambda maker: torrents.make("x", {"film.mp4": maker.film}, info={"files": [LINK]}),
        "film.torrent",
        "symbolic link",
    ),
    "a device of Windows": (lambda maker: torrents.make("con.mp4", maker.film), "film.torrent", "unsafe"),
    "a negative length": (lambda maker: maker.torrent(info={"length": -5}), "film.torrent", "length"),
    "nested without end": (lambda maker: b"l" * 100_000, "film.torrent", ""),
    "version 2 alone": (
        lambda maker: torrents.make("film.mp4", maker.film, version=torrents.V2),
        "infoHash",
        "the torrent's",
    ),
    "an address that is none as its web seed": (
        lambda maker: maker.torrent(url_list=["/12/items/"]),
        "film.torrent",
        "neither a web seed",
    ),
    "only trackers that browsers ask": (
        lambda maker: maker.torrent(url_list=[], announce="wss://t.example/"),
        "film.torrent",
        "neither a web seed",
    ),
}


@pytest.mark.parametrize(("make", "field", "reason"), TORRENTS.values(), ids=list(TORRENTS))
def test_a_torrent_is_refused(maker, check, tmp_path, make, field, reason):
    found = check(maker.send(tmp_path / "sent", torrent=make(maker)))
    assert [each for each in found if each[0] == field and reason in each[1]], found


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")
@pytest.mark.parametrize("torrent", sorted(SAMPLES.glob("*torrents*/*.torrent")), ids=lambda path: path.stem)
def test_a_torrent_from_elsewhere_is_refused(maker, check, tmp_path, torrent):
    """Real ones, and those that libtorrent keeps to test itself with."""
    assert check(maker.send(tmp_path / "sent", torrent=torrent.read_bytes()))


def test_a_torrent_that_takes_its_folder_for_flat(maker, check, tmp_path):
    """The record has a path that the torrent has not."""
    made = maker.record()
    file = {"path": "films/film.mp4", "length": len(maker.film)}
    made["encoding"] = [{"infoHash": metainfo.parse(maker.torrent()).info_hash, "file": file}]
    assert "encoding.file" in [field for field, _ in check(maker.send(tmp_path / "sent", made))]


def test_the_torrent_is_the_one_that_the_record_means(maker, check, tmp_path):
    made = maker.record(encoding=[{"infoHash": "ab" * 20, "file": {"path": "film.mp4", "length": 1}}])
    fields = [field for field, _ in check(maker.send(tmp_path / "sent", made))]
    assert "encoding" in fields


def test_a_film_with_its_index_at_its_end_is_no_film_to_stream(tmp_path, web, places, check, film):
    moov = film.index(b"moov") - 4
    size = int.from_bytes(film[moov : moov + 4], "big")
    maker = Maker(film[:moov] + film[moov + size :] + film[moov : moov + size])
    places.item["external-identifier"] = "urn:commonreel:key:" + maker.key
    places.write()
    assert [field for field, _ in check(maker.send(tmp_path / "sent"))] == ["film"]


WEB_SEEDS = {
    "wrong bytes": ("garbage", "SHA-256"),
    "a page": ("html", "bytes instead of"),
    "another total": ("wrong_total", "Content-Range"),
    "other bytes than were asked for": ("wrong_span", "Content-Range"),
    "a film that breaks off": ("short", "broken off"),
}


@pytest.mark.parametrize(("way", "reason"), WEB_SEEDS.values(), ids=list(WEB_SEEDS))
def test_a_web_seed_is_believed_in_nothing(maker, places, web, tmp_path, film, way, reason):
    places.put("download/%s/film.mp4" % ITEM, film)
    (maker.send(tmp_path / "sent") / "film.mp4").unlink()
    found = received.read(tmp_path / "sent").submission
    setattr(web, way, True)
    asked = Web("test", web.address)
    told = [*film_check.problems(found.folder, found.declaration.film, found.torrent, found.encoding, asked)]
    assert any(reason in each.reason for each in told), told


def test_a_submission_sends_nobody_to_the_own_network(maker, tmp_path, run):
    """Without --base-url: neither its web seeds nor its proof may be at a private address."""
    seeds = ["http://127.0.0.1:1/film.mp4", "https://127.0.0.1:1/film.mp4"]
    folder = maker.send(
        tmp_path / "sent", maker.record("pt:127.0.0.1:" + UUID), maker.torrent(url_list=seeds)
    )
    (folder / "film.mp4").unlink()
    _, told = run("submission", "check", folder)
    reasons = {each["field"]: each["reason"] for each in told["problems"]}
    assert "leads to no public address" in reasons["rights.evidence"]
    assert "leads to no public address" in reasons["film"] or "not https" in reasons["film"]


SIGNATURES = {
    "none": lambda folder: (folder / "declaration.sig").unlink(),
    "of other words": lambda folder: (folder / "declaration.json").write_bytes(
        (folder / "declaration.json").read_bytes().replace(b"Ada Lund", b"Eve Lund")
    ),
    "cut short": lambda folder: (folder / "declaration.sig").write_text("untrusted comment: x\n"),
    "endless": lambda folder: (folder / "declaration.sig").write_bytes(bytes(1 << 20)),
}


@pytest.mark.parametrize("change", SIGNATURES.values(), ids=list(SIGNATURES))
def test_a_signature_is_of_these_words_by_this_key(maker, check, tmp_path, change):
    folder = maker.send(tmp_path / "sent")
    change(folder)
    assert [field for field, _ in check(folder)] == ["declaration.sig"]


RECORD_FILES = {
    "none": None,
    "a page": b"<!doctype html>",
    "a list": b"[]",
    "nested without end": b'{"a":' + b"[" * 200_000,
    "half a letter": b'{"id": "ia:x", "more": "\\ud800"}',
    "endless": b'{"id": "' + b"x" * (2 << 20),
    "a withdrawal": b'{"id": "ia:x", "withdrawn": "so"}',
    "a constant that is none": b'{"id": NaN}',
}


@pytest.mark.parametrize("content", RECORD_FILES.values(), ids=list(RECORD_FILES))
def test_what_is_no_record(maker, check, tmp_path, content):
    file = maker.send(tmp_path / "sent") / "record.json"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert "record.json" in [field for field, _ in check(tmp_path / "sent")]


def test_a_record_that_was_changed_after_it_was_signed(maker, check, tmp_path):
    """Else whoever sees a submission could ask for its gifts."""
    folder = maker.send(
        tmp_path / "sent", after=lambda made: made.update(funded("https://liberapay.com/eve"))
    )
    assert check(folder) == [("record.json", "not the record that was signed for")]


def test_a_member_of_sacem_gives_for_non_commercial_use_alone(maker, check, tmp_path):
    said = {**STATEMENTS, "collectingSociety": Statement("member", "SACEM")}
    [(field, reason)] = check(maker.send(tmp_path / "sent", declared={"statements": said}))
    assert (field, "non-commercial" in reason) == ("statements.collectingSociety", True)


def test_what_a_maker_dates_into_the_future_or_for_ever(maker, check, tmp_path):
    late = check(maker.send(tmp_path / "late", declared={"at": today(2), "until": today(300)}))
    long = check(maker.send(tmp_path / "long", declared={"until": today(800)}))
    assert "until" in {field for field, _ in late}
    assert "until" in {field for field, _ in long}


def test_all_rights_reserved_on_the_page(maker, places, check, tmp_path):
    places.item["description"] = "<b>All rights  reserved.</b>"
    places.write()
    assert [field for field, _ in check(maker.send(tmp_path / "sent"))] == ["license.url"]


def test_an_item_that_was_taken_down_proves_nothing(maker, places, check, tmp_path):
    places.put("metadata/" + ITEM, {"is_dark": True, "created": 1})
    assert check(maker.send(tmp_path / "sent")) == [
        ("rights.evidence", "https://archive.org/details/%s: dark" % ITEM)
    ]


def test_a_page_where_the_proof_should_be(maker, places, check, tmp_path):
    places.put(".well-known/commonreel.json", b"<html>404</html>")
    [(field, reason)] = check(maker.send(tmp_path / "sent", maker.record("web:makers.example:x")))
    assert (field, "JSON" in reason) == ("rights.evidence[0]", True)


def test_a_site_that_is_asked_for_gifts_at_is_proven_too(maker, places, check, tmp_path):
    """A record of archive.org whose maker has a site as well."""
    made = maker.record(**funded("https://makers.example/give"))
    made["rights"]["evidence"].append(
        {**made["rights"]["evidence"][0], "url": "https://makers.example/.well-known/commonreel.json"}
    )
    assert check(maker.send(tmp_path / "sent", made)) == []
    places.site["keys"] = ["0" * 64]
    places.write()
    assert [field for field, _ in check(maker.send(tmp_path / "sent", made))] == ["rights.evidence[1]"]


def test_a_site_of_its_own_is_named_where_the_work_comes_from_it(maker, check, tmp_path):
    made = maker.record("web:makers.example:x")
    made["rights"]["evidence"][0]["url"] = "https://archive.org/details/x"
    assert ("rights.evidence", "https://makers.example/.well-known/commonreel.json is not named") in check(
        maker.send(tmp_path / "sent", made)
    )


def test_a_namesake_passes_once_somebody_has_looked(maker, check, tmp_path):
    folder = maker.send(tmp_path / "sent", maker.record(name={"en": "Network"}))
    assert [field for field, _ in check(folder)] == ["name.en"]
    assert check(folder, "--namesake") == []


def test_a_catalogue_that_is_sold_has_no_non_commercial_works(maker, places, check, tmp_path):
    license = {"url": "https://creativecommons.org/licenses/by-nc/4.0/", "credit": "Ada Lund"}
    places.item["licenseurl"] = license["url"]
    places.write()
    folder = maker.send(tmp_path / "sent", maker.record(license=license))
    assert check(folder) == []
    assert [field for field, _ in check(folder, "--commercial")] == ["license.url"]
