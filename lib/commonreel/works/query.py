# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of a catalogue, and the answer's shape."""

from __future__ import annotations

from dataclasses import dataclass

from .work import Work

PAGE_SIZE = 100


@dataclass(frozen=True)
class Query:
    """Works that fit every field that is given; an empty field asks for nothing."""

    country: str = ""  # the viewer's, ISO 3166-1 alpha-2; '' until confirmed: free everywhere only
    text: str = ""  # words of a title or a name, case and accents folded, the last may be a beginning
    decade: int = 0  # 1920 is 1920 to 1929
    genre: str = ""
    given: bool = False  # given away by who holds the rights (classes A and B), not free by a rule
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class Page:
    works: tuple[Work, ...]
    number: int
    total: int  # works that fit, over all pages
    size: int = PAGE_SIZE

    @property
    def more(self) -> bool:
        return self.number * self.size < self.total
