# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files and folders for works, safe on every system that Kodi runs on."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Of a name, in UTF-16 units. In a library two of them stand in one path, which Windows bounds to 259.
MAX_UNITS = 60

_FORBIDDEN = '<>:"/\\|?*'  # on Windows
# What Windows takes for a device, with whatever comes after the first dot.
_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    device + number for device in ("COM", "LPT") for number in "0123456789¹²³"
}
# Kodi passes over folders of these names, and over whatever it takes for a trailer or a sample.
_NO_FILMS = {"PROOF", "SUBS", "EXTRAS", "BDMV", "VIDEO_TS"}
_TRAILER = re.compile("-(?=trailer)", re.IGNORECASE)
_SAMPLE = re.compile(r"(?:^|(?<=[!-. \\/_]))(sample)(?=[-. _]|$)", re.IGNORECASE)


def of(title: str, year: int, id: str, apart: bool = False) -> str:
    """'Cops (1922)' for a work; the year is left out where it is 0. `apart`: another has that name, so
    something of the id comes after it. Never empty, and at most MAX_UNITS long."""
    end = (" (%d)" % year if year else "") + (" [%s]" % digest(id)[:8] if apart else "")
    body = safe(title, MAX_UNITS - len(end)) or safe(id, MAX_UNITS - len(end)) or digest(id)[:8]
    return safe(body + end)


def safe(text: str, limit: int = MAX_UNITS) -> str:
    """What a file may be called of that text: composed (NFC), without what would be invisible, at most
    `limit` UTF-16 units. Empty where nothing is left."""
    plain = "".join(map(_plain, unicodedata.normalize("NFC", text)))
    plain = _SAMPLE.sub(r"\1+", _TRAILER.sub(" ", unicodedata.normalize("NFC", plain)))
    name = _cut(" ".join(plain.split()).strip(". "), limit).rstrip(". ")
    device = name.partition(".")[0].rstrip().upper()
    return "_" + name[: limit - 1] if device in _DEVICES or name.upper() in _NO_FILMS else name


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(sign: str) -> str:
    """The character, a space in the place of one that separates, or nothing."""
    kind = unicodedata.category(sign)
    if sign in _FORBIDDEN or kind.startswith("Z") or sign in "\t\n\r":
        return " "
    return "" if kind.startswith("C") else sign


def _cut(text: str, limit: int) -> str:
    units = 0
    for at, sign in enumerate(text):
        units += 2 if ord(sign) > 0xFFFF else 1
        if units > limit:
            return text[:at]
    return text
