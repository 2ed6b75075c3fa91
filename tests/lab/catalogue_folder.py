# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder with records and torrents, as a film maker lays it out to see a film before publishing it."""

from __future__ import annotations

import json

EVERYWHERE = {
    "class": "A",
    "territories": ["*"],
    "evidence": [{"kind": "signed-declaration", "by": "ed25519:test", "at": "2026-01-01"}],
}
LICENCE = {
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "spdx": "CC-BY-4.0",
    "credit": "© the test suite",
}


class CatalogueFolder:
    """Each add() writes the records anew; the service takes changes over while it runs."""

    def __init__(self, folder):
        self.folder = folder
        self._records = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._write()

    def add(self, work_id, title, torrent, **fields):
        """A film that is free everywhere. `torrent`: its .torrent's bytes; fields as in a record."""
        name = "%s.torrent" % work_id.partition(":")[2]
        (self.folder / name).write_bytes(torrent)
        self._records[work_id] = {
            "v": 1,
            "id": work_id,
            "type": "Movie",
            "name": {"en": title},
            "license": LICENCE,
            "rights": EVERYWHERE,
            "source": {"name": "Test suite", "url": "https://example.org/%s" % name},
            "encoding": [{"torrent": name}],
            **fields,
        }
        self._write()

    def introduce(self, id, kind, name, **fields):
        """A maker or a list. `kind`: Person, Organization or ItemList."""
        self._records[id] = {"id": id, "type": kind, "name": {"en": name}, **fields}
        self._write()

    def change(self, work_id, **fields):
        """Have other fields in a record."""
        self._records[work_id].update(fields)
        self._write()

    def remove(self, work_id):
        """Take a film back."""
        del self._records[work_id]
        self._write()

    def withdraw(self, work_id, why):
        """Take a film back, and say so."""
        self._records[work_id] = {"id": work_id, "rev": 1, "withdrawn": why}
        self._write()

    def _write(self):
        text = json.dumps(list(self._records.values()), ensure_ascii=False, indent=1)
        (self.folder / "records.json").write_text(text, encoding="utf-8")
