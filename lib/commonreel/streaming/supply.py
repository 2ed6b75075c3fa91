# SPDX-License-Identifier: GPL-3.0-or-later
"""What a download needs of whoever brings its pieces: a swarm, or web servers."""

from __future__ import annotations

from typing import Iterable, Mapping, Protocol, Sequence

from .swarm import Traffic


class Supply(Protocol):
    """All but the last four return at once, and are called, but for flush(), under the download's lock."""

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """(piece, priority) for each piece whose priority changes: 0 for not wanted, 7 for first."""

    def press(self, needy: bool) -> None:
        """Whether somebody may soon have to wait: else little is asked for ahead."""

    def hurry(self, piece: int) -> None:
        """Somebody waits for it."""

    def take_back(self, piece: int) -> None:
        """Requests for other pieces than this one, and all hurry."""

    def end_hurry(self) -> None:
        """For all pieces."""

    def reconnect(self) -> None:
        """Look for sources anew."""

    def add_web_seed(self, address: str) -> None:
        """One more (BEP 19)."""

    def flush(self) -> None:
        """What has arrived is not in its file yet: have it written."""

    def recheck(self) -> None:
        """Look through all that is on disk, then call Download.recount()."""

    def to_come(self) -> int:
        """Bytes of what is wanted that are still to come; sys.maxsize where that is not known."""

    def have(self) -> Sequence[bool]:
        """Which pieces have been found right; [] where that is not known."""

    def begun(self) -> Mapping[int, int]:
        """What has come of pieces that are not whole yet, as far as that is known: piece → bytes."""

    def traffic(self) -> Traffic: ...
