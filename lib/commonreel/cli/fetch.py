# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel catalog fetch`: what a device that follows a catalogue does, on the command line."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Any, Callable, Iterator

from .. import __version__
from ..catalog import following
from ..catalog.following import FIRST_ROOT, MAX_ROOT, Followed, Offer
from ..catalog.store import Store
from ..net.fetch import Fetcher
from ..service.announced import Announced
from ..service.config import GIB
from ..streaming import engines
from ..streaming.cache import Cache
from ..streaming.options import EngineOptions
from ..works import agent, magnet, pointer
from ..works.errors import CatalogueRefused
from ..works.pointer import Pointer
from ..works.protocols import Engine
from .output import tell
from .stream import peer

USER_AGENT = agent.name(__version__)


def add_to(actions: Any) -> None:
    fetch = actions.add_parser("fetch", help="bring a copy of a catalogue up to date, as a device does")
    where = fetch.add_mutually_exclusive_group(required=True)
    where.add_argument("address", nargs="?", help="where it lies: https://host/folder/, or its magnet link")
    where.add_argument("--dht", metavar="KEY", help="its key in the DHT, 64 hexadecimal digits")
    fetch.add_argument("--salt", default="", help="of that key, where it has one")
    fetch.add_argument("--fingerprint", required=True, help="of its first keys, as `stats` tells it")
    fetch.add_argument("--dir", type=Path, required=True, help="where the copy is kept")
    fetch.add_argument(
        "--bootstrap", type=peer, action="append", default=[], metavar="HOST:PORT", help="of the DHT"
    )
    fetch.add_argument(
        "--listen", default=EngineOptions.listen, metavar="ADDRESS:PORT", help="of this machine"
    )
    fetch.set_defaults(run=_fetch)


def _fetch(options: argparse.Namespace) -> int:
    from ..service import looking  # late: tuf takes 0.2 s

    address = options.address
    if options.dht:
        address = pointer.parse(Pointer(options.dht.lower(), options.salt.encode().hex()).link).link
    with _engine(options) as engine:
        followed = _followed(options.dir / "catalogues", address, options.fingerprint, engine)
        fetcher = Fetcher(USER_AGENT, local=followed.local)
        with Store(options.dir / "catalogue.db", writable=True) as store:
            found = looking.look(followed, followed.state, store, fetcher, engine, lambda: None)
        followed.keep(found.state)
    about = found.updated.about
    tell({"build": about.build, "at": about.at, "works": about.works, "changed": found.updated.changed})
    return 0


@contextlib.contextmanager
def _engine(options: argparse.Namespace) -> Iterator[Callable[[], Engine]]:
    """One that is there once it is wanted."""
    begun: list[engines.AnyEngine] = []

    def engine() -> Engine:
        if not begun:
            folder = options.dir / "cache"
            folder.mkdir(parents=True, exist_ok=True)
            nodes = ",".join("%s:%d" % node for node in options.bootstrap)
            begun.append(
                engines.best(
                    Cache(folder, GIB),
                    EngineOptions(listen=options.listen, user_agent=USER_AGENT, dht_nodes=nodes),
                )
            )
        return begun[0]

    try:
        yield engine
    finally:
        engines.close(begun)


def _followed(catalogues: Path, address: str, fingerprint: str, engine: Callable[[], Engine]) -> Followed:
    """Raises CatalogueUnavailable, CatalogueRefused where other keys are there, FetchFailed."""
    for each in following.followed(catalogues):
        if (each.address, each.fingerprint) == (address, fingerprint):
            return each
    offer = _offered(address, engine)
    if offer.fingerprint != fingerprint:
        raise CatalogueRefused("the fingerprint there is %s" % offer.fingerprint)
    return following.follow(catalogues, offer)


def _offered(address: str, engine: Callable[[], Engine]) -> Offer:
    if not magnet.is_magnet(address):
        return following.offered(address, USER_AGENT)
    named = pointer.parse(address)
    return following.offer(named.link, Announced(engine, named).get(FIRST_ROOT, MAX_ROOT))
