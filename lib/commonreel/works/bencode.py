# SPDX-License-Identifier: GPL-3.0-or-later
"""Bencoding, the notation of torrents (BEP 3), read strictly and within bounds.

Dictionary keys may come in any order, as some real torrents have them, but only once each: two
readers that disagree about which of two values counts would see two different torrents.
"""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Union

from .errors import TorrentInvalid

Value = Union[int, bytes, List["Value"], Dict[bytes, "Value"]]

MAX_DEPTH = 64  # lists and dictionaries inside one another
MAX_VALUES = 250_000  # each costs some fifty times its two bytes of bencoding

# No leading zero, no '-0', no sign or space that int() would take; within 64 bits, or nearly.
_INTEGER = re.compile(rb"i(0|-?[1-9][0-9]{0,18})e")
_LENGTH = re.compile(rb"(0|[1-9][0-9]{0,9}):")


class Field(NamedTuple):
    """A value of the outermost dictionary, and its exact bytes, as hashes are made of them."""

    value: Value
    raw: bytes


def decode(data: bytes) -> Value:
    """The one value that `data` is, from its first byte to its last. Raises TorrentInvalid."""
    parser = _Parser(data)
    value = parser.value(depth=0)
    parser.finish()
    return value


def fields(data: bytes) -> dict[bytes, Field]:
    """`data` as a dictionary, each value with its bytes as they stand. Raises TorrentInvalid."""
    parser = _Parser(data)
    if data[:1] != b"d":
        raise TorrentInvalid("not a dictionary")
    parser.at = 1
    found: dict[bytes, Field] = {}
    while not parser.ended():
        key = parser.key(found)
        start = parser.at
        found[key] = Field(parser.value(depth=1), data[start : parser.at])
    parser.finish()
    return found


def encode(value: Value) -> bytes:
    """The bencoding of `value`, keys in order. Meant for our own values: it does not check depth."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%b" % (len(value), value)
    if isinstance(value, list):
        return b"l%be" % b"".join(map(encode, value))
    return b"d%be" % b"".join(encode(key) + encode(value[key]) for key in sorted(value))


def text(raw: bytes) -> str:
    """A string of a torrent as text: UTF-8, as BEP 3 wants it, else taken for Latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class _Parser:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.values = 0

    def value(self, depth: int) -> Value:
        self.values += 1
        if depth > MAX_DEPTH or self.values > MAX_VALUES:
            raise TorrentInvalid("too deep or too many values")
        kind = self.data[self.at : self.at + 1]
        if kind == b"i":
            return self.integer()
        if kind == b"l":
            return self.list(depth + 1)
        if kind == b"d":
            return self.dictionary(depth + 1)
        return self.string()

    def integer(self) -> int:
        return int(self.match(_INTEGER, "integer")[1])

    def string(self) -> bytes:
        start = self.match(_LENGTH, "string")
        self.at = start.end() + int(start[1])
        if self.at > len(self.data):
            raise TorrentInvalid("string cut short at byte %d" % start.start())
        return self.data[start.end() : self.at]

    def match(self, notation: re.Pattern[bytes], what: str) -> re.Match[bytes]:
        found = notation.match(self.data, self.at)
        if not found:
            raise TorrentInvalid("%s expected at byte %d" % (what, self.at))
        self.at = found.end()
        return found

    def list(self, depth: int) -> list[Value]:
        self.at += 1
        found: list[Value] = []
        while not self.ended():
            found.append(self.value(depth))
        return found

    def dictionary(self, depth: int) -> dict[bytes, Value]:
        self.at += 1
        found: dict[bytes, Value] = {}
        while not self.ended():
            key = self.key(found)
            found[key] = self.value(depth)
        return found

    def key(self, taken: dict[bytes, Value] | dict[bytes, Field]) -> bytes:
        key = self.string()
        if key in taken:
            raise TorrentInvalid("the same key twice at byte %d" % self.at)
        return key

    def ended(self) -> bool:
        """Whether the list or dictionary ends here; steps over its end."""
        if self.data[self.at : self.at + 1] != b"e":
            return False
        self.at += 1
        return True

    def finish(self) -> None:
        if self.at != len(self.data):
            raise TorrentInvalid("%d bytes after the end" % (len(self.data) - self.at))
