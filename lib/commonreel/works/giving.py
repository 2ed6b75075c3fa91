# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the ways to give that a work's record, or a maker's, states is shown to a viewer.

A catalogue can name any address. A person with a phone in front of the television cannot tell a good one
from one that looks like it, so only two kinds are shown:

- a page of a service for giving, of the closed list below, whose address names the payee in plain letters;
- the makers' own site: a host at which the record proves them, or one below that host.

What proves a host is evidence of the work's rights, or in the maker's record, of one of two kinds. A
`signed-declaration` in `/.well-known/commonreel.json` (works/well_known.py), where nobody writes but who has
the host (RFC 8615). Or an `institution` that made the work itself, since the credit to give names it, or that
is the maker. Nothing follows for the host above or beside: whoever has `makers.example.org` need not be who
has `example.org`. A `www.` in front makes no difference.

Neither kind has a query, a fragment or an escape, so neither can send anybody on to another address.
"""

from __future__ import annotations

import re
from typing import AbstractSet, Mapping, NamedTuple, Union
from urllib.parse import urlsplit

from . import links, well_known
from .guide import Maker
from .work import Channel, Evidence, Work

Supported = Union[Work, Maker]  # what has ways to give


class Way(NamedTuple):
    """To give for a work."""

    name: str  # of whom it is given to, as far as that is known
    channel: Channel


_NAME = r"[A-Za-z0-9_~][A-Za-z0-9._-]{0,63}"

# Host → the paths at which it takes gifts for somebody. Tills whose addresses are codes, and sales of what
# is yet to be made, are no way to give.
_SERVICES = {
    "buymeacoffee.com": "NAME",
    "en.tipeee.com": "NAME",
    "fr.tipeee.com": "NAME",
    "github.com": "sponsors/NAME",
    "helloasso.com": r"associations/NAME(?:/formulaires/\d{1,6}|/collectes/NAME)?",
    "ko-fi.com": "NAME",
    "liberapay.com": "NAME(?:/donate)?",
    "opencollective.com": "NAME(?:/donate)?",
    "patreon.com": "(?:c/)?NAME",
    "paypal.com": "paypalme/NAME",
    "paypal.me": "NAME",
    "tipeee.com": "NAME",
}
_OWN_PATH = re.compile(r"(?:/%s)*/?" % _NAME, re.ASCII)


def shown(whose: Supported) -> tuple[Channel, ...]:
    """The channels whose address may be shown as a QR code, each address once."""
    own = sites(whose)
    found: dict[str, Channel] = {}
    for channel in whose.funding:
        if not refusal(channel.address, own):
            found.setdefault(channel.address, channel)
    return tuple(found.values())


def ways(work: Work, known: Mapping[str, Maker], language: str = "en") -> tuple[Way, ...]:
    """What is shown with a work: the ways of its own, else those of its makers, each address once. `known`:
    makers that have a record, by id."""
    own = [Way(makers(work), channel) for channel in shown(work)]
    if own:
        return tuple(own)
    found: dict[str, Way] = {}
    for maker in (known[id] for id in work.maker if id in known):
        for way in of_maker(maker, language):
            found.setdefault(way.channel.address, way)
    return tuple(found.values())


def of_maker(maker: Maker, language: str = "en") -> tuple[Way, ...]:
    """What is shown with a maker."""
    return tuple(Way(maker.title(language), channel) for channel in shown(maker))


def refusal(address: str, own: AbstractSet[str] = frozenset()) -> str:
    """Why an address is not shown as a code, in English; '' if it is. `own`: the makers' sites()."""
    concealed = links.concealed(address)
    if concealed or _of_service(address):
        return concealed
    host = host_of(address)
    if any(host == site or host.endswith("." + site) for site in own):
        plain = _OWN_PATH.fullmatch(address, _path_at(address))
        return "" if plain else "a query, a fragment or an escape, by which it could lead on"
    if host in _SERVICES:
        return "no page of %s that names whom is given to, and nothing more" % host
    return "%s is no service for giving that is known, nor proven to be the makers' own" % host


def sites(whose: Supported) -> frozenset[str]:
    """The hosts that are proven to be the makers' own."""
    return frozenset(host_of(one.url) for one in evidence(whose) if _proves(one, whose))


def evidence(whose: Supported) -> tuple[Evidence, ...]:
    """That can prove a host: of a work, what its holder or an institution says."""
    if isinstance(whose, Maker):
        return whose.evidence
    return whose.rights.evidence if whose.rights.rights_class in ("A", "B") else ()


def host_of(address: str) -> str:
    """Of an https address, without a `www.` in front."""
    host = urlsplit(address).hostname or ""
    return host[len("www.") :] if host.startswith("www.") and host.count(".") > 1 else host


def spoken(address: str) -> str:
    """An https address as people write it: 'liberapay.com/makers'."""
    return address[len("https://") :].rstrip("/")


def makers(work: Work) -> str:
    """Whom a gift is for, as far as the record names them: the house that made it, the credit to give, or the
    directors."""
    credit = work.license.credit
    houses = (one for one in work.rights.evidence if one.kind == "institution")
    named = (house.by for house in houses if _credited(house, work))
    return next(named, "") or credit or ", ".join(work.director)


def _of_service(address: str) -> bool:
    path = _SERVICES.get(host_of(address))
    if path is None:
        return False
    page = "/%s/?" % path.replace("NAME", _NAME)
    return bool(re.fullmatch(page, address[_path_at(address) :], re.ASCII))


def _proves(one: Evidence, whose: Supported) -> bool:
    """Whether it lies at a host of the makers' own."""
    if not links.payee(one.url):
        return False
    if one.kind == "signed-declaration":
        return well_known.is_address(one.url)
    return one.kind == "institution" and _credited(one, whose)


def _credited(one: Evidence, whose: Supported) -> bool:
    """Whether who vouches is who made it: then the credit to give names them."""
    by = one.by.casefold()
    if isinstance(whose, Maker):
        return by in map(str.casefold, whose.name.values())
    return bool(by) and by in whose.license.credit.casefold()


def _path_at(address: str) -> int:
    """Where the path begins: behind the host, which `links.payee` has found to stand alone."""
    return len("https://") + len(urlsplit(address).netloc)
