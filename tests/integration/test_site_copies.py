# SPDX-License-Identifier: GPL-3.0-or-later
"""Posters and subtitles that a site has copies of come from the network, once."""

from __future__ import annotations

import json
import socket
import ssl

import pytest

from commonreel import cli
from commonreel.net import guard
from lab.certificates import certificate
from lab.curator import Curator
from lab.posters import poster
from lab.records import free
from lab.showcase import SUBTITLES
from lab.webseed import WebSeed

HOST = "films.example"


@pytest.fixture
def web(tmp_path, monkeypatch):
    """A server of HOST on this machine, as if it were elsewhere."""
    folder = tmp_path / "web"
    folder.mkdir()
    trusted = certificate(tmp_path, HOST, -1, 3)
    monkeypatch.setattr(guard, "DEFAULT_CA_BUNDLE_PATH", str(trusted))
    monkeypatch.setattr(guard, "public", lambda ip: ip == "127.0.0.1")
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    with WebSeed(folder, tls=context) as server:
        yield server


def test_they_are_fetched_once_and_shown_by_the_site_itself(web, tmp_path, capsys):
    (web.folder / "poster.jpg").write_bytes(poster("a", "A Film"))
    (web.folder / "film.srt").write_bytes(SUBTITLES)
    address = "https://%s:%d/" % (HOST, web.port)
    encoding = {
        "torrent": address + "film.torrent",
        "web": [address + "film.mp4"],
        "subtitles": [{"lang": "en", "url": address + "film.srt"}],
    }
    made = free("ex:a", image={"poster": address + "poster.jpg"}, encoding=[encoding])
    lost = free("ex:b", image={"poster": address + "lost.jpg"})
    curator, out = Curator(tmp_path), tmp_path / "site"
    curator.build(made, lost)
    command = ["catalog", "site", str(curator.out), "--out", str(out), "--copies", str(tmp_path / "copies")]

    assert cli.main(command) == 0
    assert "lost.jpg" in capsys.readouterr().err
    pictures = sorted(path.suffix for path in (out / "pictures").iterdir())
    assert pictures == [".jpg", ".vtt"]
    page = (out / "works" / "ex" / "a.html").read_text("utf-8")
    assert 'width="400" height="600"' in page
    assert "<track" in page
    assert cli.main(command) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == 0
    asked = [each.strip() for each in web.asked]
    assert sorted(asked) == ["/film.srt", "/lost.jpg", "/lost.jpg", "/poster.jpg"]
