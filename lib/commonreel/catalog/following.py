# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues that are followed: a folder each, so that whoever asks and whoever fetches need no lock.

<first 16 digits of the fingerprint>/    or 'main': see main.py
    followed.json   where the catalogue lies, or its magnet link, and its fingerprint
    left.json       in the place of that: it is followed no more, and what is here can go
    root.json       the keys to begin with, of which that is the fingerprint
    wanted          an update is wanted now
    state.json      what the last look has found
    metadata/       what is trusted by now, as python-tuf keeps it
    targets/        what has come of an update under way
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Iterable, Iterator, Mapping

from ..net import address
from ..works import magnet, pointer
from ..works.about import About
from ..works.errors import AddressRefused, CatalogueRefused, CatalogueUnavailable, FetchFailed
from ..works.pointer import Pointer
from ..works.strict_json import strict_json

FIRST_ROOT = "metadata/1.root.json"
MAX_ROOT = 512_000  # bytes
SECONDS = 30.0

_FOLLOWED, _LEFT = "followed.json", "left.json"
_GONE = ".gone"  # a folder that is being removed
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """A catalogue that may be followed: the keys decide which one it is, wherever it lies."""

    address: str  # of its folder, ending in '/', or the magnet link of its key in the DHT
    root: bytes
    mirrors: tuple[str, ...] = ()  # where else it lies

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the first root.json, 64 hexadecimal digits."""
        return hashlib.sha256(self.root).hexdigest()


@dataclass(frozen=True)
class State(About):
    """How a followed catalogue is doing, and what the build that is here says of itself."""

    due: float = 0.0  # when to look again, seconds since 1970
    failures: int = 0  # in a row
    trouble: str = ""  # code of the last error, '' if the last look went well
    checked: float = 0.0  # when a look last went well
    mirror: str = ""  # which gave the newest timestamp
    tag: str = ""  # and by which ETag


@dataclass(frozen=True)
class Followed:
    """One of them."""

    folder: Path
    address: str
    fingerprint: str
    mirrors: tuple[str, ...] = ()  # that were known from the beginning

    @property
    def origin(self) -> str:
        """By which the store knows its works."""
        return self.folder.name

    @property
    def pointer(self) -> Pointer | None:
        """Of one that was followed by its key in the DHT."""
        return pointer.parse(self.address) if magnet.is_magnet(self.address) else None

    @property
    def local(self) -> bool:
        """Whether it lies on the user's own network, as the user has said by its address."""
        return self.address.startswith("http:")

    @property
    def root(self) -> bytes:
        """Raises CatalogueRefused where it is not the one that was agreed to, OSError."""
        found = (self.folder / "root.json").read_bytes()
        if hashlib.sha256(found).hexdigest() != self.fingerprint:
            raise CatalogueRefused("root.json is not the one of %s" % self.fingerprint)
        return found

    @property
    def state(self) -> State:
        """As it was last kept; all zero where there is none."""
        try:
            said = strict_json((self.folder / "state.json").read_bytes())
            known = {name: type(value) for name, value in vars(State()).items()}
            return State(**{name: known[name](value) for name, value in said.items() if name in known})
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            _log.warning("state of %s: %s", self.address, error)
            return State()

    def keep(self, state: State) -> None:
        """Raises OSError."""
        _write(self.folder / "state.json", asdict(state))

    @property
    def wanted(self) -> bool:
        return (self.folder / "wanted").exists()

    def want(self) -> None:
        """Have it looked for what is new now. Raises OSError."""
        (self.folder / "wanted").touch()

    def granted(self) -> None:
        (self.folder / "wanted").unlink(missing_ok=True)

    def unfollow(self) -> None:
        """Raises OSError."""
        (self.folder / _FOLLOWED).replace(self.folder / _LEFT)


