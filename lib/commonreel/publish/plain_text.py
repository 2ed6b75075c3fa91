# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text of what people wrote for a web page: in HTML, in BBCode, in both, broken or whole.

It is made to be shown as text. It is no filter that makes HTML safe: what comes out is not HTML.
Its time grows with the length of the text only.
"""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(r"(</?[A-Za-z][^<>]*>)")  # HTML's; '1 < 2' and '<3' are text
_LONGEST_TAG = 1000  # characters of one that are looked at
_NAME = re.compile(r"</?([A-Za-z0-9]+)")
_HIDDEN = re.compile(r"<(?:script|style|template)\b|style\s*=[^<>]*display\s*:\s*none", re.IGNORECASE)
_VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_BLOCKS = "blockquote br center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul"
_LINES = frozenset(_BLOCKS.split())  # what begins a line
_CELLS = frozenset(("td", "th"))
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|url|img|email|quote|code|center|left|right|color|size|font|list|li|\*)(?:=[^\[\]]*)?\]",
    re.IGNORECASE,
)
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would turn what follows


def plain(text: str, limit: int) -> str:
    """The text without markup, of at most `limit` characters; '' if nothing is left.

    Lines stay apart, blank ones and runs of spaces do not stay. Markup that was itself written as
    entities ('&lt;b&gt;') goes too. What is cut ends with '…'.
    """
    lines = _without_tags(html.unescape(_without_tags(text))).splitlines()
    spaced = (" ".join(_printable(line).split()) for line in lines)
    return _cut("\n".join(line for line in spaced if line), limit)


def one_line(text: str, limit: int) -> str:
    """The same on a single line: a title, a name."""
    return _cut(" ".join(plain(text, len(text)).split()), limit)


def _without_tags(text: str) -> str:
    """What is between the tags, but for what a browser does not show."""
    first, *rest = text.split("<!--")
    said = []
    hidden, depth = "", 0
    for token in _TAG.split(_BBCODE.sub("", first + "".join(part.partition("-->")[2] for part in rest))):
        tag = _NAME.match(token) if _TAG.fullmatch(token) else None
        name = tag.group(1).lower() if tag else ""
        if hidden:
            depth += 0 if name != hidden else -1 if token.startswith("</") else 1
            hidden = hidden if depth else ""
        elif not tag:
            said.append(token)
        elif name not in _VOID and _HIDDEN.search(token, 0, _LONGEST_TAG):
            hidden, depth = name, 1
        else:
            said.append("\n" if name in _LINES else " " if name in _CELLS else "")
    return "".join(said)


def _printable(line: str) -> str:
    """Without control characters, lone surrogates, and marks that turn the direction of what follows."""
    spaced = line.replace("\t", " ")
    return "".join(
        sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cs") and sign not in DIRECTIONS
    )


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, of whole words where they are not too long."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    end = max(head.rfind(" "), head.rfind("\n"))
    return (head[:end] if end > limit // 2 else head).rstrip() + "…"
