# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the names of countries and languages into the strings of every language, and the countries into
the settings.

python .ci/country_strings.py [--check]

The names are those of the Unicode CLDR, taken from Babel. --check changes nothing and ends with 1 if
something would change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lib"))

from commonreel.works import languages  # noqa: E402
from commonreel.works.countries import CODES  # noqa: E402

LANGUAGES = ROOT / "resources" / "language"
LOCALES = {"pt_br": "pt_BR"}  # those that differ from their language's first
SETTINGS = ROOT / "resources" / "settings.xml"
PO_BEGIN = "# Countries: the rest of this file is written by .ci/country_strings.py\n"
XML_BEGIN = "<!-- Countries: written by .ci/country_strings.py -->\n"
XML_END = "<!-- End of countries -->"
COUNTRIES, LANGUAGES_OF, LETTERS = (
    31000,
    32000,
    26,
)  # as in lib/commonreel/kodi/words/strings.py, which the tests compare


def string_id(code: str, first: int = COUNTRIES) -> int:
    letters = code.upper()
    return first + (ord(letters[0]) - ord("A")) * LETTERS + ord(letters[1]) - ord("A")


def names(language: str) -> dict[int, str]:
    """Every country's and every language's name, by the id of its text, in the language of a folder's suffix:
    'fr_fr'."""
    locale = Locale.parse(LOCALES.get(language, language.split("_")[0]))
    countries = {string_id(code): locale.territories[code] for code in sorted(CODES)}
    spoken = {string_id(code, LANGUAGES_OF): locale.languages[code] for code in sorted(languages.CODES)}
    return {**countries, **{number: name[:1].upper() + name[1:] for number, name in spoken.items()}}


def with_countries(po: str, language: str) -> str:
    """The strings.po of that language, its block of names made new."""
    english, own = names("en_gb"), names(language)
    entries = [
        'msgctxt "#%d"\nmsgid "%s"\nmsgstr "%s"\n'
        % (number, english[number], "" if language == "en_gb" else own[number])
        for number in english
    ]
    return po.split(PO_BEGIN)[0].rstrip("\n") + "\n\n" + PO_BEGIN + "\n" + "\n".join(entries)


def with_options(settings: str) -> str:
    """settings.xml, its options for the country made new."""
    before, rest = settings.split(XML_BEGIN)
    after = rest.split(XML_END)[1]
    indent = before[before.rindex("\n") :]
    options = [indent + '<option label="%d">%s</option>' % (string_id(code), code) for code in sorted(CODES)]
    return before + XML_BEGIN.rstrip("\n") + "".join(options) + indent + XML_END + after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wanted = {SETTINGS: with_options(SETTINGS.read_text(encoding="utf-8"))}
    for po in sorted(LANGUAGES.glob("resource.language.*/strings.po")):
        wanted[po] = with_countries(po.read_text(encoding="utf-8"), po.parent.name.rsplit(".", 1)[1])
    changed = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        print(path.relative_to(ROOT))
        if not check:
            path.write_text(wanted[path], encoding="utf-8")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
