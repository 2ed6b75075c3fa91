# SPDX-License-Identifier: GPL-3.0-or-later
"""What a work is: a film or a series with its rights, its encodings and its source. Plain values.

Field names are those of the record (works/record.py reads it; Schema.org where it has the word), in
Python's spelling. An unknown fact is empty: '', 0, () or {}, never invented.
"""

# Types are no texts here (`from __future__ import annotations`): a named tuple would compile each of them, in
# every list that Kodi shows.
from typing import Mapping, NamedTuple, Optional, Tuple


class Evidence(NamedTuple):
    """One reason to believe a rights claim."""

    kind: str  # signed-declaration | institution | pd-rule | license-page | wikidata
    url: str = ""
    rule: str = ""  # with pd-rule: 'us-95' or 'life-70'
    by: str = ""  # who vouches
    at: str = ""  # ISO 8601 date


class Rights(NamedTuple):
    """Why a work may be shown, and where. See works/rights.py for the gate."""

    rights_class: str  # A | B | C | X
    territories: Tuple[str, ...]  # ISO 3166-1 alpha-2; ('*',) is everywhere
    evidence: Tuple[Evidence, ...]
    declared_until: str = ""  # ISO 8601 date to which the holder has said so; asked again every year


class License(NamedTuple):
    """The licence as the record states it; works/licence.py knows what it means."""

    url: str
    spdx: str = ""
    credit: str = ""  # the attribution to show


class FilmFile(NamedTuple):
    """A file of a torrent: its path below the torrent's name, '/' between folders."""

    path: str
    length: int  # bytes
    sha1: str = ""


class Subtitle(NamedTuple):
    """Subtitles, as a file of the torrent (`path`) or on the web (`url`)."""

    lang: str  # BCP 47
    path: str = ""
    url: str = ""
    format: str = "srt"
    machine: bool = False


class Encoding(NamedTuple):
    """One way the film exists as bytes: a torrent and the film's file in it.

    The info hash and the file are unknown for an item of which only the torrent's address is known.
    """

    torrent: str = ""  # address of the .torrent; in a local folder: file name
    info_hash: str = ""  # v1, 40 hex digits, lower case
    torrent_sha256: str = ""  # of the .torrent file's bytes
    file: Optional[FilmFile] = None
    container: str = ""
    codec: str = ""
    height: int = 0
    web: Tuple[str, ...] = ()  # addresses of the film's file itself
    trackers: Tuple[str, ...] = ()
    subtitles: Tuple[Subtitle, ...] = ()

    @property
    def key(self) -> str:
        """What names this encoding in a call: the info hash or the torrent's address, and the film's path
        where that is known. One torrent may hold a film in several encodings."""
        torrent = self.info_hash or self.torrent
        return "%s/%s" % (torrent, self.file.path) if self.file else torrent


class Source(NamedTuple):
    name: str
    url: str


class PartOf(NamedTuple):
    """Where a season or an episode belongs."""

    series: str = ""  # the series' id
    season: int = 0  # 0 is where specials go
    episode: int = 0


class Channel(NamedTuple):
    """A way to give to the makers, as in funding.json (FLOSS/fund v1)."""

    type: str  # bank | payment-provider | cheque | cash | other
    address: str
    description: str = ""


class Rating(NamedTuple):
    """What those who have seen it think of it."""

    value: float  # 0 to 10, the best
    votes: int  # of those who have rated it
    by: str  # who has asked them: 'archive.org'


class ContentRating(NamedTuple):
    nsfw: bool = False
    note: str = ""  # what to be prepared for
    age: Optional[int] = None  # from which age it may be seen; 0: from any, None: nobody has said
    by: str = ""  # whose rating that is: 'FSK', 'BBFC', 'CNC'


WHOLES = ("TVSeries", "TVSeason")  # types which have no film of their own


class Work(NamedTuple):
    id: str
    name: Mapping[str, str]  # BCP 47 → title
    license: License
    rights: Rights
    source: Source
    encoding: Tuple[Encoding, ...]
    type: str = "Movie"  # Movie | TVSeries | TVSeason | TVEpisode
    part_of: Optional[PartOf] = None  # of a season or an episode
    rev: int = 0  # grows with every change of the record
    updated: str = ""  # ISO 8601
    original_name: str = ""
    year: int = 0
    duration: int = 0  # seconds
    in_language: Tuple[str, ...] = ()
    maker: Tuple[str, ...] = ()  # ids of those who have a record of their own
    director: Tuple[str, ...] = ()
    actor: Tuple[str, ...] = ()
    genre: Tuple[str, ...] = ()
    country: Tuple[str, ...] = ()  # of production, ISO 3166-1 alpha-2
    description: Mapping[str, str] = {}
    same_as: Tuple[str, ...] = ()  # 'wd:Q…', 'imdb:tt…'
    poster: str = ""
    fanart: str = ""
    trailer: str = ""  # address of a video file
    rating: Optional[Rating] = None
    funding: Tuple[Channel, ...] = ()
    content_rating: ContentRating = ContentRating()
    submitter: str = ""  # the key by which it was sent in

    @property
    def series(self) -> str:
        """Id of the series that it is, or belongs to; '' of a film."""
        if self.part_of:
            return self.part_of.series
        return self.id if self.type == "TVSeries" else ""

    def title(self, language: str = "en") -> str:
        return text_in(self.name, language)

    def plot(self, language: str = "en") -> str:
        return text_in(self.description, language)


class Tombstone(NamedTuple):
    """What is left of a record that was taken back; it stays, so that no older one revives it."""

    id: str
    withdrawn: str  # why
    rev: int = 0
    at: str = ""  # ISO 8601


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in that language, else in English, else the first there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
