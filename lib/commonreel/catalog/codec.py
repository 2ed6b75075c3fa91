# SPDX-License-Identifier: GPL-3.0-or-later
"""A work as a row of the store, small, and back.

JSON inside, but not the record's format: the fields are those of works.work, those at their default are
left out, and nothing is checked again, since a work is checked before it is stored.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, Mapping

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

_TUPLES = frozenset(("in_language", "director", "actor", "genre", "country", "same_as", "web", "trackers"))


def encode(work: Work) -> bytes:
    """The row."""
    return squeezed(json.dumps(_plain(work), ensure_ascii=False, separators=(",", ":")).encode())


def decode(row: bytes) -> Work:
    """The work that encode() was given; ValueError where the row was not made by it."""
    try:
        return _work(json.loads(unsqueezed(row).decode()))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a stored work: %r" % error) from error


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        pairs = ((field.name, getattr(value, field.name), field) for field in fields(value))
        return {name: _plain(found) for name, found, field in pairs if found not in (field.default, (), {})}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _work(plain: dict[str, Any]) -> Work:
    rights = plain["rights"]
    rights["evidence"] = tuple(Evidence(**found) for found in rights.get("evidence", ()))
    rights["territories"] = tuple(rights.get("territories", ()))
    plain["rights"] = Rights(**rights)
    plain["license"] = License(**plain["license"])
    plain["source"] = Source(**plain["source"])
    plain["encoding"] = tuple(_encoding(found) for found in plain.get("encoding", ()))
    if "funding" in plain:
        plain["funding"] = tuple(Channel(**found) for found in plain["funding"])
    if "part_of" in plain:
        plain["part_of"] = PartOf(**plain["part_of"])
    if "rating" in plain:
        plain["rating"] = Rating(**plain["rating"])
    if "content_rating" in plain:
        plain["content_rating"] = ContentRating(**plain["content_rating"])
    return Work(**_with_tuples(plain))


def _encoding(plain: dict[str, Any]) -> Encoding:
    if "file" in plain:
        plain["file"] = FilmFile(**plain["file"])
    if "subtitles" in plain:
        plain["subtitles"] = tuple(Subtitle(**found) for found in plain["subtitles"])
    return Encoding(**_with_tuples(plain))


def _with_tuples(plain: dict[str, Any]) -> dict[str, Any]:
    for name in _TUPLES.intersection(plain):
        plain[name] = tuple(plain[name])
    return plain
