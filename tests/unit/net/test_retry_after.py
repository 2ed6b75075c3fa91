# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a server wants to be left alone."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from commonreel.net.fetch import retry_after


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("120", 120), ("-5", 0), ("soon", 0), ("9" * 40, 0), ("١", 0)]
)
def test_a_number_of_seconds(text: str, seconds: float) -> None:
    assert retry_after(text) == seconds


def test_a_date() -> None:
    assert 50 < retry_after(formatdate(time.time() + 60, usegmt=True)) <= 60
    assert retry_after(formatdate(time.time() - 60, usegmt=True)) == 0
