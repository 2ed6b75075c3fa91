# SPDX-License-Identifier: GPL-3.0-or-later
"""No text is missing, unused, or at odds with itself in any language."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import xml.etree.ElementTree as ET

import polib
import pytest

from commonreel.kodi.words.strings import COUNTRIES, Text, country_id, language_id
from commonreel.kodi.words.strings import LANGUAGES as LANGUAGES_OF
from commonreel.works import errors, languages
from commonreel.works.countries import CODES
from lab.kodi_api import LANGUAGES, ROOT, texts

FOLDERS = sorted(path.name.rsplit(".", 1)[1] for path in LANGUAGES.glob("resource.language.*"))
SETTINGS = ROOT / "resources" / "settings.xml"
IDS = {name: id for name, id in vars(Text).items() if name.isupper()}


def entries(language):
    return polib.pofile(LANGUAGES / ("resource.language.%s" % language) / "strings.po", encoding="utf-8")


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def in_settings():
    """The ids that settings.xml speaks of."""
    root = ET.parse(SETTINGS).getroot()
    found = {e.get(name) for e in root.iter() for name in ("label", "help")} | {
        e.text for e in root.iter("heading")
    }
    return {int(each) for each in found if each}


def codes(error=errors.CommonReelError):
    yield error.code
    for child in error.__subclasses__():
        yield from codes(child)


def test_the_languages_that_are_shipped():
    assert FOLDERS == ["de_de", "en_gb", "es_es", "fr_fr", "it_it", "pt_br"]


def test_the_texts_are_those_that_are_used():
    countries = {country_id(code) for code in CODES}
    spoken = {language_id(code) for code in languages.CODES}
    assert set(texts()) == set(IDS.values()) | in_settings() | countries | spoken


def test_every_text_is_used_in_the_code():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lib" / "commonreel").rglob("*.py"))
    used = set(re.findall(r"Text\.([A-Z][A-Z_]+)", code)) | {
        "ERROR_" + c.upper().replace("-", "_") for c in codes()
    }
    assert used == set(IDS)


def test_every_error_says_something_of_its_own():
    english = texts()
    said = [english[IDS["ERROR_" + code.upper().replace("-", "_")]] for code in codes()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("language", FOLDERS)
def test_each_id_comes_once_and_in_order(language):
    ids = [int(entry.msgctxt.lstrip("#")) for entry in entries(language)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("language", [folder for folder in FOLDERS if folder != "en_gb"])
def test_a_translation_is_complete_and_of_the_same_text(language):
    english = {entry.msgctxt: entry.msgid for entry in entries("en_gb")}
    assert {entry.msgctxt: entry.msgid for entry in entries(language)} == english
    assert [entry.msgctxt for entry in entries(language) if not entry.msgstr] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_placeholders_are_the_same_in_every_language(language):
    for entry in entries(language):
        assert placeholders(entry.msgstr or entry.msgid) == placeholders(entry.msgid), entry.msgctxt


@pytest.mark.parametrize("language", FOLDERS)
def test_ways_to_share_are_told_in_the_two_lines_that_kodi_shows(language):
    told = texts(language)
    helps = [told[id] for id in (Text.SHARE_WEB_HELP, Text.SHARE_WATCHING_HELP, Text.SHARE_PATRON_HELP)]
    assert [words for words in helps if len(words) > 105] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_what_a_film_s_menu_offers_is_not_cut_off(language):
    """Kodi's own skin shows some thirty letters of an entry."""
    offers = (Text.QUALITY, Text.TRAILER, Text.FORGET_BEGUN, Text.ENLIST, Text.UNLIST, Text.WHY, Text.REPORT)
    others = (Text.ADD_TO_LIBRARY, Text.REMOVE_FROM_LIBRARY, Text.TRY_START, Text.SUPPORT)
    told = texts(language)
    assert [told[id] for id in offers + others if len(told[id]) > 28] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_the_mark_of_a_machine_can_stand_in_an_address(language):
    """Else Kodi's menu of subtitles would say it in English."""
    assert re.fullmatch("[A-Za-z-]+", texts(language)[Text.MACHINE_MADE])


def test_countries_and_languages_keep_clear_of_other_texts():
    assert max(IDS.values()) < COUNTRIES
    assert (country_id("AA"), language_id("aa")) == (COUNTRIES, LANGUAGES_OF)
    assert country_id("ZZ") < LANGUAGES_OF
    assert len({country_id(code) for code in CODES}) == len(CODES)


def test_the_settings_offer_every_country():
    options = ET.parse(SETTINGS).getroot().findall(".//setting[@id='country']//option")
    offered = {option.text: int(option.get("label")) for option in options}
    assert offered == {code: country_id(code) for code in CODES}


def test_no_option_is_without_a_value():
    """Kodi 20.1 crashes on one."""
    assert all(option.text for option in ET.parse(SETTINGS).getroot().iter("option"))


def test_the_countries_are_as_the_script_writes_them():
    script = [sys.executable, ".ci/country_strings.py", "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
