# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that follows a catalogue, without the service around it."""

from __future__ import annotations

from commonreel.catalog import following, updating
from commonreel.catalog.mirror import Mirror
from commonreel.catalog.store import Store
from commonreel.catalog.verified import Verified
from commonreel.net.fetch import Fetcher
from commonreel.works.query import Query


class Device:
    """`update` is one look at these hosts, in their order."""

    def __init__(self, folder, host):
        self.store, self.catalogues = folder / "catalogue.db", folder / "catalogues"
        offer = following.offered(host.address, "test")
        self.followed = following.follow(self.catalogues, offer)
        self.year = 2026

    def update(self, *hosts, go_on=lambda: None):
        fetcher = Fetcher("test", local=True)
        mirrors = [Mirror(host.address, fetcher) for host in hosts]
        verified = Verified(self.followed, mirrors)
        verified.refresh()
        with Store(self.store, writable=True) as store:
            return updating.update(self.followed, verified, store, self.year, go_on)

    def ids(self):
        with Store(self.store, writable=True) as store:
            return sorted(work.id for work in store.page(Query(size=500)).works)

    def version(self):
        with Store(self.store, writable=True) as store:
            return store.version(self.followed.origin)
