# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel torrent` with hostile torrents: one JSON object each, exit status 0 or 2, never more."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonreel import cli
from lab import torrents
from lab.torrents import HYBRID, PIECE, V1, V2

ROOT = Path(__file__).resolve().parents[2]
FILM = bytes(range(256)) * 200  # a little over three pieces
FILES = {"film.mp4": FILM, "subs/film.en.srt": b"subtitles"}
TOLD = {"info_hash", "info_hash_v2", "name", "files", "playable", "web_seeds", "trackers"}


def nested(depth: int, kind: str) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind == "list" else {"a": value}
    return value


# What any key of a torrent may hold wrongly.
VALUES: dict[str, Any] = {
    "zero": 0,
    "one": 1,
    "negative": -1,
    "huge": (1 << 63) - 1,
    "hugely negative": -(1 << 63),
    "nothing": "",
    "text": "x",
    "bytes": b"\x00\xff\xfe\xed\xa0\x80",
    "long": b"x" * 20_000,
    "up": "../../etc/passwd",
    "absolute": "/etc/passwd",
    "backslashes": "..\\..\\x",
    "line ends": "a\r\nb\x00c\x1b[31m",
    "no list": [],
    "a list": ["a", 1, [], {}],
    "a list of paths": [["..", "x"], "/x"],
    "many": ["x"] * 2_000,
    "no dictionary": {},
    "a dictionary": {"": {"length": 5}, "length": -1, "path": [".."], "a": []},
    "lists in lists": nested(60, "list"),
    "too many lists in lists": nested(200, "list"),
    "dictionaries in dictionaries": nested(60, "dictionary"),
    "too many dictionaries in dictionaries": nested(200, "dictionary"),
}
OUTSIDE = ["announce", "announce-list", "comment", "creation date", "encoding", "info", "nodes",
           "piece layers", "url-list", "httpseeds", ""]  # fmt: skip
INFO = ["name", "name.utf-8", "piece length", "pieces", "length", "files", "file tree", "meta version",
        "private", "sha1", "md5sum", "attr", "symlink path", "path", "similar", ""]  # fmt: skip
ENTRY = ["length", "path", "path.utf-8", "attr", "sha1", "symlink path", ""]
LEAF = ["length", "pieces root", "attr", "symlink path", ""]


def base(version: str, single: bool) -> dict[str, Any]:
    """A good torrent, to be bent."""
    info, layers = torrents.parts(
        "film.mp4" if single else "item", FILM if single else FILES, version=version
    )
    good: dict[str, Any] = {
        "announce": "udp://a.example:1",
        "announce-list": [["udp://a.example:1"]],
        "info": info,
    }
    if version != V1:
        good["piece layers"] = layers
    good["url-list"] = ["https://a.example/"]
    return good


def places(good: dict[str, Any], version: str, single: bool) -> Iterator[tuple[str, dict[Any, Any], Any]]:
    """(name, dictionary, key) for every key that there is or could be."""
    info = good["info"]
    for key in OUTSIDE:
        yield key, good, key
    for key in INFO:
        yield "info/" + key, info, key
    if not single and version != V2:
        for key in ENTRY:
            yield "files/" + key, info["files"][0], key
    if version != V1:
        node = info["file tree"]["film.mp4"]
        yield "file tree/film.mp4", info["file tree"], "film.mp4"
        yield "file tree//", node, ""
        for key in LEAF:
            yield "file tree/film.mp4//" + key, node[""], key


def bent() -> Iterator[Any]:
    for version in (V1, V2, HYBRID):
        for single in (False, True):
            for number, (place, _, _) in enumerate(places(base(version, single), version, single)):
                shape = "single" if single else "folder"
                yield pytest.param(
                    version, single, number, id="%s-%s-%s" % (version, shape, place or "(empty)")
                )


