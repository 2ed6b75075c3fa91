# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrent files read and checked: v1, hybrid and v2 (BEP 3, 12, 19, 27, 47, 52)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Iterable, Sequence
from urllib.parse import quote, unquote, urlsplit

from . import bencode, links
from .bencode import Value
from .errors import TorrentInvalid
from .filelist import BLOCK, FileList, Info, TorrentFile, component, listed, piece_layers, tree
from .links import TRACKERS, WEB

__all__ = ["MAX_BYTES", "Metainfo", "TorrentFile", "item_web_seed", "parse", "web_seed"]

MAX_BYTES = 20 << 20  # of a .torrent file
# A piece is verified as a whole: larger ones than this cannot be streamed, and hold too much memory.
MAX_PIECE = 128 << 20


@dataclass(frozen=True)
class Metainfo:
    """A torrent whose sizes, paths and hashes fit together."""

    info_hash: str  # v1, 40 hex digits; '' for v2 only
    info_hash_v2: str  # 64 hex digits; '' for v1 only
    name: str
    single: bool  # one file with no folder around it
    piece_length: int  # bytes; v2: a power of two
    pieces: bytes = field(repr=False)  # v1: 20 bytes a piece; b'' for v2 only
    files: tuple[TorrentFile, ...] = field(repr=False)  # without padding
    total_length: int  # bytes of the byte stream, padding included
    trackers: tuple[str, ...]
    web_seeds: tuple[str, ...]  # BEP 19
    private: bool  # BEP 27


