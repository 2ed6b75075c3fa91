# SPDX-License-Identifier: GPL-3.0-or-later
"""A DHT of libtorrent's nodes on addresses of this machine, and nodes that say what they should not."""

from __future__ import annotations

import itertools
import os
import socket
import threading

import libtorrent as lt

from commonreel.works import bencode


class Dht:
    """So many nodes, each in a network of its own: none would ask two of the same. A context manager."""

    def __init__(self, nodes=6, host="127.0.%d.1", port=0):
        """`host`: the address of each, with its number, from 1 on. `port`: of each; 0 for any."""
        self._host, self._port = host, port
        self._nodes = [self._node(number) for number in range(1, nodes + 1)]
        for node in self._nodes:
            for address in self.addresses:
                node.add_dht_node(address)

    def _node(self, number):
        return lt.session(
            {
                "listen_interfaces": place(self._host % number, self._port),
                "enable_dht": True,
                "dht_bootstrap_nodes": "",
                "dht_block_ratelimit": 10_000,  # few nodes have to answer what else is spread over millions
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "alert_mask": 0,
            }
        )

    @property
    def addresses(self):
        """Of the nodes."""
        return [(self._host % number, node.listen_port()) for number, node in enumerate(self._nodes, 1)]

    @property
    def entrance(self):
        """One of them: it knows the others."""
        return self.addresses[0]

    def close(self):
        self._nodes.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()


def place(host, port):
    """As libtorrent wants it."""
    return ("[%s]:%d" if ":" in host else "%s:%d") % (host, port)


class Liar:
    """A node that answers whoever looks for an item with this one, whatever it was told, and knows nobody."""

    _count = itertools.count()

    def __init__(self, item):
        host = "127.20.%d.1" % next(self._count)  # a network of its own
        self.asked = 0
        self._item = item
        self._id = os.urandom(20)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.address = self._socket.getsockname()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            packet, caller = self._socket.recvfrom(4096)
            if not packet:
                return
            said = bencode.decode(packet)
            if said.get(b"y") != b"q":
                continue
            answer = {b"id": self._id, b"nodes": b"", b"token": b"token"}
            if said[b"q"] == b"get":
                self.asked += 1
                answer.update(self._item)
            reply = {b"t": said[b"t"], b"y": b"r", b"r": answer}
            self._socket.sendto(bencode.encode(reply), caller)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._socket.sendto(b"", self.address)
        self._thread.join()
        self._socket.close()
