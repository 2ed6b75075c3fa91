# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of Kodi: what it asks for, and where the answer goes."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence
from urllib.parse import parse_qsl

MAX_PAGE = 100_000


class Call(NamedTuple):
    address: str  # as Kodi asked for it: its database keeps the resume point under this very text
    handle: int = -1  # of the list or the film that Kodi waits for; below 0 it waits for neither
    arguments: Mapping[str, str] = {}
    resume: bool = False  # the film is to start where it was left

    @classmethod
    def read(cls, argv: Sequence[str]) -> Call:
        """From Kodi's [address, handle, '?query', 'resume:true']; the last ones may be missing."""
        address, handle, query, resume = (*argv, "", "", "", "")[:4]
        return cls(
            address + query,
            int(handle) if handle.isdigit() else -1,
            dict(parse_qsl(query.lstrip("?"))),
            resume == "resume:true",
        )

    def text(self, name: str) -> str:
        """An argument of the address, '' where it is missing."""
        return self.arguments.get(name, "").strip()

    def number(self, name: str) -> int:
        """An argument that is a number, 0 where it is missing or something else."""
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0

    @property
    def page(self) -> int:
        return min(max(self.number("page"), 1), MAX_PAGE)
