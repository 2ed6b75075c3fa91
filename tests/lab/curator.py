# SPDX-License-Identifier: GPL-3.0-or-later
"""A curator of a catalogue, and hosts that serve it: honest ones, and others."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
from datetime import datetime, timezone

from commonreel.publish import files, keys, signing
from commonreel.publish.building import WINDOW, gather, next_build
from commonreel.publish.publishers import Published, next_publishers, publish, read
from commonreel.publish.repository import Repository

from .local_server import LocalServer

NOW = datetime.now(timezone.utc).replace(microsecond=0)


class Curator:
    """Keys, and a catalogue that grows by builds."""

    def __init__(self, folder):
        self.keys, self.out = folder / "keys", folder / "out"
        self.about = {}
        keys.make(self.keys)

    def build(self, *records, now=NOW, out=None, mirrors=(), window=WINDOW, publishers=(), dropped=()):
        """The next build; `publishers` are folders that were handed over."""
        repository = Repository(out or self.out)
        offered = gather((("", made) for made in records), now.year)
        catalogue = next_build(repository.catalogue(), offered, now.date().isoformat(), window)
        handed = [read(folder, now.year) for folder in publishers]
        carried = next_publishers(repository.publishers(), handed, dropped, list(catalogue.records))
        return repository.write(catalogue, self.about, keys.read(self.keys), now, mirrors, carried)

    def carry(self, published):
        """Sign for a publisher without looking at what it has signed, as no curator should."""
        repository = Repository(self.out)
        carried = {published.name: published}
        repository.write(repository.catalogue(), self.about, keys.read(self.keys), NOW, (), carried)

    @property
    def fingerprint(self):
        return Repository(self.out).fingerprint

    def versions(self):
        signed = Repository(self.out).signed()
        return [each.signed.version for each in (*signed.content[:3], signed.timestamp)]

    def tree(self, out=None):
        out = out or self.out
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


class Publisher:
    """Somebody with a key and works of their own. `check` False: who signs what it should not."""

    def __init__(self, name, folder):
        self.name, self.keys, self.handed = name, folder / "keys", folder / "handed"
        self.check = True
        keys.make(self.keys)

    def publish(self, *records):
        """The folder to hand over; what was signed, where nothing is checked."""
        signers = keys.read(self.keys)["targets"]
        if self.check:
            publish(self.name, records, signers, NOW, self.handed)
            return self.handed
        body = files.packed(records)
        return Published(self.name, signing.publisher(self.name, body, signers, NOW, 1), body)


class Host(LocalServer):
    """A LocalServer of a folder, with ETags. `lies`: what it says in the place of a file, by the beginning of
    its path: bytes, a function of the true ones, or None for 404. `unchanged`: how often it said so."""

    def __init__(self, folder):
        self.folder = folder
        self.lies, self.unchanged = {}, 0
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.answer(self)

            def log_message(self, *_arguments):
                """Say nothing."""

        super().__init__(Handler)

    def answer(self, request):
        path = request.path.lstrip("/")
        self.asked.append(path)
        file = self.folder / path
        body = file.read_bytes() if file.is_file() else None
        for beginning, lie in self.lies.items():
            if path.startswith(beginning):
                body = lie(body) if callable(lie) else lie
        if body is None:
            request.send_error(404)
            return
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:8]
        if request.headers.get("If-None-Match") == tag:
            self.unchanged += 1
            request.send_response(304)
            request.end_headers()
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", tag)
        request.end_headers()
        with contextlib.suppress(ConnectionError):  # who asked has had enough
            request.wfile.write(body)
