# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents are read as the BEPs have them, and refused when they do not hold."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path
from typing import Any, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.works import bencode, links, metainfo
from commonreel.works.errors import TorrentInvalid
from commonreel.works.metainfo import item_web_seed, parse, web_address, web_seed
from lab import torrents
from lab.torrents import HYBRID, PIECE, V1, V2

FILM = bytes(random.Random(1).choices(range(256), k=3 * PIECE + 100))
EXTRA = b"subtitles"
FILES = {"film.mp4": FILM, "subs/film.en.srt": EXTRA, "empty.txt": b"", "last.jpg": FILM[:PIECE]}


def refused(data: bytes, reason: str | None = None) -> None:
    with pytest.raises(TorrentInvalid, match=reason):
        parse(data)


# What a torrent says


def test_a_single_file() -> None:
    data = torrents.make("film.mp4", FILM, sha1=True, announce="udp://tracker.example:80")
    found = parse(data)
    assert found.single
    assert found.name == "film.mp4"
    assert found.info_hash == hashlib.sha1(bencode.fields(data)[b"info"].raw).hexdigest()
    assert found.info_hash_v2 == ""
    assert (found.piece_length, found.total_length) == (PIECE, len(FILM))
    assert found.pieces[:20] == hashlib.sha1(FILM[:PIECE]).digest()
    assert found.trackers == ("udp://tracker.example:80",)
    assert not found.private
    (file,) = found.files
    assert (file.index, file.path, file.length, file.offset) == (0, "film.mp4", len(FILM), 0)
    assert file.sha1 == hashlib.sha1(FILM).hexdigest()


def test_several_files_without_padding() -> None:
    found = parse(torrents.make("item", FILES))
    assert not found.single
    assert [(file.index, file.path, file.offset) for file in found.files] == [
        (0, "film.mp4", 0),
        (1, "subs/film.en.srt", len(FILM)),
        (2, "empty.txt", len(FILM) + len(EXTRA)),
        (3, "last.jpg", len(FILM) + len(EXTRA)),
    ]
    assert found.total_length == sum(map(len, FILES.values()))


def test_padding_is_counted_but_not_listed() -> None:
    found = parse(torrents.make("item", FILES, pad=True))
    assert [(file.index, file.path, file.offset) for file in found.files] == [
        (0, "film.mp4", 0),
        (2, "subs/film.en.srt", 4 * PIECE),
        (4, "empty.txt", 5 * PIECE),
        (5, "last.jpg", 5 * PIECE),
    ]
    assert found.total_length == 6 * PIECE


def test_padding_needs_no_path() -> None:
    info, _ = torrents.parts("item", FILES, pad=True)
    for entry in info["files"]:
        if "attr" in entry:
            del entry["path"]
    assert len(parse(torrents.bencode({"info": info})).files) == 4


@pytest.mark.parametrize("version", [V2, HYBRID])
def test_v2(version: str) -> None:
    data = torrents.make("item", FILES, version=version)
    found = parse(data)
    assert found.info_hash_v2 == hashlib.sha256(bencode.fields(data)[b"info"].raw).hexdigest()
    assert bool(found.info_hash) == bool(found.pieces) == (version == HYBRID)
    assert [(file.index, file.path, file.offset) for file in found.files] == [
        (0, "film.mp4", 0),
        (2, "subs/film.en.srt", 4 * PIECE),
        (4, "empty.txt", 5 * PIECE),
        (5, "last.jpg", 5 * PIECE),
    ]
    for file, content in zip(found.files, FILES.values()):
        root, layer = torrents.merkle(content)
        assert (file.root, file.layer) == (root.hex(), layer)
    assert len(found.files[0].layer) == 4 * 32


