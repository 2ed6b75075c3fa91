# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one JSON object that nobody vouches for: each field by its kind, with its bounds.

Every reading raises RecordInvalid, with the field's path, if the value is of another kind or beyond
its bounds. An absent field is the empty value of its kind, unless it is required. null is no value.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Mapping, Pattern
from urllib.parse import urlsplit

from .errors import RecordInvalid

MAX_ADDRESS = 2000
MAX_PATH = 1000

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")  # BCP 47, as far as it matters here
_MISSING = object()


class Fields:
    """The fields of one object; `path` is where it stands in the record ('' is the record itself)."""

    def __init__(self, obj: object, path: str, local: bool) -> None:
        if not isinstance(obj, Mapping):
            raise RecordInvalid("%s: not an object" % (path or "record"))
        self._obj = obj
        self._path = path
        self.local = local

    def wrong(self, name: str, why: str) -> RecordInvalid:
        """The error to raise about that field."""
        return RecordInvalid("%s: %s" % (self._at(name), why))

    def has(self, name: str) -> bool:
        return name in self._obj

    def text(self, name: str, limit: int, required: bool = False) -> str:
        """Text of at most `limit` characters; no control character but a line's end, no lone surrogate."""
        value = self._get(name, required)
        return "" if value is _MISSING else self._text(name, value, limit, required)

    def matching(self, name: str, pattern: Pattern[str], limit: int, required: bool = False) -> str:
        """Text that is of the pattern from end to end."""
        return self._match(name, self.text(name, limit, required), pattern)

    def choice(self, name: str, choices: tuple[str, ...], required: bool = False) -> str:
        value = self.text(name, 40, required)
        if value and value not in choices:
            raise self.wrong(name, "not one of %s" % ", ".join(choices))
        return value

    def number(self, name: str, low: int, high: int, required: bool = False) -> int:
        """A whole number from `low` to `high`; 0 if absent."""
        value = self._get(name, required)
        if value is _MISSING:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(name, "not a whole number")
        if not low <= value <= high:
            raise self.wrong(name, "not from %d to %d" % (low, high))
        return value

    def decimal(self, name: str, low: float, high: float, required: bool = False) -> float:
        """A number from `low` to `high`; 0 if absent."""
        value = self._get(name, required)
        if value is _MISSING:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, "not a number")
        if not low <= value <= high:
            raise self.wrong(name, "not from %g to %g" % (low, high))
        return float(value)

    def flag(self, name: str) -> bool:
        value = self._get(name, False)
        if value is _MISSING:
            return False
        if not isinstance(value, bool):
            raise self.wrong(name, "neither true nor false")
        return value

    def texts(self, name: str, count: int, limit: int, required: bool = False) -> tuple[str, ...]:
        """At most `count` texts, none of them blank."""
        return tuple(self._text(name, value, limit, True) for value in self._list(name, count, required))

    def all_matching(
        self, name: str, pattern: Pattern[str], count: int, limit: int, required: bool = False
    ) -> tuple[str, ...]:
        return tuple(self._match(name, value, pattern) for value in self.texts(name, count, limit, required))

    def language(self, name: str) -> str:
        return self.matching(name, _LANGUAGE, 40, required=True)

    def languages(self, name: str, count: int) -> tuple[str, ...]:
        return self.all_matching(name, _LANGUAGE, count, 40)

    def by_language(self, name: str, limit: int, required: bool = False) -> dict[str, str]:
        """Language (BCP 47) → text; with at least one entry if required."""
        value = self._get(name, required)
        if value is _MISSING:
            return {}
        if not isinstance(value, Mapping) or len(value) > 200 or (required and not value):
            raise self.wrong(name, "not an object of language and text")
        for language in value:
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise self.wrong(name, "%.40r is no language" % (language,))
        return {
            language: self._text("%s.%s" % (name, language), text, limit, True)
            for language, text in value.items()
        }

    def child(self, name: str, required: bool = False) -> Fields:
        """The fields of the object in that field; of an empty one if absent."""
        value = self._get(name, required)
        return Fields({} if value is _MISSING else value, self._at(name), self.local)

    def children(self, name: str, count: int, required: bool = False) -> list[Fields]:
        path = self._at(name)
        return [
            Fields(value, "%s[%d]" % (path, number), self.local)
            for number, value in enumerate(self._list(name, count, required))
        ]

    def address(self, name: str, required: bool = False) -> str:
        """An address on the web: https, or http too in a local record."""
        value = self.text(name, MAX_ADDRESS, required)
        return self._address(name, value, self._schemes()) if value else ""

    def addresses(self, name: str, count: int, tracker: bool = False) -> tuple[str, ...]:
        schemes = ("udp", "http", "https", "wss") if tracker else self._schemes()
        return tuple(self._address(name, value, schemes) for value in self.texts(name, count, MAX_ADDRESS))

    def torrent(self, name: str) -> str:
        """The address of a .torrent; in a local record also the bare name of a file beside it."""
        value = self.text(name, MAX_ADDRESS)
        if self.local and value and "://" not in value:
            if len(value) > 255 or value.startswith(".") or re.search(r"[/\\:\n]", value):
                raise self.wrong(name, "not a bare file name")
            return value
        return self._address(name, value, self._schemes()) if value else ""

    def path(self, name: str, required: bool = False) -> str:
        """A relative path with '/' between its steps, none of them '', '.' or '..'."""
        value = self.text(name, MAX_PATH, required)
        if value and any(step in ("", ".", "..") for step in value.split("/")):
            raise self.wrong(name, "not a plain relative path")
        return value

    def _at(self, name: str) -> str:
        return "%s.%s" % (self._path, name) if self._path else name

    def _schemes(self) -> tuple[str, ...]:
        return ("https", "http") if self.local else ("https",)

    def _get(self, name: str, required: bool) -> object:
        value = self._obj.get(name, _MISSING)
        if required and value is _MISSING:
            raise self.wrong(name, "missing")
        return value

    def _list(self, name: str, count: int, required: bool) -> list[object]:
        value = self._get(name, required)
        if value is _MISSING:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, "not a list")
        if len(value) > count or (required and not value):
            raise self.wrong(name, "%d entries, not from %d to %d" % (len(value), required, count))
        return value

    def _text(self, name: str, value: object, limit: int, required: bool) -> str:
        if not isinstance(value, str):
            raise self.wrong(name, "not text")
        if len(value) > limit:
            raise self.wrong(name, "longer than %d characters" % limit)
        if required and not value.strip():
            raise self.wrong(name, "blank")
        if any(sign != "\n" and unicodedata.category(sign) in ("Cc", "Cs") for sign in value):
            raise self.wrong(name, "holds a control character")
        return value

    def _match(self, name: str, value: str, pattern: Pattern[str]) -> str:
        if value and not pattern.fullmatch(value):
            raise self.wrong(name, "malformed")
        return value

    def _address(self, name: str, value: str, schemes: tuple[str, ...]) -> str:
        try:
            parts = urlsplit(value)
            well_formed = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:
            well_formed = False
        if not well_formed or "@" in parts.netloc or re.search(r'[\s\\<>"]', value):
            raise self.wrong(name, "malformed address")
        if parts.scheme not in schemes:
            raise self.wrong(name, "address is not %s" % " or ".join(schemes))
        return value
