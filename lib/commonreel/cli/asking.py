# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a maker, on a terminal, what a submission lacks."""

from __future__ import annotations

import sys
from typing import Mapping, Sequence

from ..publish.submission import sheet
from ..publish.submission.sheet import Question
from ..publish.submission.words import Words
from ..works import licence
from ..works.declaration import ANSWERS


def is_terminal() -> bool:
    """Whether there is somebody to be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


class Terminal:
    """Questions go to standard error, so that standard output holds the result alone."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def heading(self, text: str) -> None:
        self._say("\n" + text)

    def ask(self, question: Question, answers: Mapping[str, object], found: str) -> object | None:
        """An answer that can be read, None for none; Enter takes what was `found`. ValueError where its user
        breaks off."""
        while True:
            said = self._asked(question.name, answers, found)
            if said is None and not question.needed:
                return None
            try:
                question.read(said)
                return said
            except ValueError as error:
                self._say(self._words.ask["again"].format(reason=error))

    def _asked(self, name: str, answers: Mapping[str, object], found: str) -> object | None:
        if name in ANSWERS:
            return self._statement(name)
        self._say(self._words.ask[name] + (" [%s]" % found if found else ""))
        return self._licence(answers) if name == "licence" else self._line() or found or None

    def _statement(self, name: str) -> object:
        told = self._words.statement[name]
        self._say(told["question"])
        names = list(ANSWERS[name])
        answer = self._chosen(names, [told[each] for each in names])
        if not ANSWERS[name].get(answer):
            return answer
        self._say(self._words.note[name])
        return {"answer": answer, "note": self._line()}

    def _licence(self, answers: Mapping[str, object]) -> str:
        only = sheet.non_commercial_only(answers)
        urls = [url for url in self._words.licence if not (only and licence.lookup(url).commercial)]
        lines = ["%s: %s" % (licence.lookup(url).label, self._words.licence[url]) for url in urls]
        return self._chosen(urls, lines)

    def _chosen(self, values: Sequence[str], lines: Sequence[str]) -> str:
        """The value of the number that is typed; else what is typed."""
        for number, line in enumerate(lines, 1):
            self._say("  %d  %s" % (number, line))
        self._say(self._words.ask["choose"])
        said = self._line()
        number = int(said) if said.isascii() and said.isdigit() else 0
        return values[number - 1] if 0 < number <= len(values) else said

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def _line(self) -> str:
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise ValueError("broken off: nothing was written")
        return line.strip()