@pytest.mark.parametrize("piece_length", [PIECE, 4 * PIECE])
@pytest.mark.parametrize("blocks", [1, 2, 3, 5, 8, 9, 13, 22])
def test_v2_layers_of_every_shape_are_proved(piece_length: int, blocks: int) -> None:
    content = FILM[:PIECE] * (blocks - 1) + b"end"
    found = parse(torrents.make("film.mp4", content, version=V2, piece_length=piece_length))
    assert found.single
    assert len(found.files[0].layer) == (
        0 if len(content) <= piece_length else 32 * -(-blocks * PIECE // piece_length)
    )


def test_a_hybrid_keeps_the_facts_of_both_lists() -> None:
    found = parse(torrents.make("film.mp4", FILM, version=HYBRID, sha1=True))
    (file,) = found.files
    assert file.sha1 == hashlib.sha1(FILM).hexdigest()
    assert file.root == torrents.merkle(FILM)[0].hex()
    assert found.single
    assert found.total_length == len(FILM)


def test_a_hybrid_without_layers_is_proved_by_its_v1_pieces() -> None:
    """A magnet link brings the info dictionary only."""
    found = parse(torrents.make("film.mp4", FILM, version=HYBRID, piece_layers=None))
    assert found.files[0].layer == b""
    refused(torrents.make("film.mp4", FILM, version=V2, piece_layers=None), "piece layers")


def test_names_in_utf8_go_first() -> None:
    info, _ = torrents.parts("latin", {"a.mp4": FILM})
    info["name.utf-8"] = "Méliès"
    info["files"][0]["path.utf-8"] = ["Le Voyage dans la Lune.mp4"]
    found = parse(torrents.bencode({"info": info}))
    assert found.name == "Méliès"
    assert found.files[0].path == "Le Voyage dans la Lune.mp4"


def test_names_in_another_encoding_are_still_names() -> None:
    found = parse(torrents.make("x", FILM, info={"name": "Méliès.mp4".encode("latin-1")}))
    assert found.name == found.files[0].path == "Méliès.mp4"


@pytest.mark.parametrize("private", [1, 2, "1", "", [0]])
def test_private(private: Any) -> None:
    assert parse(torrents.make("film.mp4", FILM, info={"private": private})).private


def test_private_0_is_public() -> None:
    assert not parse(torrents.make("film.mp4", FILM, info={"private": 0})).private


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("A" * 40, "a" * 40),
        (b"\xab" * 20, "ab" * 20),
        ("g" * 40, ""),
        ("a" * 39, ""),
        (7, ""),
        (b"", ""),
    ],
)
def test_sha1_as_text_or_bytes(stated: Any, read: str) -> None:
    assert parse(torrents.make("film.mp4", FILM, info={"sha1": stated})).files[0].sha1 == read


def test_the_info_hash_is_that_of_the_bytes_as_they_stand() -> None:
    info, _ = torrents.parts("film.mp4", FILM)
    unordered = torrents.bencode(dict(reversed(list(info.items()))))
    assert parse(b"d4:info" + unordered + b"e").info_hash == hashlib.sha1(unordered).hexdigest()


def test_pieces_need_no_power_of_two_in_v1() -> None:
    length = 3 * PIECE
    found = parse(torrents.make("film.mp4", FILM, piece_length=length))
    assert (found.piece_length, len(found.pieces)) == (length, 40)
    refused(torrents.make("film.mp4", FILM, version=V2, info={"piece length": length}), "power of two")


# Addresses


def test_trackers_of_all_tiers_each_once_and_no_junk() -> None:
    found = parse(
        torrents.make(
            "film.mp4",
            FILM,
            announce="udp://a.example:80/announce",
            announce_list=[
                ["wss://b.example", "udp://a.example:80/announce"],
                [" https://c.example/announce?key=1 ", "", "file:///etc/passwd", "ftp://d.example", 7, []],
                "http://[::1]:6969/announce",
                [
                    "http://",
                    "http://e.example:99999",
                    "http://f.example:x",
                    "http://g\n.example",
                    "http://h i",
                ],
            ],
        )
    )
    assert found.trackers == (
        "wss://b.example",
        "udp://a.example:80/announce",
        "https://c.example/announce?key=1",
        "http://[::1]:6969/announce",
    )


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        (["https://archive.org/download/", "/12/items/", "http://ia6.example/12/items/"], 2),
        ("https://example.org/film.mp4", 1),
        (["https://example.org/a", "https://example.org/a"], 1),
        ([], 0),
        ("", 0),
        ([[""], -20, b"\xff"], 0),
        (["udp://example.org", "javascript:alert(1)", "data:,x", "https:///x"], 0),
        (5, 0),
        (["https://example.org/" + "x" * 3000], 0),
        (["https://%d.example/" % number for number in range(500)], links.MAX_ADDRESSES),
    ],
)
def test_web_seeds(stated: Any, read: int) -> None:
    assert len(parse(torrents.make("film.mp4", FILM, url_list=stated)).web_seeds) == read


