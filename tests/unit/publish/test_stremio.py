# SPDX-License-Identifier: GPL-3.0-or-later
"""The export for Stremio: which works are in it, and what its files say."""

from __future__ import annotations

import json
import re

from commonreel.publish import stremio
from commonreel.publish.building import Catalogue
from lab.records import by_rule, chosen, free, gone, maker

HASH = "0123456789abcdef0123456789abcdef01234567"
PLAYABLE = {"torrent": "https://example.org/f.torrent", "infoHash": HASH.upper()}


def film(id, **more):
    return free(id, **{"encoding": [PLAYABLE], **more})


def episode(id, number, series="t:s"):
    place = {"series": series, "season": 1, "episode": number}
    return film(id, type="TVEpisode", partOf=place)


def exported(*records):
    catalogue = Catalogue(1, "2026-11-24", {made["id"]: made for made in records})
    found = stremio.files(catalogue, "Films", "1.1.0")
    return {path: json.loads(content) for path, content in found.items()}


def test_a_film_has_a_row_a_page_and_a_stream():
    found = exported(
        film("t:a", genre=["short"], duration=125, image={"poster": "https://example.org/p.jpg"})
    )
    [row] = found["catalog/movie/commonreel-films.json"]["metas"]
    assert row == {"id": "t:a", "type": "movie", "name": "Film t:a", "poster": "https://example.org/p.jpg"}
    meta = found["meta/movie/t:a.json"]["meta"]
    assert (meta["genres"], meta["runtime"], meta["releaseInfo"]) == (["short"], "2 min", "2010")
    assert "creativecommons.org/licenses/by/4.0" in meta["description"]
    assert found["stream/movie/t:a.json"] == {"streams": [{"infoHash": HASH}]}


def test_the_manifest_names_what_there_is():
    manifest = exported(film("t:a"), film("ia:b"))["manifest.json"]
    assert manifest["idPrefixes"] == ["ia:", "t:"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert {one["type"] for one in manifest["catalogs"]} == set(manifest["types"]) == {"movie", "series"}


def test_what_is_not_free_everywhere_is_withdrawn_or_has_no_hash_is_left_out():
    unknown = {"torrent": "https://example.org/f.torrent"}
    found = exported(by_rule("t:a", encoding=[PLAYABLE]), gone("t:b"), film("t:c", encoding=[unknown]))
    assert found["catalog/movie/commonreel-films.json"] == {"metas": []}
    assert set(found) == {"manifest.json", *(path for path in found if path.startswith("catalog/"))}


def test_a_series_has_its_episodes_and_one_without_any_is_left_out():
    series = [free(id, type="TVSeries", encoding=[]) for id in ("t:s", "t:empty")]
    found = exported(*series, episode("t:e1", 1), episode("t:e2", 2))
    assert [row["id"] for row in found["catalog/series/commonreel-series.json"]["metas"]] == ["t:s"]
    videos = found["meta/series/t:s.json"]["meta"]["videos"]
    assert [(video["id"], video["season"], video["episode"]) for video in videos] == [
        ("t:e1", 1, 1),
        ("t:e2", 1, 2),
    ]
    assert found["stream/series/t:e2.json"]["streams"] == [{"infoHash": HASH}]
    assert found["catalog/movie/commonreel-films.json"] == {"metas": []}


def test_a_stream_says_what_is_known_of_the_file():
    encoding = {
        **PLAYABLE,
        "height": 720,
        "file": {"path": "a/film.mp4", "length": 5},
        "trackers": ["udp://t:1"],
        "web": ["https://example.org/film.mp4"],
        "subtitles": [{"lang": "fr", "url": "https://example.org/fr.vtt"}, {"lang": "en", "path": "en.srt"}],
    }
    swarm, web = exported(film("t:a", encoding=[encoding]))["stream/movie/t:a.json"]["streams"]
    assert swarm["behaviorHints"] == {"filename": "film.mp4", "videoSize": 5}
    assert (swarm["sources"], swarm["title"]) == (["tracker:udp://t:1"], "720p")
    assert web["url"] == "https://example.org/film.mp4"
    assert [one["lang"] for one in web["subtitles"]] == ["fr"]


def test_a_long_list_is_paged_to_its_end():
    found = exported(*(film("t:%03d" % number) for number in range(250)))
    base = "catalog/movie/commonreel-films"
    pages = [base + ".json", *("%s/skip=%d.json" % (base, skip) for skip in (100, 200, 300))]
    rows = [row["id"] for page in pages for row in found[page]["metas"]]
    assert rows == ["t:%03d" % number for number in range(250)]
    assert found[pages[-1]]["metas"] == []


def test_makers_and_lists_are_not_in_it():
    with_them = exported(film("t:a"), maker("t:jane"), chosen("t:l", "t:a"))
    assert with_them == exported(film("t:a"))
