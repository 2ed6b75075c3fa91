# SPDX-License-Identifier: GPL-3.0-or-later
"""Four films, as a catalogue may hold them."""

from __future__ import annotations

from commonreel.works.work import Encoding, Evidence, License, Rights, Source, Work

ARCHIVE = Source("Internet Archive", "https://archive.org/details/Cops")
MARK = License("https://creativecommons.org/publicdomain/mark/1.0/")
BY = License("https://creativecommons.org/licenses/by/3.0/", credit="© A Foundation")


def silent(work_id, title, year, territories=("US",), rule="us-95", **facts):
    evidence = (Evidence("pd-rule", rule=rule), Evidence("wikidata", url="https://www.wikidata.org/wiki/Q1"))
    torrent = "https://archive.org/download/%s/%s_archive.torrent" % (work_id[3:], work_id[3:])
    rights = Rights("C", territories, evidence)
    encoding = (Encoding(torrent=torrent),)
    return Work(work_id, {"en": title}, MARK, rights, ARCHIVE, encoding, year=year, **facts)


COPS = silent(
    "ia:Cops",
    "Cops",
    1922,
    duration=1080,
    director=("Buster Keaton",),
    genre=("Comedy",),
    same_as=("imdb:tt0012345", "wd:Q2"),
    poster="https://archive.org/services/img/Cops",
)
MOON = silent("ia:Moon", "A Trip to the Moon", 1902, ("US", "FR", "DE"), "life-70", genre=("Fantasy",))
TRAP = silent("ia:Trap", "The Trap", 1913)
OPEN = Work(
    "open:bunny",
    {"en": "A Rabbit", "fr": "Un lapin"},
    BY,
    Rights("B", ("*",), (Evidence("institution", "https://example.org/", by="A Foundation"),)),
    Source("A Foundation", "https://example.org/"),
    (Encoding(info_hash="a" * 40),),
    year=2008,
    description={"en": "A rabbit has had enough."},
)
WORKS = (COPS, MOON, TRAP, OPEN)
