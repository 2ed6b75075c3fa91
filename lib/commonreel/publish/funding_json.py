# SPDX-License-Identifier: GPL-3.0-or-later
"""funding.json (FLOSS/fund v1, https://fundingjson.org): whoever asks for gifts says so in one file.

Of a file that is read, only the ways to give are taken: `funding.channels`. What a directory of such files
checks beside is kept to in one that is written: who asks has a mail address, there is a plan, and every page
it names is at the file's own host, so that it needs no other proof (`wellKnown`).
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any, Iterable, Mapping, NamedTuple, Sequence
from urllib.parse import urlsplit

from ..works import contact, giving, licence, links, record_parts
from ..works.errors import RecordInvalid
from ..works.fields import Fields
from ..works.strict_json import strict_json
from ..works.work import Channel, Work

VERSION = "v1.0.0"
SCHEMA = "https://fundingjson.org/schema/v1.0.0/funding.schema.json"
MAX_BYTES = 256 << 10
MAX_READ = 100  # channels of a file
MAX_CHANNELS = 10  # of a record
MAX_PROJECTS = 200
ENTITIES = ("individual", "group", "organisation", "other")
ROLES = ("owner", "steward", "maintainer", "contributor", "other")

_VERSION = re.compile(r"v1(\.[0-9]{1,4}){0,2}")
_GUID = re.compile(r"[a-z0-9-]+")
_TAG = re.compile(r"[a-z](?:[a-z0-9-]{0,30}[a-z])")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MAX_TEXT, _MAX_PROSE, _MAX_GUID = 250, 2000, 32  # characters


class Refused(NamedTuple):
    channel: str  # its guid, or its place
    address: str
    reason: str


class Read(NamedTuple):
    """The ways to give as a record holds them, and those that it cannot hold."""

    channels: tuple[Channel, ...]
    refused: tuple[Refused, ...]


class Asker(NamedTuple):
    """Who asks: the file's `entity`."""

    host: str  # https://HOST/funding.json is where the file will lie
    email: str
    name: str = ""  # '': as the first work names its makers
    type: str = "other"
    role: str = "owner"
    currency: str = "EUR"  # ISO 4217


class Written(NamedTuple):
    manifest: Mapping[str, Any]
    left_out: tuple[str, ...]  # what of the works is not in it, and why


def read(body: bytes) -> Read:
    """What such a file's channels are in a record. RecordInvalid where it is no funding.json of version 1."""
    if len(body) > MAX_BYTES:
        raise RecordInvalid("funding.json: more than %d bytes" % MAX_BYTES)
    try:
        manifest = Fields(strict_json(body), "", False)
    except ValueError as error:
        raise RecordInvalid("funding.json: not JSON (%s)" % error) from error
    manifest.matching("version", _VERSION, 20)
    entity = manifest.child("entity", required=True)
    entity.choice("type", ENTITIES, required=True)
    entity.choice("role", ROLES, required=True)
    entity.text("name", _MAX_TEXT, required=True)
    funding = manifest.child("funding", required=True)
    found: dict[str, Channel] = {}
    refused = []
    for number, stated in enumerate(funding.children("channels", MAX_READ, required=True)):
        try:
            channel = _channel(stated)
            if len(found) == MAX_CHANNELS and channel.address not in found:
                raise RecordInvalid("address: more than %d of them" % MAX_CHANNELS)
            found.setdefault(channel.address, channel)
        except RecordInvalid as error:
            guid, address = _said(stated, "guid"), _said(stated, "address")
            refused.append(Refused(guid or "[%d]" % number, address, error.detail))
    return Read(tuple(found.values()), tuple(refused))


def _channel(stated: Fields) -> Channel:
    stated.matching("guid", _GUID, _MAX_GUID, required=True)
    return record_parts.channel(stated)


def _said(stated: Fields, name: str) -> str:
    """A field of a channel that is refused, as far as it is text."""
    try:
        return stated.text(name, MAX_BYTES)[:80]
    except RecordInvalid:
        return ""


def write(works: Iterable[Work], asker: Asker) -> Written:
    """A funding.json for the works that state a way to give. ValueError where none would be valid."""
    supported = [work for work in works if work.funding]
    left_out: list[str] = []
    channels = _channels(supported, left_out)
    if not channels:
        raise ValueError("no record states a way to give that such a file can hold")
    manifest = {
        "$schema": SCHEMA,
        "version": VERSION,
        "entity": _entity(asker, supported),
        "projects": _projects(supported, asker.host, left_out),
        "funding": {"channels": channels, "plans": [_plan(channels, asker.currency)]},
    }
    return Written(manifest, tuple(left_out))


