# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's folder: what is written there, and what is the user's."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET

import pytest

from commonreel.catalog.holdings import Holdings
from commonreel.works.work import PartOf, Rating
from lab.few_works import COPS, MOON, OPEN

PLAY = "plugin://plugin.video.commonreel/play/?id="
SERIES = OPEN._replace(id="open:series", name={"en": "A Series"}, type="TVSeries", encoding=())


def episode(number, season=1):
    part = PartOf("open:series", season, number)
    return OPEN._replace(
        id="open:e%d" % number, name={"en": "Part %d" % number}, type="TVEpisode", part_of=part
    )


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "library"


@pytest.fixture
def holdings(tmp_path):
    with Holdings(tmp_path / "library.db") as holdings:
        yield holdings


@pytest.fixture
def export(kodi, folder, holdings):
    from commonreel.kodi.library.export import Export

    return Export(folder, holdings, "US")


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in tree(folder)}


def tree(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


NAME = "Movies/Cops (1922)/Cops (1922)"


def nfo(folder, name=NAME):
    return ET.fromstring((folder / (name + ".nfo")).read_text("utf-8"))


def news(holdings):
    return sorted(holdings.news(100))


def test_a_film(export, folder, holdings):
    export.put(COPS)
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]
    assert files(folder)[NAME + ".strm"] == PLAY + "ia%3ACops\n"
    root = nfo(folder)
    assert root.tag == "movie"
    said = {child.tag: child.text for child in root if child.tag != "uniqueid"}
    assert said == {
        "title": "Cops",
        "year": "1922",
        "tagline": said["tagline"],
        "runtime": "18",
        "genre": "Comedy",
        "director": "Buster Keaton",
        "studio": "Internet Archive",
        "tag": "Common Reel",
        "thumb": "https://archive.org/services/img/Cops",
    }
    assert "1922" in said["tagline"]
    ids = [(each.get("type"), each.get("default"), each.text) for each in root.iter("uniqueid")]
    assert ids == [("imdb", "true", "tt0012345"), ("wikidata", None, "Q2"), ("commonreel", None, "ia:Cops")]
    assert root.find("thumb").get("aspect") == "poster"
    assert news(holdings) == [(NAME + ".strm", "added")]


def test_a_rating_has_its_count_and_source(export, folder):
    export.put(COPS._replace(rating=Rating(8.4, 57, "archive.org"), trailer="https://example.org/t.mp4"))
    root = nfo(folder)
    rating = root.find("ratings/rating")
    assert rating.attrib == {"name": "archive.org", "max": "10", "default": "true"}
    assert (rating.findtext("value"), rating.findtext("votes")) == ("8.4", "57")
    assert root.findtext("trailer") == "https://example.org/t.mp4"


def test_facts_that_would_break_xml(export, folder):
    export.put(
        COPS._replace(
            description={"en": "<b>&\x00\x1b\ufffe]]>\n\ud800"},
            actor=("A", "B"),
            fanart="https://e/f?a&b",
        )
    )
    root = nfo(folder)
    assert root.findtext("plot") == "<b>&]]>"
    assert [(a.findtext("name"), a.findtext("order")) for a in root.iter("actor")] == [("A", "0"), ("B", "1")]
    assert root.findtext("fanart/thumb") == "https://e/f?a&b"


def test_nothing_is_written_twice(export, folder, holdings):
    export.put(COPS)
    before = {path: path.stat().st_mtime_ns for path in tree(folder)}
    holdings.told_all()
    export.put(COPS)
    assert {path: path.stat().st_mtime_ns for path in tree(folder)} == before
    assert news(holdings) == []


def test_a_new_title_keeps_the_place(export, folder, holdings):
    export.put(COPS)
    holdings.told_all()
    export.put(COPS._replace(name={"en": "Policemen"}))
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]
    assert nfo(folder).findtext("title") == "Policemen"
    assert news(holdings) == [(NAME + ".strm", "changed")]


def test_what_is_new_stays_new_when_it_changes(export, holdings):
    export.put(COPS)
    export.put(COPS._replace(name={"en": "Policemen"}))
    assert news(holdings) == [(NAME + ".strm", "added")]


def test_taken_away_nothing_is_left(export, folder, holdings):
    export.put(COPS)
    export.put(MOON)
    export.take(COPS.id)
    export.take(MOON.id)
    assert list((folder / "Movies").iterdir()) == []
    assert holdings.works() == []
    assert {what for _, what in news(holdings)} == {"removed"}
    export.put(COPS)
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]


def test_two_of_one_name(export, folder):
    other = COPS._replace(id="x:Cops")
    export.put(COPS)
    export.put(other)
    streams = sorted(text for name, text in files(folder).items() if name.endswith(".strm"))
    assert streams == [PLAY + "ia%3ACops\n", PLAY + "x%3ACops\n"]
    export.take(COPS.id)
    export.put(other)
    assert [text for name, text in files(folder).items() if name.endswith(".strm")] == [PLAY + "x%3ACops\n"]


# What is the user's


def test_a_file_that_the_user_has_changed_is_left_alone(export, folder):
    export.put(COPS)
    (folder / (NAME + ".nfo")).write_text("<movie><title>Mine</title></movie>")
    export.put(COPS._replace(name={"en": "Policemen"}))
    assert nfo(folder).findtext("title") == "Mine"
    export.take(COPS.id)
    assert list(files(folder)) == [NAME + ".nfo"]
    export.put(COPS)
    assert nfo(folder).findtext("title") == "Mine"


