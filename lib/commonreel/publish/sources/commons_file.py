# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of Wikimedia Commons, as its page has it.

A page is an object of the API's `pages`, in the shape of formatversion 1 or 2:
{"pageid", "title", "missing"?, "categories"?: [{"title"}], "videoinfo"?: [{"url", "thumburl", "size": bytes,
"duration": seconds, "height": lines, "mime", "mediatype", "sha1", "extmetadata": {FIELD: {"value": HTML}}}]}
https://commons.wikimedia.org/w/api.php?action=help&modules=query%2Bvideoinfo

The fields of extmetadata are what the page's templates say, and anybody may write those:
https://www.mediawiki.org/wiki/Extension:CommonsMetadata
"""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple
from urllib.parse import unquote, urlsplit

from ...works import licence
from ...works.errors import RecordInvalid
from ...works.fields import Fields
from ...works.licence import Licence
from ...works.record import MAX_BYTES, MAX_SECONDS
from ..plain_text import one_line, plain
from ..public_domain import claimed, new_right
from .source import Found, Record

FIELDS = (
    "Artist",
    "Attribution",
    "Categories",
    "Copyrighted",
    "DateTimeOriginal",
    "DeletionReason",
    "ImageDescription",
    "License",
    "LicenseShortName",
    "LicenseUrl",
    "NonFree",
    "ObjectName",
    "UsageTerms",
)  # of extmetadata, those that are read

_CONTAINERS = {
    "application/ogg": "ogv",  # what MediaWiki takes Ogg for, with mediatype VIDEO
    "video/mp4": "mp4",
    "video/mpeg": "mpg",
    "video/ogg": "ogv",
    "video/webm": "webm",
}
_NO_VIDEO = ("3D", "AUDIO", "BITMAP", "DRAWING", "OFFICE", "TEXT")  # mediatypes
_LANGUAGE = "und"  # a page does not tell the language of its title
_MAX_CATEGORIES = 500

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
_BY_NAME = {"cc0": _CC0, "cc-zero": _CC0, "pd": _MARK, "public domain": _MARK}
_BY_CODE = re.compile(r"cc-(by(?:-nc)?(?:-nd|-sa)?)-([0-9]\.[0-9])(?:-([a-z]{2,8}))?")

_DISPUTED = re.compile(
    r"(?:deletion requests|candidates for (?:speedy )?deletion|copyright violations|possible copyright|"
    r"licen[sc]e review needed|disputed|media (?:missing|without a|with disputed))"
    r"|.*(?:needing|requiring) licen[sc]e review",
    re.IGNORECASE,
)  # as a category's name begins
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2}(?:[ T][0-9:.]+Z?)?)?)?",
        r"(?:[0-9]{1,2} )?%s ([0-9]{4})" % _MONTH,
        r"%s [0-9]{1,2}, ([0-9]{4})" % _MONTH,
    )
)


class _Stated(NamedTuple):
    """The licence of a page; `doubts` are why a person must look at it."""

    licence: Licence
    doubts: list[str]


def work_id(page: int) -> str:
    """Of a page's number: what Commons itself calls the file by (a MediaInfo id), also when it is renamed."""
    return "commons:M%d" % page


def read(page: Mapping[str, Any], address: str) -> list[Found]:
    """The work on the page at `address`, whose `pageid` is a number; nothing if its file is no video."""
    identifier = work_id(page["pageid"])
    if page.get("missing") not in (None, False):
        return [Found(identifier, gone="its page is deleted")]
    info = _first(page.get("videoinfo"))
    if info.get("filehidden") not in (None, False):
        return [Found(identifier, gone="its file is hidden")]
    if not info:
        return [Found(identifier, reasons=("its page has no file",))]
    if info.get("mediatype") in _NO_VIDEO:
        return []
    said = _said(info.get("extmetadata"))
    categories = _categories(page.get("categories"), said)
    stated = _stated(said)
    encoding, trouble = _encoding(page["pageid"], info)
    made = {
        "id": identifier,
        "type": "Movie",
        **_described(page, info, said),
        "license": _licence(stated.licence, said),
        "encoding": encoding,
        "source": {"name": "Wikimedia Commons", "url": address},
    }
    made["rights"] = claimed(stated.licence, made.get("year", 0), address)
    version = new_right(stated.licence, made["name"][_LANGUAGE], _file_name(page))
    reasons = (*stated.doubts, *filter(None, [version]), *_disputes(said, categories), trouble)
    return [Found(identifier, made, reasons, holders=tuple("category:" + each for each in categories))]


def year(text: str) -> int:
    """Of a date that names one year for certain; 0 for 'circa 1925', '1920s', 'before 1925'."""
    for pattern in _DATES:
        found = pattern.fullmatch(text)
        if found and 1870 <= int(found.group(1)) <= 2200:
            return int(found.group(1))
    return 0


def _first(infos: object) -> Mapping[str, Any]:
    return infos[0] if isinstance(infos, list) and infos and isinstance(infos[0], dict) else {}


def _said(metadata: object) -> dict[str, str]:
    """What extmetadata says, as it is: field → HTML."""
    fields = metadata if isinstance(metadata, dict) else {}
    values = {name: entry.get("value") for name, entry in fields.items() if isinstance(entry, dict)}
    return {name: value for name, value in values.items() if name in FIELDS and isinstance(value, str)}


def _categories(listed: object, said: Mapping[str, str]) -> list[str]:
    """Their names, as the page is listed in them and as extmetadata has them."""
    entries = listed if isinstance(listed, list) else []
    titles = [entry.get("title") for entry in entries if isinstance(entry, dict)]
    names = [title.partition(":")[2] for title in titles if isinstance(title, str)]
    names += said.get("Categories", "").split("|")
    clean = dict.fromkeys(one_line(name, 255) for name in names[:_MAX_CATEGORIES])
    return [name for name in clean if name]


