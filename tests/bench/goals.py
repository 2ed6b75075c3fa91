# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine is to reach, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .engines import JUDGED, LIMIT, RIVALS
from .media import END, FRONT, MKV, SECONDS
from .results import Results

AS_LITTLE = 1.1  # memory counts as the same up to here; it differs by as much from run to run


@dataclass(frozen=True)
class Verdict:
    """One line of the table of goals. `reached` None: nothing to compare with."""

    work: str
    goal: str
    ours: str
    beside: str
    ratio: str
    reached: bool | None


@dataclass(frozen=True)
class Goal:
    work: str
    judge: Callable[[Results, str], Verdict]


def judge(results: Results) -> list[Verdict]:
    return [goal.judge(results, goal.work) for goal in GOALS]


def shown(value: float | None) -> str:
    """Three digits."""
    if value is None:
        return "–"
    return "%.0f" % value if value >= 100 else "%.3g" % value


def best_rival(results: Results, figure: str, most: bool = False) -> tuple[str, float] | None:
    """Its name and its median."""
    medians = [(rival, results.median(rival, figure)) for rival in RIVALS if rival in results.engines]
    there = [(value, rival) for rival, value in medians if value is not None]
    if not there:
        return None
    value, rival = max(there) if most else min(there)
    return rival, value


def _beside_rival(figure: str, limit: float, most: bool = False) -> Callable[[Results, str], Verdict]:
    """The ratio of ours to the best rival's median; `most`: more is better."""

    def verdict(results: Results, work: str) -> Verdict:
        best = best_rival(results, figure, most)
        beside = "%s (%s)" % (shown(best[1]), results.title(best[0])) if best else "no rival did it"
        return _ratio(results, work, figure, best[1] if best else None, beside, limit, most)

    return verdict


def _beside_own(figure: str, other: str, limit: float) -> Callable[[Results, str], Verdict]:
    def verdict(results: Results, work: str) -> Verdict:
        own = results.median(JUDGED, other)
        beside = "%s (from the swarm)" % shown(own)
        return _ratio(results, work, figure, own, beside, limit, most=False)

    return verdict


def _beside_nginx(figure: str, limit: float) -> Callable[[Results, str], Verdict]:
    def verdict(results: Results, work: str) -> Verdict:
        limit_itself = results.median(LIMIT, figure) if LIMIT in results.engines else None
        beside = "%s (nginx)" % shown(limit_itself)
        return _ratio(results, work, figure, limit_itself, beside, limit, most=True)

    return verdict


def _ratio(
    results: Results, work: str, figure: str, other: float | None, beside: str, limit: float, most: bool
) -> Verdict:
    ours = results.median(JUDGED, figure)
    goal = "%s %g×" % ("≥" if most else "≤", limit)
    if not ours or not other:
        return Verdict(work, goal, shown(ours), beside, "–", None)
    ratio = ours / other
    return Verdict(
        work, goal, shown(ours), beside, "%.2f" % ratio, ratio >= limit if most else ratio <= limit
    )


def _memory(results: Results, work: str) -> Verdict:
    small, large = (results.median(JUDGED, "anonymous MiB, %d GiB" % size) for size in (1, 8))
    theirs = [results.median("peerflix", "anonymous MiB, %d GiB" % size) for size in (1, 8)]
    ours = "%s with 1 GiB, %s with 8 GiB" % (shown(small), shown(large))
    beside = "%s and %s (Peerflix)" % tuple(map(shown, theirs))
    reached = None
    if small and large and all(theirs):
        reached = small <= theirs[0] and large <= theirs[1] and large <= AS_LITTLE * small
    ratio = "%.2f" % (small / theirs[0]) if small and theirs[0] else "–"
    return Verdict(work, "≤ Peerflix's, the same for both", ours, beside, ratio, reached)


def _stalls(results: Results, work: str) -> Verdict:
    values = results.values(JUDGED, "stalls")
    failed = results.of(JUDGED, "failures").get("stalls", [])
    ours = ", ".join("%d" % value for value in values) or "–"
    reached = not any(values) and not failed if values or failed else None
    played = results.about.get("stall seconds", SECONDS)
    if played < SECONDS:
        ours += " in %d s only" % played
        reached = None if reached else reached
    if failed:
        ours += ", %d runs failed" % len(failed)
    return Verdict(work, "0", ours, "", "–", reached)


def _wrong(results: Results, work: str) -> Verdict:
    wrong, compared = results.of(JUDGED, "wrong"), results.of(JUDGED, "compared")
    ours = "%d of %.1f GiB compared" % (wrong, compared / (1 << 30))
    return Verdict(work, "0", ours, "", "–", wrong == 0 if compared else None)


GOALS = (
    Goal("play → first byte, from .torrent, s", _beside_rival("start first byte", 0.55)),
    Goal("play → first byte, from magnet, s", _beside_rival("magnet first byte", 0.6)),
    Goal("play → first decoded frame, index in front, s", _beside_rival("picture " + FRONT, 0.6)),
    Goal("… index at the end, s", _beside_rival("picture " + END, 0.5)),
    Goal("… mkv, s", _beside_rival("picture " + MKV, 0.5)),
    Goal("seek to an empty place → 1 MiB, s", _beside_rival("seek 1 MiB", 0.75)),
    Goal("web seed only: the same seek, s", _beside_own("web seek 1 MiB", "seek 1 MiB", 1.2)),
    Goal("1 GiB from an unlimited swarm while reading, MB/s", _beside_rival("swarm MB/s", 2.2, most=True)),
    Goal("processor seconds per GiB in that", _beside_rival("swarm CPU s/GiB", 0.6)),
    Goal("finished file over HTTP, MB/s", _beside_nginx("HTTP MB/s", 0.8)),
    Goal("peak anonymous memory, MiB", _memory),
    Goal("stalls in ten minutes, a seed lost every minute", _stalls),
    Goal("wrong bytes in all of this", _wrong),
)
