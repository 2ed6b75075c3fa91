# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel funding`, with a server of this machine's in place of the makers'."""

from __future__ import annotations

import http.server
import json

import pytest

from commonreel import cli
from lab.local_server import LocalServer
from lab.records import free

KEY = "ab" * 32
SITE = "https://makers.example.org/.well-known/commonreel.json"
OWN, SERVICE = "https://makers.example.org/give", "https://liberapay.com/makers"


@pytest.fixture
def served():
    """Path → what is there."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    with LocalServer(Handler) as server:
        pages["address"], pages["asked"] = server.address, server.asked
        yield pages


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = cli.main(["funding", *map(str, arguments)])
        return status, capsys.readouterr()

    return run


@pytest.fixture
def records(tmp_path):
    rights = {
        "class": "A",
        "territories": ["*"],
        "evidence": [{"kind": "signed-declaration", "url": SITE, "by": KEY}],
    }
    channels = [{"type": "payment-provider", "address": each} for each in (OWN, SERVICE)]
    facts = {
        "rights": rights,
        "funding": {"channels": channels},
        "source": {"name": "Makers", "url": "https://makers.example.org/films/one"},
        "director": ["A. Maker"],
    }
    path = tmp_path / "records.ndjson"
    path.write_text("".join(json.dumps(free(id, **facts)) + "\n" for id in ("t:one", "t:two")))
    return path


def test_what_is_written_is_read_from_a_file_and_from_the_web(run, records, served, tmp_path):
    status, out = run("write", records, "--site", "makers.example.org", "--email", "us@makers.example.org")
    assert (status, out.err) == (0, "")
    manifest = json.loads(out.out)
    assert (manifest["entity"]["name"], len(manifest["projects"])) == ("A. Maker", 2)
    (tmp_path / "funding.json").write_text(out.out)
    served["/funding.json"] = out.out.encode()
    for source in (tmp_path / "funding.json", served["address"] + "funding.json"):
        status, out = run("read", source)
        told = json.loads(out.out)
        assert status == 0
        assert [each["address"] for each in told["funding"]["channels"]] == [OWN, SERVICE]
        assert told["refused"] == []
        [unseen] = told["notShown"]
        assert unseen["address"] == OWN
        assert "nor proven to be the makers' own" in unseen["reason"]


def test_what_is_refused_is_told_and_makes_a_failure(run, records, tmp_path):
    _, out = run("write", records, "--site", "makers.example.org", "--email", "us@makers.example.org")
    manifest = json.loads(out.out)
    manifest["funding"]["channels"][0]["address"] = "https://liberapay.com@evil.example/makers"
    (tmp_path / "funding.json").write_text(json.dumps(manifest))
    status, out = run("read", tmp_path / "funding.json")
    told = json.loads(out.out)
    assert status == 1
    assert [each["address"] for each in told["funding"]["channels"]] == [SERVICE]
    [refused] = told["refused"]
    assert refused["channel"] == "makers-example-org-give"
    assert "a user name hides its host" in refused["reason"]


@pytest.mark.parametrize("body", [b"<html>sorry</html>", b"{}", b"x" * (300 << 10), None])
def test_what_is_no_funding_json(run, served, tmp_path, body):
    sources = [served["address"] + "funding.json", tmp_path / "funding.json"]
    if body is not None:
        served["/funding.json"] = body
        sources[1].write_bytes(body)
    for source in sources:
        status, out = run("read", source)
        assert status == 2
        assert list(json.loads(out.out)) == ["error"]


def test_a_private_address_is_not_asked_over_tls(run, served):
    status, out = run("read", served["address"].replace("http:", "https:") + "funding.json")
    assert status == 2
    assert "address-refused" in json.loads(out.out)["error"]
    assert served["asked"] == []


def test_whether_the_site_says_so_too(run, records, served):
    served["/.well-known/commonreel.json"] = json.dumps({"v": 1, "keys": [KEY], "funding": [OWN]}).encode()
    status, out = run("check", records, "--base-url", served["address"])
    assert (status, out.out) == (0, "")
    assert served["asked"] == ["/.well-known/commonreel.json"]  # once for both works

    served["/.well-known/commonreel.json"] = json.dumps({"v": 1, "keys": ["cd" * 32]}).encode()
    status, out = run("check", records, "--base-url", served["address"])
    assert status == 1
    assert out.out.splitlines() == [
        "t:%s: %s: does not name the key %s" % (id, SITE, KEY) for id in ("one", "two")
    ]


def test_a_site_that_does_not_answer_proves_nothing(run, records, served):
    status, out = run("check", records, "--base-url", served["address"])
    assert status == 1
    assert out.out.count("HTTP 404") == 2
    assert len(served["asked"]) == 1


def test_wrong_records_are_told_and_nothing_is_written_of_them(run, tmp_path):
    path = tmp_path / "records.ndjson"
    path.write_text(json.dumps(free("t:one", funding={"channels": [{"type": "gold", "address": "x"}]})))
    assert run("check", path)[0] == 1
    status, out = run("write", path, "--site", "makers.example.org", "--email", "us@makers.example.org")
    assert status == 2
    assert "no record states a way to give" in json.loads(out.out)["error"]
