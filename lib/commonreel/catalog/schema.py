# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the catalogue store.

The store is a copy of what the catalogue says and can be made again at any time: there are no
migrations. The version is computed from the tables, from the fields of what is kept in them and from how
that is squeezed, so a file made by any other version of this add-on is known at once, and replaced.
"""

from __future__ import annotations

import sqlite3
import zlib

from ..works import guide, work
from .facets import EDITION
from .squeezed import DICTIONARY

TABLES = """
CREATE TABLE origin (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL
);
CREATE TABLE work (
    key INTEGER PRIMARY KEY,        -- grows with every fill: the newer of two has the greater
    origin TEXT NOT NULL,
    id TEXT NOT NULL,
    form TEXT NOT NULL,             -- film, series, season, episode
    title TEXT NOT NULL,            -- folded, to sort by
    year INTEGER NOT NULL,
    updated TEXT NOT NULL,          -- ISO 8601
    reach INTEGER NOT NULL,
    series TEXT NOT NULL,           -- the id of the series that it is an episode or a season of
    season INTEGER NOT NULL,
    episode INTEGER NOT NULL,       -- 0: a season
    shown INTEGER NOT NULL DEFAULT 1    -- not withdrawn, and no other origin has it with more right
);
CREATE UNIQUE INDEX work_id ON work (id, origin);
CREATE INDEX work_title ON work (form, title, year, id, reach) WHERE shown = 1;
CREATE INDEX work_updated ON work (form, updated DESC, year DESC, title, id, reach) WHERE shown = 1;
CREATE INDEX work_series ON work (series, season, episode, reach) WHERE shown = 1 AND series != '';

CREATE TABLE record (
    work INTEGER PRIMARY KEY,
    json BLOB NOT NULL
);
-- Whom a work may be shown to: in which countries, from which age. See reach.py.
CREATE TABLE reach (
    key INTEGER PRIMARY KEY,
    countries TEXT NOT NULL,
    age INTEGER,                    -- years; NULL where nobody has said
    sexual INTEGER NOT NULL,
    UNIQUE (countries, age, sexual)
);
CREATE TABLE territory (
    country TEXT NOT NULL,          -- '*' is everywhere
    reach INTEGER NOT NULL,
    PRIMARY KEY (country, reach)
) WITHOUT ROWID;
-- What lists can be narrowed to (see facets.py), and which works fit.
CREATE TABLE facet (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    name TEXT NOT NULL,             -- as a person spells it, '' where the value says it
    UNIQUE (kind, value)
);
CREATE TABLE tag (
    facet INTEGER NOT NULL,
    work INTEGER NOT NULL,
    PRIMARY KEY (facet, work)
) WITHOUT ROWID;
CREATE INDEX tag_work ON tag (work, facet);
-- How many of them are shown, so that nobody has to count. See filling.py.
CREATE TABLE tally (
    facet INTEGER NOT NULL,         -- 0: every work
    form TEXT NOT NULL,
    reach INTEGER NOT NULL,
    works INTEGER NOT NULL,
    PRIMARY KEY (facet, form, reach)
) WITHOUT ROWID;
-- What leads to works, and is none. See guides.py.
CREATE TABLE guide (
    key INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,             -- maker, selection
    title TEXT NOT NULL,            -- folded, to sort by
    supported INTEGER NOT NULL,     -- a maker: with a way to give to it that is shown
    json BLOB NOT NULL,
    shown INTEGER NOT NULL DEFAULT 1    -- as of a work
);
CREATE UNIQUE INDEX guide_id ON guide (id, origin);
CREATE INDEX guide_title ON guide (kind, title, id) WHERE shown = 1;
CREATE TABLE selected (
    guide INTEGER NOT NULL,
    work TEXT NOT NULL,             -- its id; it need not be there
    PRIMARY KEY (guide, work)
) WITHOUT ROWID;
CREATE TABLE withdrawn (
    id TEXT NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id, origin)
) WITHOUT ROWID;
"""

# Folded words of titles and of names, by the work's key.
WORDS_FTS5 = """
CREATE VIRTUAL TABLE words USING fts5 (
    titles, people, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
"""
WORDS_PLAIN = """
CREATE TABLE words (
    rowid INTEGER PRIMARY KEY,
    titles TEXT NOT NULL,
    people TEXT NOT NULL
);
"""

_KEPT = (
    *(work.Work, work.License, work.Rights, work.Evidence, work.Source),
    *(work.PartOf, work.Channel, work.Rating, work.ContentRating),
    *(work.Encoding, work.FilmFile, work.Subtitle),
    *(guide.Maker, guide.Selection),
)


def has_fts5() -> bool:
    """Whether the SQLite of this Python has the full-text search module."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5 (words)")
    except sqlite3.OperationalError:
        return False
    else:
        return True
    finally:
        connection.close()


def tables(fts5: bool) -> str:
    """The statements that make an empty store."""
    return TABLES + (WORDS_FTS5 if fts5 else WORDS_PLAIN)


def version(fts5: bool) -> int:
    """What `PRAGMA user_version` says of a store with these tables; never 0, which is a new file's."""
    kept = [list(kind._fields) for kind in _KEPT]
    return zlib.crc32((tables(fts5) + repr((kept, EDITION))).encode() + DICTIONARY) % 0x7FFFFFFE + 1


def create(connection: sqlite3.Connection, fts5: bool) -> None:
    """Make the tables in a new file, all or none. Readers go on while a later fill writes (WAL)."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(
        "BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT;" % (tables(fts5), version(fts5))
    )


def check(connection: sqlite3.Connection, fts5: bool) -> None:
    """Raises sqlite3.DatabaseError where pages, indexes or the words do not hold together."""
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    if fts5:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
