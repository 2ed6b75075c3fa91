# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of its own, whose addresses are public elsewhere: of a public catalogue the add-on takes
nothing from its own machine or network. It takes the right to make namespaces."""

from __future__ import annotations

import contextlib

import libtorrent as lt

from bench.network import Namespace, ip

from . import names
from .dht import Dht

NODE = "20.0.%d.1"  # public elsewhere, and none of those that libtorrent takes for dark
NODES = 6
CURATOR, DEVICE = "20.0.101.1", "20.0.100.1"
BOOTSTRAP, PORT = lt.default_settings()["dht_bootstrap_nodes"].split(",")[0].split(":")


@contextlib.contextmanager
def open_network():
    """Inside, all that this thread starts is there, at CURATOR or DEVICE, beside the Dht that it yields."""
    namespace = Namespace()
    try:
        with namespace.entered():
            ip("link", "add", "line", "type", "veth", "peer", "name", "end")
            nodes = [NODE % number for number in range(1, NODES + 1)]
            for host in (CURATOR, DEVICE, names.host(), *nodes):
                ip("addr", "add", host + "/32", "dev", "line")
            for name in ("line", "end"):
                ip("link", "set", name, "up")
            with Dht(NODES, NODE, int(PORT)) as dht:
                yield dht
    finally:
        namespace.close()


def bootstrap(dht):
    """A Names by which libtorrent finds its way into that Dht, as it does into the world's."""
    return names.Names({BOOTSTRAP: dht.entrance[0]})
