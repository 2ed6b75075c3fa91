# SPDX-License-Identifier: GPL-3.0-or-later
"""What leads from this machine to others."""

from __future__ import annotations

import socket

import pytest

from commonreel.net import reach


@pytest.mark.parametrize(("version", "family"), [(4, socket.AF_INET), (6, socket.AF_INET6)])
def test_who_reaches_the_world_does_so_from_an_address_of_its_own(version, family):
    for host in reach.outgoing(version):
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.bind((host, 0))
        assert not host.startswith(("127.", "::1"))


def test_where_no_way_leads_there_is_no_address(monkeypatch):
    def unreachable(*_):
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert reach.outgoing(4) == reach.outgoing(6) == []
