# SPDX-License-Identifier: GPL-3.0-or-later
"""The values in PeerTube's answers, for which nobody vouches: what is not what it should be counts as
missing. What people wrote is Markdown or HTML or neither, and becomes text."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Iterable, Mapping, Match, Pattern, Sequence
from urllib.parse import urlsplit

from ...works import links
from ..plain_text import one_line, plain

MAX_WRITTEN = 20_000  # characters that are read of one text; a description has 10,000 at most
MAX_ADDRESS = 2000  # characters in a record
MAX_CHANNELS = 5

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}(?:\s[^()\n]{0,300})?\)")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,500})(?<=\S)\1(?![\w*])")
_MARKS = re.compile(r"\*\*|__|~~|`+|^ {0,3}(?:#{1,6} |> ?)", re.MULTILINE)

_GIVING = re.compile(r"""https://[^\s<>()\[\]{}"'`|\\^]{1,400}""")
# Pictures, what a page does not show, and tags, whole or cut short: an address there is none to give at …
_NO_GIVING = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,2000}\)|<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)"
    r"""|<(?!https:)(?P<tag>/?[a-z][^\s<>"'/]*)(?P<rest>(?:[^<>"']|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))*)>?""",
    re.DOTALL | re.IGNORECASE,
)
# … but where a link leads.
_HREF = re.compile(r"""(?<![\w-])href\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)


def child(obj: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = obj.get(name)
    return found if isinstance(found, dict) else {}


def children(obj: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = obj.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def number(value: object, low: int, high: int) -> int:
    """A whole number within its bounds, else 0."""
    return value if type(value) is int and low <= value <= high else 0


def matching(value: object, pattern: Pattern[str]) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def address(value: object, schemes: Sequence[str] = ("https",)) -> str:
    """An address as a record may hold it, '' where it is none."""
    found = links.well_formed(value, schemes) if isinstance(value, str) else ""
    parts = urlsplit(found)
    return "" if len(found) > MAX_ADDRESS or "@" in parts.netloc or parts.port == 0 else found


def host_of(value: object) -> str:
    """The host of a web address, with its port where it names one, in lower case; '' where it has none."""
    return urlsplit(address(value, links.WEB)).netloc.lower()


def below(host: str, value: object) -> str:
    """The address of a path on the host, '' where it is no path."""
    return address("https://" + host + value) if isinstance(value, str) and value.startswith("/") else ""


def written(value: object) -> str:
    """Text as it was written, as far as it is read; without control characters but a line's end."""
    if not isinstance(value, str):
        return ""
    text = value[:MAX_WRITTEN].replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def line(value: object, limit: int) -> str:
    """A title or a name: one line of at most `limit` characters, without markup."""
    return one_line(written(value), limit)


def prose(value: object, limit: int) -> str:
    """Markdown as plain text of at most `limit` characters."""
    text = _MARKS.sub("", _LINK.sub(r"\1", written(value)))
    return plain(_EMPHASIS.sub(r"\2", text), limit)


def giving(values: Iterable[object]) -> list[Mapping[str, str]]:
    """The ways to give that the texts link to, as funding.json's channels: https only, to a named host."""
    texts = (_NO_GIVING.sub(_target, written(value)) for value in values)
    found = (link.rstrip(".,;:!?*_~") for text in texts for link in _GIVING.findall(text))
    fitting = dict.fromkeys(link for link in found if links.payee(link))
    return [{"type": "payment-provider", "address": link} for link in list(fitting)[:MAX_CHANNELS]]


def _target(markup: Match[str]) -> str:
    """What is left of it: where a link leads."""
    link = _HREF.search(markup["rest"]) if markup["tag"] in ("a", "A") else None
    return " %s " % link[1] if link else " "
