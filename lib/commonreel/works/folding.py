# SPDX-License-Identifier: GPL-3.0-or-later
"""Text folded to plain words, so that case, accents and punctuation do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"}
)
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text in order: letters and digits only, without case, marks or ligatures."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if not _invisible(unicodedata.category(letter)))
    return _WORD.findall(text.casefold().translate(_PLAIN_LETTERS))


@lru_cache(maxsize=1024)  # makers and genres come again and again
def folded(text: str) -> str:
    """The words with one space between them; of a text without any, the text in lower case."""
    return " ".join(words(text)) or text.strip().casefold()


def storable(text: str) -> str:
    """The text as SQLite can hold it: without the lone surrogates that are in no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _invisible(category: str) -> bool:
    """Marks, and format characters (a soft hyphen, a joiner): they end no word and are part of none."""
    return category[0] == "M" or category == "Cf"
