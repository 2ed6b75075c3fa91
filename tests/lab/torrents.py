# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents made in pure Python for tests: v1, v2 and hybrid, whole or with something bent.

It shares no code with the add-on, so that one error cannot hide in both.
"""

from __future__ import annotations

import hashlib
from typing import Any, Mapping

PIECE = 16384
V1, V2, HYBRID = "v1", "v2", "hybrid"


def bencode(value: Any) -> bytes:
    """Dictionaries keep their order, so that a test may put keys wrong."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode("utf-8")
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, (list, tuple)):
        return b"l" + b"".join(bencode(each) for each in value) + b"e"
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in value) + b"e"


def make(
    name: str,
    files: bytes | Mapping[str, bytes],
    *,
    version: str = V1,
    piece_length: int = PIECE,
    pad: bool = False,
    sha1: bool = False,
    private: bool = False,
    info: Mapping[str, Any] | None = None,
    **outside: Any,
) -> bytes:
    """A .torrent file.

    `files` is the one file's bytes, or path → bytes. `pad` puts padding between the files of a v1
    torrent (a hybrid always has it); `sha1` states each file's as hex digits, as archive.org does.
    `info` adds or replaces keys of the info dictionary, None takes one out; so does `outside` for
    the outermost one, with `_` for `-` and space: announce_list → announce-list, piece_layers.
    """
    torrent, layers = parts(name, files, version=version, piece_length=piece_length, pad=pad, sha1=sha1)
    if private:
        torrent["private"] = 1
    torrent.update(info or {})
    whole: dict[str, Any] = {
        "info": {key: torrent[key] for key in sorted(torrent) if torrent[key] is not None}
    }
    if version != V1:
        whole["piece layers"] = layers
    for key, value in outside.items():
        whole[_KEYS.get(key, key)] = value
    return bencode({key: whole[key] for key in sorted(whole) if whole[key] is not None})


_KEYS = {"announce_list": "announce-list", "url_list": "url-list", "piece_layers": "piece layers"}


def parts(
    name: str,
    files: bytes | Mapping[str, bytes],
    *,
    version: str = V1,
    piece_length: int = PIECE,
    pad: bool = False,
    sha1: bool = False,
) -> tuple[dict[str, Any], dict[bytes, bytes]]:
    """The info dictionary and the piece layers, for a test to change before it encodes them."""
    torrent: dict[str, Any] = {"name": name, "piece length": piece_length}
    layers: dict[bytes, bytes] = {}
    if version != V2:
        torrent.update(_v1(files, piece_length, pad or version == HYBRID, sha1))
    if version != V1:
        tree: dict[str, Any] = {}
        for path, data in ({name: files} if isinstance(files, bytes) else files).items():
            *folders, last = path.split("/")
            node = tree
            for folder in folders:
                node = node.setdefault(folder, {})
            root, layer = merkle(data, piece_length)
            node[last] = {"": {"length": len(data), "pieces root": root} if data else {"length": 0}}
            if layer:
                layers[root] = layer
        torrent.update({"file tree": tree, "meta version": 2})
    return torrent, dict(sorted(layers.items()))


def _v1(files: bytes | Mapping[str, bytes], piece_length: int, pad: bool, sha1: bool) -> dict[str, Any]:
    if isinstance(files, bytes):
        found: dict[str, Any] = {"length": len(files), "pieces": pieces(files, piece_length)}
        if sha1:
            found["sha1"] = hashlib.sha1(files).hexdigest()
        return found
    entries: list[dict[str, Any]] = []
    stream = b""
    for number, (path, data) in enumerate(files.items()):
        entry: dict[str, Any] = {"length": len(data), "path": path.split("/")}
        if sha1:
            entry["sha1"] = hashlib.sha1(data).hexdigest()
        entries.append(entry)
        stream += data
        gap = -len(stream) % piece_length
        if pad and gap and number < len(files) - 1:
            entries.append({"attr": "p", "length": gap, "path": [".pad", str(gap)]})
            stream += bytes(gap)
    return {"files": entries, "pieces": pieces(stream, piece_length)}


def pieces(stream: bytes, piece_length: int = PIECE) -> bytes:
    return b"".join(
        hashlib.sha1(stream[at : at + piece_length]).digest() for at in range(0, len(stream), piece_length)
    )


def merkle(data: bytes, piece_length: int = PIECE) -> tuple[bytes, bytes]:
    """BEP 52: the root of a file, and its piece layer (b'' where one piece holds it all)."""
    blocks = [hashlib.sha256(data[at : at + 16384]).digest() for at in range(0, len(data), 16384)]
    if len(data) <= piece_length:
        return (_root(blocks, _power(len(blocks))) if blocks else b""), b""
    per_piece = piece_length // 16384
    layer = [_root(blocks[at : at + per_piece], per_piece) for at in range(0, len(blocks), per_piece)]
    return _root(blocks, max(per_piece, _power(len(blocks)))), b"".join(layer)


def _power(count: int) -> int:
    return 1 << (count - 1).bit_length()


def _root(leaves: list[bytes], width: int) -> bytes:
    level = leaves + [bytes(32)] * (width - len(leaves))
    while len(level) > 1:
        level = [hashlib.sha256(level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
    return level[0]
