# SPDX-License-Identifier: GPL-3.0-or-later
"""From an archive to a catalogue, by the command line, with a server of the archive's shape."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from commonreel.works import metainfo
from lab import torrents

ROOT = Path(__file__).resolve().parents[2]
FILM = os.urandom(40_000)
TORRENT = torrents.make("cops", {"cops.mp4": FILM}, sha1=True)


class ArchiveServer:
    """Lists, describes and gives one film, and a dark item."""

    def __init__(self):
        self.asked, self.agents, self.busy = [], set(), 1
        self.listed = ["cops", "dark"]
        handler = type("Handler", (_Handler,), {"archive": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def answer(self, path, query):
        if path == "/advancedsearch.php":
            rows = [{"identifier": name} for name in self.listed] if query["rows"] != ["0"] else []
            return {"response": {"numFound": len(self.listed), "start": 0, "docs": rows}}
        if path == "/metadata/cops":
            return METADATA
        if path == "/metadata/dark":
            return {"is_dark": True, "created": 1}
        return TORRENT if path == "/download/cops/cops_archive.torrent" else None


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        self.archive.asked.append(parts.path)
        self.archive.agents.add(self.headers["User-Agent"])
        found = self.archive.answer(parts.path, parse_qs(parts.query))
        if self.archive.busy and found is not None:
            self.archive.busy -= 1
            self.send_response(429)
            self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Not wanted."""


INFO_HASH = metainfo.parse(TORRENT).info_hash
METADATA = {
    "metadata": {
        "identifier": "cops",
        "title": "Cops",
        "mediatype": "movies",
        "year": "1922",
        "licenseurl": "http://creativecommons.org/publicdomain/mark/1.0/",
        "collection": ["films_of_the_house", "more"],
    },
    "files": [
        {
            "name": "cops.mp4",
            "format": "h.264",
            "source": "original",
            "size": str(len(FILM)),
            "sha1": hashlib.sha1(FILM).hexdigest(),
            "length": "1080.5",
        },
        {
            "name": "cops_archive.torrent",
            "format": "Archive BitTorrent",
            "source": "metadata",
            "btih": INFO_HASH,
            "size": str(len(TORRENT)),
        },
    ],
}


@pytest.fixture
def archive():
    made = ArchiveServer()
    yield made
    made.close()


def commonreel(*arguments):
    """The command's exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "commonreel", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "lib")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def harvest(archive, out, *more):
    asked = ("--base-url", archive.address, "--out", out, "--spacing", "0.01")
    code, said, errors = commonreel("source", "archive", *asked, *more)
    assert code == 0, errors
    return json.loads(said)


def test_from_an_archive_to_a_catalogue(archive, tmp_path):
    out = tmp_path / "out"
    report = harvest(archive, out)
    assert (report["listed"], report["records"], report["review"], report["unanswered"]) == (2, 0, 2, {})
    review = {line["id"]: line["reasons"] for line in lines(out / "review.ndjson")}
    assert review == {"ia:cops": ["no second witness"], "ia:dark": ["dark"]}
    trusted = tmp_path / "trusted.json"
    trusted.write_text(
        json.dumps({"collection:films_of_the_house": {"by": "The House", "url": "https://house.example/"}})
    )
    assert harvest(archive, out, "--institutions", trusted)["records"] == 1
    [film] = lines(out / "records.ndjson")
    assert film["encoding"][0]["infoHash"] == INFO_HASH
    built = tmp_path / "catalogue"
    asked = ("--records", out / "records.ndjson", "--keys", tmp_path / "keys", "--out", built)
    code, said, errors = commonreel("catalog", "build", *asked, "--window", "0")
    assert (code, json.loads(said)["works"]) == (0, 1), errors
    assert commonreel("catalog", "verify", built) == (0, "", "")


def test_the_server_is_asked_as_it_wishes(archive, tmp_path):
    harvest(archive, tmp_path / "out", "--contact", "curator@example.org")
    assert {agent.partition("/")[0] for agent in archive.agents} == {"CommonReel"}
    assert all("curator@example.org" in agent for agent in archive.agents)
    assert archive.busy == 0


def test_an_item_that_is_listed_no_more_is_asked_for_by_itself(archive, tmp_path):
    harvest(archive, tmp_path / "out")
    archive.listed, archive.asked = [], []
    harvest(archive, tmp_path / "out")
    assert "/metadata/cops" in archive.asked


@pytest.mark.parametrize("content", ["[]", '{"collection:films": "House"}', "{oops"])
def test_a_list_of_institutions_that_is_none_is_refused(archive, tmp_path, content):
    trusted = tmp_path / "trusted.json"
    trusted.write_text(content)
    asked = ("--base-url", archive.address, "--out", tmp_path / "out", "--institutions", trusted)
    code, said, _ = commonreel("source", "archive", *asked)
    assert (code, "error" in json.loads(said), archive.asked) == (2, True, [])


def test_a_witness_that_is_no_file_of_records_is_refused(archive, tmp_path):
    witness = tmp_path / "witness.ndjson"
    witness.write_text("[1]\n")
    asked = ("--base-url", archive.address, "--out", tmp_path / "out", "--witness", witness)
    code, said, _ = commonreel("source", "archive", *asked)
    assert (code, "without an id" in json.loads(said)["error"]) == (2, True)


@pytest.mark.parametrize("name", ["archive", "commons", "wikidata"])
def test_other_peoples_servers_are_not_asked_by_nobody(tmp_path, name):
    code, said, _ = commonreel("source", name, "--out", tmp_path / "out")
    assert code == 2
    assert "--contact" in json.loads(said)["error"]


@pytest.mark.parametrize("name", ["peertube", "list"])
def test_a_kind_of_place_without_an_address_of_its_own_wants_one(tmp_path, name):
    code, said, _ = commonreel("source", name, "--out", tmp_path / "out", "--contact", "me@example.org")
    assert (code, "error" in json.loads(said)) == (2, True)
