# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker who sends in a film, well or badly on purpose, and the places where the maker has accounts.

It does not use the code by which `commonreel submit` makes a submission.
"""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonreel.publish.submission import minisign
from commonreel.works import declaration, metainfo
from commonreel.works.declaration import Declaration, DeclaredFile, Statement
from commonreel.works.errors import TorrentInvalid

from . import films, torrents

BY = "https://creativecommons.org/licenses/by/4.0/"
ITEM = "TheLongWay"
STATEMENTS = {
    "authors": Statement("sole"),
    "music": Statement("own"),
    "archiveFootage": Statement("none"),
    "performers": Statement("none"),
    "coProducers": Statement("none"),
    "collectingSociety": Statement("none"),
}


def short_film():
    """The path of a film of three seconds that plays everywhere; made once."""
    picture, sound = "testsrc2=size=160x90:rate=12:duration=3", "sine=duration=3"
    codecs = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart")

    def make(target):
        films.ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *codecs, str(target))

    return films.made_once("short.mp4", make)


def today(days=0):
    now = datetime.datetime.now(datetime.timezone.utc).date()
    return (now + datetime.timedelta(days)).isoformat()


class Maker:
    """Whose key it is. `film`: bytes."""

    def __init__(self, film):
        self.private = Ed25519PrivateKey.generate()
        self.public = self.private.public_key().public_bytes_raw()
        self.key = declaration.fingerprint(self.public)
        self.film = film

    def record(self, id="ia:" + ITEM, **more):
        """A record, of which the torrent is not known yet."""
        return {
            "id": id,
            "v": 1,
            "rev": 1,
            "type": "Movie",
            "name": {"en": "The Long Way"},
            "year": 2026,
            "maker": [declaration.maker(self.key)],
            "director": ["Ada Lund"],
            "license": {"url": BY, "credit": "Ada Lund"},
            "rights": {
                "class": "A",
                "territories": ["*"],
                "evidence": [self.evidence(id)],
                "declaredUntil": today(365),
            },
            "source": {"name": "archive.org", "url": "https://archive.org/details/" + ITEM},
            "submitter": self.key,
            **more,
        }

    def evidence(self, id):
        pages = {"ia": "https://archive.org/details/" + ITEM, "pt": "https://tube.example/c/films"}
        page = pages.get(id.partition(":")[0], "https://makers.example/.well-known/commonreel.json")
        return {"kind": "signed-declaration", "url": page, "by": self.key, "at": today()}

    def torrent(self, **more):
        seeds = ["https://archive.org/download/%s/film.mp4" % ITEM]
        return torrents.make("film.mp4", self.film, version=torrents.HYBRID, **{"url_list": seeds, **more})

    def send(self, folder, made=None, torrent=None, declared=None, after=None):
        """Write a submission. `declared`: changes to the declaration before it is signed. `after`: given the
        record, to change it behind the signature."""
        made, body = made or self.record(), self.torrent() if torrent is None else torrent
        try:
            info_hash = metainfo.parse(body).info_hash or "ab" * 20
        except TorrentInvalid:
            info_hash = "ab" * 20
        file = {"path": "film.mp4", "length": len(self.film), "sha1": hashlib.sha1(self.film).hexdigest()}
        made.setdefault("encoding", [{"infoHash": info_hash, "file": file}])
        said = Declaration(
            work=made["id"],
            title=next(iter(made["name"].values())),
            public_key=self.public,
            film=(DeclaredFile("film.mp4", len(self.film), hashlib.sha256(self.film).hexdigest()),),
            info_hash=info_hash,
            license=made["license"]["url"],
            by="Ada Lund",
            at=today(),
            until=today(365),
            statements=STATEMENTS,
            record=declaration.seal(made),
        )
        words = declaration.to_bytes(replace(said, **(declared or {})))
        if after:
            made = copy.deepcopy(made)
            after(made)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "record.json").write_text(json.dumps(made))
        (folder / "film.torrent").write_bytes(body)
        (folder / "declaration.json").write_bytes(words)
        (folder / "declaration.sig").write_text(minisign.sign(words, self.private, "a film"))
        (folder / "film.mp4").write_bytes(self.film)
        return folder


class Places:
    """What the hosts tell on which a maker has accounts: files below a folder, to be served."""

    def __init__(self, folder, key):
        self.folder, self.key = folder, key
        self.item = {"identifier": ITEM, "mediatype": "movies", "title": "The Long Way", "licenseurl": BY}
        self.item["external-identifier"] = ["urn:imdb:tt1", declaration.proof(key)]
        self.channel = {
            "name": "films",
            "host": "tube.example",
            "support": "My key: " + declaration.proof(key),
        }
        self.video = {"uuid": UUID, "privacy": {"id": 1}, "licence": {"id": 1, "label": "Attribution"}}
        self.site = {"v": 1, "keys": [key], "funding": []}
        self.write()

    def write(self):
        self.put("metadata/" + ITEM, {"metadata": self.item, "files": [], "created": 1})
        self.put("api/v1/videos/" + UUID, {**self.video, "channel": {**self.channel, "support": None}})
        self.put("api/v1/video-channels/films", self.channel)
        self.put(".well-known/commonreel.json", self.site)

    def put(self, path, content):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
