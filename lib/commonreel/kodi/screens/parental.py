# SPDX-License-Identifier: GPL-3.0-or-later
"""The parental level, and the PIN without which it cannot be changed nor passed.

Kodi's settings window can be opened by everybody, so both are in a file of the profile:
parental.json. It holds against a remote control, not against who can reach the files.
"""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path
from typing import NamedTuple

from ...works import parental
from ...works.errors import AboveLevel, PinLocked, WrongPin
from ...works.parental import Level
from ...works.strict_json import strict_json
from ...works.work import Work
from .. import dialogs, paths, refresh
from ..api import xbmcgui
from ..call import Call
from ..words.strings import Text, heading, text

ROUNDS = 100_000  # of PBKDF2: a fifth of a second on a small device
SHORTEST_PIN = 4  # digits
PASS_SECONDS = 600.0  # in which a film that was let through needs no PIN again
NUMBER = 0  # the kind of xbmcgui.Dialog.numeric

log = logging.getLogger(__name__)


class Lock(NamedTuple):
    """What the file holds."""

    salt: str  # hexadecimal
    key: str  # what PBKDF2 makes of PIN and salt, hexadecimal
    max_age: int | None = None
    sexual: bool = True
    unrated: bool = True
    failures: int = 0  # wrong PINs in a row
    closed_until: float = 0.0  # no PIN is taken before, seconds since 1970
    let_through: str = ""  # the work that the PIN was given for last
    let_until: float = 0.0

    @classmethod
    def of(cls, pin: str) -> Lock:
        salt = os.urandom(16).hex()
        return cls(salt, _key(pin, salt))

    @property
    def level(self) -> Level:
        return Level(self.max_age, self.sexual, self.unrated)

    def opens(self, pin: str) -> bool:
        from hmac import compare_digest  # no list needs it

        return compare_digest(_key(pin, self.salt), self.key)


# In place of a file that cannot be read: what it has hidden stays hidden, and no PIN opens it.
_BROKEN = Lock("", "", parental.AGES[0], sexual=False, unrated=False)


def level() -> Level:
    """What lists may show. Without a PIN that is everything."""
    lock = _read()
    return lock.level if lock else Level()


def admit(work: Work) -> None:
    """Ask for the PIN if the work is above the level. Raises AboveLevel, WrongPin, PinLocked."""
    lock = _read()
    if not lock or parental.allowed(work, lock.level):
        return
    now = time.time()
    if lock.let_through != work.id or not now < lock.let_until <= now + PASS_SECONDS:
        lock = _asked(lock)
    _keep(lock._replace(let_through=work.id, let_until=now + PASS_SECONDS))


def choose(_call: Call) -> None:
    """Ask for the PIN, or for a new one where there is none, and then what to show.

    Raises WrongPin, OSError.
    """
    lock, before = _read(), level()
    try:
        lock = _asked(lock) if lock else Lock.of(_new_pin())
    except WrongPin:
        raise
    except AboveLevel:  # nothing was typed
        return
    try:
        _keep(lock)
        _change(lock)
    finally:
        if level() != before:
            refresh.everything()


def _change(lock: Lock | None) -> None:
    """Ask what to show, and what else is to be, until the viewer is content."""
    while lock:
        picked = xbmcgui.Dialog().select(heading(Text.PARENTAL), _rows(lock.level))
        if picked < 0:
            return
        lock = _changed(lock, picked)


def _rows(now: Level) -> list[str]:
    return [
        text(Text.PARENTAL_ANY_AGE) if now.max_age is None else text(Text.PARENTAL_AGE, age=now.max_age),
        text(Text.PARENTAL_SEXUAL if now.sexual else Text.PARENTAL_NOT_SEXUAL),
        text(Text.PARENTAL_UNRATED if now.unrated else Text.PARENTAL_NOT_UNRATED),
        text(Text.PARENTAL_NEW_PIN),
        text(Text.PARENTAL_REMOVE),
    ]


def _changed(lock: Lock, picked: int) -> Lock | None:
    """What becomes of it by the row that was picked; None: it is gone."""
    if picked == 4:
        _file().unlink(missing_ok=True)
        return None
    if picked == 3:
        try:
            fresh = Lock.of(_new_pin())
            lock = lock._replace(salt=fresh.salt, key=fresh.key)
        except AboveLevel as error:
            log.info("the PIN stays: %s", error)
    elif picked == 0:
        lock = lock._replace(max_age=_age(lock.max_age))
    else:
        lock = lock._replace(
            sexual=lock.sexual ^ (picked == 1),
            unrated=lock.unrated ^ (picked == 2),
        )
    _keep(lock)
    return lock


def _age(now: int | None) -> int | None:
    ages = (None, *parental.AGES)
    rows = [text(Text.PARENTAL_ANY_AGE), *(text(Text.PARENTAL_AGE, age=age) for age in parental.AGES)]
    at = ages.index(now) if now in ages else 0
    picked = xbmcgui.Dialog().select(heading(Text.PARENTAL), rows, preselect=at)
    return ages[picked] if picked >= 0 else now


# The PIN


def _asked(lock: Lock) -> Lock:
    """The lock once it has been opened. Raises AboveLevel where nothing is typed, WrongPin."""
    now = time.time()
    left = min(lock.closed_until - now, parental.LONGEST_WAIT)  # a clock may have been wrong meanwhile
    if left > 0:
        raise PinLocked("%d" % (left + 1))
    pin = _typed(Text.PARENTAL_PIN)
    if lock.opens(pin):
        return lock._replace(failures=0, closed_until=0.0)
    failures = lock.failures + 1
    wait = parental.wait(failures)
    if lock is not _BROKEN:
        _keep(lock._replace(failures=failures, closed_until=time.time() + wait))
    raise PinLocked("%d" % wait) if wait else WrongPin()


def _new_pin() -> str:
    """Twice the same. Raises AboveLevel where there is none."""
    pin = _typed(Text.PARENTAL_FIRST_PIN)
    if len(pin) >= SHORTEST_PIN and _typed(Text.PARENTAL_AGAIN) == pin:
        return pin
    dialogs.explain(text(Text.PARENTAL_NO_PIN))
    raise AboveLevel("no PIN was chosen")


def _typed(heading: Text) -> str:
    pin = xbmcgui.Dialog().numeric(NUMBER, text(heading), "", True)
    if not pin:
        raise AboveLevel("no PIN was given")
    return pin


def _key(pin: str, salt: str) -> str:
    import hashlib  # no list needs it

    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), ROUNDS).hex()


# The file


def _file() -> Path:
    return paths.profile() / "parental.json"


def _read() -> Lock | None:
    try:
        said = strict_json(_file().read_bytes())
        lock = Lock(**said)
        bytes.fromhex(lock.salt)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        log.error("the parental level cannot be read: %s", error)
        return _BROKEN
    kinds = {name: type(value) for name, value in _BROKEN._asdict().items()}
    fits = all(isinstance(value, (kinds[name], type(None))) for name, value in said.items() if name in kinds)
    return lock if fits and lock.key else _BROKEN


def _keep(lock: Lock) -> None:
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps(lock._asdict()), "utf-8")
    fresh.replace(_file())
