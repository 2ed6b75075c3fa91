# SPDX-License-Identifier: GPL-3.0-or-later
"""Posters and backgrounds of films that do not exist, drawn here, and a server that has them."""

from __future__ import annotations

import colorsys
import io
import random

from PIL import Image, ImageDraw, ImageFont

from .films import FONTS
from .local_server import FolderServer

POSTER, FANART, PORTRAIT = (400, 600), (1280, 720), (600, 600)
HILLS = 4


class Gallery(FolderServer):
    """A server of pictures. `draw()` makes those of one film, as a record's `image` names them."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self._folder = folder
        super().__init__(folder)

    def draw(self, name, title):
        return {kind: self._save(name, kind, title) for kind in ("poster", "fanart")}

    def portrait(self, name):
        """The address of somebody's picture."""
        return self._save(name, "portrait", "")

    def _save(self, name, kind, title):
        size = {"poster": POSTER, "fanart": FANART, "portrait": PORTRAIT}[kind]
        picture = _landscape(size, random.Random(name))
        if kind == "portrait":
            _sit(picture)
        if kind == "poster":
            _write(picture, title)
        file = "%s-%s.jpg" % (name, kind)
        picture.save(self._folder / file, quality=85)
        return self.address + file


def poster(name, title):
    """JPEG of a poster with that title; another name makes another landscape."""
    picture, into = _landscape(POSTER, random.Random(name)), io.BytesIO()
    _write(picture, title)
    picture.save(into, "JPEG", quality=85)
    return into.getvalue()


def _colour(hue, light):
    return tuple(round(255 * part) for part in colorsys.hls_to_rgb(hue % 1, light, 0.45))


def _landscape(size, chance):
    """A sky, a sun, and hills, each nearer one darker."""
    width, height = size
    hue = chance.random()
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_colour(hue, 0.25 + 0.45 * y / height))
    x, radius = chance.uniform(0.2, 0.8) * width, height / 9
    y = height * 0.38
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=_colour(hue + 0.45, 0.85))
    for hill in range(HILLS):
        base = height * (0.5 + 0.12 * hill)
        ridge = [(step * width / 6, base + chance.uniform(-0.07, 0.07) * height) for step in range(7)]
        draw.polygon(
            [(0, height), *ridge, (width, height)], fill=_colour(hue + 0.03 * hill, 0.38 - 0.09 * hill)
        )
    return picture


def _sit(picture):
    """A head and shoulders in front of it."""
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    draw.ellipse([width * 0.33, height * 0.2, width * 0.67, height * 0.6], fill="#2b2430")
    draw.ellipse([width * 0.15, height * 0.6, width * 0.85, height * 1.4], fill="#2b2430")


def _write(picture, title):
    """The title's words, one below the other."""
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONTS), 46)
    words = title.split()[:4]
    for line, word in enumerate(words):
        place = (picture.width / 2, picture.height - 40 - 54 * (len(words) - line - 1))
        draw.text(place, word, font=font, fill="white", anchor="mb")
