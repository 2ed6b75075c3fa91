# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogues of which only the key in the DHT is known: whose they are, the service has to find out, for it
alone has an engine. A folder each, beside those that are followed, until somebody has decided.

<first 16 digits of the key>.asked/
    link        the magnet link
    root.json   the keys that the catalogue began with, once they have come
    trouble     or the code of what came instead
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ..works import pointer
from ..works.errors import CommonReelError, error_for
from . import following
from .following import Offer

PATIENCE = 600.0  # seconds, longer than anybody waits
_ASKED = ".asked"
_LINK, _ROOT, _TROUBLE = "link", "root.json", "trouble"


def ask(catalogues: Path, link: str) -> Path:
    """Want it found out; the folder of that question. Raises CatalogueRefused, OSError."""
    named = pointer.parse(link)
    folder = catalogues / (named.key[:16] + _ASKED)
    drop(folder)
    folder.mkdir(parents=True)
    fresh = folder / (_LINK + ".new")
    fresh.write_text(named.link, "ascii")
    fresh.replace(folder / _LINK)
    return folder


def answered(folder: Path) -> Offer | None:
    """What has come of it; None while nothing has. Raises the CommonReelError that did, OSError."""
    if (folder / _TROUBLE).exists():
        raise error_for((folder / _TROUBLE).read_text("ascii"), folder.name)
    if not (folder / _ROOT).exists():
        return None
    return following.offer((folder / _LINK).read_text("ascii"), (folder / _ROOT).read_bytes())


def drop(folder: Path) -> None:
    """It is decided, or nobody waits any more."""
    shutil.rmtree(folder, ignore_errors=True)


def waiting(catalogues: Path, now: float) -> list[Path]:
    """The questions without an answer. Those that nobody can wait for any more are dropped, by `now`, seconds
    since 1970."""
    found = []
    for path in sorted(catalogues.glob("*%s/%s" % (_ASKED, _LINK))):
        if not 0 <= now - path.stat().st_mtime < PATIENCE:
            drop(path.parent)
        elif not (path.with_name(_ROOT).exists() or path.with_name(_TROUBLE).exists()):
            found.append(path.parent)
    return found


def link(folder: Path) -> str:
    """Raises OSError."""
    return (folder / _LINK).read_text("ascii")


def answer(folder: Path, found: bytes | CommonReelError) -> None:
    """The keys, or why there are none. Nothing where nobody waits any more. Raises OSError."""
    if not (folder / _LINK).exists():
        return
    refused = isinstance(found, CommonReelError)
    fresh = folder / "answer.new"
    fresh.write_bytes(found.code.encode() if isinstance(found, CommonReelError) else found)
    fresh.replace(folder / (_TROUBLE if refused else _ROOT))