@pytest.fixture(scope="module", autouse=True)
def one_parser() -> Iterator[None]:
    """Of the command line: to make one takes longer than all that is done with a torrent."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "_parser", functools.cache(cli._parser))
        yield


@pytest.fixture
def look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[bytes], dict[str, Any]]:
    def look(data: bytes) -> dict[str, Any]:
        """What is told of a torrent, once it has been checked."""
        file = tmp_path / "x.torrent"
        file.write_bytes(data)
        return told(file, capsys)

    return look


def told(file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    status = cli.main(["torrent", str(file)])
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.isascii()
    assert printed.out.count("\n") == 1
    found: dict[str, Any] = json.loads(printed.out)
    if status == 2:
        assert list(found) == ["error"]
        assert found["error"]
        return found
    assert status == 0
    assert found.keys() == TOLD
    check(found)
    return found


def check(found: dict[str, Any]) -> None:
    hashes = [found[key] for key in ("info_hash", "info_hash_v2") if found[key] is not None]
    assert hashes
    assert all(set(each) <= set("0123456789abcdef") for each in hashes)
    assert [len(found[key] or "") for key in ("info_hash", "info_hash_v2")] in ([40, 0], [0, 64], [40, 64])
    paths = [file["path"] for file in found["files"]]
    assert len(set(paths)) == len(paths)
    for path in (*paths, found["name"]):
        assert not {"", ".", ".."} & set(path.split("/"))
        assert "\\" not in path
        assert path.isprintable() or not any(character < " " for character in path)
    assert all(0 <= file["length"] < 1 << 45 for file in found["files"])
    assert set(found["playable"]) <= set(paths)
    assert all("://" in address for address in (*found["web_seeds"], *found["trackers"]))


@pytest.mark.parametrize(("version", "single", "number"), list(bent()))
def test_every_key_with_every_wrong_value(look, version, single, number):
    for name, value in {**VALUES, "missing": None}.items():
        good = base(version, single)
        _, dictionary, key = list(places(good, version, single))[number]
        if value is None:
            dictionary.pop(key, None)
        else:
            dictionary[key] = value
        found = look(torrents.bencode(good))
        if key == "info" and name != "missing":
            assert "error" in found, name


@pytest.mark.parametrize("version", [V1, V2, HYBRID])
@pytest.mark.parametrize("single", [False, True])
def test_what_is_bent_was_good_before(look, version, single):
    found = look(torrents.bencode(base(version, single)))
    assert found["playable"] == ["film.mp4"]
    assert found["trackers"] == ["udp://a.example:1"]
    assert found["web_seeds"] == ["https://a.example/"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("piece length", 0), ("piece length", -PIECE), ("piece length", 1 << 62), ("piece length", "16384"),
        ("pieces", b""), ("pieces", b"x" * 19), ("pieces", []), ("pieces", b"x" * 2000),
        ("name", ""), ("name", ".."), ("name", "a/b"), ("name", "/a"), ("name", "a\\b"), ("name", "C:"),
        ("name", 5), ("length", -1), ("length", 1 << 60), ("length", "5"), ("length", 0), ("length", []),
        ("attr", "l"), ("attr", 5), ("symlink path", ["x"]),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_refused(look, key, value):
    if key in ("attr", "symlink path"):
        info = {"files": [{"length": 5, "path": ["a"], key: value}], "length": None, "pieces": b"x" * 20}
    else:
        info = {key: value}
    assert "error" in look(torrents.make("film.mp4", FILM, info=info))


@pytest.mark.parametrize(
    "path",
    [[".."], ["a", "..", "b"], ["/etc/passwd"], ["", "a"], [""], [], ["."], ["a/b"], ["a\\b"], "a", [5],
     [["a"]], ["a\x00b"], ["a\nb"], ["CON"], ["a"] * 100, ["x" * 5000]],
)  # fmt: skip
@pytest.mark.parametrize("key", ["path", "path.utf-8"])
def test_a_path_that_leads_elsewhere_is_refused(look, key, path):
    info = {"files": [{"length": 5, "path": ["good"], key: path}], "length": None, "pieces": b"x" * 20}
    assert "error" in look(torrents.make("item", FILM, info=info))


def test_padding_is_not_among_the_files(look):
    found = look(torrents.make("item", FILES, pad=True))
    assert [file["path"] for file in found["files"]] == list(FILES)
    assert [file["path"] for file in look(torrents.make("item", FILES, version=HYBRID))["files"]] == list(
        FILES
    )


def test_a_torrent_without_a_film_has_nothing_playable(look):
    assert look(torrents.make("notes.txt", b"x"))["playable"] == []


@pytest.mark.parametrize(
    "name", [b"f\xfclm", "\u202egpj.mp4".encode(), "🎞.mp4".encode(), b"\xed\xa0\x80", b"\xff" * 9]
)
def test_odd_bytes_in_names_are_told_in_ascii(look, name):
    found = look(torrents.make("x", b"film", info={"name": name}))
    assert found["files"][0]["path"] == found["name"]


GOOD = {version: torrents.bencode(base(version, single=False)) for version in (V1, V2, HYBRID)}
edits = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 12), st.binary(max_size=12)), min_size=1, max_size=5
)


@given(st.sampled_from(sorted(GOOD)), edits)
@settings(
    derandomize=True,
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_bytes_changed_at_random(look, version, edits):
    data = GOOD[version]
    for at, dropped, put in edits:
        at %= len(data)
        data = data[:at] + put + data[at + dropped :]
    look(data)


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 4000))
@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_cut_short_anywhere(look, version, length):
    assert "error" in look(GOOD[version][: length % len(GOOD[version])])


@pytest.mark.parametrize(
    "data",
    [b"", b"d", b"de", b"i1e", b"l" * 2_000_000, b"d1:a" * 500_000, b"d4:info" * 100_000, b"9999999999:x",
     b"d4:infod4:name99999999999999999999:", b"d4:infoi-0ee", b"d4:infodee" + b"x", GOOD[V1] * 2,
     b"\x00" * 100, b"d4:infodee4:infodeee", b"\xef\xbb\xbf" + GOOD[V1], b"\x1f\x8b" + b"x" * 50],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_bencoding(look, data):
    assert "error" in look(data)


def test_keys_twice_are_refused(look):
    twice = GOOD[V1].replace(b"8:announce17:", b"8:announce1:x8:announce17:")
    assert "twice" in look(twice)["error"]


def test_files_that_are_none(tmp_path, capsys):
    assert "error" in told(tmp_path, capsys)
    assert "error" in told(tmp_path / "nowhere", capsys)
    assert "error" in told(Path("/dev/null"), capsys)
    assert "error" in told(tmp_path / ("x" * 5000), capsys)
    assert "error" in told(Path("a\0b"), capsys)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "error" in told(tmp_path / "loop", capsys)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    assert "error" in told(tmp_path / "pipe", capsys)


def test_20_megabytes_are_read_and_no_more(tmp_path, capsys):
    file = tmp_path / "x.torrent"
    good = torrents.make("film.mp4", FILM, comment="")
    assert good.startswith(b"d7:comment0:")
    filling = (20 << 20) - len(good) - len(b"20971") - 10
    for length, refused in ((filling, False), (filling + 100, True)):
        file.write_bytes(good.replace(b"7:comment0:", b"7:comment%d:%s" % (length, b"x" * length)))
        assert ("error" in told(file, capsys)) == refused
    assert "over" in told(file, capsys)["error"]


def collected() -> Iterator[Path]:
    """Real and hostile torrents kept outside the repository, where they are at hand."""
    folder = Path(os.environ.get("COMMONREEL_SAMPLES") or ROOT.parent / "shared" / "samples")
    for kind in ("ia-torrents", "open-movie-torrents", "torrents-hostile"):
        yield from sorted((folder / kind).glob("*.torrent"))


SAMPLES = list(collected())
if SAMPLES:  # without the collection there are no tests of it, and none to leave out

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: "%s/%s" % (path.parent.name, path.name))
    def test_collected_torrents(sample, capsys):
        told(sample, capsys)


# As a process of its own


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), **options.pop("environment", {})}
    command = [sys.executable, "-m", "commonreel", *arguments]
    return subprocess.run(
        command, env=environment, stderr=subprocess.PIPE, timeout=60, check=False, **options
    )


def test_a_terminal_that_knows_ascii_alone(tmp_path):
    file = tmp_path / "x.torrent"
    file.write_bytes(torrents.make("é🎞", {"ü\u202e.mp4": FILM}))
    options = {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C"}
    done = run("torrent", str(file), stdout=subprocess.PIPE, environment=options)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["name"] == "é🎞"


def test_a_path_that_is_not_utf_8(tmp_path):
    folder = os.fsencode(tmp_path)
    done = run("torrent", os.fsdecode(folder + b"/\xff\xfe.torrent"), stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"")
    assert list(json.loads(done.stdout)) == ["error"]


def test_nobody_reads_what_is_told(tmp_path):
    file = tmp_path / "x.torrent"
    file.write_bytes(torrents.make("item", {"%04d.mp4" % number: b"film" for number in range(3000)}))
    for source in (file, tmp_path / "nowhere"):
        reading, writing = os.pipe()
        os.close(reading)
        done = run("torrent", str(source), stdout=writing)
        os.close(writing)
        assert done.stderr == b""


def test_without_libtorrent(tmp_path):
    (tmp_path / "libtorrent.py").write_text("raise ImportError('not on this device')")
    file = tmp_path / "x.torrent"
    file.write_bytes(GOOD[V1])
    paths = os.pathsep.join((str(ROOT / "lib"), str(tmp_path)))
    done = run("torrent", str(file), stdout=subprocess.PIPE, environment={"PYTHONPATH": paths})
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["name"] == "item"
