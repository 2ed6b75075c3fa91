# SPDX-License-Identifier: GPL-3.0-or-later
"""Two machines and a line between them, which leads nowhere else. It takes the right to make namespaces."""

from __future__ import annotations

from bench.network import Namespace, ip


class Line:
    """A context manager. `one` and `other`: the machines' namespaces, whose entered() has all that a thread
    starts be there."""

    def __init__(self, ones, others):
        """The addresses of each, all on one network of 16 bits; both take that for the way to the world."""
        self.one, self.other = Namespace(), Namespace()
        with self.one.entered():
            ip("link", "add", "line", "type", "veth", "peer", "name", "line", "netns", self.other.path)
        _set_up(self.one, ones)
        _set_up(self.other, others)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.one.close()
        self.other.close()


def _set_up(machine, hosts):
    with machine.entered():
        for host in hosts:
            more = ["nodad"] if ":" in host else []
            ip("addr", "add", host + "/16", "dev", "line", *more)
        ip("link", "set", "line", "up")
        ip("-6" if ":" in hosts[0] else "-4", "route", "add", "default", "dev", "line")
