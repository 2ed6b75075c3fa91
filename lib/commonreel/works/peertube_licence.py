# SPDX-License-Identifier: GPL-3.0-or-later
"""What PeerTube's numbers for licences mean.

A video states a number and a label: VideoLicence in packages/models/src/videos/video-licence.enum.ts and
VIDEO_LICENCES in server/core/initializers/constants.ts of github.com/Chocobozzz/PeerTube. The numbers
name no version of a Creative Commons licence. Plugins add numbers and change labels: one that many hosts
use tells the version ('CC BY-SA 4.0', as works.licence labels it). What is not known here is refused.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from . import licence

_ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
_MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
_PUBLIC_DOMAIN = (_ZERO, _MARK)  # of one version each
_RESERVED = 9


class Stated(NamedTuple):
    """A licence as a video states it."""

    url: str  # of the closed table, '' where it names none
    reason: str = ""  # in English, why a person must look; '' where there is nothing to ask


# Number → the licence's address without its version, and the label.
_NUMBERS = {
    1: ("https://creativecommons.org/licenses/by/", "Attribution"),
    2: ("https://creativecommons.org/licenses/by-sa/", "Attribution - Share Alike"),
    3: ("https://creativecommons.org/licenses/by-nd/", "Attribution - No Derivatives"),
    4: ("https://creativecommons.org/licenses/by-nc/", "Attribution - Non Commercial"),
    5: ("https://creativecommons.org/licenses/by-nc-sa/", "Attribution - Non Commercial - Share Alike"),
    6: ("https://creativecommons.org/licenses/by-nc-nd/", "Attribution - Non Commercial - No Derivatives"),
    7: (_ZERO, "Public Domain Dedication"),
    8: (_MARK, "Free of known copyright restrictions"),
}
NUMBERS = tuple(_NUMBERS)  # those that let a work be shown

_VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
_ADDRESS = re.compile(r"(?<![\w.@=/-])(?:https?://)?(?:www\.)?creativecommons\.org/[A-Za-z0-9./+_-]{1,100}")
_ALL_RIGHTS = re.compile(
    r"all rights reserved|tous droits r[ée]serv[ée]s|alle rechte vorbehalten|todos los derechos reservados",
    re.IGNORECASE,
)


def stated(number: object, label: object, texts: Iterable[str]) -> Stated:
    """The licence of a video that states this number and label and comes with these texts of its maker.

    The version is taken from the label or from an address in the texts, never guessed.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number not in _NUMBERS:
        return Stated("", _unknown(number, label))
    kind = _NUMBERS[number][0]
    labelled = _labelled(number, label)
    if labelled is None:
        return Stated("", "licence %d is labelled %.80r" % (number, label))
    named, others = _named(kind, labelled, texts)
    if kind in _PUBLIC_DOMAIN:
        named = [kind]
    if others:
        return Stated("", "two licences: %s and %s" % (_NUMBERS[number][1], others[0]))
    if not named:
        return Stated("", "licence without a version: %s" % _NUMBERS[number][1])
    if len(named) > 1:
        return Stated("", "licence with two versions: %s" % ", ".join(named))
    return Stated(named[0])


def _unknown(number: object, label: object) -> str:
    if number is None:
        return "no licence"
    return "all rights reserved" if number == _RESERVED else "unknown licence: %.40r %.80r" % (number, label)


def _labelled(number: int, label: object) -> str | None:
    """The address that the label gives, '' for PeerTube's own label, None for one of another licence."""
    kind, expected = _NUMBERS[number]
    if label == expected:
        return ""
    addresses = [kind] if kind in _PUBLIC_DOMAIN else [kind + version + "/" for version in _VERSIONS]
    return next((address for address in addresses if label and licence.lookup(address).label == label), None)


def _named(kind: str, labelled: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The licences of that kind that label and texts give the address of, and what they name beside it."""
    found = [licence.lookup(labelled)] if labelled else []
    others: list[str] = []
    for text in texts:
        found += [licence.lookup(address.rstrip(".")) for address in _ADDRESS.findall(text)]
        others += _ALL_RIGHTS.findall(text)
    known = dict.fromkeys(each.url for each in found if each.gate != "refuse")
    others += [url for url in known if not url.startswith(kind)]
    return [url for url in known if url.startswith(kind)], others