def test_a_web_seed_with_spaces_and_accents_becomes_a_url() -> None:
    found = parse(torrents.make("film.mp4", FILM, url_list="http://example.org/a film/é%20.mp4"))
    assert found.web_seeds == ("http://example.org/a%20film/%C3%A9%20.mp4",)


def test_an_archive_item_names_its_own_web_seed() -> None:
    address = "https://archive.org/download/Cops/Cops_archive.torrent"
    assert item_web_seed(address, "Cops") == "https://archive.org/download/"
    local = "http://127.0.0.1:8080/download/Le%20film/Le%20film_archive.torrent"
    assert item_web_seed(local, "Le film") == "http://127.0.0.1:8080/download/"


@pytest.mark.parametrize(
    "address",
    [
        "https://archive.org/download/Cops/Other_archive.torrent",
        "https://archive.org/download/Other/Cops_archive.torrent",
        "https://archive.org/items/Cops/Cops_archive.torrent",
        "https://archive.org/download/Cops/Cops_archive.torrent?x=1",
        "https://archive.org/?x=/download/Cops/Cops_archive.torrent",
        "ftp://archive.org/download/Cops/Cops_archive.torrent",
        "https://Cops/Cops_archive.torrent",
        "Cops_archive.torrent",
        "",
        "https://[",
    ],
)
def test_other_addresses_are_no_archive_items(address: str) -> None:
    assert item_web_seed(address, "Cops") == ""


def test_the_web_seed_of_a_films_address() -> None:
    single = parse(torrents.make("film.mp4", FILM))
    assert web_seed("https://example.org/any/name", single, single.files[0]) == "https://example.org/any/name"
    assert web_seed("javascript:1", single, single.files[0]) == ""
    several = parse(torrents.make("The item", {"a b/film é.mp4": FILM}))
    film = several.files[0]
    base = "https://example.org/films/"
    assert web_seed(base + "The%20item/a%20b/film%20%C3%A9.mp4", several, film) == base
    assert web_seed(base + "The item/a b/film é.mp4", several, film) == base
    assert web_seed(base + "film%20%C3%A9.mp4", several, film) == ""
    assert web_seed(base + "The%20item/a%20b/film.mp4", several, film) == ""
    assert web_seed(base + "The%20item/a%20b%2Ffilm%20%C3%A9.mp4", several, film) == ""


# What is refused


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"le", b"de", b"d4:infoi1ee", b"d4:infole1:xi1ee", b"d4:infodee", b"i1e", b"d4:info"],
)
def test_not_a_torrent(data: bytes) -> None:
    refused(data)


def test_over_20_mb() -> None:
    refused(bytes(metainfo.MAX_BYTES + 1), "over")


def test_trailing_bytes() -> None:
    refused(torrents.make("film.mp4", FILM) + b"\n", "after the end")


BAD_NAMES: list[Any] = [
    "..",
    ".",
    "...",
    "",
    " ",
    ". .",
    "/etc/passwd",
    "a/b",
    "..\\x",
    "\\",
    "a\x00b",
    "a\nb",
    "C:",
    "c:film.mp4",
    "CON",
    "nul.mp4",
    "Com1.txt",
    "x" * 1025,
    7,
    [],
    b"\xc0\xae\xc0\xae/x",
]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("version", [V1, V2])
def test_unsafe_names(name: Any, version: str) -> None:
    refused(torrents.make("x", FILES, version=version, info={"name": name}), "name")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_unsafe_paths(name: Any) -> None:
    for path in ([name], ["a", name], [name, "a"]):
        info, _ = torrents.parts("item", FILES)
        info["files"][1]["path"] = path
        refused(torrents.bencode({"info": info}), "name")


