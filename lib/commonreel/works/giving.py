# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the ways to give that a work's record, or a maker's, names a viewer is shown.

A catalogue can name any address. A person with a phone in front of the television cannot tell a good one
from one that looks like it, so only two kinds are shown:

- a page of a service for giving, of the closed list below, whose address names the payee in plain letters;
- the makers' own site: a host at which the record proves them, or one below that host.

What proves a host is evidence of the work's rights, or in the maker's record, of one of two kinds. A
`signed-declaration` under `/.well-known/`, where nobody writes but who has the host (RFC 8615). Or an
`institution` that made the work itself, since the credit to give names it, or that is the maker. Nothing
follows for the host above or beside: whoever has `makers.example.org` need not be who has `example.org`. A
`www.` in front makes no difference.

Neither kind has a query, a fragment or an escape, so neither can send anybody on to another address.
"""

from __future__ import annotations

import re
from typing import Union
from urllib.parse import urlsplit

from . import links
from .guide import Maker
from .work import Channel, Evidence, Work

Supported = Union[Work, Maker]  # what has ways to give

_NAME = r"[A-Za-z0-9_~][A-Za-z0-9._-]{0,63}"

# Host → the paths at which it takes gifts for somebody. Tills whose addresses are codes, and sales of what
# is yet to be made, are no way to give.
_SERVICES = {
    host: re.compile("/%s/?" % path.replace("NAME", _NAME), re.ASCII)
    for host, path in {
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
    }.items()
}
_OWN_PATH = re.compile(r"(?:/%s)*/?" % _NAME, re.ASCII)
_WELL_KNOWN = re.compile(r"/\.well-known/%s" % _NAME, re.ASCII)


def shown(whose: Supported) -> tuple[Channel, ...]:
    """The channels whose address may be shown as a QR code, each address once."""
    found: dict[str, Channel] = {}
    for channel in whose.funding:
        address = channel.address
        if links.payee(address) and (_of_service(address) or _at_home(address, whose)):
            found.setdefault(address, channel)
    return tuple(found.values())


def spoken(address: str) -> str:
    """An https address as people write it: 'liberapay.com/makers'."""
    return address[len("https://") :].rstrip("/")


def makers(work: Work) -> str:
    """Whom a gift is for, as far as the record names them: the house that made it, the credit to give, or the
    directors."""
    credit = work.license.credit
    named = (one.by for one in work.rights.evidence if one.kind == "institution" and _credited(one, work))
    return next(named, "") or credit or ", ".join(work.director)


def _of_service(address: str) -> bool:
    path = _SERVICES.get(_host(address))
    return path is not None and bool(path.fullmatch(address, _path_at(address)))


def _at_home(address: str, whose: Supported) -> bool:
    """Whether it is a plain page of a host that is proven to be the makers'."""
    if not _OWN_PATH.fullmatch(address, _path_at(address)):
        return False
    host = _host(address)
    proven = {_host(one.url) for one in _evidence(whose) if _proves(one, whose)}
    return any(host == own or host.endswith("." + own) for own in proven)


def _evidence(whose: Supported) -> tuple[Evidence, ...]:
    """That can prove a host: of a work, what its holder or an institution says."""
    if isinstance(whose, Maker):
        return whose.evidence
    return whose.rights.evidence if whose.rights.rights_class in ("A", "B") else ()


def _proves(evidence: Evidence, whose: Supported) -> bool:
    """Whether the evidence lies at a host of the makers' own."""
    if not links.payee(evidence.url):
        return False
    if evidence.kind == "signed-declaration":
        return bool(_WELL_KNOWN.fullmatch(evidence.url, _path_at(evidence.url)))
    return evidence.kind == "institution" and _credited(evidence, whose)


def _credited(evidence: Evidence, whose: Supported) -> bool:
    """Whether who vouches is who made it: then the credit to give names them."""
    by = evidence.by.casefold()
    if isinstance(whose, Maker):
        return by in map(str.casefold, whose.name.values())
    return bool(by) and by in whose.license.credit.casefold()


def _host(address: str) -> str:
    host = urlsplit(address).hostname or ""
    return host[len("www.") :] if host.startswith("www.") and host.count(".") > 1 else host


def _path_at(address: str) -> int:
    """Where the path begins: behind the host, which `links.payee` has found to stand alone."""
    return len("https://") + len(urlsplit(address).netloc)
