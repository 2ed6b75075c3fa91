# SPDX-License-Identifier: GPL-3.0-or-later
"""The name server that this machine asks, where it has a network of its own (RFC 1035)."""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path

HOST = re.compile(r"^nameserver ([\d.]+)$", re.MULTILINE)  # resolv.conf(5); IPv4 alone
TYPE_A, CLASS_IN = b"\0\1", b"\0\1"
HEADER = 12  # bytes
FOUND, NO_SUCH_NAME = b"\x81\x80", b"\x81\x83"  # flags: an answer, recursion available
SECONDS = b"\0\0\0\x3c"  # for which an answer holds


def host():
    """Its address, which has to be one of the network's."""
    return HOST.findall(Path("/etc/resolv.conf").read_text("ascii"))[0]


class Names:
    """A context manager. Knows these names, name → IPv4 address, and no other."""

    def __init__(self, known):
        self._known = known
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host(), 53))
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _run(self):
        while True:
            asked, caller = self._socket.recvfrom(512)
            if not asked:
                return
            self._socket.sendto(self._answer(asked), caller)

    def _answer(self, asked):
        name, end = _name(asked)
        question = asked[HEADER : end + 4]
        address = self._known.get(name)
        flags = FOUND if address else NO_SUCH_NAME
        answers = b""
        if address and question.endswith(TYPE_A + CLASS_IN):
            pointer = b"\xc0" + bytes([HEADER])  # to the name in the question
            answers = pointer + TYPE_A + CLASS_IN + SECONDS + b"\0\4" + socket.inet_aton(address)
        counts = b"\0\1" + (b"\0\1" if answers else b"\0\0") + bytes(4)
        return asked[:2] + flags + counts + question + answers


def _name(asked):
    """The name that is asked for, and where it ends."""
    labels, at = [], HEADER
    while asked[at]:
        labels.append(asked[at + 1 : at + 1 + asked[at]].decode("ascii").lower())
        at += 1 + asked[at]
    return ".".join(labels), at + 1
