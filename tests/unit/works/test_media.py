# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are known by the ending of their name."""

from __future__ import annotations

import pytest

from commonreel.works import media


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("film.mp4", "video/mp4"),
        ("A Film. With dots.MKV", "video/x-matroska"),
        ("folder.mp4/notes", "application/octet-stream"),
        ("mp4", "application/octet-stream"),
        ("film.512kb.ogv", "video/ogg"),
        ("film.en.srt", "application/x-subrip"),
        ("film.webm.torrent", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_mime(name: str, kind: str) -> None:
    assert media.mime(name) == kind
    assert media.is_video(name) == kind.startswith("video/")


def test_every_kind_of_film_is_known() -> None:
    kinds = "mp4 m4v mkv webm mov avi ogv mpg mpeg m2ts ts wmv flv divx"
    assert all(media.is_video("film." + kind) for kind in kinds.split())