def _stated(said: Mapping[str, str]) -> _Stated:
    """By the licence's address, or else by its code. Two that differ, and a mark that the page itself
    contradicts, are for a person."""
    address = one_line(said.get("LicenseUrl", ""), licence.MAX_URL)
    code = one_line(said.get("License", "") or said.get("LicenseShortName", ""), 60)
    by_address = licence.lookup("https:" + address if address.startswith("//") else address)
    by_code = licence.lookup(_code_address(code.lower()))
    chosen = by_address if address else by_code
    doubts = []
    if chosen.gate not in ("ok", "claim"):
        terms = one_line(said.get("UsageTerms", ""), 100)
        doubts.append("no licence that is known: %s" % (address or code or terms or "none is stated"))
    if address and by_code.url and by_code.url != by_address.url:
        doubts.append("two licences: %s by its address, %s by its code" % (address, code))
    contrary = {"claim": "true", "ok": "false"}.get(chosen.gate)
    if said.get("Copyrighted", "").strip().lower() == contrary:
        doubts.append("the licence is %s, yet copyrighted: %s" % (chosen.label, contrary))
    if chosen.attribution and not _maker(said):
        doubts.append("the licence wants the maker named, and no maker is")
    return _Stated(chosen, doubts)


def _code_address(code: str) -> str:
    """The address of the licence that Commons calls so; '' if that is not certain."""
    found = _BY_CODE.fullmatch(code)
    if not found:
        return _BY_NAME.get(code, "")
    return "https://creativecommons.org/licenses/" + "/".join(part for part in found.groups() if part)


def _maker(said: Mapping[str, str]) -> str:
    return one_line(said.get("Attribution", ""), 300) or one_line(said.get("Artist", ""), 300)


def _licence(stated: Licence, said: Mapping[str, str]) -> Record:
    credit = ", ".join(part for part in (_maker(said), stated.label, "Wikimedia Commons") if part)
    told = {"url": stated.url, "spdx": stated.spdx, "credit": credit}
    return {name: value for name, value in told.items() if value}


def _disputes(said: Mapping[str, str], categories: list[str]) -> list[str]:
    """What the community of Commons itself has against the file."""
    found = ["category: %s" % name for name in categories if _DISPUTED.match(name)]
    deletion = one_line(said.get("DeletionReason", ""), 200)
    if deletion:
        found.append("nominated for deletion: %s" % deletion)
    if said.get("NonFree", "").strip().lower() not in ("", "false", "0"):
        found.append("marked as not free")
    return found


def _described(page: Mapping[str, Any], info: Mapping[str, Any], said: Mapping[str, str]) -> Record:
    """What it is called and what is known of it; unknown facts left out."""
    name = one_line(said.get("ObjectName", ""), 300) or _file_name(page)
    description = plain(said.get("ImageDescription", ""), 2000)
    poster = _address(info.get("thumburl"))
    facts = {
        "name": {_LANGUAGE: name or work_id(page["pageid"])},
        "description": {_LANGUAGE: description} if description else {},
        "year": year(one_line(said.get("DateTimeOriginal", ""), 60)),
        "duration": _number(info.get("duration"), MAX_SECONDS),
        "image": {"poster": poster} if poster else {},
    }
    return {name: value for name, value in facts.items() if value}


def _file_name(page: Mapping[str, Any]) -> str:
    """Without what kind of file it is."""
    title = page.get("title")
    name = title.partition(":")[2] if isinstance(title, str) else ""
    return one_line(re.sub(r"\.\w{2,4}$", "", name), 300)


def _encoding(page: int, info: Mapping[str, Any]) -> tuple[list[Record], str]:
    """The file as it was uploaded, and why it cannot be played as it is: none has a torrent."""
    told = info.get("mime")
    kind = told if isinstance(told, str) else "unknown"
    container = _CONTAINERS.get(kind, "")
    address, length = _address(info.get("url")), _number(info.get("size"), MAX_BYTES)
    if not container:
        return [], "not a kind of video that is played here: %s" % one_line(kind, 60)
    if not address or not length:
        return [], "its file has no %s" % ("size" if address else "address")
    sha1 = _sha1(info.get("sha1"))
    file = {"path": _path(address) or "M%d.%s" % (page, container), "length": length, "sha1": sha1}
    height = _number(info.get("height"), 20_000)
    made = {"file": file, "web": [address], "container": container, **({"height": height} if height else {})}
    trouble = "it has no torrent yet: make one of the file at %s, sha1 %s" % (address, sha1 or "unknown")
    return [made], trouble


def _number(value: object, high: int) -> int:
    """A whole number from 1 to `high`; 0 for what is none."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,9})?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return round(value) if 1 <= value <= high else 0


def _sha1(value: object) -> str:
    digits = value.lower() if isinstance(value, str) else ""
    return digits if re.fullmatch(r"[0-9a-f]{40}", digits) else ""


def _address(value: object) -> str:
    """As a record may hold it; '' for another."""
    text = "https:" + value if isinstance(value, str) and value.startswith("//") else value
    try:
        return Fields({"address": text}, "", False).address("address")
    except RecordInvalid:
        return ""


def _path(address: str) -> str:
    """The file's own name; '' if a record may not hold it."""
    name = unquote(urlsplit(address).path.rpartition("/")[2])
    try:
        return Fields({"path": name}, "", False).path("path") if "/" not in name else ""
    except RecordInvalid:
        return ""
