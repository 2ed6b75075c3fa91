# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the layers meet: what streaming gives, what the proxy serves, what the control calls do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Mapping, NamedTuple, Protocol, Sequence


class Span(NamedTuple):
    """Verified bytes of a film: `length` of them at `position` of the open file `fd`."""

    fd: int
    position: int
    length: int


class SubtitleFile(NamedTuple):
    """Subtitles as the player gets them."""

    name: str
    data: bytes  # UTF-8, checked


class Reader(Protocol):
    """One player's place in a film. The engine fetches around the place of every open reader."""

    def span(self, offset: int, length: int, timeout: float) -> Span | None:
        """The verified bytes from `offset` on: at least one, at most `length`.

        Waits up to `timeout` seconds and then returns None (the caller looks whether its client is
        still there, and asks again). The span stays readable until this reader asks for the next.
        Raises StreamClosed, DiskFull.
        """

    def close(self) -> None:
        """Give the place up; from another thread it wakes a waiting span() with StreamClosed."""


@dataclass(frozen=True)
class StreamStatus:
    """How a stream is doing."""

    state: str  # connecting | buffering | ready
    seconds_ready: float = 0.0  # of film, from the place where it will start
    seconds_wanted: float = 0.0  # how many it takes to be ready
    peers: int = 0
    web_seeds: int = 0
    rate: int = 0  # bytes a second coming in
    from_peers: int = 0  # bytes of payload so far, web seeds not counted
    from_web: int = 0
    complete: bool = False  # every byte of the film is here
    seconds_left: float | None = None  # until it is ready, None where that cannot be foretold
    since: int = 0  # byte of the film where its player came in: at the start, or by its last jump
    seconds_ahead: float = 0.0  # of film that are here from there on
    seeds: int = 0  # viewers known to have all of it, connected or not
    settled: bool = False  # all that its players will want, if they read on from where they are, is here


class Stream(Protocol):
    """A film's bytes, in any order, each verified before it is handed out."""

    name: str  # file name, for the address and the player
    length: int  # bytes
    info_hash: str

    @property
    def readers(self) -> Collection[Reader]:
        """Those that are open."""

    def reader(self) -> Reader: ...

    def status(self) -> StreamStatus: ...

    def add_web_seed(self, address: str) -> None:
        """One more place to get it from (BEP 19). Raises StreamClosed."""

    def close(self) -> None:
        """Every reader gets StreamClosed; what is on disk stays for the next time."""


@dataclass(frozen=True)
class Torrent:
    """What an engine is asked to stream: checked metainfo, and what is known beside it."""

    metainfo: bytes  # the .torrent file, already checked by works.metainfo
    file: int  # index of the film in the metainfo's list of files
    trackers: tuple[str, ...] = ()  # beside those in the metainfo
    web_seeds: tuple[str, ...] = ()  # BEP 19 addresses, beside those in the metainfo
    web: tuple[str, ...] = ()  # addresses of the film's file alone
    peers: tuple[tuple[str, int], ...] = ()
    duration: float = 0.0  # seconds of film; 0 where unknown
    resume: float = 0.0  # seconds into the film where the player will start
    local: bool = False  # sources may be on this machine or network


@dataclass(frozen=True)
class Reach:
    """How other viewers get to this device, as far as it is known."""

    port: int = 0  # where they are waited for; 0 while nothing has been started
    mapped: bool = False  # the router has opened it for them (UPnP, NAT-PMP)
    incoming: bool = False  # somebody from outside has come in


@dataclass(frozen=True)
class Share:
    """A torrent that an engine has, as others get it from here."""

    given: int = 0  # bytes of payload since it came into the engine
    seeds: int = -1  # others who have all of it; -1 where nobody has told


class SignedItem(NamedTuple):
    """What the owner of a key has put into the DHT (BEP 44). Only the signature has been checked."""

    number: int  # grows with each change
    value: object


