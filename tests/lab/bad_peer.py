# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that misbehave, on raw sockets: they speak as much of BEP 3 as it takes to do harm."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Callable

HOST = "127.0.0.1"
_PROTOCOL = b"\x13BitTorrent protocol"
_CHOKE, _UNCHOKE, _INTERESTED, _HAVE, _BITFIELD, _REQUEST, _PIECE = 0, 1, 2, 4, 5, 6, 7

Answer = Callable[["Talk", int, int, int], None]  # to a request for (piece, start, length)


class Talk:
    """One connection to somebody."""

    def __init__(self, sock: socket.socket, stopped: threading.Event) -> None:
        self.sock = sock
        self.stopped = stopped

    def say(self, kind: int, payload: bytes = b"") -> None:
        self.sock.sendall(struct.pack(">IB", 1 + len(payload), kind) + payload)

    def give(self, piece: int, start: int, data: bytes) -> None:
        self.say(_PIECE, struct.pack(">II", piece, start) + data)

    def receive(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = self.sock.recv(length - len(data))
            if not more:
                raise ConnectionAbortedError("the other side has gone")
            data += more
        return data


class BadPeer:
    """Says that it has all pieces, unchokes everybody, and treats requests as it is told.

    By itself it is silent: a request gets no answer, for ever. `requests`: the pieces asked of it.
    """

    def __init__(self, info_hash: str, pieces: int, answer: Answer | None = None) -> None:
        """`info_hash`: hex; of a v2 torrent the first 40 digits count."""
        self._hash = bytes.fromhex(info_hash[:40])
        self._pieces = pieces
        self._answer = answer
        self.requests: list[int] = []
        self._stopped = threading.Event()
        self._server = socket.create_server((HOST, 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.address = self._server.getsockname()[:2]
        self._start(self._accept)

    def __enter__(self) -> BadPeer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stopped.set()
        for sock in [self._server, *self._open]:
            with contextlib.suppress(OSError):  # not connected any more
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            self._open.append(sock)
            self._start(lambda sock=sock: self._serve(sock))

    def _serve(self, sock: socket.socket) -> None:
        talk = Talk(sock, self._stopped)
        try:
            talk.receive(68)
            sock.sendall(_PROTOCOL + bytes(8) + self._hash + b"-XX0001-" + self._hash[:12])
            talk.say(_BITFIELD, self._bitfield())
            talk.say(_UNCHOKE)
            while True:
                (length,) = struct.unpack(">I", talk.receive(4))
                message = talk.receive(length)
                if message[:1] == bytes([_REQUEST]):
                    piece, start, size = struct.unpack(">III", message[1:])
                    self.requests.append(piece)
                    if self._answer:
                        self._answer(talk, piece, start, size)
        except OSError:
            sock.close()  # they have had enough of us, or the test is over

    def _bitfield(self) -> bytes:
        whole = (1 << self._pieces) - 1
        return (whole << (-self._pieces % 8)).to_bytes(-(-self._pieces // 8), "big")


def drip(content: bytes, piece_length: int, seconds: float) -> Answer:
    """What is asked for, but one block in so many seconds."""

    def answer(talk: Talk, piece: int, start: int, size: int) -> None:
        talk.stopped.wait(seconds)
        at = piece * piece_length + start
        talk.give(piece, start, content[at : at + size])

    return answer


def noise(talk: Talk, piece: int, start: int, size: int) -> None:
    """Something of the right size."""
    talk.give(piece, start, bytes(size))


def choke(talk: Talk, piece: int, start: int, size: int) -> None:
    """No, and yes again: so the same is asked for once more."""
    talk.say(_CHOKE)
    talk.stopped.wait(0.2)
    talk.say(_UNCHOKE)


def too_much(talk: Talk, piece: int, start: int, size: int) -> None:
    """A message that promises 200 MB."""
    talk.sock.sendall(struct.pack(">IBII", 200 << 20, _PIECE, piece, start) + bytes(size))


def out_of_range(talk: Talk, piece: int, start: int, size: int) -> None:
    """Pieces that are not in the torrent, and have never been asked for."""
    talk.say(_HAVE, struct.pack(">I", 0x7FFFFFFF))
    talk.give(0x7FFFFFFF, 0xFFFFFFF0, bytes(16))