def parse(data: bytes) -> Metainfo:
    """What a .torrent file says. Raises TorrentInvalid, and never anything else.

    v1 pieces may have any length from 16 KiB on: BEP 3 asks for no power of two.
    """
    if len(data) > MAX_BYTES:
        raise TorrentInvalid("over %d bytes" % MAX_BYTES)
    fields = bencode.fields(data)
    info, raw = fields.get(b"info", bencode.Field(0, b""))
    if not isinstance(info, dict):
        raise TorrentInvalid("no info dictionary")
    outside = {key: value for key, (value, _) in fields.items()}
    pieces = info.get(b"pieces", b"")
    if not isinstance(pieces, bytes):
        raise TorrentInvalid("pieces: not a string")
    has_v2 = info.get(b"meta version") == 2
    piece_length = _piece_length(info, has_v2)
    files = _file_list(info, outside, piece_length, has_v2)
    if (pieces or not has_v2) and len(pieces) != 20 * -(-files.total // piece_length):
        raise TorrentInvalid("pieces: their number does not fit the size")
    return Metainfo(
        info_hash=hashlib.sha1(raw).hexdigest() if pieces else "",  # noqa: S324 (BEP 3 has it so)
        info_hash_v2=hashlib.sha256(raw).hexdigest() if has_v2 else "",
        name=component(info.get(b"name.utf-8", info.get(b"name"))),
        single=_is_single(files) if has_v2 else b"files" not in info,
        piece_length=piece_length,
        pieces=pieces,
        files=files.files,
        total_length=files.total,
        trackers=_trackers(outside),
        web_seeds=_addresses(_as_list(outside.get(b"url-list")), WEB),
        # Anything but a plain 0 may be meant as a yes, and that is the side to err on.
        private=info.get(b"private", 0) != 0,
    )


def item_web_seed(torrent_address: str, name: str) -> str:
    """The web seed (BEP 19) of an archive.org item, known by its torrent's address.

    '…/download/NAME/NAME_archive.torrent' → '…/download/'; '' for an address of another shape.
    """
    base = _without(torrent_address, [name, name + "_archive.torrent"])
    return base if base.endswith("/download/") else ""


def web_seed(address: str, metainfo: Metainfo, file: TorrentFile) -> str:
    """The web seed (BEP 19) that makes a client fetch `file` from `address`; '' if there is none.

    A single file's is the address itself; else the part in front of the torrent's name and the path.
    """
    if metainfo.single:
        return links.well_formed(address, WEB)
    return _without(address, [metainfo.name, *file.path.split("/")])


def web_address(seed: str, metainfo: Metainfo, file: TorrentFile) -> str:
    """The address of `file` at a web seed (BEP 19): the other way round."""
    if metainfo.single and not seed.endswith("/"):
        return seed
    names = [metainfo.name] if metainfo.single else [metainfo.name, *file.path.split("/")]
    return seed.rstrip("/") + "/" + "/".join(quote(name, safe="") for name in names)


def _is_single(files: FileList) -> bool:
    """v2 does not tell one file from a folder with one file: libtorrent takes it for one file."""
    return len(files.files) == 1 and "/" not in files.files[0].path


def _piece_length(info: Info, has_v2: bool) -> int:
    length = info.get(b"piece length")
    if not isinstance(length, int) or not BLOCK <= length <= MAX_PIECE:
        raise TorrentInvalid("piece length missing or out of bounds")
    if has_v2 and length & (length - 1):
        raise TorrentInvalid("piece length: no power of two")
    return length


def _file_list(info: Info, outside: Info, piece_length: int, has_v2: bool) -> FileList:
    if not has_v2:
        return listed(info)
    layers = piece_layers(outside.get(b"piece layers", {}), piece_length)
    v1 = listed(info) if info.get(b"pieces") else None
    v2 = tree(info, piece_length, layers, v1.total if v1 else 0)
    _check_layers(v2.files, layers, piece_length, required=v1 is None)
    return _hybrid(v1, v2) if v1 else v2


def _check_layers(
    files: Sequence[TorrentFile], layers: dict[bytes, bytes], piece_length: int, required: bool
) -> None:
    """Every layer belongs to a file and has its number of pieces; every larger file has one.

    A hybrid may come without: a magnet link brings none, and its v1 pieces prove the same bytes.
    """
    wanting = set(layers)
    for file in files:
        count = -(-file.length // piece_length)
        if (file.layer or required) and len(file.layer) != (32 * count if count > 1 else 0):
            raise TorrentInvalid("piece layers: missing, or of a wrong length")
        wanting.discard(bytes.fromhex(file.root))
    if wanting:
        raise TorrentInvalid("piece layers: of no file")


def _hybrid(v1: FileList, v2: FileList) -> FileList:
    """The v2 tree with the v1 list's facts, if both say the same (BEP 52, upgrade path).

    libtorrent goes by the tree too: an empty file may stand at another index than in the v1 list.
    """
    shapes = [[_shape(file) for file in version.files] for version in (v1, v2)]
    if shapes[0] != shapes[1] or v1.total != v2.total:
        raise TorrentInvalid("the v1 and the v2 files differ")
    files = tuple(replace(file, sha1=same.sha1) for same, file in zip(v1.files, v2.files))
    return FileList(files, v2.total)


def _shape(file: TorrentFile) -> tuple[str, int, int]:
    return file.path, file.length, file.offset if file.length else 0


def _trackers(outside: Info) -> tuple[str, ...]:
    """Those of `announce-list` (BEP 12), tier after tier, and `announce`."""
    found = [address for tier in _as_list(outside.get(b"announce-list")) for address in _as_list(tier)]
    return _addresses([*found, outside.get(b"announce", b"")], TRACKERS)


def _as_list(value: Value | None) -> list[Value]:
    """`url-list` and its like: a list, or one string that stands for a list of one."""
    if isinstance(value, bytes):
        return [value]
    return value if isinstance(value, list) else []


def _addresses(values: Iterable[Value], schemes: Sequence[str]) -> tuple[str, ...]:
    return links.several((bencode.text(value) for value in values if isinstance(value, bytes)), schemes)


def _without(address: str, last: list[str]) -> str:
    """The web address in front of the last path segments, '' if they are not `last`."""
    address = links.well_formed(address, WEB)
    if "?" in address or "#" in address:
        return ""
    base, *segments = address.rsplit("/", len(last))
    if not urlsplit(base).netloc or [unquote(segment) for segment in segments] != last:
        return ""
    return base + "/"
