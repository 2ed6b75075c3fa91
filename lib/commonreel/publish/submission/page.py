# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that tells a maker what to upload where, and how to show that the place is theirs."""

from __future__ import annotations

import json
from html import escape
from typing import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from ...works import declaration, licence
from . import place
from .making import Made
from .place import Place
from .words import Words

_HEAD = """<!doctype html>
<html lang="%s">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.5 sans-serif; color: #1b1b1f;
  background: #fff; }
pre { padding: .6rem; overflow-x: auto; background: #eef0f6; user-select: all; }
table { width: 100%%; border-collapse: collapse; }
th, td { padding: .3rem .6rem .3rem 0; text-align: left; overflow-wrap: anywhere; }
</style>
"""


def html(made: Made, at: Place, files: Mapping[str, tuple[str, int]], words: Words) -> str:
    """`files`: what lies in the submission's folder and is to be put there: path → name there, bytes."""
    declared = made.declaration
    facts = {
        "title": declared.title,
        "by": declared.by,
        "until": declared.until,
        "licence": licence.lookup(declared.license).label or declared.license,
        "page": at.page,
        "proof": at.proof,
        "name": at.page.rstrip("/").rpartition("/")[2],
    }

    def say(text: str) -> str:
        return "<p>%s</p>" % escape(text.format(**facts))

    steps = words.steps[at.kind]
    heading = words.page["heading"].format(**facts)
    lines = [_HEAD % (words.language, escape(heading)), "<h1>%s</h1>" % escape(heading)]
    lines.append(say(words.page["signed"]))
    if made.torrent:
        lines += [_section(words, "put"), *_put(made, at, files, words, say)]
    else:
        lines.append(say(words.page["whole"]))
    lines += [
        _section(words, "prove"),
        say(steps["prove_1"]),
        _pasted(_proof(made, at)),
        say(steps["prove_2"]),
    ]
    lines += [_section(words, "send"), say(words.page["send_1"]), say(words.page["send_2"])]
    lines += [_section(words, "after"), *(say(words.page["after_%d" % number]) for number in (1, 2, 3))]
    return "\n".join(lines) + "\n"


def _put(
    made: Made, at: Place, files: Mapping[str, tuple[str, int]], words: Words, say: Callable[[str], str]
) -> list[str]:
    steps = [say(words.steps[at.kind]["put_%d" % number]) for number in (1, 2, 3)]
    table, granted = _table(at, files, words), _pasted(made.declaration.license)
    if at.kind == place.ARCHIVE:
        item = at.page.rpartition("/")[2]
        return [steps[0], _pasted(item), steps[1], table, steps[2], granted]
    if at.kind == place.PEERTUBE:
        return [steps[0], granted, steps[1], steps[2], table]
    film = made.record["encoding"][0]["web"][0]
    return [steps[0], table, steps[1], _pasted("curl -s -o /dev/null -w %%{http_code} -r 0-99 %s" % film), steps[2], granted]


def _proof(made: Made, at: Place) -> str:
    """The exact text that shows control of the place."""
    key = made.declaration.key
    if at.kind != place.SITE:
        return declaration.proof(key)
    own = [
        channel["address"]
        for channel in made.record.get("funding", {}).get("channels", ())
        if urlsplit(channel["address"]).netloc == urlsplit(at.page).netloc
    ]
    return json.dumps({"v": 1, "keys": [key], **({"funding": own} if own else {})}, indent=1)


def _section(words: Words, name: str) -> str:
    return "<h2>%s</h2>" % escape(words.page[name])


def _pasted(text: str) -> str:
    return "<pre>%s</pre>" % escape(text)


def _table(at: Place, files: Mapping[str, tuple[str, int]], words: Words) -> str:
    rows = [
        "<tr><td>%s</td><td>%s</td><td>%s</td></tr>"
        % (escape(path), escape(at.file(name) or name), _size(length))
        for path, (name, length) in files.items()
    ]
    heads: Sequence[str] = [words.page["file"], at.name, words.page["size"]]
    return "<table>\n<tr>%s</tr>\n%s\n</table>" % (
        "".join("<th>%s</th>" % escape(head) for head in heads),
        "\n".join(rows),
    )


def _size(length: int) -> str:
    return "%.1f MB" % (length / 1e6) if length >= 1e5 else "%d B" % length