@pytest.mark.parametrize("name", [name for name in BAD_NAMES if isinstance(name, (str, bytes)) and name])
def test_unsafe_paths_in_a_tree(name: str | bytes) -> None:
    leaf = {"": {"length": 5, "pieces root": torrents.merkle(b"12345")[0]}}
    for tree in ({name: leaf}, {"a": {name: leaf}}, {name: {"a": leaf}}):
        refused(torrents.make("x", FILES, version=V2, piece_layers={}, info={"file tree": tree}), "name")


@pytest.mark.parametrize("name", ["console.mp4", "Nullarbor.mkv", "a..b.mp4", ".hidden", "film: a story.mp4"])
def test_harmless_names(name: str) -> None:
    assert parse(torrents.make(name, FILM)).name == name


@pytest.mark.parametrize("path", [[], None, "film.mp4", 7, ["a"] * 33])
def test_paths_of_a_wrong_shape(path: Any) -> None:
    info, _ = torrents.parts("item", FILES)
    info["files"][0]["path"] = path
    if path is None:
        del info["files"][0]["path"]
    refused(torrents.bencode({"info": info}), "path")


@pytest.mark.parametrize(
    ("first", "second"),
    [(["a"], ["a"]), (["a"], ["a", "b"]), (["a", "b"], ["a"]), (["a", "b"], ["a", "b", "c"])],
)
def test_two_files_with_one_path(first: list[str], second: list[str]) -> None:
    info, _ = torrents.parts("item", FILES)
    info["files"][0]["path"], info["files"][3]["path"] = first, second
    refused(torrents.bencode({"info": info}), "one path")


def test_symbolic_links() -> None:
    for extra in ({"attr": "l"}, {"attr": "xl", "symlink path": ["a"]}, {"symlink path": ["..", "x"]}):
        info, _ = torrents.parts("item", FILES)
        info["files"][2].update(extra)
        refused(torrents.bencode({"info": info}), "symbolic link")
        tree = {"film.mp4": {"": {"length": 0, **extra}}}
        refused(
            torrents.make("x", FILES, version=V2, info={"file tree": tree}, piece_layers={}), "symbolic link"
        )


@pytest.mark.parametrize("length", [-1, 1 << 45, 2**63 - 1, "5", None])
def test_lengths_out_of_bounds(length: Any) -> None:
    refused(torrents.make("film.mp4", FILM, info={"length": length}), "length")
    info, _ = torrents.parts("item", FILES)
    info["files"][0]["length"] = [] if length is None else length
    refused(torrents.bencode({"info": info}), "length")


def test_a_negative_length_is_not_made_up_for_by_another() -> None:
    info, _ = torrents.parts("item", {"a": FILM, "b": FILM})
    info["files"][0]["length"], info["files"][1]["length"] = -PIECE, 2 * len(FILM) + PIECE
    refused(torrents.bencode({"info": info}), "length")


def test_lengths_that_are_absurd_together() -> None:
    info, _ = torrents.parts("item", {"%d" % number: b"x" for number in range(20)})
    for entry in info["files"]:
        entry["length"] = 1 << 43
    refused(torrents.bencode({"info": info}), "in all")


def test_nothing_in_it() -> None:
    refused(torrents.make("film.mp4", b""), "0 bytes")
    refused(torrents.make("item", {}), "0 bytes")
    refused(torrents.make("item", {"a": b""}, version=V2), "0 bytes")


def test_too_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonreel.works.filelist.MAX_FILES", 3)
    refused(torrents.make("item", FILES), "more than 3")
    refused(torrents.make("item", dict.fromkeys("abcdefghij", b""), version=V2), "too many")


@pytest.mark.parametrize("length", [0, -1, 1, 16383, 1 << 28, 2**62, "16384", None])
def test_piece_lengths_out_of_bounds(length: Any) -> None:
    refused(torrents.make("film.mp4", FILM, info={"piece length": length}), "piece length")


