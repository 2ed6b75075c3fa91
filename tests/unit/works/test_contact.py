# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to write to, as something a phone can open."""

from __future__ import annotations

import pytest

from commonreel.works import contact


@pytest.mark.parametrize("said", ["films@example.org", " films@example.org ", "mailto:films@example.org"])
def test_a_mail_names_the_work(said: str) -> None:
    made = contact.address(said, "Common Reel: ia:A&B")
    assert made == "mailto:films@example.org?subject=Common%20Reel%3A%20ia%3AA%26B"


def test_a_letter_can_be_begun() -> None:
    made = contact.address("films@example.org", "x", "Work: A&B\n\nWhy:\n")
    assert made == "mailto:films@example.org?subject=x&body=Work%3A%20A%26B%0D%0A%0D%0AWhy%3A%0D%0A"


def test_a_page_is_itself() -> None:
    assert contact.address("https://example.org/contact", "x") == "https://example.org/contact"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "the house's office, second floor",
        "films@example.org?bcc=everybody@example.net",
        "films@example.org,others@example.net",
        "films@example.org\nbcc: everybody@example.net",
        "mailto:films@example.org?body=x",
        "films@exämple.org",
        "films@localhost",
        "films@@example.org",
        "http://example.org/contact",
        "https://example.org@evil.example/",
        "tel:+331234",
        "javascript:alert(1)",
        "a@" + "b." * 200 + "org",
    ],
)
def test_anything_else_is_words(said: str) -> None:
    assert contact.address(said, "x") == ""
