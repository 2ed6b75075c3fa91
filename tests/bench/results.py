# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, kept as JSON so that runs can be added and the document written again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import statistics
import time
from pathlib import Path
from typing import Any, Sequence

from .measure import Figures
from .media import MIB, Film
from .player import Compared

PIECES = 512  # MiB hashed to see how fast that goes


class Results:
    """Figures by engine and name, failures, and how many bytes were compared."""

    def __init__(self, path: Path | None) -> None:
        """`path`: where to keep it, and what is added to where it exists already."""
        self._path = path
        self._kept: dict[str, Any] = {"engines": {}, "about": {}}
        if path and path.exists():
            self._kept = json.loads(path.read_text())

    @property
    def about(self) -> dict[str, Any]:
        """Of the run: machine, date, how shaped, the films."""
        return self._kept["about"]

    @property
    def engines(self) -> list[str]:
        return list(self._kept["engines"])

    def describe(self, engine: str, title: str, version: str, warm: bool) -> None:
        self._of(engine).update({"title": title, "version": version, "warm": warm})
        self._save()

    def add(self, engine: str, figures: Figures) -> None:
        kept = self._of(engine)
        for name, value in figures.items():
            values = value if isinstance(value, Sequence) else [value]
            kept["figures"].setdefault(name, []).extend(values)
        self._save()

    def compare(self, engine: str, compared: Compared) -> None:
        kept = self._of(engine)
        kept["compared"] += compared.bytes
        kept["wrong"] += compared.wrong
        self._save()

    def fail(self, engine: str, measure: str, reason: str) -> None:
        self._of(engine)["failures"].setdefault(measure, []).append(reason)
        self._save()

    def title(self, engine: str) -> str:
        return str(self.of(engine, "title"))

    def of(self, engine: str, what: str) -> Any:
        """title, version, warm, compared, wrong, failures."""
        return self._kept["engines"].get(engine, _new(engine))[what]

    def values(self, engine: str, name: str) -> list[float]:
        return list(self.of(engine, "figures").get(name, []))

    def median(self, engine: str, name: str) -> float | None:
        values = self.values(engine, name)
        return statistics.median(values) if values else None

    def _of(self, engine: str) -> dict[str, Any]:
        return self._kept["engines"].setdefault(engine, _new(engine))

    def _save(self) -> None:
        if self._path:
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(self._kept, indent=1))
            part.replace(self._path)


def _new(engine: str) -> dict[str, Any]:
    described = {"title": engine, "version": "", "warm": False}
    return {**described, "figures": {}, "failures": {}, "compared": 0, "wrong": 0}


def this_machine() -> dict[str, object]:
    """What figures depend on."""
    block = bytes(MIB)
    began = time.monotonic()
    for _ in range(PIECES):
        hashlib.sha1(block)
    release = _fields(Path("/etc/os-release"), "=")
    return {
        "processor": _fields(Path("/proc/cpuinfo"), ":").get("model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory GiB": int(_fields(Path("/proc/meminfo"), ":").get("MemTotal", "0").split()[0]) >> 20,
        "system": "%s, Linux %s" % (release.get("PRETTY_NAME", "").strip('"'), platform.release()),
        "SHA-1 MB/s": PIECES * MIB / (time.monotonic() - began) / 1e6,
        "date": time.strftime("%Y-%m-%d"),
    }


def described(film: Film) -> dict[str, object]:
    """What the floors are computed from."""
    kept: dict[str, object] = {"size": film.size, "piece length": film.piece_length}
    if film.name.endswith(".mp4"):
        kept["index"] = film.index()
    return kept


def _fields(path: Path, separator: str) -> dict[str, str]:
    """The first of each name."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        name, _, value = line.partition(separator)
        found.setdefault(name.strip(), value.strip())
    return found