def test_a_folder_that_the_user_has_renamed_stays_and_comes_once(export, folder):
    export.put(COPS)
    (folder / "Movies" / "Cops (1922)").rename(folder / "Movies" / "Buster")
    export.put(COPS._replace(name={"en": "Policemen"}))
    export.take(COPS.id)
    assert {name.split("/")[1] for name in files(folder)} == {"Buster"}
    assert len(files(folder)) == 2


def test_what_the_user_has_removed_does_not_come_back(export, folder):
    export.put(COPS)
    shutil.rmtree(folder / "Movies" / "Cops (1922)")
    export.put(COPS._replace(name={"en": "Policemen"}))
    assert files(folder) == {}
    export.take(COPS.id)
    export.put(COPS)
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]


def test_what_the_user_has_added_stays(export, folder):
    export.put(COPS)
    (folder / "Movies" / "Cops (1922)" / "poster.jpg").write_bytes(b"x")
    (folder / "Movies" / "Mine").mkdir()
    export.take(COPS.id)
    assert sorted(files(folder)) == ["Movies/Cops (1922)/poster.jpg"]
    assert (folder / "Movies" / "Mine").is_dir()


def test_a_folder_of_the_users_own_is_not_written_into(export, folder):
    own = folder / "Movies" / "Cops (1922)"
    own.mkdir(parents=True)
    (own / "Cops (1922).mkv").write_bytes(b"film")
    export.put(COPS)
    assert [path.name for path in own.iterdir()] == ["Cops (1922).mkv"]
    assert len(files(folder)) == 3


def test_a_folder_in_the_place_of_a_file(export, folder):
    export.put(COPS)
    (folder / (NAME + ".nfo")).unlink()
    (folder / (NAME + ".nfo")).mkdir()
    export.put(COPS._replace(name={"en": "Policemen"}))
    export.take(COPS.id)
    assert (folder / (NAME + ".nfo")).is_dir()


# Whoever is killed


class Killed(BaseException):
    pass


def steps(export):
    """Everything that lasts, to be killed before."""
    from commonreel.kodi.library import export as module

    return [(module, "_replace"), (export._holdings, "coming"), (export._holdings, "written")]


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("count", range(6))
def test_killed_between_two_steps(export, folder, holdings, monkeypatch, count, changed):
    if changed:
        export.put(COPS)
    now = COPS._replace(name={"en": "Policemen"}) if changed else COPS
    left = [count]
    with monkeypatch.context() as patch:
        for owner, name in steps(export):
            real = getattr(owner, name)

            def step(*arguments, real=real):
                if not left[0]:
                    raise Killed
                left[0] -= 1
                return real(*arguments)

            patch.setattr(owner, name, step)
        try:
            export.put(now)
        except Killed:
            pass
        else:
            assert changed  # one file of the two has nothing new
    later = now._replace(description={"en": "The catalogue has gone on."})
    export.put(later)
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]
    assert nfo(folder).findtext("plot") == "The catalogue has gone on."
    assert (NAME + ".strm", "added") in news(holdings)
    export.take(COPS.id)
    assert files(folder) == {}


@pytest.mark.parametrize("step", ["leaving", "left"])
def test_killed_while_taking_away(export, folder, holdings, monkeypatch, step):
    export.put(COPS)
    with monkeypatch.context() as patch:

        def killed(*_arguments):
            raise Killed

        patch.setattr(holdings, step, killed)
        with pytest.raises(Killed):
            export.take(COPS.id)
    export.put(COPS)
    assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]
    export.take(COPS.id)
    assert files(folder) == {}


def test_an_account_that_is_lost(export, folder, kodi, tmp_path):
    from commonreel.kodi.library.export import Export

    export.put(COPS)
    with Holdings(tmp_path / "other.db") as empty:
        again = Export(folder, empty, "US")
        again.put(COPS)
        assert sorted(files(folder)) == [NAME + ".nfo", NAME + ".strm"]
        again.take(COPS.id)
    assert files(folder) == {}


# Series


def test_a_series(export, folder):
    export.put(SERIES)
    for number in (1, 2):
        export.put(episode(number), SERIES)
    home = "Series/A Series (2008)/"
    assert sorted(files(folder)) == [
        "Series/.nomedia",
        home + "Season 01/A Series (2008) - s01e01.nfo",
        home + "Season 01/A Series (2008) - s01e01.strm",
        home + "Season 01/A Series (2008) - s01e02.nfo",
        home + "Season 01/A Series (2008) - s01e02.strm",
        home + "tvshow.nfo",
    ]
    root = nfo(folder, home + "Season 01/A Series (2008) - s01e02")
    assert root.tag == "episodedetails"
    assert [root.findtext(tag) for tag in ("title", "showtitle", "season", "episode")] == [
        "Part 2",
        "A Series",
        "1",
        "2",
    ]
    assert root.findtext("aired") == "2008-01-01"  # of a year Kodi would make 1970
    show = nfo(folder, home + "tvshow")
    assert (show.tag, show.findtext("premiered")) == ("tvshow", "2008-01-01")


def test_a_series_goes_with_all_its_episodes(export, folder):
    export.put(episode(1), SERIES)  # brings its series along
    assert len(files(folder)) == 4
    export.put(episode(1), SERIES._replace(name={"en": "Another title"}))
    assert len(files(folder)) == 4
    export.take("open:e1")
    export.take("open:series")
    assert [path.name for path in (folder / "Series").iterdir()] == [".nomedia"]


def test_two_episodes_of_one_number(export, folder):
    export.put(episode(1), SERIES)
    export.put(episode(1)._replace(id="open:other"), SERIES)
    assert len([name for name in files(folder) if name.endswith(".strm")]) == 2
