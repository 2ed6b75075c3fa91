# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that tells a maker what to upload where, and how to show that the place is theirs."""

from __future__ import annotations

import json
from html import escape
from typing import Iterator, Mapping, Sequence
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
pre { padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; background: #eef0f6; user-select: all; }
table { width: 100%%; border-collapse: collapse; }
th, td { padding: .3rem .6rem .3rem 0; text-align: left; overflow-wrap: anywhere; }
td:last-child { white-space: nowrap; }
</style>
"""


def html(made: Made, at: Place, files: Mapping[str, tuple[str, int]], words: Words) -> str:
    """`files`: what lies in the submission's folder and is to be put there: path → name there, bytes."""
    writer = _Writer(made, at, words)
    told = words.page
    lines = [writer.head(), writer.say(told["signed"])]
    if made.torrent:
        lines += [writer.section("put"), *writer.put(files)]
    else:
        lines.append(writer.say(told["whole"]))
    lines += [writer.section("prove"), *writer.prove()]
    sent = [told["send_1"], words.steps[at.kind].get("send", ""), told["send_2"]]
    lines += [writer.section("send"), *map(writer.say, filter(None, sent))]
    lines += [writer.section("after"), *(writer.say(told["after_%d" % number]) for number in (1, 2, 3))]
    return "\n".join(lines) + "\n"


class _Writer:
    """Fills a submission's facts into the texts."""

    def __init__(self, made: Made, at: Place, words: Words) -> None:
        declared = made.declaration
        self._made, self._at, self._words = made, at, words
        self._steps = words.steps[at.kind]
        self._item = at.page.rstrip("/").rpartition("/")[2]
        self._facts = {
            "title": declared.title,
            "by": declared.by,
            "until": declared.until,
            "licence": licence.lookup(declared.license).label or declared.license,
            "page": at.page,
            "name": self._item,
        }

    def head(self) -> str:
        heading = escape(self._words.page["heading"].format(**self._facts))
        return _HEAD % (self._words.language, heading) + "<h1>%s</h1>" % heading

    def section(self, name: str) -> str:
        return "<h2>%s</h2>" % escape(self._words.page[name])

    def say(self, text: str, proof: str = "") -> str:
        return "<p>%s</p>" % escape(text.format(**self._facts, proof=proof or self._at.proof))

    def put(self, files: Mapping[str, tuple[str, int]]) -> list[str]:
        """What to upload, and how."""
        steps = [self.say(self._steps["put_%d" % number]) for number in (1, 2, 3)]
        table, granted = self._table(files), _pasted(self._made.declaration.license)
        if self._at.kind == place.ARCHIVE:
            return [steps[0], _pasted(self._item), steps[1], table, steps[2], granted]
        if self._at.kind == place.PEERTUBE:
            return [steps[0], granted, steps[1], steps[2], table]
        film = self._made.record["encoding"][0]["web"][0]
        answers = "curl -s -o /dev/null -w '%%{http_code}\\n' -r 0-99 %s" % film
        return [steps[0], table, steps[1], _pasted(answers), steps[2], granted]

    def prove(self) -> Iterator[str]:
        """How to show control of the place, and of a site beside it."""
        yield self.say(self._steps["prove_1"])
        yield _pasted(self._proof(self._at.kind, self._at.proof))
        yield self.say(self._steps["prove_2"])
        for one in self._made.record["rights"]["evidence"]:
            if one["url"] != self._at.proof:
                yield self.say(self._words.steps[place.SITE]["prove_1"], one["url"])
                yield _pasted(self._proof(place.SITE, one["url"]))

    def _proof(self, kind: str, address: str) -> str:
        """The exact text that shows there whose key it is."""
        key = self._made.declaration.key
        if kind != place.SITE:
            return declaration.proof(key)
        channels = self._made.record.get("funding", {}).get("channels", ())
        host = urlsplit(address).netloc
        own = [each["address"] for each in channels if urlsplit(each["address"]).netloc == host]
        return json.dumps({"v": 1, "keys": [key], **({"funding": own} if own else {})}, indent=1)

    def _table(self, files: Mapping[str, tuple[str, int]]) -> str:
        rows = [(path, self._at.file(name) or name, _size(length)) for path, (name, length) in files.items()]
        heads = (self._words.page["file"], self._at.name, self._words.page["size"])
        lines = ["<table>", _row("th", heads), *(_row("td", row) for row in rows), "</table>"]
        return "\n".join(lines)


def _row(kind: str, cells: Sequence[str]) -> str:
    return "<tr>%s</tr>" % "".join("<%s>%s</%s>" % (kind, escape(cell), kind) for cell in cells)


def _pasted(text: str) -> str:
    return "<pre>%s</pre>" % escape(text)


def _size(length: int) -> str:
    return "%.1f MB" % (length / 1e6) if length >= 1e5 else "%d B" % length