@pytest.mark.parametrize("pieces", [b"", b"x" * 20, b"x" * 79, b"x" * 81, b"x" * 100, 7, None, []])
def test_pieces_that_do_not_fit(pieces: Any) -> None:
    refused(torrents.make("film.mp4", FILM, info={"pieces": pieces}), "pieces")


def test_pieces_stripped_from_an_archive_torrent() -> None:
    refused(torrents.make("item", FILES, pad=True, info={"pieces": "demo"}), "pieces")


@pytest.mark.parametrize("files", [7, {}, "x", [7], [[]], [{}]])
def test_file_lists_of_a_wrong_shape(files: Any) -> None:
    refused(torrents.make("item", FILES, info={"files": files}))


ROOT, LAYER = torrents.merkle(FILM)


@pytest.mark.parametrize(
    "tree",
    [
        None,
        7,
        [],
        {},
        {"a": 7},
        {"a": []},
        {"a": {"": 7}},
        {"a": {"": {}}},
        {"a": {"": {"length": len(FILM)}}},
        {"a": {"": {"length": len(FILM), "pieces root": bytes(32)}}},
        {"a": {"": {"length": len(FILM), "pieces root": ROOT[:31]}}},
        {"a": {"": {"length": len(FILM), "pieces root": 7}}},
        {"a": {"": {"length": 0, "pieces root": ROOT}}},
        {"a": {"": {"length": -1, "pieces root": ROOT}}},
        {"a": {"": {"length": len(FILM), "pieces root": ROOT}, "b": {}}},
        {"a": {"": {"length": len(FILM), "pieces root": ROOT, "attr": "p"}}},
        {"": {"length": len(FILM), "pieces root": ROOT}},
        {"a": {"": {"length": len(FILM) + PIECE, "pieces root": ROOT}}},  # layer too short
        {"a": {"": {"length": PIECE, "pieces root": ROOT}}},  # one piece needs no layer
    ],
)
def test_file_trees_that_do_not_hold(tree: Any) -> None:
    good = {"a": {"": {"length": len(FILM), "pieces root": ROOT}}}
    assert parse(torrents.make("a", FILM, version=V2, info={"file tree": good})).files[0].layer == LAYER
    refused(torrents.make("a", FILM, version=V2, info={"file tree": tree}))


def test_a_small_file_needs_a_root_too() -> None:
    for root in (torrents.merkle(b"12345")[0], bytes(32)):
        tree = {"a": {"": {"length": 5, "pieces root": root}}}
        data = torrents.make("a", b"12345", version=V2, info={"file tree": tree})
        if any(root):
            assert parse(data).files[0].root == root.hex()
        else:
            refused(data, "pieces root")


@pytest.mark.parametrize(
    "layers",
    [
        7,
        [],
        {},
        {ROOT: 7},
        {ROOT: b""},
        {ROOT: LAYER[:-1]},
        {ROOT: LAYER[:-32]},
        {ROOT: LAYER + bytes(32)},
        {ROOT: bytes(len(LAYER))},
        {b"x" * 32: LAYER},
        {ROOT: LAYER, **dict([torrents.merkle(FILM[5:])])},
    ],
)
def test_piece_layers_that_do_not_hold(layers: Any) -> None:
    for version in (V2, HYBRID):
        if version == HYBRID and layers == {}:
            continue  # allowed, see above
        refused(torrents.make("film.mp4", FILM, version=version, piece_layers=layers), "piece layers")


def test_hybrids_whose_halves_differ() -> None:
    files: dict[str, bytes] = {"a": FILM, "b": EXTRA}
    info, layers = torrents.parts("item", files, version=HYBRID)
    for other in (
        {"a": FILM, "c": EXTRA},
        {"a": FILM, "b": EXTRA + b"!"},
        {"a": FILM},
        {"b": EXTRA, "a": FILM},
    ):
        tree = torrents.parts("item", other, version=V2)[0]["file tree"]
        whole = {"info": {**info, "file tree": tree}, "piece layers": layers}
        refused(torrents.bencode(whole), "differ")
    unpadded = {**info, **torrents.parts("item", files, version=V1)[0]}
    refused(torrents.bencode({"info": unpadded, "piece layers": layers}), "differ")


