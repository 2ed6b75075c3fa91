# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's own copies of posters and subtitles."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from commonreel.publish.site.copies import SIZE, Copies
from commonreel.works.errors import FetchFailed

POSTER, WORDS = "https://host.example/poster", "https://host.example/film.srt"


def picture(size=(1000, 1500), form="PNG"):
    into = io.BytesIO()
    Image.new("RGB", size, "#345").save(into, form)
    return into.getvalue()


def broken():
    """A picture whose second chunk has no name that a chunk could have."""
    whole = picture()
    at = whole.index(b"IDAT")
    length = int.from_bytes(whole[at - 4 : at], "big")
    after = at + 4 + length // 2
    return whole[: at - 4] + (length // 2).to_bytes(4, "big") + whole[at:after] + bytes(12) + whole[after:]


def bomb(side):
    """A small file that says it is a picture of so many pixels a side."""
    small = picture((8, 8), "GIF")
    return small[:6] + side.to_bytes(2, "little") * 2 + small[10:]


class Web:
    """Gives one answer, and remembers what was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def get(self, url, limit):
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        assert len(self.answer) <= limit
        return self.answer


def test_a_poster_is_made_small_and_fetched_once(tmp_path):
    web = Web(picture())
    found = Copies(tmp_path, web.get).picture(POSTER)
    assert (found.width, found.height) == SIZE
    again = Copies(tmp_path, web.get)
    assert again.picture(POSTER) == found
    assert web.asked == [POSTER]
    assert again.content(found.name)[:3] == b"\xff\xd8\xff"
    assert again.names() == [found.name]


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>no</html>",
        b"",
        picture()[:200],
        broken(),
        bomb(9_000),
        bomb(60_000),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        FetchFailed("gone"),
    ],
    ids=["page", "nothing", "half", "broken", "large", "bomb", "svg", "gone"],
)
def test_what_is_no_picture_is_none(tmp_path, answer):
    copies = Copies(tmp_path, Web(answer).get)
    assert copies.picture(POSTER) is None
    assert len(copies.problems) == 1
    assert not list(tmp_path.iterdir())


def test_subtitles_become_what_browsers_show(tmp_path):
    srt = "1\r\n0:00:01,5 --> 00:00:02,000 X1:40\r\n<i>Où ?</i>\r\n".encode("cp1252")
    copies = Copies(tmp_path, Web(srt).get)
    name = copies.subtitles(WORDS, "fr")
    assert copies.content(name).decode() == "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\n<i>Où ?</i>\n"


@pytest.mark.parametrize("answer", [b"<html>", b"[Script Info]\n[Events]\nDialogue: 0\n"])
def test_others_are_left_out(tmp_path, answer):
    assert Copies(tmp_path, Web(answer).get).subtitles(WORDS, "en") == ""


def test_without_a_folder_nobody_is_asked():
    web = Web(picture())
    assert Copies(None, web.get).picture(POSTER) is None
    assert not web.asked
