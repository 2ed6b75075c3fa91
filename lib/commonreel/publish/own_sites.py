# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the sites that a record calls its makers' own say so themselves (works/well_known.py).

A device cannot ask them: it believes the record, which a curator has signed. So this is asked before.
"""

from __future__ import annotations

from typing import Callable, Iterator

from ..works import giving, well_known
from ..works.errors import FetchFailed, RecordInvalid
from ..works.giving import Supported
from ..works.work import Evidence

Fetch = Callable[[str, int], bytes]  # the body at an address, of at most so many bytes; raises FetchFailed


def once(fetch: Fetch) -> Fetch:
    """The same, which asks each address once, also where that fails: many works have the same makers."""
    asked: dict[str, bytes | FetchFailed] = {}

    def answer(url: str, limit: int) -> bytes:
        if url not in asked:
            try:
                asked[url] = fetch(url, limit)
            except FetchFailed as error:
                asked[url] = error
        found = asked[url]
        if isinstance(found, FetchFailed):
            raise found
        return found

    return answer


def problems(whose: Supported, fetch: Fetch) -> Iterator[str]:
    """What speaks against the ways to give that a record states, in English."""
    for channel in whose.funding:
        reason = giving.refusal(channel.address, giving.sites(whose))
        if reason and "://" in channel.address:
            yield "%s: %s" % (channel.address, reason)
    for evidence in giving.evidence(whose):
        if evidence.kind == "signed-declaration" and well_known.is_address(evidence.url):
            yield from of_site(whose, evidence, fetch)


def of_site(whose: Supported, evidence: Evidence, fetch: Fetch) -> Iterator[str]:
    """The same of the site that the evidence is of, and whether that names the key."""
    try:
        said = well_known.parse(fetch(evidence.url, well_known.MAX_BYTES))
    except (FetchFailed, RecordInvalid) as error:
        yield "%s: %s" % (evidence.url, error.detail)
        return
    if evidence.by not in said.keys:
        yield "%s: does not name the key %.80s" % (evidence.url, evidence.by)
    own = frozenset([giving.host_of(evidence.url)])
    for channel in whose.funding:
        there = giving.refusal(channel.address) and not giving.refusal(channel.address, own)
        if there and said.funding and channel.address not in said.funding:
            yield "%s: not among the ways to give that %s names" % (channel.address, evidence.url)
