# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the table of Creative Commons' licences from the published lists, or proves it.

python .ci/licence_table.py --creative-commons FILE_OR_FOLDER --spdx FILE [--check]

The first is the folder of cc.licenserdf's RDF files, one of them, or a table of what they say: separated by
tabs, with the columns url, permits, prohibits and deprecatedOn. The second is SPDX's licenses.json, or the
JSON of npm's spdx-license-ids or spdx-license-list. Prints lib/commonreel/works/licence_table.py. --check
prints instead where works/licence.py says something else than the lists, and ends with 1 if it does. A list
that cannot be read ends it with 2.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import textwrap
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import AbstractSet, Iterator, Mapping, NamedTuple, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lib"))

HOME = "https://creativecommons.org/"
ADDRESS = re.compile(r"https?://creativecommons\.org/((?:licenses|publicdomain)/[A-Za-z0-9.+/-]{1,80}/)")
ROW = re.compile(r"licenses/([a-z]+(?:-[a-z]+)*\+?)/([0-9]+\.[0-9]+)/(?:([a-z]+)/)?")  # else it is no row
ID = re.compile(r"[A-Za-z0-9.+-]{1,80}")
COLUMNS = ("url", "permits", "prohibits", "deprecatedOn")
CC = "{http://creativecommons.org/ns#}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
MAX_BYTES = 16 << 20
WIDTH = 110  # as in pyproject.toml

# 1.0 and the Japanese 2.0 had two codes the other way round.
TODAY = {"by-nd-nc": "by-nc-nd", "nd-nc": "nc-nd"}
TOOLS = {
    "publicdomain/zero/1.0/": "CC0-1.0",
    "publicdomain/mark/1.0/": "CC-PDM-1.0",
    "licenses/publicdomain/": "CC-PDDC",
}

MODULE = '''\
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creative Commons' licences, for works/licence.py. Written by .ci/licence_table.py."""

from __future__ import annotations

# Version, codes, jurisdictions ('-' is the unported licence), the date from which they are retired.
CREATIVE_COMMONS = (
%s
)

# Every SPDX id that one of them has.
SPDX = (
    %s
)
'''


class Unreadable(Exception):
    """A list is not what it should be."""


class Listed(NamedTuple):
    """What Creative Commons' list says of an address."""

    retired: str
    grants: bool  # redistribution, with no other limit than to what is not commercial


def creative_commons(path: Path) -> dict[str, Listed]:
    """What is listed, by what follows the host in its address: 'licenses/by/4.0/'."""
    found: dict[str, Listed] = {}
    for file in sorted(path.glob("*.rdf")) if path.is_dir() else [path]:
        try:
            text = _text(file)
            rows = list(_rdf(text) if text.lstrip().startswith("<") else _columns(text))
            if not rows:
                raise ValueError("no licence in it")
            for row in rows:
                place, said = _listed(*row)
                if found.setdefault(place, said) != said:
                    raise ValueError("%s is listed twice, and not the same" % place)
        except (OSError, ValueError, ET.ParseError, csv.Error) as error:
            raise _unreadable(file, error) from error
    if not any(map(ROW.fullmatch, found)):
        raise Unreadable("%s: no licence in it" % path)
    return found


def spdx_ids(path: Path) -> frozenset[str]:
    """Every SPDX id in force."""
    try:
        data = json.loads(_text(path))
        if isinstance(data, dict) and "licenses" in data:
            data = [row["licenseId"] for row in data["licenses"] if row["isDeprecatedLicenseId"] is False]
        found = list(data)
    except (KeyError, TypeError, RecursionError):
        found = []
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not all(isinstance(name, str) and ID.fullmatch(name) for name in found):
        found = []
    if not any(name.startswith("CC-") for name in found):
        raise Unreadable("%s: not a list of SPDX ids" % path)
    return frozenset(found)


def table(listed: Mapping[str, Listed], ids: AbstractSet[str]) -> str:
    """The text of works/licence_table.py."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for path, said in listed.items():
        row = ROW.fullmatch(path)
        if row:
            places.setdefault((row[2], said.retired, row[1]), []).append(row[3] or "-")
    codes: dict[tuple[str, str, str], list[str]] = {}
    for version, retired, code in sorted(places):
        where = " ".join(sorted(places[version, retired, code]))
        codes.setdefault((version, retired, where), []).append(code)
    rows = [
        _row(version, " ".join(names), where, retired) for (version, retired, where), names in codes.items()
    ]
    used = {spdx(path, ids) for path in listed if ROW.fullmatch(path)} & ids
    return MODULE % ("\n".join(rows), _literal(" ".join(sorted(used)), 4))


def spdx(path: str, ids: AbstractSet[str]) -> str:
    """The id of an address: its own, else the unported licence's, else one that SPDX does not have."""
    row = ROW.fullmatch(path)
    if not row:
        return TOOLS[path] if TOOLS.get(path) in ids else ""
    code, version, place = row.groups()
    unported = "CC-%s-%s" % (TODAY.get(code, code).upper().replace("+", "plus"), version)
    own = "%s-%s" % (unported, place.upper()) if place else unported
    return next((name for name in (own, unported) if name in ids), "LicenseRef-" + own)


