# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of records that somebody keeps."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from commonreel.publish.polite import Polite
from commonreel.publish.sources.plain import MAX_LIST, PlainList
from commonreel.publish.sources.source import Found
from commonreel.works import record
from commonreel.works.errors import FetchFailed

ADDRESS = "https://lists.example/films.ndjson"


class Ask:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.asked: list[tuple[str, int]] = []

    def get(self, url: str, limit: int) -> bytes:
        self.asked.append((url, limit))
        return self.body


def film(id: Any = "list:a", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": {"en": "A Film"},
        "license": {"url": "https://creativecommons.org/licenses/by/4.0/"},
        "rights": {"class": "X", "territories": ["*"], "evidence": [{"kind": "license-page"}]},
        "source": {"name": "Example", "url": "https://example.org/a"},
        "encoding": [{"torrent": "https://example.org/a.torrent"}],
        **more,
    }


def lines(*records: Any) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in records).encode()


def found(body: bytes) -> list[Found]:
    ask = cast(Polite, Ask(body))
    source = PlainList(ADDRESS, "")
    hints = json.loads(json.dumps(list(source.listing(ask))))  # a run keeps them on disk
    return [one for key, hint in hints for one in source.examine(ask, source.item(key)._replace(hint=hint))]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([film("list:a"), film("list:b")]).encode(),
        json.dumps([film("list:a"), film("list:b")], indent=1).encode(),
        lines(film("list:a"), film("list:b")),
        b"\xef\xbb\xbf" + lines(film("list:a"), film("list:b")),
        b"[\n" + json.dumps(film("list:a")).encode() + b",\r\n\r\n" + json.dumps(film("list:b")).encode(),
    ],
    ids=["array", "indented", "lines", "byte order mark", "array broken off"],
)
def test_every_record_is_found(body: bytes) -> None:
    holders = ("list:lists.example",)
    assert found(body) == [Found(id, film(id), holders=holders) for id in ("list:a", "list:b")]


def test_one_record_is_a_list_too() -> None:
    assert [one.id for one in found(json.dumps(film()).encode())] == ["list:a"]


def test_the_list_is_asked_for_once() -> None:
    ask = Ask(lines(film()))
    source = PlainList(ADDRESS, "")
    [listed] = source.listing(cast(Polite, ask))
    source.examine(cast(Polite, ask), listed)
    assert ask.asked == [(ADDRESS, MAX_LIST)]


def test_what_is_clean_passes_the_format() -> None:
    odd = [film("list:b", year="19??"), film("list:c", name={}), film("list:d")]
    clean = [one for one in found(lines(*odd)) if not one.reasons]
    assert [one.id for one in clean] == ["list:d"]
    record.parse(clean[0].record)


def test_a_record_that_is_wrong_keeps_its_id_and_tells_why() -> None:
    [_, one] = found(lines(film("list:a"), film("list:b", year="19??")))
    assert one.id == "list:b"
    assert one.record == film("list:b", year="19??")
    assert one.reasons == ("entry 2 of the list: year: not a whole number",)


@pytest.mark.parametrize("id", [None, 5, "", "no colon", "ia:../x", "ia:" + "x" * 300, "ia:%2f", ["ia:a"]])
def test_a_record_without_an_id_is_found_by_its_line(id: Any) -> None:
    [_, one] = found(lines(film("list:a"), film(id)))
    assert one.id == "list:line-2"
    assert one.record == film(id)
    assert "id: " in one.reasons[0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        (b"5", "not a record"),
        (b"{}", "not a record"),
        (b'{"id": "list:b", "x": NaN}', "not JSON"),
        (b'{"id": "list:b", "x": 1e999}', "not JSON"),
        (b'{"id": "list:b", "x": "\\ud800"}', "not JSON"),
        (b'{"id": "list:b", "x": ' + b"[" * 40 + b"]" * 40 + b"}", "nested more than"),
        (b"[" * 200_000, "not JSON"),
        (b'{"id": "list:b", "x": "' + b"x" * record.MAX_RECORD + b'"}', "more than"),
    ],
    ids=lambda value: str(value[:24]),
)
def test_a_line_that_is_no_record_loses_only_itself(line: bytes, reason: str) -> None:
    before, broken, after = found(lines(film("list:a")) + line + b"\n" + lines(film("list:c")))
    assert (before.id, before.reasons, after.id, after.reasons) == ("list:a", (), "list:c", ())
    assert (broken.id, broken.record) == ("list:line-2", {})
    assert reason in broken.reasons[0]


def test_a_second_record_of_an_id_is_not_lost() -> None:
    [first, second] = found(lines(film(), film(year=2001)))
    assert (first.id, first.reasons) == ("list:a", ())
    assert (second.id, second.record["year"]) == ("list:line-2", 2001)
    assert second.reasons == ("entry 2 of the list: list:a is there twice",)


def test_a_tombstone_says_that_the_work_is_gone() -> None:
    [one] = found(lines({"id": "list:a", "withdrawn": "the maker asked", "at": "2026-01-02"}))
    assert one == Found("list:a", gone="the maker asked", holders=("list:lists.example",))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"<html>\n<p>Sorry</p>\n</html>", b"[1, 2]", b"\0" * 99]
)
def test_what_holds_no_record_is_no_list(body: bytes) -> None:
    with pytest.raises(FetchFailed, match="no list of records"):
        found(body)


def test_what_the_list_names_no_more_is_gone() -> None:
    source = PlainList(ADDRESS, "")
    ask = cast(Polite, Ask(lines(film("list:a"))))
    list(source.listing(ask))
    assert source.examine(ask, source.item("list:b")) == [Found("list:b", gone="not in the list any more")]


def test_nothing_is_gone_from_a_list_that_was_not_read_whole() -> None:
    unread = PlainList(ADDRESS, "")
    begun = PlainList(ADDRESS, "")
    broken = PlainList(ADDRESS, "")
    ask = cast(Polite, Ask(lines(film("list:a"), film("list:b"))))
    next(iter(begun.listing(ask)))
    list(broken.listing(cast(Polite, Ask(lines(film("list:a")) + b'{"id": "list:b"'))))
    cut = PlainList(ADDRESS, "")
    list(cut.listing(cast(Polite, Ask(b"[\n" + lines(film("list:a"))[:-1] + b",\n"))))
    for source in (unread, begun, broken, cut):
        with pytest.raises(FetchFailed, match="not read whole"):
            source.examine(ask, source.item("list:b"))


@pytest.mark.parametrize(
    ("address", "query"), [("", ""), ("films.json", ""), ("https://[", ""), (ADDRESS, "silent")]
)
def test_a_list_has_an_address_and_no_query(address: str, query: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the texts are Python's own in part)
        PlainList(address, query)
