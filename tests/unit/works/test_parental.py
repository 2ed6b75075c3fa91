# SPDX-License-Identifier: GPL-3.0-or-later
"""What a parental level shows, and what it hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonreel.works import parental
from commonreel.works.parental import Level
from commonreel.works.work import ContentRating
from lab.few_works import COPS

UNRATED, NSFW = ContentRating(), ContentRating(nsfw=True)
FOR_ALL, FROM_12, FROM_18 = (ContentRating(age=age, by="FSK") for age in (0, 12, 18))

LEVELS = st.builds(
    Level, st.one_of(st.none(), st.sampled_from(parental.AGES)), sexual=st.booleans(), unrated=st.booleans()
)
RATINGS = st.builds(
    ContentRating, nsfw=st.booleans(), age=st.one_of(st.none(), st.integers(min_value=0, max_value=21))
)


def allowed(rating, level):
    return parental.allowed(COPS._replace(content_rating=rating), level)


@pytest.mark.parametrize(
    ("level", "shown", "hidden"),
    [
        (Level(), [UNRATED, NSFW, FOR_ALL, FROM_12, FROM_18], []),
        (Level(sexual=False), [UNRATED, FOR_ALL, FROM_12, FROM_18], [NSFW]),
        (Level(unrated=False), [UNRATED, NSFW, FOR_ALL], []),  # without an age there is nothing to lack
        (Level(12), [UNRATED, FOR_ALL, FROM_12], [FROM_18, NSFW]),
        (Level(12, unrated=False), [FOR_ALL, FROM_12], [UNRATED, FROM_18, NSFW]),
        (Level(18), [UNRATED, NSFW, FROM_18], [ContentRating(age=21, by="x")]),
        (Level(18, sexual=False), [UNRATED, FROM_18], [NSFW, ContentRating(nsfw=True, age=6, by="x")]),
        (Level(16), [FROM_12], [ContentRating(nsfw=True, age=6, by="x")]),
    ],
)
def test_what_is_shown(level, shown, hidden):
    assert [rating for rating in shown + hidden if allowed(rating, level)] == shown


@given(rating=RATINGS, level=LEVELS)
def test_a_stricter_level_shows_nothing_more(rating, level):
    stricter = [level._replace(sexual=False), level._replace(unrated=False)]
    stricter += [level._replace(max_age=age) for age in parental.AGES if age <= (level.max_age or 99)]
    assert allowed(rating, level) or not any(allowed(rating, each) for each in stricter)


def test_a_wrong_pin_waits_longer_each_time_but_not_for_ever():
    assert [parental.wait(failures) for failures in (0, 1, 2, 3, 4, 5)] == [0, 0, 0, 10, 20, 40]
    assert parental.wait(10_000) == parental.LONGEST_WAIT
