# SPDX-License-Identifier: GPL-3.0-or-later
"""The document: goals and verdicts, all medians, the floors, and what it was measured on."""

from __future__ import annotations

from typing import Iterable, Sequence

from . import floors, goals
from .engines import ENGINES, JUDGED, LIMIT
from .goals import shown
from .media import END, FRONT, MKV
from .results import Results

FIGURES = (
    ("play → first byte, .torrent, s", "start first byte"),
    ("play → 1 MiB, .torrent, s", "start 1 MiB"),
    ("play → first byte, magnet, s", "magnet first byte"),
    ("play → 1 MiB, magnet, s", "magnet 1 MiB"),
    ("play → picture, index in front, s", "picture " + FRONT),
    ("play → picture, index at the end, s", "picture " + END),
    ("play → picture, mkv, s", "picture " + MKV),
    ("seek → first byte, s", "seek first byte"),
    ("seek → 1 MiB, s", "seek 1 MiB"),
    ("web seed only: seek → first byte, s", "web seek first byte"),
    ("web seed only: seek → 1 MiB, s", "web seek 1 MiB"),
    ("1 GiB from an unlimited swarm, MB/s", "swarm MB/s"),
    ("processor seconds per GiB in that", "swarm CPU s/GiB"),
    ("finished file over HTTP, MB/s", "HTTP MB/s"),
    ("processor seconds per GiB in that", "HTTP CPU s/GiB"),
    ("peak anonymous memory, 1 GiB file, MiB", "anonymous MiB, 1 GiB"),
    ("peak anonymous memory, 8 GiB file, MiB", "anonymous MiB, 8 GiB"),
    ("peak resident memory, 1 GiB file, MiB", "resident MiB, 1 GiB"),
    ("stalls", "stalls"),
    ("seconds stalled", "stalled seconds"),
)
WHERE = {
    True: "Two network namespaces with a line between them; nothing else can be reached.",
    False: "Loopback, without namespaces (no right to make them): seeds limit their own rates, there are "
    "no round trips, and the floors do not apply.",
}
INTRODUCTION = """\
# Benchmarks

Written by `make bench`; do not edit. All engines were measured in one run, in turns, each started anew \
for each figure and each with its verification on. Figures are medians.

## Goals

Ours is the engine with the libtorrent wheel, against the best median of the rivals.

"""
WHAT = """\
## What was measured

The film: ten minutes, 3.6 Mbit/s, pieces of 1 MiB. The `home` line gives 20 Mbit/s down, 5 up and 30 ms \
round trip; its four seeds give 10, 6, 3 and 1 Mbit/s. The clock starts when the engine is told to play, \
and runs until the byte is read or until ffmpeg has decoded a frame. Seeks come after four seconds of \
playing, to 70, 35 and 85 % of the film.

The unlimited swarm shares the processor with the engine and the reader. Its 1 GiB has pieces of 2 MiB. \
Of the file of 8 GiB a quarter is read, in eight places. The finished file is read once to compare it, \
then timed without comparing.

Stalls: the line has 1.3 times the film's rate; of twelve seeds one goes each minute, every other one \
without a farewell, so that its packets are merely lost. The player keeps four seconds in hand.

What is read is compared with the file, byte by byte. "Wrong" is what differed. What did not come within \
a minute counts as failed.

A warm engine runs before the play; a cold one is a command that starts with it. nginx has the whole file: \
it is a limit, not a rival. WebTorrent has no WebRTC here: its native module is left out, all peers speak \
TCP. Torrest is not measured: no package registry has it.
"""


TRIAL = "**A trial: fewer than %d runs. Nothing here is settled.**\n\n"
RUNS = 3  # from which on a median means something


def document(results: Results) -> str:
    trial = len(results.values(JUDGED, "start first byte")) < RUNS
    parts = [
        INTRODUCTION + (TRIAL % RUNS if trial else "") + _goals(results),
        "## All figures\n\n" + _figures(results),
        _failures(results),
        WHAT,
        "## Floors\n\nWhat the line and the machine allow:\n\n" + floors.how(_sha1(results)),
        "## Versions\n\n" + _versions(results),
    ]
    return "\n".join(part for part in parts if part)


def _goals(results: Results) -> str:
    rows = []
    for verdict in goals.judge(results):
        reached = {True: "reached", False: "**missed**", None: "not measured"}[verdict.reached]
        cells = (verdict.work, verdict.goal, verdict.ours, verdict.beside, verdict.ratio, reached)
        rows.append(cells)
    return _table(("work", "goal", "ours", "beside", "ratio", ""), rows)


def _figures(results: Results) -> str:
    """All engines side by side, the limit and the floor last."""
    engines = [name for name in ENGINES if name in results.engines]
    engines += [name for name in results.engines if name not in ENGINES]
    floor = _floors(results)
    rows = []
    for title, figure in FIGURES:
        cells = [_cell(results, engine, figure) for engine in engines]
        if any(cell != "–" for cell in cells):
            rows.append((title, *cells, shown(floor.get(figure))))
    rows.append(
        ("bytes compared, MiB", *("%.0f" % (results.of(e, "compared") / (1 << 20)) for e in engines), "")
    )
    rows.append(("wrong bytes", *("%d" % results.of(e, "wrong") for e in engines), ""))
    heads = [results.title(engine) + (", warm" if results.of(engine, "warm") else "") for engine in engines]
    note = "\nIn brackets: the smallest and the largest, or that there is but one.\n"
    return _table(("", *heads, "floor"), rows) + note


def _cell(results: Results, engine: str, figure: str) -> str:
    values = results.values(engine, figure)
    if not values:
        return "–"
    if len(values) == 1:
        return shown(values[0]) + " (1)"
    return "%s (%s–%s)" % tuple(map(shown, (results.median(engine, figure), min(values), max(values))))


def _failures(results: Results) -> str:
    rows = []
    for engine in results.engines:
        for measure, reasons in results.of(engine, "failures").items():
            told = "; ".join(sorted(set(reasons))).replace("|", "\\|")
            rows.append((results.title(engine), measure, str(len(reasons)), told))
    return "## What failed\n\n" + _table(("engine", "measure", "runs", "how"), rows) if rows else ""


def _floors(results: Results) -> dict[str, float]:
    if not results.about.get("namespaces"):
        return {}
    nginx = {}
    if LIMIT in results.engines:
        for figure in ("swarm MB/s", "HTTP MB/s"):
            median = results.median(LIMIT, figure)
            if median:
                nginx[figure] = median
    return floors.floors(results.about.get("films", {}), _sha1(results), nginx)


def _sha1(results: Results) -> float:
    return float(results.about["machine"]["SHA-1 MB/s"])


def _versions(results: Results) -> str:
    machine = results.about["machine"]
    lines = ["- %s: %s" % (results.title(e), results.of(e, "version")) for e in results.engines]
    lines.append(
        "- Machine: %s, %s cores, %s GiB; %s"
        % (machine["processor"], machine["cores"], machine["memory GiB"], machine["system"])
    )
    lines.append("- Network: " + WHERE[bool(results.about.get("namespaces"))])
    lines.append("- Date: " + machine["date"])
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| %s |" % " | ".join(heads), "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| %s |" % " | ".join(row) for row in rows]) + "\n"
