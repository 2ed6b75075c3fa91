# SPDX-License-Identifier: GPL-3.0-or-later
"""A slow, long line between two TUN devices, in user space: rates, a delay, a short queue.

Down means to the player. On the way down every seed has its own cap as well: libtorrent's upload limit
would not do, since it hands out quota twice a second and delays handshakes by that.

Run by bench.network with one JSON argument: the devices' descriptors "seeds" and "player", "down" and
"up" in bits a second, "delay" in seconds one way, "caps" by address.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from heapq import heappop, heappush

QUEUE = 0.1  # seconds of packets that wait; what comes then is dropped
BURST = 64  # packets read in one go
_PR_SET_PDEATHSIG = 1


@dataclass
class Throttle:
    """Lets packets through at a rate, in bits a second."""

    rate: float
    free_at: float = 0.0

    def full(self, now: float) -> bool:
        return self.free_at - now > QUEUE

    def take(self, size: int, now: float) -> float:
        """When the last bit of a packet is through."""
        self.free_at = max(now, self.free_at) + size * 8 / self.rate
        return self.free_at


@dataclass
class Lane:
    """One direction."""

    target: int  # descriptor
    throttle: Throttle
    caps: dict[bytes, Throttle] = field(default_factory=dict)  # by packed source address
    waiting: list[tuple[float, int, bytes]] = field(default_factory=list)

    def accept(self, packet: bytes, number: int, delay: float) -> None:
        now = time.monotonic()
        cap = self.caps.get(packet[12:16])
        if self.throttle.full(now) or (cap and cap.full(now)):
            return
        through = self.throttle.take(len(packet), now)
        if cap:
            through = max(through, cap.take(len(packet), now))
        heappush(self.waiting, (through + delay, number, packet))

    def deliver(self, now: float) -> float:
        """Hand over what is due; seconds until the next is."""
        while self.waiting and self.waiting[0][0] <= now:
            with contextlib.suppress(OSError):  # the device is down or full: a line loses packets
                os.write(self.target, heappop(self.waiting)[2])
        return max(0.0, self.waiting[0][0] - now) if self.waiting else 1.0


def run(seeds: int, player: int, down: float, up: float, delay: float, caps: dict[str, float]) -> None:
    by_source = {socket.inet_aton(address): Throttle(rate) for address, rate in caps.items()}
    lanes = {seeds: Lane(player, Throttle(down), by_source), player: Lane(seeds, Throttle(up))}
    number = 0
    while True:
        now = time.monotonic()
        wait = min(lane.deliver(now) for lane in lanes.values())
        for device in select.select(list(lanes), [], [], wait)[0]:
            with contextlib.suppress(BlockingIOError):
                for _ in range(BURST):
                    number += 1
                    lanes[device].accept(os.read(device, 2048), number, delay)


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    run(**json.loads(sys.argv[1]))
