# SPDX-License-Identifier: GPL-3.0-or-later
"""What no engine can be faster than: the line's round trips, and whole pieces through its rate.

A byte may be shown only when its piece is whole and has been checked.
"""

from __future__ import annotations

import statistics
from typing import Any, Mapping

from .measure import GIB, SEEKS
from .media import END, FRONT, MIB, MKV
from .network import HOME

PACKET, PAYLOAD = 1500, 1448  # bytes; TCP with timestamps over IPv4
TO_FIRST_REQUEST = 4  # trips: to the tracker two (TCP, the question), to a peer TCP and the handshake
REQUEST = 1
METADATA = 1  # trip: a magnet's metadata, one request to who has shaken hands


def seconds(trips: float, pieces: float, piece_length: int = MIB) -> float:
    """Time for round trips and for so many pieces over the home line, one after the other."""
    bits = pieces * piece_length * 8 * PACKET / PAYLOAD
    return trips * HOME.round_trip + bits / HOME.down


def touched(start: int, length: int, piece_length: int, size: int) -> int:
    """Bytes of the pieces which a range lies in."""
    end = min(size, -(-(start + length) // piece_length) * piece_length)
    return end - start // piece_length * piece_length


def floors(
    films: Mapping[str, Mapping[str, Any]], sha1: float, nginx: Mapping[str, float]
) -> dict[str, float]:
    """By figure. `sha1`: MB/s of one core. `nginx`: its medians in the same run."""
    begin = TO_FIRST_REQUEST + REQUEST
    found = {
        "start first byte": seconds(begin, 1),
        "start 1 MiB": seconds(begin, 1),
        "magnet first byte": seconds(begin + METADATA, 1),
        "magnet 1 MiB": seconds(begin + METADATA, 1),
        "picture " + MKV: seconds(begin, 1),
    }
    if FRONT in films and "index" in films[FRONT]:
        at, length = films[FRONT]["index"]
        size, piece = films[FRONT]["size"], films[FRONT]["piece length"]
        found["picture " + FRONT] = seconds(begin, touched(0, at + length + 1, piece, size) / MIB)
        mibs = [touched(int(size * part), MIB, piece, size) / MIB for part in SEEKS]
        for name in ("seek", "web seek"):
            found[name + " first byte"] = seconds(REQUEST, piece / MIB)
            found[name + " 1 MiB"] = seconds(REQUEST, statistics.median(mibs))
    if END in films and "index" in films[END]:
        at, length = films[END]["index"]
        size, piece = films[END]["size"], films[END]["piece length"]
        found["picture " + END] = seconds(begin, (piece + touched(at, length, piece, size)) / MIB)
    if sha1:
        across = nginx.get("swarm MB/s")
        found["swarm MB/s"] = min(sha1, across) if across else sha1
        found["swarm CPU s/GiB"] = GIB / 1e6 / sha1
    if "HTTP MB/s" in nginx:
        found["HTTP MB/s"] = nginx["HTTP MB/s"]
    return found


HOW = """\
- **Line.** %(down)d Mbit/s down, %(up)d up, %(trip)d ms round trip. Of a packet of %(packet)d bytes \
%(payload)d are payload, so a piece of 1 MiB takes %(piece).3f s.
- **Start.** Five round trips (TCP and the question to the tracker; TCP, the handshake with interest, and \
the request to a peer), then one piece: a byte may be shown only when its piece has been checked. A magnet \
needs one round trip more for the metadata.
- **Picture.** As the start, and the pieces in which the index lies. What the decoder takes is left out.
- **Seek.** One round trip and the piece that holds the byte; for 1 MiB all the pieces it lies in: the \
connections are there already. What the last request still has in flight is left out.
- **Swarm.** SHA-1 on one core of this machine: %(sha1).0f MB/s, which is also the least processor time. \
If nginx over the same unshaped link is slower, that.
- **Finished file.** nginx beside the engine.
"""


def how(sha1: float) -> str:
    """The text of it."""
    return HOW % {
        "down": HOME.down / 1e6,
        "up": HOME.up / 1e6,
        "trip": HOME.round_trip * 1000,
        "packet": PACKET,
        "payload": PAYLOAD,
        "piece": seconds(0, 1),
        "sha1": sha1,
    }
