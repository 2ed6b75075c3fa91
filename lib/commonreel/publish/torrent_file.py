# SPDX-License-Identifier: GPL-3.0-or-later
"""A .torrent file around its info dictionary (BEP 3): who tells of peers (BEP 12), and who has it on the web
(BEP 19)."""

from __future__ import annotations

from typing import Mapping, Sequence

from ..works import bencode
from ..works.bencode import Value


def encode(
    info: Mapping[bytes, Value],
    trackers: Sequence[str],
    web_seeds: Sequence[str],
    layers: Mapping[bytes, Value] | None = None,
) -> bytes:
    """`layers`: hashes of the pieces of v2 (BEP 52), None without v2."""
    whole: dict[bytes, Value] = {b"info": dict(info)}
    if layers is not None:
        whole[b"piece layers"] = dict(layers)
    if trackers:
        whole[b"announce"] = trackers[0].encode()
        whole[b"announce-list"] = [[each.encode()] for each in trackers]
    if web_seeds:
        whole[b"url-list"] = [each.encode() for each in web_seeds]
    return bencode.encode(whole)
