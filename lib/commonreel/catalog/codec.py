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

_TUPLES = frozenset((
    *("in_language", "maker", "director", "actor", "genre", "country", "same_as", "web", "trackers"),
    *("links", "works"),
))  # fmt: skip

_PARTS: dict[str, Callable[..., Any]] = {"evidence": Evidence, "funding": Channel, "subtitles": Subtitle}


def encode(entry: Work | Guide) -> bytes:
    """The row."""
    return squeezed(json.dumps(_plain(entry), ensure_ascii=False, separators=(",", ":")).encode())


def decode(row: bytes) -> Work:
    """The work that encode() was given; ValueError where the row was not made by it."""
    return _decoded(row, _work)


def decode_guide(row: bytes, kind: type[AnyGuide]) -> AnyGuide:
    """As decode(), of a maker or a list."""
    return _decoded(row, lambda plain: kind(**_with_tuples(_with_parts(plain))))


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
    rights = plain["rights"]
    rights["territories"] = tuple(rights.get("territories", ()))
    plain["rights"] = Rights(**{"evidence": (), **_with_parts(rights)})
    plain["license"] = License(**plain["license"])
    plain["source"] = Source(**plain["source"])
    plain["encoding"] = tuple(_encoding(found) for found in plain.get("encoding", ()))
    if "part_of" in plain:
        plain["part_of"] = PartOf(**plain["part_of"])
    if "rating" in plain:
        plain["rating"] = Rating(**plain["rating"])
    if "content_rating" in plain:
        plain["content_rating"] = ContentRating(**plain["content_rating"])
    return Work(**_with_tuples(_with_parts(plain)))


def _encoding(plain: dict[str, Any]) -> Encoding:
    if "file" in plain:
        plain["file"] = FilmFile(**plain["file"])
    return Encoding(**_with_tuples(_with_parts(plain)))


def _with_parts(plain: dict[str, Any]) -> dict[str, Any]:
    for name in _PARTS.keys() & plain.keys():
        plain[name] = tuple(_PARTS[name](**found) for found in plain[name])
    return plain


def _with_tuples(plain: dict[str, Any]) -> dict[str, Any]:
    for name in _TUPLES.intersection(plain):
        plain[name] = tuple(plain[name])
    return plain
