# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a file of subtitles: whether it is one at all, of which format, in clean UTF-8.

Players guess at all three, and feed what they find to a renderer. So: a byte order mark tells UTF-8 and
UTF-16; else what is valid UTF-8 is that; else it is of the code page that Windows has for the language.
"""

from __future__ import annotations

import codecs
import re
from typing import Iterable, Iterator, NamedTuple

from . import languages
from .subtitles import MAX_BYTES

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CODE_PAGES = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("be", "bg", "kk", "mk", "ru", "sr", "uk"), "cp1251"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    **{"el": "cp1253", "he": "cp1255", "ja": "cp932", "ko": "cp949"},
    **{"th": "cp874", "tr": "cp1254", "vi": "cp1258", "zh": "gb18030"},
}
_BEGINNING = 4096  # characters in which a file of subtitles shows what it is
_TIME = r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}[,.][0-9]{1,3}"
# Of SubRip, a cue: its number may be missing, and blank lines be in front.
_SRT = re.compile(r"\s*(?:[0-9]{1,9}[ \t]*\n\s*)?%s[ \t]*-->[ \t]*%s" % (_TIME, _TIME))
_VTT = re.compile(r"WEBVTT(?:[ \t\n]|\Z)")
_ASS = re.compile(r"\s*(?:[;!][^\n]*\n\s*)*\[(?:Script Info|Events|V4\+? Styles)\]", re.IGNORECASE)
_DIALOGUE = re.compile(r"^Dialogue:", re.MULTILINE)
# Parts of ASS in which files of fonts and pictures are packed: nothing that a renderer must unpack.
_PACKED = ("[fonts]", "[graphics]")
_PART = re.compile(r"\[[A-Za-z0-9+ ]+\]\s*")


class SubtitlesInvalid(ValueError):
    """Not subtitles, or more than any film has."""


class Subtitles(NamedTuple):
    format: str  # srt, vtt or ass: what it is, whatever it was called
    data: bytes  # UTF-8, lines that end in \n


def read(data: bytes, lang: str) -> Subtitles:
    """The subtitles in these bytes. `lang`: BCP 47. Raises SubtitlesInvalid for what are none."""
    if len(data) > MAX_BYTES:
        raise SubtitlesInvalid("over %d bytes" % MAX_BYTES)
    text = _decoded(data, lang).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise SubtitlesInvalid("binary")
    kind = _format(text)
    if kind == "ass":
        text = "\n".join(_unpacked(text.split("\n")))
    return Subtitles(kind, text.encode("utf-8", "replace"))


def _decoded(data: bytes, lang: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_CODE_PAGES.get(languages.code(lang), "cp1252"), "replace")


def _format(text: str) -> str:
    beginning = text[:_BEGINNING]
    if _VTT.match(beginning):
        return "vtt"
    if _SRT.match(beginning):
        return "srt"
    if _ASS.match(beginning) and _DIALOGUE.search(text):
        return "ass"
    raise SubtitlesInvalid("neither SubRip nor WebVTT nor ASS: %s" % ascii(text[:40]))


def _unpacked(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the parts that hold files."""
    packed = False
    for line in lines:
        if _PART.fullmatch(line):
            packed = line.strip().lower() in _PACKED
        if not packed:
            yield line
