# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts what a key has signed into the DHT (BEP 5, 44): that of IPv4, and that of IPv6 (BEP 32).

libtorrent does so too, but lets Python put nothing but a string, where BEP 46 wants a dictionary; and it
counts the number up each time, where the same build is to keep its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import struct
import time
from typing import Dict, Iterator, Mapping, NamedTuple, Sequence, Tuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..works import bencode
from ..works.errors import TorrentInvalid
from .keys import public

NEAREST = 8  # nodes that keep an item
ANSWER_SECONDS = 2.0
MAX_ASKED = 200  # nodes, for one item
_MAX_NODES = 16  # that are believed of one answer
_PACKET = 4096  # bytes
_FAR = 1 << 160

Address = Tuple[str, int]
Message = Dict[bytes, bencode.Value]


class _Network(NamedTuple):
    """The DHT of one version of IP, whose nodes know those of the same."""

    nodes: bytes  # where an answer names others
    node: struct.Struct  # one of these: id, address, port


_NETWORKS = {
    socket.AF_INET: _Network(b"nodes", struct.Struct(">20s4sH")),
    socket.AF_INET6: _Network(b"nodes6", struct.Struct(">20s16sH")),
}


class Outcome(NamedTuple):
    """Of a put."""

    stored: int  # nodes that have taken it
    refused: int  # that have not; they say that they have a newer one, or give another reason


def signed(key: Ed25519PrivateKey, salt: bytes, number: int, value: bencode.Value) -> Message:
    """What a put says, but for its token. `number`: a higher one takes the place of a lower."""
    signature = key.sign(text(salt, number, value))
    item: Message = {b"k": public(key), b"seq": number, b"sig": signature, b"v": value}
    return {**item, b"salt": salt} if salt else item


def text(salt: bytes, number: int, value: bencode.Value) -> bytes:
    """That which is signed."""
    named = b"4:salt" + bencode.encode(salt) if salt else b""
    return named + b"3:seqi%de1:v" % number + bencode.encode(value)


def place(key: bytes, salt: bytes) -> bytes:
    """Where in the DHT the items of a public key are."""
    return hashlib.sha1(key + salt).digest()  # noqa: S324 - BEP 44


def put(
    item: Message,
    target: bytes,
    known: Sequence[Address],
    seconds: float,
    sources: Sequence[str] = ("0.0.0.0", "::"),  # noqa: S104 - whichever the system takes
) -> Outcome:
    """Have the nodes nearest to its place keep it, by each version of IP of which one is known. `known`:
    addresses of some nodes. `seconds`: for each version. `sources`: the address to send from, of each. Raises
    OSError where there is no network.

    Whoever keeps an item takes its sender for a node, which it is not, unless it has the address of one that
    is known there. Looks would wait for it, 15 seconds in libtorrent. So this machine's own node keeps none.
    """
    outcomes: list[Outcome] = []
    failed: OSError | None = None
    for source in sources:
        there = [each for each in known if (":" in each[0]) == (":" in source)]
        try:
            outcomes += [_put(source, item, target, there, seconds)] if there else []
        except OSError as error:  # the other version may do
            failed = error
    if failed and not outcomes:
        raise failed
    return Outcome(sum(each.stored for each in outcomes), sum(each.refused for each in outcomes))


def _put(source: str, item: Message, target: bytes, known: Sequence[Address], seconds: float) -> Outcome:
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        me = os.urandom(len(target))
        tokens = _nearest(sock, me, target, known, time.monotonic() + seconds)
        others = [address for address in tokens if address[0] != source][:NEAREST]
        puts = {address: {**item, b"token": tokens[address]} for address in others}
        kinds = [answer.get(b"y") for answer in _ask(sock, me, b"put", puts).values()]
        return Outcome(kinds.count(b"r"), kinds.count(b"e"))


def _nearest(
    sock: socket.socket, me: bytes, target: bytes, known: Sequence[Address], until: float
) -> dict[Address, bytes]:
    """The nodes that have answered, the nearest to that place first, and the tokens that they want to see
    with a put."""
    distance = dict.fromkeys(known, 0)  # until they say who they are
    tokens: dict[Address, bytes] = {}
    asked: set[Address] = set()
    while time.monotonic() < until and len(asked) < MAX_ASKED:
        near = sorted(distance, key=distance.__getitem__)[:NEAREST]
        wanted = [address for address in near if address not in asked]
        if not wanted:
            break
        asked.update(wanted)
        answers = _ask(sock, me, b"get", {address: {b"target": target} for address in wanted})
        for address in wanted:
            said = answers.get(address, {}).get(b"r")
            token = said.get(b"token") if isinstance(said, dict) else None
            if not isinstance(said, dict) or not isinstance(token, bytes):
                del distance[address]  # it is silent, or keeps nothing
                continue
            tokens[address] = token
            distance[address] = _distance(said.get(b"id"), target)
            for other, id in _nodes(sock.family, said):
                if other not in asked:
                    distance.setdefault(other, _distance(id, target))
    return {address: tokens[address] for address in sorted(tokens, key=distance.__getitem__)}


def _ask(
    sock: socket.socket, me: bytes, query: bytes, questions: Mapping[Address, Message]
) -> dict[Address, Message]:
    """Who has answered in time, and what."""
    open: dict[bytes, Address] = {}
    for address, arguments in questions.items():
        number = os.urandom(4)
        open[number] = address
        message: Message = {b"t": number, b"y": b"q", b"q": query, b"a": {**arguments, b"id": me}, b"ro": 1}
        with contextlib.suppress(OSError):  # no way there
            sock.sendto(bencode.encode(message), address)
    answers: dict[Address, Message] = {}
    until = time.monotonic() + ANSWER_SECONDS
    while open and time.monotonic() < until:
        sock.settimeout(max(0.001, until - time.monotonic()))
        try:
            packet, sender = sock.recvfrom(_PACKET)
            said = bencode.decode(packet)
        except (OSError, TorrentInvalid):  # time is over; somebody is not there; not the DHT's words
            continue
        address = sender[0], sender[1]
        told = said.get(b"t") if isinstance(said, dict) else None
        if isinstance(said, dict) and isinstance(told, bytes) and open.get(told) == address:
            del open[told]
            answers[address] = said
    return answers


def _nodes(family: socket.AddressFamily, said: Message) -> Iterator[tuple[Address, bytes]]:
    network = _NETWORKS[family]
    compact = said.get(network.nodes)
    if isinstance(compact, bytes):
        whole = len(compact) - len(compact) % network.node.size
        for id, host, port in list(network.node.iter_unpack(compact[:whole]))[:_MAX_NODES]:
            if port:
                yield (socket.inet_ntop(family, host), port), id


def _distance(id: object, target: bytes) -> int:
    if not isinstance(id, bytes) or len(id) != len(target):
        return _FAR
    return int.from_bytes(id, "big") ^ int.from_bytes(target, "big")
