# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel key`: the key by which a maker is known. docs/makers.md tells its use."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..works import declaration
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("key", help="make, show and restore a maker's key")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    new = actions.add_parser("new", help="make a key, and print the words to restore it by")
    new.add_argument("file", type=Path)
    new.set_defaults(run=_new)
    show = actions.add_parser("show", help="print a key's fingerprint, and the text that proves it is yours")
    show.add_argument("file", type=Path)
    show.add_argument("--words", action="store_true", help="and the words, which are the key itself")
    show.set_defaults(run=_show)
    restore = actions.add_parser("restore", help="make a key's file anew of its words, from standard input")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=_restore)


def _new(options: argparse.Namespace) -> int:
    from ..publish.submission import key

    made = key.make(options.file)
    print("Write these words on paper. Whoever has them can speak for you.", file=sys.stderr)
    return _tell(made, with_words=True)


def _show(options: argparse.Namespace) -> int:
    from ..publish import keys

    return _tell(keys.load(options.file), options.words)


def _restore(options: argparse.Namespace) -> int:
    from ..publish.submission import key

    if sys.stdin.isatty():
        print("The key's %d words, then Enter:" % key.WORDS, file=sys.stderr)
    return _tell(key.restore(options.file, sys.stdin.readline(4096)), with_words=False)


def _tell(made: Any, with_words: bool) -> int:
    from ..publish import keys
    from ..publish.submission import key, minisign

    public = keys.public(made)
    fingerprint = declaration.fingerprint(public)
    told = {
        "fingerprint": fingerprint,
        "proof": declaration.proof(fingerprint),
        "minisign": minisign.public_key(public),
    }
    tell({**told, "words": key.words(made)} if with_words else told)
    return 0