def test_a_hybrids_padding_may_follow_an_empty_file_but_must_fill_the_piece() -> None:
    info, layers = torrents.parts("item", {"a": b"12345", "b": b"", "c": b"6"}, version=HYBRID)
    a, padding, b, c = info["files"]
    info["files"] = [a, b, padding, c]
    found = parse(torrents.bencode({"info": info, "piece layers": layers}))
    assert [(file.index, file.offset) for file in found.files] == [(0, 0), (2, PIECE), (3, PIECE)]
    info["files"] = [a, padding, b, c, {"attr": "p", "length": 7}]
    refused(torrents.bencode({"info": info, "piece layers": layers}), "differ")


# Torrents bent at random, and those collected elsewhere

WHOLE = {
    version: torrents.make(
        "item",
        FILES,
        version=version,
        sha1=True,
        announce="udp://a.example:80",
        announce_list=[["udp://a.example:80"]],
        url_list=["https://a.example/"],
    )
    for version in (V1, V2, HYBRID)
}
edits = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 12), st.binary(max_size=12)), min_size=1, max_size=5
)
nodes = st.recursive(
    st.integers(-5, 1 << 50) | st.binary(max_size=40) | st.sampled_from([b"..", b"a", ROOT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([b"", b"length", b"path", b"attr", b"a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def check(data: bytes) -> None:
    """A result whose parts fit together, or TorrentInvalid; any other exception fails the test."""
    try:
        found = parse(data)
    except TorrentInvalid:
        return
    assert found.info_hash or found.info_hash_v2
    assert found.total_length > 0
    assert len(found.pieces) in (0, 20 * -(-found.total_length // found.piece_length))
    for file in found.files:
        assert 0 <= file.offset <= file.offset + file.length <= found.total_length
        assert not {"", ".", ".."} & set(file.path.split("/"))


@given(st.sampled_from([V1, V2, HYBRID]), edits)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_bytes_changed_at_random(version: str, changes: list[tuple[int, int, bytes]]) -> None:
    data = WHOLE[version]
    for at, dropped, put in changes:
        data = data[: at % len(data)] + put + data[at % len(data) + dropped :]
    check(data)


@given(
    st.sampled_from([V1, V2, HYBRID]),
    st.sampled_from(
        ["name", "files", "length", "pieces", "piece length", "file tree", "meta version", "private", "sha1"]
    ),
    nodes,
)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_values_changed_at_random(version: str, key: str, value: Any) -> None:
    check(torrents.make("item", FILES, version=version, info={key: value}))
    check(
        torrents.make(
            "item", FILES, version=version, **{"piece_layers": value, "url_list": value, "announce": value}
        )
    )


def collected() -> Iterator[Path]:
    """Real and hostile torrents kept outside the repository, where they are at hand."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "samples"
    folder = Path(os.environ.get("COMMONREEL_SAMPLES") or beside)
    for kind in ("ia-torrents", "open-movie-torrents", "torrents-hostile"):
        yield from sorted((folder / kind).glob("*.torrent"))


SAMPLES = list(collected())
if SAMPLES:  # without the collection there are no tests of it, and none to leave out

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: str(path.name))
    def test_collected_torrents(sample: Path) -> None:
        check(sample.read_bytes())


def test_the_address_of_a_film_at_a_web_seed() -> None:
    several = parse(torrents.make("The item", {"a b/film é.mp4": FILM, "notes.txt": b"x"}))
    film = next(file for file in several.files if file.path.endswith(".mp4"))
    address = web_address("https://example.org/12/items/", several, film)
    assert address == "https://example.org/12/items/The%20item/a%20b/film%20%C3%A9.mp4"
    assert web_seed(address, several, film) == "https://example.org/12/items/"
    single = parse(torrents.make("a b.mp4", FILM))
    assert web_address("https://example.org/x", single, single.files[0]) == "https://example.org/x"
    assert web_address("https://example.org/", single, single.files[0]) == "https://example.org/a%20b.mp4"