class Engine(Protocol):
    """Fetches films. One per service."""

    name: str
    web_only: str  # why it fetches from web servers alone: a code of works.errors; '' if from peers too

    def open(self, torrent: Torrent) -> Stream:
        """Start fetching; returns at once. The same torrent opened twice is one download."""

    def magnet(
        self,
        info_hash: str,
        trackers: tuple[str, ...],
        timeout: float,
        local: bool,
        peers: tuple[tuple[str, int], ...] = (),
    ) -> bytes:
        """The metainfo of a torrent of which only the hash is known (BEP 9), as a .torrent file."""

    def item(
        self, key: bytes, salt: bytes, timeout: float, nodes: tuple[tuple[str, int], ...] = ()
    ) -> SignedItem:
        """The newest that the DHT has of an Ed25519 public key. `nodes`: addresses of some who take part in
        it, beside those that are known. Raises NoSource where nobody has any in `timeout` seconds, DhtOff."""

    def drop(self, info_hash: str) -> None:
        """Neither fetch nor share it any more. What is on disk stays."""

    def reach(self) -> Reach: ...

    def forget(self, info_hash: str) -> None:
        """Drop it and take it from the disk, unless somebody reads it."""

    def shares(self) -> Mapping[str, Share]:
        """All that others may get from here, by info hash."""

    def seeds(self, torrents: Mapping[str, Torrent], timeout: float) -> Mapping[str, int]:
        """How many have all of each torrent, by info hash, as far as its trackers tell within `timeout`
        seconds. Nothing of it is fetched. Raises StreamClosed."""

    def close(self) -> None:
        """Stop everything, within a second and a half."""


class Transport(Protocol):
    """A way by which a catalogue's files come. Nothing of it is believed before it is verified."""

    name: str  # for the log

    def get(self, path: str, limit: int) -> bytes:
        """The file at that path in the catalogue's folder: `metadata/timestamp.json`. `limit`: in bytes.

        Raises FetchFailed, with status 404 where there is no such file, TooLarge.
        """


class Control(Protocol):
    """What the proxy's control calls act upon. Plain values: they travel as JSON."""

    def open(
        self, work: str, encoding: str, resume: float, languages: Sequence[str] = (), via: str = ""
    ) -> str:
        """Open a stream of a work of the catalogue, the encoding named by its key ('' for the best).
        `languages`: in which the viewer wants subtitles, the best first (BCP 47).
        `via` 'web': from web servers alone.

        Returns the stream's id at once; everything slow happens behind it and shows in status().
        """

    def status(self, stream: str) -> Mapping[str, object]:
        """{"state", "secondsReady", "secondsWanted", "peers", "webSeeds", "rate", "fromPeers",
        "fromWeb", "complete", "settled", "secondsLeft", "since", "secondsAhead", "seeds", "webCopy", "error",
        "detail", "url", "mime", "name", "length", "engine", "webOnly", "subtitles", "subtitlesComing",
        "subtitlesAwaited"}.

        `state` is `fetching` (the torrent), then StreamStatus's, or `failed` with `error` (a code of
        works.errors). `url` is there as soon as it can be asked. `secondsLeft` is None where that cannot be
        foretold, `webCopy` whether it can be opened `via` the web instead. `engine` and `webOnly` are
        Engine's name and web_only. `subtitles` are those that are here, best first: {"url", "lang",
        "format", "machine", "forced", "sdh"}; whether more may come, and whether the best will, in the
        viewer's language, tell the other two.
        UnknownWork for an unknown id.
        """

    def close(self, stream: str) -> None: ...

    def health(self) -> Mapping[str, object]:
        """{"engine", "webOnly", "port", "mapped", "incoming"}: Engine's name and web_only, and its Reach.

        Nothing of what is watched, nor by whom. Raises NoEngine where there is none to tell of.
        """

    def media(self, secret: str) -> Stream | None:
        """The stream that this secret opens, None for any other text. It begins with the stream's id and
        a hyphen, so that whoever may close a stream knows it by its film's address.

        May wait until it has opened; raises the CommonReelError that came of that instead.
        """

    def subtitles(self, secret: str, number: int) -> SubtitleFile | None:
        """Those of the stream that this secret opens, by their number; None where there are none."""
