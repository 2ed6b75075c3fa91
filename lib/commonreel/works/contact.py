# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to write to about a work, as an address that a phone can open."""

from __future__ import annotations

import re
from urllib.parse import quote

from . import links

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = re.compile(r"(?:mailto:)?([A-Za-z0-9._+-]{1,64}@(?:%s\.)+[A-Za-z]{2,24})" % _LABEL, re.ASCII)


def address(contact: str, subject: str, body: str = "") -> str:
    """Of a catalogue's contact: a mail's with that subject and text (RFC 6068), or the https address that it
    is. '' where it is neither, but words for a person."""
    contact = contact.strip()
    mail = _MAIL.fullmatch(contact)
    if mail and len(contact) <= links.MAX_GIVING:
        text = "&body=" + quote(body.replace("\n", "\r\n"), safe="") if body else ""
        return "mailto:%s?subject=%s%s" % (mail.group(1), quote(subject, safe=""), text)
    return contact if links.payee(contact) else ""
