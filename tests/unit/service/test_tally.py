# SPDX-License-Identifier: GPL-3.0-or-later
"""What is given is counted once."""

from __future__ import annotations

from commonreel.catalog.patronage import Patronage
from commonreel.service.tally import Tally
from commonreel.works.protocols import Share


def test_each_byte_counts_once(tmp_path):
    patronage = Patronage(tmp_path / "patronage.db")
    works = {"aa": "film", "bb": "film", "cc": "other"}
    tally = Tally(patronage, lambda info_hash: works.get(info_hash, ""))
    assert tally.due
    tally.count({"aa": Share(10), "bb": Share(1), "cc": Share(0), "dd": Share(99)})
    tally.count({"aa": Share(10), "bb": Share(4), "cc": Share(7)})
    assert patronage.given() == {"film": 14, "other": 7}
    assert not tally.due
    tally.count({"cc": Share(7)})
    tally.count({"aa": Share(2), "cc": Share(7)})  # it left the engine, and came in again
    assert patronage.given() == {"film": 16, "other": 7}
