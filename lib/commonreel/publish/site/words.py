# SPDX-License-Identifier: GPL-3.0-or-later
"""What the site says in a language: a file of words/ each. Names of countries and languages, dates, numbers
and plurals are Babel's (Unicode CLDR)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Mapping, Sequence

from babel import Locale, dates, lists, numbers

_FOLDER = Path(__file__).parent / "words"
LANGUAGES: tuple[str, ...] = (
    "en",
    *sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != "en"),
)
"""All that the site can speak; English is the first."""


class Words:
    """Of one language. Raises ValueError for one of which there is no file."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError("no words in %r, but in %s" % (language, ", ".join(LANGUAGES)))
        self.language = language  # BCP 47
        self._said = json.loads((_FOLDER / (language + ".json")).read_text("utf-8"))
        self._locale = Locale.parse(language, sep="-")

    def __call__(self, key: str, **values: object) -> str:
        """A text, with its values in place."""
        return str(self._said[key]).format(**values)

    def counted(self, key: str, count: int) -> str:
        """A text in the plural form of that number, which it holds as {count}."""
        forms = self._said[key]
        form = forms.get(str(self._locale.plural_form(count)), forms["other"])
        return str(form).format(count=self.number(count))

    def genre(self, value: str, spelled: str) -> str:
        """Of a folded name: as it is known here, else as works spell it."""
        return str(self._said["genre_names"].get(value, spelled[:1].upper() + spelled[1:]))

    @property
    def name(self) -> str:
        """What speakers call the language."""
        return (self._locale.get_display_name() or self.language).capitalize()

    @property
    def direction(self) -> str:
        return str(self._locale.text_direction)

    def country(self, code: str) -> str:
        return str(self._locale.territories.get(code, code))

    def speech(self, tag: str) -> str:
        """A spoken language, by its tag."""
        return str(self._locale.languages.get(tag.partition("-")[0].lower(), tag))

    def listed(self, names: Sequence[str]) -> str:
        return lists.format_list(list(names), locale=self._locale) if names else ""

    def number(self, value: int) -> str:
        return numbers.format_decimal(value, locale=self._locale)

    def date(self, iso: str) -> str:
        """An ISO 8601 date as people write it; one without a day as it is."""
        try:
            return dates.format_date(date.fromisoformat(iso[:10]), "long", self._locale)
        except ValueError:
            return iso

    def length(self, seconds: int) -> str:
        """Of a film, in hours and minutes."""
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        said = [self("hours", count=hours)] if hours else []
        return " ".join([*said, *([self("minutes", count=minutes)] if minutes else [])])

    def best(self, texts: Mapping[str, str]) -> tuple[str, str]:
        """Language and text: in this language, else in English, else the first there is; ('', '') if none."""
        for language in (self.language, "en", *texts):
            if texts.get(language):
                return language, texts[language]
        return "", ""
