# SPDX-License-Identifier: GPL-3.0-or-later
"""Objecting to a work, or telling what is wrong with it: a code for a phone, of whoever answers for it."""

from __future__ import annotations

from ...catalog import following
from ...catalog.following import State
from ...catalog.store import LOCAL
from ...works import contact, giving, links
from ...works.work import Work
from .. import catalogue, dialogs, paths
from ..call import Call
from ..words import reasons
from ..words.strings import Text, literal, text
from . import scan

SUBJECT = "Common Reel: %s"  # for whoever answers: the same in every language


def report(call: Call) -> None:
    """Show whom to write to about a work. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
        origin = store.origin(work.id)
    if origin == LOCAL:
        dialogs.explain(text(Text.REPORT_OWN))
        return
    curator = following.named(paths.catalogues(), origin)
    cards = _curators(work, curator.state) if curator else []
    if cards:
        scan.show(cards)
    elif curator and curator.state.contact:
        dialogs.explain(literal(text(Text.OBJECT, contact=curator.state.contact)))
    else:
        _source(work)


def _curators(work: Work, curator: State) -> list[scan.Card]:
    """Of who signs the catalogue: how to write to them, and their legal notice."""
    found = []
    mail = contact.address(curator.contact, SUBJECT % work.id)
    if mail:
        spoken = curator.contact if mail.startswith("mailto:") else giving.spoken(mail)
        found.append(_card(work, mail, spoken, curator.name, text(Text.REPORT_NOTE, id=work.id)))
    if links.payee(curator.legal):
        found.append(
            _card(work, curator.legal, giving.spoken(curator.legal), curator.name, text(Text.REPORT_LEGAL))
        )
    return found


def _source(work: Work) -> None:
    """Nobody is named: all there is to point to is where the work was found."""
    note, page = text(Text.REPORT_SOURCE), work.source.url
    if links.payee(page):
        scan.show([_card(work, page, giving.spoken(page), work.source.name, note)])
    else:
        dialogs.explain("%s %s" % (note, literal(page)))


def _card(work: Work, address: str, spoken: str, name: str, note: str) -> scan.Card:
    return scan.Card(address, spoken, text(Text.REPORT), name, reasons.title(work), (note,))
