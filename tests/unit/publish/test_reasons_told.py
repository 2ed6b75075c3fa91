# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever `submit` and `submission check` can say is wrong, docs/makers.md and its French explain."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Iterator

import pytest

from lab.command import ROOT

CODE = ROOT / "lib" / "commonreel"
GIVE = [CODE / "works" / "declaration.py", *sorted((CODE / "publish" / "submission").glob("*.py"))]
# A refusal is what they return or yield.
SAY = [CODE / "works" / "giving.py", CODE / "works" / "links.py", CODE / "publish" / "own_sites.py"]
# By what else a module gives a reason; none: its errors are not about what a maker says.
SAYING: dict[str, tuple[str, ...]] = {
    "playable": ("append",),
    **dict.fromkeys(
        (
            "key",
            "ledger",
            "minisign",
            "page",
            "probe",
            "renewal",
            "torrent",
            "withdrawal",
            "words",
            "sitting",
        ),
        (),
    ),
}
PLACEHOLDER = re.compile(r"%[.\d]*[sdrf]")


def texts(node: ast.AST | None) -> Iterator[str]:
    """Those that an expression can be, before anything is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.BinOp):
        yield from texts(node.left)
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))


def reasons(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.Return, ast.Yield)) and path in SAY:
            yield from texts(node.value)
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if (called == "Problem" and len(node.args) > 1) or (called == "wrong" and path not in SAY):
            yield from texts(node.args[1])
        elif called in SAYING.get(path.stem, ("ValueError", "FetchFailed")):
            yield from texts(node.args[0])


def said(template: str) -> str:
    return PLACEHOLDER.sub("…", template)


def in_words(reason: str) -> bool:
    """Whether it says something, and does not only put together what others say."""
    return bool(re.search("[a-z]{3}", re.sub(r"https://\S*", "", reason)))


ALL = sorted({said(each) for path in GIVE + SAY for each in reasons(path) if in_words(said(each))})


@pytest.mark.parametrize("page", ["makers.md", "makers.fr.md"])
def test_the_page_says_what_each_refusal_means(page):
    rows = re.findall(r"^\| `([^`]+)` \| \S.* \|$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE)
    assert len(ALL) > 80
    assert sorted(rows[-len(ALL) :]) == ALL
