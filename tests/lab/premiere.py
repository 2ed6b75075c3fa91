# SPDX-License-Identifier: GPL-3.0-or-later
"""Films shown for the first time: in a local catalogue folder, and seeded by peers on this machine."""

from __future__ import annotations

import re

from . import torrents
from .catalogue_folder import CatalogueFolder
from .films import SECONDS, film
from .swarm import Seeder, Tracker

SEEDERS = 3
PIECE = 64 * 1024


def work_id(title):
    return "local:" + "-".join(re.findall("[a-z0-9]+", title.lower()))


class Premiere:
    """A context manager. `folder` is what the add-on's setting for a local catalogue is to name."""

    def __init__(self, folder):
        self.catalogue = CatalogueFolder(folder)
        self.folder = folder
        self._tracker = Tracker()
        self._seeders = []

    def show(self, title, name, peers=SEEDERS, rate=0, web_seeds=(), beside=None, **facts):
        """Put a film of lab.films into the catalogue, seeded by so many peers; returns its path.

        `rate`: of each peer, bytes a second, 0 for no limit. `beside`: what else is in the torrent, path →
        bytes; it is then one of a folder.
        """
        path = film(name)
        content = path.read_bytes()
        if beside:
            path = self._folder(title, {name: content, **beside})
        torrent = torrents.make(
            path.name,
            {name: content, **beside} if beside else content,
            piece_length=PIECE,
            announce=self._tracker.address,
            url_list=list(web_seeds) or None,
        )
        for _ in range(peers):
            seeder = Seeder(torrent, path.parent, rate)
            self._seeders.append(seeder)
            self._tracker.peers.append(seeder.address)
        self.catalogue.add(work_id(title), title, torrent, **{"year": 2020, "duration": SECONDS, **facts})
        return path

    def _folder(self, title, files):
        folder = self.folder.parent / "seeded" / title
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    def unlimit(self):
        """From now on the peers give as fast as they can."""
        for seeder in self._seeders:
            seeder.unlimit()

    def given(self):
        """Bytes of films that the peers have sent so far, by their own count."""
        return sum(seeder.given for seeder in self._seeders)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for seeder in self._seeders:
            seeder.close()
        self._tracker.close()