def _entity(asker: Asker, works: Sequence[Work]) -> dict[str, Any]:
    site = "https://%s/" % asker.host
    name = asker.name or giving.makers(works[0])
    if not links.payee(site) or urlsplit(site).netloc != asker.host or len(site) > _MAX_TEXT:
        raise ValueError("no host by its plain name: %.80r" % asker.host)
    if not contact.address(asker.email, "").startswith("mailto:%s?" % asker.email):
        raise ValueError("no mail address: %.80r" % asker.email)
    if not 2 <= len(name) <= _MAX_TEXT:
        raise ValueError("a name of 2 to %d characters is wanted, not %.80r" % (_MAX_TEXT, name))
    return {
        "type": asker.type,
        "role": asker.role,
        "name": name,
        "email": asker.email,
        "description": ("Films: " + ", ".join(work.title() for work in works))[:_MAX_PROSE],
        "webpageUrl": {"url": site},
    }


def _channels(works: Iterable[Work], left_out: list[str]) -> list[dict[str, Any]]:
    """Each address once."""
    found: dict[str, Channel] = {}
    for work in works:
        for channel in work.funding:
            if len(channel.address) > _MAX_TEXT:
                left_out.append("%s: %s: longer than %d characters" % (work.id, channel.address, _MAX_TEXT))
            else:
                found.setdefault(channel.address, channel)
    guids = _guids(address if "://" in address else found[address].type for address in found)
    return [{"guid": guid, **channel._asdict()} for guid, channel in zip(guids, found.values())]


def _projects(works: Iterable[Work], host: str, left_out: list[str]) -> list[dict[str, Any]]:
    """The films and series whose page is at the host."""
    fitting: list[Work] = []
    for work in works:
        if work.type not in ("Movie", "TVSeries"):
            continue
        if urlsplit(work.source.url).netloc != host or len(work.source.url) > _MAX_TEXT:
            left_out.append("%s: no project: its page is not at %s: %s" % (work.id, host, work.source.url))
        elif len(fitting) == MAX_PROJECTS:
            left_out.append("%s: no project: more than %d of them" % (work.id, MAX_PROJECTS))
        else:
            fitting.append(work)
    return [_project(guid, work) for guid, work in zip(_guids(work.id for work in fitting), fitting)]


def _project(guid: str, work: Work) -> dict[str, Any]:
    granted = licence.lookup(work.license.url)
    spdx = granted.spdx and not granted.spdx.startswith("LicenseRef-")
    tags = ["film", *(word.lower().replace(" ", "-") for word in work.genre)]
    return {
        "guid": guid,
        "name": work.title()[:_MAX_TEXT],
        "description": ("Film: %s. %s" % (work.title(), work.plot())).strip()[:_MAX_PROSE],
        "webpageUrl": {"url": work.source.url},
        "repositoryUrl": {"url": work.source.url},
        "licenses": ["spdx:" + granted.spdx if spdx else granted.label],
        "tags": [tag for tag in dict.fromkeys(tags) if _TAG.fullmatch(tag) and "--" not in tag][:10],
    }


def _plan(channels: Iterable[Mapping[str, Any]], currency: str) -> dict[str, Any]:
    """Whatever somebody wants to give."""
    if not _CURRENCY.fullmatch(currency):
        raise ValueError("no currency's three letters: %.80r" % currency)
    return {
        "guid": "any-amount",
        "status": "active",
        "name": "Any amount",
        "description": "",
        "amount": 0,
        "currency": currency,
        "frequency": "one-time",
        "channels": [channel["guid"] for channel in channels],
    }


def _guids(texts: Iterable[str]) -> list[str]:
    """A short name for each, none twice: 3 to 32 of a-z, 0-9 and single dashes between them."""
    found: list[str] = []
    for text in texts:
        words = re.findall("[a-z0-9]+", re.sub(r"^https://(www\.)?", "", text.lower()))
        short = "-".join(words)[: _MAX_GUID - 4].strip("-")
        stem = short if len(short) > 2 else "the-" + (short or "0")
        names = (stem if number == 1 else "%s-%d" % (stem, number) for number in count(1))
        found.append(next(name for name in names if name not in found))
    return found
