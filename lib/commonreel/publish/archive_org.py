# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of an archive.org item, as records name them wherever the item itself was asked for."""

from __future__ import annotations

from urllib.parse import quote


def details(item: str) -> str:
    """Its page."""
    return "https://archive.org/details/" + item


def poster(item: str) -> str:
    return "https://archive.org/services/img/" + item


def torrent(item: str) -> str:
    return download(item, item + "_archive.torrent")


def download(item: str, path: str) -> str:
    """One of its files."""
    return "https://archive.org/download/" + quote("%s/%s" % (item, path))
