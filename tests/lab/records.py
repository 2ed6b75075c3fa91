# SPDX-License-Identifier: GPL-3.0-or-later
"""Records to make catalogues of."""

from __future__ import annotations

from typing import Any


def free(id: str, rev: int = 1, **more: object) -> dict[str, Any]:
    """A film that may be shown everywhere, since an institution vouches for it."""
    return {
        "id": id,
        "rev": rev,
        "name": {"en": "Film " + id},
        "year": 2010,
        "license": {"url": "https://creativecommons.org/licenses/by/4.0/"},
        "rights": {
            "class": "B",
            "territories": ["*"],
            "evidence": [{"kind": "institution", "url": "https://example.org/", "by": "House"}],
        },
        "encoding": [{"torrent": "https://example.org/film.torrent"}],
        "source": {"name": "example", "url": "https://example.org/"},
        **more,
    }


def by_rule(id: str, rev: int = 1, **more: object) -> dict[str, Any]:
    """A film of 1925, free in the United States alone."""
    rights = {
        "class": "C",
        "territories": ["US"],
        "evidence": [
            {"kind": "pd-rule", "rule": "us-95"},
            {"kind": "wikidata", "url": "https://example.org/"},
        ],
    }
    mark = {"url": "https://creativecommons.org/publicdomain/mark/1.0/"}
    return free(id, rev, **{"year": 1925, "license": mark, "rights": rights, **more})


def maker(id: str, rev: int = 1, **more: object) -> dict[str, Any]:
    return {"id": id, "rev": rev, "type": "Person", "name": {"en": "Maker " + id}, **more}


def chosen(id: str, *works: str, rev: int = 1, **more: object) -> dict[str, Any]:
    """A list of works."""
    return {
        "id": id,
        "rev": rev,
        "type": "ItemList",
        "name": {"en": "List " + id},
        "itemListElement": list(works),
        **more,
    }


def gone(id: str, rev: int = 2, why: str = "its maker asked") -> dict[str, Any]:
    return {"id": id, "rev": rev, "withdrawn": why, "at": "2026-11-24"}
