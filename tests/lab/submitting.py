# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker at work: films to send in, the answers that go with them, and the command that takes both."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .command import ROOT
from .films import ffmpeg

PATIENCE = 30.0  # seconds for the command's next word

ANSWERS = """
director = "Ada Lund"
by = "Ada Lund"
country = ["FR"]
description = { fr = "Une route.", en = "A road." }
rating = "Un accident"
funding = "https://liberapay.com/ada"
authors = "sole"
music = { answer = "agreed", note = "Bo Ek" }
archiveFootage = "none"
performers = "agreed"
coProducers = "none"
collectingSociety = { answer = "member", note = "SACEM" }
licence = "https://creativecommons.org/licenses/by-nc/4.0/"
"""


class Finished(NamedTuple):
    status: int
    told: list[dict[str, Any]]  # standard output, an object a line
    said: str  # standard error


def film(path: Path, *options: str, seconds: int = 4, tags: bool = True) -> Path:
    """A film in French of some seconds, made with these options of ffmpeg's; without any, one that plays."""
    picture = "testsrc2=size=320x180:rate=12:duration=%d" % seconds
    sound = "sine=frequency=330:duration=%d" % seconds
    codecs = options or ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    about = ["-metadata", "title=La route", "-metadata", "date=2025", "-metadata:s:a:0", "language=fre"]
    front = [] if options else ["-movflags", "+faststart"]
    made = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *codecs)
    ffmpeg(*made, *(about if tags else ()), *front, str(path))
    return path


def subtitles(path: Path) -> Path:
    path.write_text("1\n00:00:01,000 --> 00:00:03,000\nBonjour\n", encoding="utf-8")
    return path


def poster(path: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "color=red:size=300x450", "-frames:v", "1", str(path))
    return path


class Maker:
    """Works in a folder of their own, and has a key there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.sheet = folder / "answers.toml"
        self.sheet.write_text(ANSWERS, encoding="utf-8")
        [self.key] = self.run("key", "new", "maker.pem").told

    def run(self, *arguments: object, input: str = "") -> Finished:
        """`commonreel ARGUMENTS…`, with nobody to be asked."""
        done = subprocess.run(
            self._command(*arguments),
            input=input.encode(),
            capture_output=True,
            timeout=120,
            cwd=self.folder,
            env=_environment(),
        )
        return Finished(done.returncode, _objects(done.stdout), done.stderr.decode())

    def submit(self, *arguments: object) -> Finished:
        return self.run("submit", *arguments, "--key", "maker.pem", "--out", self.out)

    def submit_on_a_terminal(self, answers: list[str], *arguments: object) -> Finished:
        """Types the answers, one at each prompt; then the end of the file."""
        master, slave = pty.openpty()
        command = self._command("submit", *arguments, "--key", "maker.pem", "--out", self.out)
        process = subprocess.Popen(
            command, stdin=slave, stdout=subprocess.PIPE, stderr=slave, cwd=self.folder, env=_environment()
        )
        os.close(slave)
        said = self._typed(master, answers)
        told, _ = process.communicate(timeout=120)
        os.close(master)
        return Finished(process.returncode, _objects(told), said)

    def _typed(self, master: int, answers: list[str]) -> str:
        waiting, said, seen = list(answers), "", 0
        while True:
            ready, _, _ = select.select([master], [], [], PATIENCE)
            assert ready, "no word in time after %s" % said[-300:]
            try:
                said += os.read(master, 65536).decode()
            except OSError:  # the command has gone
                return said
            if said[seen:].endswith("> "):
                seen = len(said)
                os.write(master, (waiting.pop(0) + "\n").encode() if waiting else b"\x04")

    def _command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "commonreel", *map(str, arguments)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "LC_ALL": "C.UTF-8"}


def _objects(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]
