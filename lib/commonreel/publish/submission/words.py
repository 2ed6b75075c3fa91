# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker is asked and told, in the languages that there is a file of (en.toml, fr.toml)."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, NamedTuple

import tomli

LANGUAGES = ("en", "fr")


class Words(NamedTuple):
    language: str
    ask: Mapping[str, str]
    statement: Mapping[str, Mapping[str, str]]  # statement → 'question' and its answers
    note: Mapping[str, str]
    licence: Mapping[str, str]  # address → what it means, the most careful first
    page: Mapping[str, str]
    steps: Mapping[str, Mapping[str, str]]  # kind of place → its steps


def words(language: str) -> Words:
    """In that language, or in English where it is not known. `language`: as LANG has it ('fr_FR.UTF-8')."""
    code = language[:2].lower()
    known = code if code in LANGUAGES else LANGUAGES[0]
    told = tomli.loads(Path(__file__).with_name(known + ".toml").read_text("utf-8"))
    page = {name: text for name, text in told["page"].items() if isinstance(text, str)}
    steps = {name: within for name, within in told["page"].items() if name not in page}
    return Words(known, told["ask"], told["statement"], told["note"], told["licence"], page, steps)
