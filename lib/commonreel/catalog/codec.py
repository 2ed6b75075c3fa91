# SPDX-License-Identifier: GPL-3.0-or-later
"""A work, a maker or a list as a row of the store, small, and back.

JSON inside, but not the record's format: the fields are those of works.work and works.guide, those at their
default are left out, and nothing is checked again, since all is checked before it is stored.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Mapping, TypeVar

from ..works.guide import Guide
from ..works.work import (
    Channel,
    ContentRating,
    Encoding,
    Evidence,
    FilmFile,
    License,
    PartOf,
    Rating,
    Rights,
    Source,
    Subtitle,
    Work,
)
from .squeezed import squeezed, unsqueezed

Decoded = TypeVar("Decoded")
AnyGuide = TypeVar("AnyGuide", bound=Guide)

# What a field holds one of, or several of.
_ONE: dict[str, Callable[..., Any]] = {
    "license": License,
    "source": Source,
    "file": FilmFile,
    "part_of": PartOf,
    "rating": Rating,
    "content_rating": ContentRating,
}
_SEVERAL: dict[str, Callable[..., Any]] = {"evidence": Evidence, "funding": Channel, "subtitles": Subtitle}


def encode(entry: Work | Guide) -> bytes:
    """The row."""
    return squeezed(json.dumps(_plain(entry), ensure_ascii=False, separators=(",", ":")).encode())


def decode(row: bytes) -> Work:
    """The work that encode() was given; ValueError where the row was not made by it."""
    return _decoded(row, _work)


def decode_guide(row: bytes, kind: type[AnyGuide]) -> AnyGuide:
    """As decode(), of a maker or a list."""
    return _decoded(row, lambda plain: kind(**_read(plain)))


def _decoded(row: bytes, read: Callable[[dict[str, Any]], Decoded]) -> Decoded:
    try:
        return read(json.loads(unsqueezed(row).decode()))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a stored entry: %r" % error) from error


def _plain(value: Any) -> Any:
    if hasattr(value, "_fields"):
        usual = value._field_defaults
        return {
            name: _plain(found)
            for name, found in value._asdict().items()
            if found not in (usual.get(name, ...), (), {})
        }
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _work(plain: dict[str, Any]) -> Work:
    plain["rights"] = Rights(**{"territories": (), "evidence": (), **_read(plain["rights"])})
    plain["encoding"] = tuple(Encoding(**_read(each)) for each in plain.get("encoding", ()))
    return Work(**_read(plain))


def _read(plain: dict[str, Any]) -> dict[str, Any]:
    """The values of an object's fields."""
    for name, found in plain.items():
        if isinstance(found, list):
            plain[name] = (
                tuple(_SEVERAL[name](**each) for each in found) if name in _SEVERAL else tuple(found)
            )
        elif name in _ONE:
            plain[name] = _ONE[name](**found)
    return plain
