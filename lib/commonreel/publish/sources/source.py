# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, NamedTuple, Protocol

from ..polite import Polite

Record = Mapping[str, Any]  # as docs/catalog-format.md has it


class Listed(NamedTuple):
    """An item of a source's listing. `key` names it for examine(); `hint` is what the listing told."""

    key: str
    hint: Record = {}  # noqa: RUF012 - a Mapping: nobody changes it


@dataclass(frozen=True)
class Found:
    """What one item holds: a work's record, unless a person must look first.

    `reasons` are in English, for a curator: why the record does not stand by itself. `gone` says why the
    item is there no more (deleted, withdrawn, made private): twice so, and the work is withdrawn.
    `holders` name who keeps it or has put it there ('collection:prelinger', 'channel:films@tube.example'):
    one whom the curator trusts vouches for it.
    """

    id: str  # the work's
    record: Record = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    gone: str = ""
    holders: tuple[str, ...] = ()


class Source(Protocol):
    """One kind of place. Knows its requests, the shapes of its answers and its ways of failing."""

    def listing(self, ask: Polite) -> Iterator[Listed]:
        """Every item that may hold a work, as far as the place tells. Raises FetchFailed."""

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:
        """What the item holds: several works where it is a series. Raises FetchFailed where the place
        does not answer: the item is then asked for at the next run."""

    def item(self, id: str) -> Listed:
        """The item that a work with this id came from, to examine it though no listing names it."""
