# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a torrent: the v1 list (BEP 3, 47) and the v2 tree with its hashes (BEP 52).

One file with a bad path makes the torrent invalid. Paths that pass stay below the torrent's folder
on every system; they are names to show, to compare and to put into web addresses all the same, and
the path on the disk is the engine's affair.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Dict, Iterator, Mapping, NamedTuple

from .bencode import Value, text
from .errors import TorrentInvalid

BLOCK = 16 << 10  # bytes; what BitTorrent requests and BEP 52 hashes
MAX_FILES = 20_000
MAX_LENGTH = 1 << 44  # bytes of a torrent: 16 TiB
MAX_NAME = 1024  # bytes of one folder's or file's name
MAX_FOLDERS = 32

Info = Dict[bytes, Value]

_SEPARATOR_OR_CONTROL = re.compile(r"[/\\\x00-\x1f\x7f]")
_WINDOWS_DEVICE = re.compile(r"[a-z]:|(con|prn|aux|nul|com\d|lpt\d) *(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class TorrentFile:
    """A file that a torrent holds. Padding is not among them."""

    index: int  # libtorrent's: padding is counted
    path: str  # below the torrent's name, '/' between folders; of a single file its name
    length: int  # bytes
    offset: int  # of its first byte in the torrent's byte stream
    sha1: str = ""  # 40 hex digits, as archive.org's torrents have it: a claim, pieces are the proof
    root: str = ""  # v2: 64 hex digits, the root of its Merkle tree
    layer: bytes = field(default=b"", repr=False)  # v2: 32 bytes a piece; b'' when one piece holds all


class FileList(NamedTuple):
    files: tuple[TorrentFile, ...]
    total: int  # bytes of the byte stream, padding included


class _Entry(NamedTuple):
    path: str  # '' for padding
    length: int
    sha1: str = ""
    root: bytes = b""


def listed(info: Info) -> FileList:
    """The files of a v1 torrent, by `length` or `files`. Raises TorrentInvalid."""
    if b"files" not in info:
        name = component(info.get(b"name.utf-8", info.get(b"name")))
        return _laid_out([_Entry(name, _length(info), _sha1(info))])
    files = info[b"files"]
    if not isinstance(files, list) or len(files) > MAX_FILES:
        raise TorrentInvalid("files: no list, or more than %d" % MAX_FILES)
    return _laid_out([_listed_entry(file) for file in files])


def tree(info: Info, piece_length: int, layers: Mapping[bytes, bytes], total: int = 0) -> FileList:
    """The files of a v2 torrent, by `file tree`, each with its layer of `layers` if that has it.

    Every file starts at a piece, and the padding behind each is counted, as libtorrent does it. That
    behind the last file goes away if the `total` of a hybrid's v1 list says so. Raises TorrentInvalid.
    """
    entries: list[_Entry] = []
    for leaf in _leaves(info.get(b"file tree")):
        entries.append(leaf)
        if leaf.length % piece_length:
            entries.append(_Entry("", -leaf.length % piece_length))
        if len(entries) > 2 * MAX_FILES:
            raise TorrentInvalid("too many files")
    padding = [place for place, entry in enumerate(entries) if not entry.path]
    if padding and 0 < total < sum(entry.length for entry in entries):
        del entries[padding[-1]]
    return _laid_out(entries, layers)


def piece_layers(value: Value, piece_length: int) -> dict[bytes, bytes]:
    """The `piece layers` of a torrent, root → hashes, each proved by its root. Raises TorrentInvalid."""
    if not isinstance(value, dict):
        raise TorrentInvalid("piece layers: not a dictionary")
    layers: dict[bytes, bytes] = {}
    for root, layer in value.items():
        if not isinstance(layer, bytes) or not layer or len(layer) % 32:
            raise TorrentInvalid("piece layers: not a row of hashes")
        if merkle_root(layer, piece_length) != root:
            raise TorrentInvalid("piece layers: hashes do not make their root")
        layers[root] = layer
    return layers


def component(value: Value | None) -> str:
    """The name of a file or folder, as text. Raises TorrentInvalid for one that could lead elsewhere.

    That is an empty name, dots only, a separator or a control character, and what Windows takes for
    a drive or a device.
    """
    if not isinstance(value, bytes) or len(value) > MAX_NAME:
        raise TorrentInvalid("name missing or too long")
    name = text(value)
    if not name.strip(". ") or _SEPARATOR_OR_CONTROL.search(name) or _WINDOWS_DEVICE.match(name):
        raise TorrentInvalid("unsafe name %.80r" % name)
    return name


def _path(value: Value | None) -> str:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_FOLDERS:
        raise TorrentInvalid("path: no list, or too deep")
    return "/".join(map(component, value))


def _listed_entry(file: Value) -> _Entry:
    if not isinstance(file, dict):
        raise TorrentInvalid("files: an entry is not a dictionary")
    if b"p" in _attributes(file):
        return _Entry("", _length(file))
    return _Entry(_path(file.get(b"path.utf-8", file.get(b"path"))), _length(file), _sha1(file))


def _leaves(folder: Value | None, above: tuple[bytes, ...] = ()) -> Iterator[_Entry]:
    """The tree's files in its order. Its depth is bounded by that of bencode."""
    if not isinstance(folder, dict):
        raise TorrentInvalid("file tree: not a dictionary")
    for name, child in folder.items():
        path = (*above, name)
        if not isinstance(child, dict) or b"" not in child:
            yield from _leaves(child, path)
            continue
        leaf = child[b""]
        if not isinstance(leaf, dict) or len(child) > 1:
            raise TorrentInvalid("file tree: neither file nor folder")
        yield _tree_entry(leaf, list(path))


def _tree_entry(leaf: Info, path: list[Value]) -> _Entry:
    if b"p" in _attributes(leaf):
        raise TorrentInvalid("file tree: padding")
    length, root = _length(leaf), leaf.get(b"pieces root", b"")
    if not isinstance(root, bytes) or len(root) != (32 if length else 0) or (length and not any(root)):
        raise TorrentInvalid("file tree: pieces root missing or out of place")
    return _Entry(_path(path), length, root=root)


def _laid_out(entries: list[_Entry], layers: Mapping[bytes, bytes] | None = None) -> FileList:
    files: list[TorrentFile] = []
    offset = 0
    for index, (path, length, sha1, root) in enumerate(entries):
        if path:
            layer = (layers or {}).get(root, b"")
            files.append(TorrentFile(index, path, length, offset, sha1, root.hex(), layer))
        offset += length
    if not 0 < offset <= MAX_LENGTH:
        raise TorrentInvalid("%d bytes in all" % offset)
    _refuse_clashes([file.path for file in files])
    return FileList(tuple(files), offset)


def _refuse_clashes(paths: list[str]) -> None:
    """No path twice, and none that is a file and a folder too."""
    # Sorted, what starts with a path follows it at once.
    ordered = sorted(path + "/" for path in paths)
    if any(later.startswith(path) for path, later in zip(ordered, ordered[1:])):
        raise TorrentInvalid("two files with one path")


def _attributes(file: Info) -> bytes:
    """BEP 47's letters. A symbolic link makes the torrent invalid."""
    attributes = file.get(b"attr", b"")
    if not isinstance(attributes, bytes) or b"l" in attributes or b"symlink path" in file:
        raise TorrentInvalid("a symbolic link, or attr not a string")
    return attributes


def _length(file: Info) -> int:
    length = file.get(b"length")
    if not isinstance(length, int) or not 0 <= length <= MAX_LENGTH:
        raise TorrentInvalid("length missing or out of bounds")
    return length


def _sha1(file: Info) -> str:
    """`sha1` as 20 bytes, or as archive.org's text of 40 hex digits."""
    value = file.get(b"sha1")
    if not isinstance(value, bytes):
        return ""
    if len(value) == 20:
        return value.hex()
    return value.decode("ascii").lower() if re.fullmatch(rb"[0-9A-Fa-f]{40}", value) else ""


def merkle_root(layer: bytes, piece_length: int) -> bytes:
    """The root over a file's piece hashes; missing ones are those of pieces of zero hashes (BEP 52)."""
    hashes = [layer[at : at + 32] for at in range(0, len(layer), 32)]
    padding = bytes(32)
    for _ in range((piece_length // BLOCK).bit_length() - 1):
        padding = hashlib.sha256(padding + padding).digest()
    while len(hashes) > 1:
        if len(hashes) % 2:
            hashes.append(padding)
        hashes = [hashlib.sha256(a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
        padding = hashlib.sha256(padding + padding).digest()
    return hashes[0]
