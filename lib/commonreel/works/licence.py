# SPDX-License-Identifier: GPL-3.0-or-later
"""What a licence's address means: a closed table; what is not in it is refused.

The table holds every licence that Creative Commons lists in its RDF (cc.licenserdf, 610 addresses with its
public-domain tools), the GNU FDL and the Licence Art Libre. SPDX ids are those of the SPDX licence list;
a port without an id of its own shows the unported one, or a LicenseRef where there is none. The exact
address stays the authority. `.ci/licence_table.py` makes licence_table.py of the two lists, and checks
what is said here against them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .licence_table import CREATIVE_COMMONS, SPDX

MAX_URL = 300


class Licence(NamedTuple):
    """A licence and what it lets anybody do.

    `gate` says what it is worth as a reason to show a work: `ok` grants redistribution of the whole
    work; `claim` states that the work is in the public domain and grants nothing, so the statement
    needs proof; `review` needs a person to look; `refuse` does not do.
    """

    url: str
    gate: str  # ok | claim | review | refuse
    spdx: str = ""
    label: str = ""
    attribution: bool = False
    commercial: bool = False
    derivatives: bool = False
    share_alike: bool = False
    retired: str = ""  # ISO date from which its author no longer recommends it; what it granted stays


# Code, version and jurisdiction of each of Creative Commons' licences, and from when it is retired.
_KEYS = {
    "%s/%s%s" % (code, version, "" if place == "-" else "/" + place): retired
    for version, codes, places, retired in CREATIVE_COMMONS
    for code in codes.split()
    for place in places.split()
}
_SPDX = frozenset(SPDX.split())
_GATES = {"sampling+": "review", "sampling": "refuse", "devnations": "refuse"}

# Address, gate, SPDX id, label, attribution and share-alike, retired.
_OTHERS = (
    ("https://creativecommons.org/publicdomain/zero/1.0/", "ok", "CC0-1.0", "CC0 1.0", False, ""),
    (
        "https://creativecommons.org/publicdomain/mark/1.0/",
        "claim",
        "CC-PDM-1.0",
        "Public Domain Mark 1.0",
        False,
        "",
    ),
    (
        "https://creativecommons.org/licenses/publicdomain/",
        "claim",
        "CC-PDDC",
        "Public domain dedication (2004-2010)",
        False,
        "2010-10-05",
    ),
    ("https://www.gnu.org/licenses/fdl-1.2.html", "ok", "GFDL-1.2-only", "GFDL 1.2", True, ""),
    ("https://www.gnu.org/licenses/fdl-1.3.html", "ok", "GFDL-1.3-only", "GFDL 1.3", True, ""),
    ("https://www.gnu.org/copyleft/fdl.html", "ok", "GFDL-1.3-or-later", "GFDL", True, ""),
    ("https://artlibre.org/licence/lal/", "ok", "LAL-1.3", "Licence Art Libre 1.3", True, ""),
    (
        "https://artlibre.org/licence/lal/licence-art-libre-12/",
        "ok",
        "LAL-1.2",
        "Licence Art Libre 1.2",
        True,
        "",
    ),
)
# Software licences under Creative Commons' address, and statements that hold in one country or for
# one use: a person must look.
_REVIEW = (
    "https://creativecommons.org/licenses/BSD/",
    "https://creativecommons.org/licenses/GPL/2.0/",
    "https://creativecommons.org/licenses/LGPL/2.1/",
    "https://creativecommons.org/licenses/MIT/",
    "https://rightsstatements.org/vocab/NoC-US/1.0/",
    "https://rightsstatements.org/vocab/NKC/1.0/",
)


_HOSTS = frozenset(("creativecommons.org", "gnu.org", "artlibre.org", "rightsstatements.org"))
_READING = re.compile(r"/(deed|legalcode)(\.[a-z_-]+)?$")  # the same licence, as a page to read


@lru_cache(maxsize=256)
def lookup(url: str) -> Licence:
    """The licence at that address; never raises, an address that is not in the table is refused."""
    text = url.strip()
    host, path = _place(text)
    path = _READING.sub("", path)
    if host + path in _TABLE:
        return _TABLE[host + path]
    key = path[len("/licenses/") :]
    if host == "creativecommons.org" and path.startswith("/licenses/") and key in _KEYS:
        return _creative_commons(key)
    return Licence(text[:MAX_URL], "refuse")


def _place(text: str) -> tuple[str, str]:
    """Host and path in the table's spelling: lower case, no 'www.', no end slash; ('', '') if odd."""
    if not text or len(text) > MAX_URL or re.search(r"[\s\\\x00-\x1f\x7f]", text):
        return "", ""
    try:
        parts = urlsplit(text if "://" in text else "https://" + text)
        port = parts.port
    except ValueError:
        return "", ""
    host = parts.netloc.lower().partition(":")[0]
    if host.startswith("www."):
        host = host[len("www.") :]
    if parts.scheme not in ("http", "https") or host not in _HOSTS or port not in (None, 80, 443):
        return "", ""
    steps = [step for step in unquote(parts.path).lower().split("/") if step]
    path = "/" + "/".join(steps)
    if ".." in steps or "." in steps or not re.fullmatch(r"[a-z0-9./+_-]+", path):
        return "", ""
    return host, path[: -len(".html")] if path.endswith(".html") else path


_TABLE = {
    **{
        "".join(_place(url)): Licence(url, gate, spdx, label, bound, True, True, bound, retired)
        for url, gate, spdx, label, bound, retired in _OTHERS
    },
    **{"".join(_place(url)): Licence(url, "review") for url in _REVIEW},
}


def _creative_commons(key: str) -> Licence:
    """The licence of a key of the table: code/version, and a jurisdiction if it is a port."""
    code, version, place = [*key.split("/"), ""][:3]
    terms = code.split("-")
    return Licence(
        "https://creativecommons.org/licenses/%s/" % key,
        _GATES.get(code, "ok"),
        _spdx(code, version, place),
        ("CC %s %s %s" % (_name(code), version, place.upper())).strip(),
        attribution="by" in terms or "sampling" in code,
        commercial="nc" not in terms,
        derivatives="nd" not in terms,
        share_alike="sa" in terms,
        retired=_KEYS[key],
    )


def _name(code: str) -> str:
    """The code as it is spoken of today; 1.0 had two of them the other way round."""
    return {"by-nd-nc": "by-nc-nd", "nd-nc": "nc-nd"}.get(code, code).upper()


def _spdx(code: str, version: str, place: str) -> str:
    unported = "CC-%s-%s" % (_name(code).replace("+", "plus"), version)
    own = "%s-%s" % (unported, place.upper()) if place else unported
    return own if own in _SPDX else unported if unported in _SPDX else "LicenseRef-" + own