def offered(place: str, user_agent: str) -> Offer:
    """What a person finds at the address that they have typed; `http` too, for it may be on their own
    network. Raises CatalogueUnavailable, CatalogueRefused."""
    place = place.strip()
    if "://" not in place:
        place = "https://" + place
    place = place.rstrip("/") + "/"
    from ..net.fetch import Fetcher  # late: lists, which read what is followed, do without

    fetcher = Fetcher(user_agent, local=place.startswith("http:"))
    try:
        root = fetcher.get(place + FIRST_ROOT, MAX_ROOT, SECONDS)
    except FetchFailed as error:
        raise CatalogueUnavailable(str(error)) from error
    return offer(place, root)


def offer(place: str, root: bytes) -> Offer:
    """`root`: what is there for a catalogue's first keys. Raises CatalogueRefused where it is none."""
    try:
        if strict_json(root)["signed"]["_type"] != "root":
            raise ValueError("of another type")
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogueRefused("%s holds no keys: %s" % (address.shown(place), error)) from error
    return Offer(place, root)


def follow(catalogues: Path, offer: Offer, name: str = "") -> Followed:
    """`catalogues`: the folder of them all. `name`: of its folder, where the fingerprint does not name it.
    Raises OSError."""
    fingerprint = offer.fingerprint
    folder = catalogues / (name or fingerprint[:16])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _LEFT).unlink(missing_ok=True)
    (folder / "root.json").write_bytes(offer.root)
    said = {"address": offer.address, "fingerprint": fingerprint, "mirrors": offer.mirrors}
    _write(folder / _FOLLOWED, said)
    return Followed(folder, offer.address, fingerprint, offer.mirrors)


def followed(catalogues: Path) -> list[Followed]:
    """All that are followed, in the order of their addresses."""
    return _followed(_folders(catalogues))


def followed_and_left(catalogues: Path) -> tuple[list[Followed], list[Path]]:
    """The same, and the folders of those that are followed no more."""
    folders = list(_folders(catalogues))
    return _followed(folders), [each for each in folders if each.suffix == _GONE or (each / _LEFT).exists()]


def left(catalogues: Path) -> list[Path]:
    """Those folders alone."""
    return followed_and_left(catalogues)[1]


def named(catalogues: Path, origin: str) -> Followed | None:
    """The one whose works, or whose publisher's, the store has under that origin."""
    return next((each for each in followed(catalogues) if each.origin == whole(origin)), None)


def of_publisher(origin: str, name: str) -> str:
    """The origin of the works that a publisher has in that catalogue."""
    return "%s %s" % (origin, name)


def whole(origin: str) -> str:
    """The catalogue's origin, of one of its publishers' or its own."""
    return origin.partition(" ")[0]


def forget(folder: Path) -> None:
    """Remove all that is kept of a catalogue that was left. One that is followed again stays. Raises
    OSError."""
    if folder.suffix != _GONE:
        if not (folder / _LEFT).exists():
            return
        folder = folder.rename(folder.with_name(folder.name + _GONE))
    shutil.rmtree(folder)


def read(folder: Path) -> Followed | None:
    """The one of that folder; None where there is none, or nothing that can be believed."""
    try:
        said = strict_json((folder / _FOLLOWED).read_bytes())
        place, fingerprint = str(said["address"]), str(said["fingerprint"])
        mirrors = tuple(map(str, said.get("mirrors", ())))
        for each in (place, *mirrors):
            _check(each)
        if not _FINGERPRINT.fullmatch(fingerprint):
            raise ValueError("no fingerprint")
        return Followed(folder, place, fingerprint, mirrors)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AddressRefused, CatalogueRefused) as error:
        _log.warning("%s is not followed: %s", folder.name, error)
        return None


def _followed(folders: Iterable[Path]) -> list[Followed]:
    return sorted(filter(None, map(read, folders)), key=lambda each: each.address)


def _check(place: str) -> None:
    """Raises AddressRefused, CatalogueRefused."""
    if magnet.is_magnet(place):
        pointer.parse(place)
    else:
        address.check(place, local=True)


def _folders(catalogues: Path) -> Iterator[Path]:
    if catalogues.is_dir():
        yield from sorted(folder for folder in catalogues.iterdir() if folder.is_dir())


def _write(path: Path, said: Mapping[str, object]) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(said), "utf-8")
    fresh.replace(path)
