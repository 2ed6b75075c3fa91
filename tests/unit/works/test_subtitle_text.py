# SPDX-License-Identifier: GPL-3.0-or-later
"""What is subtitles and what is not, whatever it is called and however it is encoded."""

from __future__ import annotations

import pytest

from commonreel.works import subtitle_text
from commonreel.works.subtitle_text import SubtitlesInvalid
from commonreel.works.subtitles import MAX_BYTES

SRT = "1\n00:00:01,000 --> 00:00:02,500\n%s\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n%s\n"
ASS = "[Script Info]\n; made by hand\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,%s\n"


@pytest.mark.parametrize(("form", "kind"), [(SRT, "srt"), (VTT, "vtt"), (ASS, "ass")])
def test_each_format_is_known_by_what_is_in_it(form, kind):
    assert subtitle_text.read((form % "Ça").encode(), "fr") == (kind, (form % "Ça").encode())


@pytest.mark.parametrize(
    ("encoding", "lang", "words"),
    [
        ("utf-8-sig", "fr", "Où ça ?"),
        ("utf-16", "ru", "Здравствуйте"),
        ("utf-8", "ja", "こんにちは"),
        ("cp1252", "fr", "Où ça – là"),
        ("cp1251", "rus", "Здравствуйте"),
        ("cp1250", "cs", "Příliš žluťoučký"),
        ("cp1253", "el-GR", "Καλημέρα"),
        ("gb18030", "zh-Hans", "你好"),
        ("cp1252", "und", "Grüße"),
    ],
)
def test_encodings(encoding, lang, words):
    assert subtitle_text.read((SRT % words).encode(encoding), lang).data.decode() == SRT % words


def test_line_ends_of_every_system():
    for end in ("\r\n", "\r"):
        assert subtitle_text.read((SRT % "x").replace("\n", end).encode(), "en").data == (SRT % "x").encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"<!doctype html><title>Please log in</title>",
        b"<html>\n1\n00:00:01,000 --> 00:00:02,500\nx",
        b"WEBVTTX\n",
        b"[Script Info]\nno dialogue",
        b"\x1f\x8b\x08\x00 gzip",
        b"PK\x03\x04 a zip",
        b"\x00\x00\x01\xba VobSub",
        b"just words",
        b"{1}{2}MicroDVD, which tells no time",
        (SRT % "a\0b").encode(),
        (SRT % "x").encode() + b" " * MAX_BYTES,
        b"\xff\xfe" + b"\x00\xd8" * 100,
    ],
)
def test_what_is_none_is_refused(data):
    with pytest.raises(SubtitlesInvalid):
        subtitle_text.read(data, "en")


def test_bytes_that_are_no_text_of_any_kind_become_signs_for_that():
    data = (SRT % "x").encode() + b"\x81\x8d"
    assert subtitle_text.read(data, "en").data.decode().endswith("\ufffd\ufffd")


def test_files_packed_into_ass_never_reach_the_renderer():
    packed = "[Fonts]\nfontname: evil.ttf\n[1A(B\nM3,%^\n\n[graphics]\nfilename: x\nM3\n"
    whole = ASS % "x"
    for text in (whole.replace("[Events]", packed + "[Events]"), whole + packed):
        clean = subtitle_text.read(text.encode(), "en").data
        assert b"evil" not in clean
        assert b"M3" not in clean
        assert b"Dialogue: 0" in clean


def test_two_megabytes_are_read_in_no_time_whatever_is_in_them():
    bombs = (
        b"1" * (MAX_BYTES - 1),
        b"\n" * MAX_BYTES,
        b"; \n" * (MAX_BYTES // 3),
        b"[Script Info]\n" + b"[Fonts]\n" * (MAX_BYTES // 9),
    )
    for bomb in bombs:
        with pytest.raises(SubtitlesInvalid):
            subtitle_text.read(bomb, "en")
