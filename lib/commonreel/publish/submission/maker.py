# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of whoever sends works in, made of what they have signed for in these: pure.

All works of a key name it. It bears the name of who declares, where that is a director of one of them: others
have not been asked whether they want to be named.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence, Tuple
from urllib.parse import urlsplit

from ...works import declaration, well_known
from ...works.declaration import Declaration
from ...works.folding import folded
from ..building import Record
from .duplicates import declared_at

Work = Tuple[Record, Declaration]  # one that was accepted


def page(key: str, works: Sequence[Work], rev: int) -> Record:
    """The record of that key's maker; a tombstone where there is nothing to make it of."""
    signed = sorted(works, key=lambda work: (declared_at(work[0]), work[1].work), reverse=True)
    directors = {folded(name) for made, _ in signed for name in made.get("director", ())}
    name = next((declared.by for _, declared in signed if folded(declared.by) in directors), "")
    id = declaration.maker(key)
    if not name:
        return {"id": id, "withdrawn": "no work of this maker is left", "rev": rev}
    newest = signed[0][0]
    sites = [one for one in newest["rights"]["evidence"] if well_known.is_address(one.get("url", ""))]
    known: Mapping[str, Any] = {
        "url": "https://%s/" % urlsplit(sites[0]["url"]).netloc if sites else "",
        "funding": newest.get("funding"),
        "evidence": sites,
    }
    about = {"id": id, "v": 1, "type": "Person", "rev": rev, "name": {"und": name}, "submitter": key}
    return {**about, **{field: value for field, value in known.items() if value}}
