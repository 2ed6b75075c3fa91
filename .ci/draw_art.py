# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the add-on's icon and fanart: a film reel whose holes are the peers of a swarm.

python .ci/draw_art.py

Writes resources/icon.png (512 × 512), resources/fanart.jpg (1920 × 1080), and the white that the add-on's
window is coloured with.
"""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

NIGHT = (16, 20, 38)
DUSK = (46, 34, 78)
REEL = (246, 238, 222)
PEERS = ((255, 122, 89), (255, 190, 92), (120, 214, 164), (92, 178, 240), (196, 140, 246), (244, 118, 168))
OVERSAMPLING = 4  # drawn this much larger, then scaled down, for smooth edges


class Point(NamedTuple):
    x: float
    y: float

    def towards(self, angle: float, distance: float) -> Point:
        return Point(self.x + distance * math.cos(angle), self.y + distance * math.sin(angle))


def disc(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: tuple[int, ...]) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def gradient(width: int, height: int) -> Image.Image:
    """Night at the upper left, dusk at the lower right."""
    small = Image.new("RGB", (64, 64))
    small.putdata([
        tuple(round(a + (b - a) * (x + y) / 126) for a, b in zip(NIGHT, DUSK))
        for y in range(64)
        for x in range(64)
    ])  # fmt: skip
    return small.resize((width, height), Image.Resampling.BICUBIC)


def reel(draw: ImageDraw.ImageDraw, centre: Point, radius: float, ground: tuple[int, ...]) -> None:
    """A reel with six holes round its hub; in each a peer, joined to its neighbours and to the hub."""
    disc(draw, centre, radius, REEL)
    disc(draw, centre, radius * 0.93, ground)
    disc(draw, centre, radius * 0.88, REEL)
    peers = [centre.towards(math.tau * turn / 6 - math.pi / 2, radius * 0.55) for turn in range(6)]
    for peer in peers:
        disc(draw, peer, radius * 0.225, ground)
    thread = round(radius * 0.028)
    for here, there in zip(peers, peers[1:] + peers[:1]):
        draw.line((*here, *there), fill=ground, width=thread)
    for peer in peers:
        draw.line((*centre, *peer), fill=ground, width=thread)
    for peer, colour in zip(peers, PEERS):
        disc(draw, peer, radius * 0.15, colour)
    disc(draw, centre, radius * 0.17, ground)
    play(draw, centre, radius * 0.1, REEL)


def play(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: tuple[int, ...]) -> None:
    draw.polygon([centre.towards(math.tau * turn / 3, radius) for turn in range(3)], fill=fill)


def icon(size: int = 512) -> Image.Image:
    large = size * OVERSAMPLING
    image = gradient(large, large)
    middle = Point(large / 2, large / 2)
    reel(ImageDraw.Draw(image), middle, large * 0.43, NIGHT)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def swarm(width: int, height: int) -> list[tuple[Point, float, tuple[int, ...]]]:
    """Peers strewn over the picture, none near another or behind the reel: (place, radius, colour)."""
    dice = random.Random(1895)
    reel_at, found = Point(width * 0.74, height * 0.5), []
    while len(found) < 46:
        place = Point(dice.uniform(0.02, 0.98) * width, dice.uniform(0.04, 0.96) * height)
        if math.dist(place, reel_at) < height * 0.44:
            continue
        if all(math.dist(place, other) > height * 0.11 for other, _, _ in found):
            found.append((place, height * dice.uniform(0.006, 0.016), dice.choice(PEERS)))
    return found


def fanart(width: int = 1920, height: int = 1080) -> Image.Image:
    scale = 2
    width, height = width * scale, height * scale
    image = gradient(width, height)
    peers = swarm(width, height)
    threads = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(threads)
    centre, radius = Point(width * 0.74, height * 0.5), height * 0.36
    for place, _, _ in peers:
        near = sorted((other for other, _, _ in peers), key=lambda other: math.dist(place, other))[1:4]
        for other in near:
            draw.line((*place, *other), fill=46, width=3 * scale)
        if math.dist(place, centre) < height * 0.6:
            draw.line((*place, *centre), fill=46, width=3 * scale)
    image.paste(REEL, mask=threads)
    glow = Image.new("L", image.size, 0)
    disc(ImageDraw.Draw(glow), centre, radius * 1.12, (90,))
    image.paste(DUSK, mask=glow.filter(ImageFilter.GaussianBlur(radius * 0.14)))
    draw = ImageDraw.Draw(image)
    for place, size, colour in peers:
        disc(draw, place, size, colour)
    reel(draw, centre, radius, NIGHT)
    return image.resize((width // scale, height // scale), Image.Resampling.LANCZOS)


def main() -> None:
    icon().save(RESOURCES / "icon.png", optimize=True)
    fanart().save(RESOURCES / "fanart.jpg", quality=88, optimize=True)
    white = RESOURCES / "skins" / "Default" / "media" / "commonreel-white.png"
    Image.new("RGB", (8, 8), "white").save(white, optimize=True)


if __name__ == "__main__":
    main()
