# SPDX-License-Identifier: GPL-3.0-or-later
"""The parental level: which works are shown without a PIN, and how long a wrong PIN is made to wait."""

from __future__ import annotations

from typing import NamedTuple

from .work import ContentRating, Work

AGES = (6, 12, 16, 18)  # that a level can be set to
ADULT = 18  # the age that sexual content counts as, whatever the rating says
FREE_TRIES = 2  # wrong PINs that cost no waiting
LONGEST_WAIT = 900  # seconds


class Level(NamedTuple):
    """What is shown. As it is here it hides nothing."""

    max_age: int | None = None  # works up to that age; None: of every age
    sexual: bool = True  # works with sexual content are shown, as far as max_age lets them
    unrated: bool = True  # so are works of which nobody has said from which age; asked only with max_age


EVERYTHING = Level()


def age(rating: ContentRating) -> int | None:
    """From which age a work may be seen, None where nobody has said."""
    return max(rating.age or 0, ADULT) if rating.nsfw else rating.age


def allowed(work: Work, level: Level) -> bool:
    """Whether a work may be shown and played at that level."""
    rating = work.content_rating
    if rating.nsfw and not level.sexual:
        return False
    if level.max_age is None:
        return True
    from_age = age(rating)
    return level.unrated if from_age is None else from_age <= level.max_age


def wait(failures: int) -> int:
    """Seconds until the next try after so many wrong PINs in a row: longer each time."""
    beyond = min(failures - FREE_TRIES, LONGEST_WAIT)
    return min(5 * 2**beyond, LONGEST_WAIT) if beyond > 0 else 0