def differences(listed: Mapping[str, Listed], ids: AbstractSet[str]) -> Iterator[str]:
    """Where works/licence.py says something else than the lists, a line for each."""
    from commonreel.works import licence  # only now: to print the table takes no table that is sound

    urls = {row.url for row in licence._TABLE.values()}
    urls.update(HOME + "licenses/%s/" % key for key in licence._KEYS)
    ours = {url[len(HOME) :] for url in urls if url.startswith(HOME)}
    for path in sorted(ours - set(listed)):
        yield "%s is one too many" % path
    for path in sorted(set(listed) - ours):
        yield "%s is missing" % path
    for path in sorted(ours & set(listed)):
        has, said, wanted = licence.lookup(HOME + path), listed[path], spdx(path, ids)
        if has.spdx != wanted:
            yield "%s has the SPDX id %s, not %s" % (path, has.spdx or "-", wanted or "-")
        if has.retired != said.retired:
            yield "%s is retired from %s, not %s" % (path, has.retired or "-", said.retired or "-")
        if has.gate == "ok" and not said.grants:
            yield "%s passes the gate, but grants no redistribution" % path
    for row in licence._TABLE.values():
        if not row.url.startswith(HOME) and row.spdx not in {"", *ids}:
            yield "%s has the SPDX id %s, which there is not" % (row.url, row.spdx)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError("larger than %d bytes" % MAX_BYTES)
    return content.decode("utf-8-sig")


def _unreadable(path: Path, error: Exception) -> Unreadable:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Unreadable("%s: %s" % (path, " ".join(str(why).split())[:200]))


def _rdf(text: str) -> Iterator[tuple[str, set[str], set[str], str]]:
    """Address, what is permitted, what is prohibited, and the date of each licence in the RDF."""
    if "<!ENTITY" in text:
        raise ValueError("has entities of its own, which can be of any size")
    for licence in ET.fromstring(text).iter(CC + "License"):
        permits, prohibits = (
            {node.get(RDF + "resource", "").rpartition("#")[2] for node in licence.findall(CC + name)}
            for name in ("permits", "prohibits")
        )
        retired = licence.findtext(CC + "deprecatedOn", "").strip()
        yield licence.get(RDF + "about", ""), permits, prohibits, retired


def _columns(text: str) -> Iterator[tuple[str, set[str], set[str], str]]:
    """The same of a table."""
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise ValueError("neither RDF nor a table with the columns %s" % ", ".join(COLUMNS))
    for row in rows:
        url, permits, prohibits, retired = (row[name] for name in COLUMNS)
        if None in row.values():
            raise ValueError("line %d is too short" % rows.line_num)
        yield url, set(permits.split(",")), set(filter(None, prohibits.split(","))), retired


def _listed(url: str, permits: set[str], prohibits: set[str], retired: str) -> tuple[str, Listed]:
    address = ADDRESS.fullmatch(url)
    if not address:
        raise ValueError("%.100r is no licence's address" % url)
    if retired and date.fromisoformat(retired).isoformat() != retired:
        raise ValueError("%.100r is no date" % retired)
    return address[1], Listed(retired, "Distribution" in permits and prohibits <= {"CommercialUse"})


def _row(*cells: str) -> str:
    """A row of the table, in the form that the formatter leaves it in."""
    line = "    (%s)," % ", ".join('"%s"' % cell for cell in cells)
    if len(line) > WIDTH:
        line = "    (\n%s    )," % "".join("        %s,\n" % _literal(cell, 8) for cell in cells)
    return line


def _literal(words: str, indent: int) -> str:
    """The words as one string, over as many lines as it takes."""
    lines = textwrap.wrap(words, WIDTH - indent - 3, break_long_words=False, break_on_hyphens=False)
    return '"%s"' % (' "\n%s"' % (indent * " ")).join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--creative-commons", type=Path, required=True, metavar="FILE_OR_FOLDER")
    parser.add_argument("--spdx", type=Path, required=True, metavar="FILE")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    try:
        listed, ids = creative_commons(options.creative_commons), spdx_ids(options.spdx)
    except (Unreadable, OSError) as error:
        print("licence_table.py: %s" % error, file=sys.stderr)
        return 2
    if not options.check:
        print(table(listed, ids), end="")
        return 0
    found = list(differences(listed, ids))
    for line in found:
        print(line)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
