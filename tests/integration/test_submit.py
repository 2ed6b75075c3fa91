# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel key` and `commonreel submit` as makers have them: films by ffmpeg, a terminal, a swarm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mnemonic import Mnemonic

from commonreel.publish.submission import minisign
from commonreel.works import bencode, declaration, metainfo, record, rights
from lab.command import ROOT, StreamCommand, get
from lab.submissions import UUID, Places
from lab.submitting import Maker, film, poster, subtitles
from lab.swarm import Swarm
from lab.webseed import WebSeed

HERE = "https://archive.org/details/LaRoute"
SITE = "https://makers.example/films/la-route/"
FILES = {"record.json", "film.torrent", "declaration.json", "declaration.sig", "upload.html"}


needs_minisign = pytest.mark.skipif(not shutil.which("minisign"), reason="minisign is not installed")


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that plays, and its companions."""
    folder = tmp_path_factory.mktemp("films")
    film(folder / "Route.mp4")
    subtitles(folder / "Route.fr.srt")
    poster(folder / "Route.jpg")
    return folder


def parsed(folder: Path):
    return declaration.parse((folder / "declaration.json").read_bytes()).declaration


def told(folder: Path) -> dict:
    return json.loads((folder / "record.json").read_text("utf-8"))


def test_a_key_is_restored_by_its_words_and_by_no_others(maker):
    words = maker.key["words"]
    shown = {name: value for name, value in maker.key.items() if name != "words"}
    assert maker.run("key", "show", "maker.pem").told == [shown]
    assert maker.run("key", "restore", "again.pem", input=words + "\n").told == [shown]
    assert (maker.folder / "again.pem").read_bytes() == (maker.folder / "maker.pem").read_bytes()
    assert (maker.folder / "again.pem").stat().st_mode & 0o077 == 0
    first, *others = words.split()
    changed = (" ".join([word, *others]) for word in ("zoo", "abandon", "zebra", "ability") if word != first)
    wrong = next(each for each in changed if not Mnemonic("english").check(each))  # one in 256 adds up
    for bad in (wrong, " ".join(others), "", words.replace(first, "perchance", 1)):
        assert maker.run("key", "restore", "bad.pem", input=bad + "\n").status == 2
    assert not (maker.folder / "bad.pem").exists()


def test_a_key_is_never_written_over(maker):
    before = (maker.folder / "maker.pem").read_bytes()
    assert maker.run("key", "new", "maker.pem").status == 2
    assert (maker.folder / "maker.pem").read_bytes() == before


def test_a_submission_holds_together(maker, films):
    done = maker.submit(
        *(films / "Route.mp4", "--subtitles", films / "Route.fr.srt", "--poster", films / "Route.jpg"),
        *("--from", maker.sheet, "--place", SITE, "--funding", "https://makers.example/give"),
    )
    assert done.status == 0, done
    assert {path.name for path in maker.out.iterdir()} == FILES | {"la-route", "poster.jpg"}
    work = record.parse(told(maker.out))
    assert (work.id, work.title("fr")) == ("web:makers.example:la-route", "La route")
    assert (work.year, work.in_language, work.duration) == (2025, ("fr",), 4)
    assert work.maker == (declaration.maker(maker.key["fingerprint"]),)
    assert rights.refusal(work, int(parsed(maker.out).at[:4])) == ""
    meta = metainfo.parse((maker.out / "film.torrent").read_bytes())
    assert declaration.differences(parsed(maker.out), work, meta) == []
    [encoding] = work.encoding
    assert (encoding.torrent, encoding.web) == (SITE + "film.torrent", (SITE + "Route.mp4",))
    assert [(each.lang, each.path) for each in encoding.subtitles] == [("fr", "Route.fr.srt")]
    seeded = [metainfo.web_address(meta.web_seeds[0], meta, file) for file in meta.files]
    assert seeded == [SITE + "Route.fr.srt", SITE + "Route.mp4"]
    assert maker.run("record", "check", maker.out / "record.json").status == 0


def test_trackers_of_the_makers_own(maker, films):
    mine = ("udp://tracker.example:6969/announce", "wss://tracker.example")
    given = [word for each in mine for word in ("--tracker", each)]
    assert maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", HERE, *given).status == 0
    assert told(maker.out)["encoding"][0]["trackers"] == list(mine)
    assert metainfo.parse((maker.out / "film.torrent").read_bytes()).trackers == mine


def test_trackers_that_not_every_device_can_ask_are_not_enough_where_nothing_else_has_the_film(maker, films):
    sheet = maker.sheet.read_text("utf-8")
    own = 'channel = "https://tube.example/c/films"\ntrackers = ["wss://tracker.example"]\n'
    maker.sheet.write_text(sheet + own, encoding="utf-8")
    place = "https://tube.example/w/" + UUID
    done = maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", place)
    assert done.status == 1
    assert [each["field"] for each in done.told[0]["problems"]] == ["film.torrent"]
    assert not maker.out.exists()


@needs_minisign
def test_anybody_can_check_its_signature(maker, films):
    assert maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", HERE).status == 0
    body, signature = ((maker.out / name).read_bytes() for name in ("declaration.json", "declaration.sig"))
    assert HERE.rpartition("/")[2] in minisign.verify(body, signature, parsed(maker.out).public_key)
    check = ["minisign", "-V", "-P", maker.key["minisign"], "-x", "declaration.sig", "-m", "declaration.json"]
    assert subprocess.run(check, cwd=maker.out, capture_output=True).returncode == 0
    (maker.out / "declaration.json").write_bytes(body.replace(b"Ada", b"Eve"))
    assert subprocess.run(check, cwd=maker.out, capture_output=True).returncode != 0


def test_it_plays_from_a_swarm_of_the_folder_as_it_is(maker, films, tmp_path):
    done = maker.submit(
        films / "Route.mp4", "--subtitles", films / "Route.fr.srt", "--from", maker.sheet, "--place", SITE
    )
    assert done.status == 0, done
    whole = bencode.decode((maker.out / "film.torrent").read_bytes())
    torrent = tmp_path / "offline.torrent"  # without the world's trackers
    torrent.write_bytes(bencode.encode({name: whole[name] for name in (b"info", b"piece layers")}))
    with Swarm(torrent.read_bytes(), maker.out, seeders=1) as swarm:
        given = ("--peer", "%s:%d" % swarm.peers[0], "--allow-local", "--cache", tmp_path / "cache")
        with StreamCommand(torrent, *given) as command:
            assert get(command.line()["url"]) == (films / "Route.mp4").read_bytes()


@pytest.mark.parametrize("place", [HERE, SITE, "https://tube.example/w/" + UUID])
def test_a_curator_finds_nothing_wrong_with_it(maker, films, tmp_path, place):
    """Once everything is where upload.html says; the film itself is fetched from there, but for PeerTube."""
    sheet = maker.sheet.read_text("utf-8")
    maker.sheet.write_text(sheet + 'channel = "https://tube.example/c/films"\n', encoding="utf-8")
    done = maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", place)
    assert done.status == 0, done
    places = Places(tmp_path / "web", maker.key["fingerprint"])
    places.item.update(identifier="LaRoute", licenseurl=told(maker.out)["license"]["url"])
    places.video["licence"] = {"id": 4, "label": "Attribution - Non Commercial"}
    places.put("metadata/LaRoute", {"metadata": places.item, "files": [], "created": 1})
    places.write()
    for address in told(maker.out)["encoding"][0].get("web", ()):
        places.put(address.split("/", 3)[3], (maker.out / "Route.mp4").read_bytes())
        (maker.out / "Route.mp4").unlink()
    with WebSeed(places.folder) as web:
        checked = maker.run("submission", "check", maker.out, "--base-url", web.address)
    assert checked.told == [{"ok": True, "class": "A", "problems": []}]


def test_where_nobody_can_be_asked_all_that_is_missing_is_told_and_nothing_written(maker, tmp_path):
    bare = film(tmp_path / "bare.mp4", tags=False)
    done = maker.submit(bare)
    assert done.status == 1
    [refused] = done.told
    assert {problem["field"] for problem in refused["problems"]} == {
        *("title", "place", "year", "language", "director", "by", "licence"),
        *declaration.ANSWERS,
    }
    assert not maker.out.exists()
    assert not list(tmp_path.glob(".submission*"))


def test_on_a_terminal_it_asks_until_the_answer_will_do(maker, films):
    answers = ["", "nowhere", HERE, "", "", "Ada Lund", "A road.", ""]  # of the film
    answers += ["Ada Lund", "", "FR", "https://liberapay.com@evil.example", "https://liberapay.com/ada", ""]
    answers += ["Ada Lund", "1", "3", "Bo Ek", "1", "2", "1", "2", "SACEM", "3", ""]
    done = maker.submit_on_a_terminal(answers, films / "Route.mp4", "--language", "fr")
    assert done.status == 0, done
    assert done.said.count("Où sera-t-il") == 2
    assert "CC BY 4.0" not in done.said  # SACEM leaves non-commercial licences alone
    made = told(maker.out)
    assert (made["name"], made["year"], made["license"]["spdx"]) == ({"fr": "La route"}, 2025, "CC-BY-NC-4.0")
    assert parsed(maker.out).statements["music"] == ("agreed", "Bo Ek")
    assert '<html lang="fr">' in (maker.out / "upload.html").read_text("utf-8")


def test_whoever_breaks_off_leaves_nothing(maker, films):
    done = maker.submit_on_a_terminal(["", HERE], films / "Route.mp4")
    assert done.status == 2
    assert "broken off" in done.told[0]["error"]
    assert not maker.out.exists()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("late.mp4", ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")),
        ("old.avi", ("-c:v", "mpeg4", "-c:a", "pcm_s16le")),
        ("mine & yours.mov", ("-c:v", "prores", "-c:a", "aac")),
    ],
)
def test_what_does_not_play_everywhere_is_mended_by_the_line_that_is_told(maker, name, options, tmp_path):
    film(tmp_path / name, *options)
    rest = ("--from", maker.sheet, "--place", HERE, "--title", "La route")
    sheet = maker.sheet.read_text("utf-8") + 'year = 2025\nlanguage = "fr"\n'
    maker.sheet.write_text(sheet, encoding="utf-8")
    done = maker.submit(tmp_path / name, *rest)
    assert done.status == 1
    [problem] = done.told[0]["problems"]
    assert problem["field"] == "film"
    line = problem["reason"].partition("without that: ")[2]
    subprocess.run(
        line.replace("ffmpeg ", "ffmpeg -nostdin -v error ", 1), shell=True, check=True, timeout=60
    )
    mended = tmp_path / ("%s-web.mp4" % Path(name).stem)
    assert maker.submit(mended, *rest).status == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("film.mp4", b""),
        ("film.mp4", b"<html>not found</html>"),
        ("film.mp4", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"),
        ("film.mkv", b"ffconcat version 1.0\nfile /etc/passwd\n"),
    ],
)
def test_what_is_no_film_is_refused(maker, name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    done = maker.submit(tmp_path / name, "--from", maker.sheet, "--place", HERE)
    assert done.status == 1
    assert "no film" in done.told[0]["problems"][0]["reason"]
    assert not maker.out.exists()


def test_a_series_is_a_submission_for_itself_and_for_each_episode(maker, films):
    for name in ("Route S01E01 Départ.mp4", "Route - S01E02.mp4"):
        shutil.copy(films / "Route.mp4", maker.folder / name)
    subtitles(maker.folder / "Route - S01E02.en.srt")
    done = maker.submit(
        *("Route S01E01 Départ.mp4", "Route - S01E02.mp4", "--series", "La route"),
        *("--title", "Départ", "--title", "Arrivée", "--subtitles", "Route - S01E02.en.srt"),
        *("--poster", films / "Route.jpg", "--from", maker.sheet, "--place", HERE),
    )
    assert done.status == 0, done
    assert [row["work"] for row in done.told] == ["ia:LaRoute", "ia:LaRoute:s01e01", "ia:LaRoute:s01e02"]
    series, first, second = (maker.out / name for name in ("series", "s01e01", "s01e02"))
    assert not (series / "film.torrent").exists()
    assert declaration.differences(parsed(series), record.parse(told(series)), None) == []
    assert told(first)["partOf"] == {"series": "ia:LaRoute", "season": 1, "episode": 1}
    assert told(first)["encoding"][0]["web"] == [
        "https://archive.org/download/LaRoute/Route_S01E01_Depart.mp4"
    ]
    assert told(second)["name"] == {"fr": "Arrivée"}
    assert told(second)["encoding"][0]["torrent"].endswith("/s01e02-torrent.bin")
    records = maker.folder / "records.ndjson"
    records.write_text("".join(json.dumps(told(each)) + "\n" for each in (series, first, second)))
    assert maker.run("record", "check", records).status == 0


def test_several_films_are_works_of_their_own(maker, films):
    shutil.copy(films / "Route.mp4", maker.folder / "Detour.mp4")
    rest = ("--from", maker.sheet, "--place", SITE, "--place", "https://makers.example/films/detour/")
    sheet = (
        maker.sheet.read_text("utf-8") + '[[film]]\nfile = "Detour.mp4"\ntitle = "Le détour"\nyear = 2024\n'
    )
    maker.sheet.write_text(sheet, encoding="utf-8")
    done = maker.submit(films / "Route.mp4", "Detour.mp4", *rest)
    assert done.status == 0, done
    assert told(maker.out / "Detour")["name"] == {"fr": "Le détour"}
    assert told(maker.out / "Detour")["year"] == 2024
    assert told(maker.out / "Route")["id"] == "web:makers.example:la-route"


@pytest.mark.parametrize(
    "sheet", ["film = 3", "[film]\nfile = 1", "series = 1", "title = ", "\xff", "colour = 1"]
)
def test_a_sheet_that_is_none_is_refused(maker, films, sheet):
    (maker.folder / "odd.toml").write_bytes(sheet.encode("latin-1"))
    done = maker.submit(films / "Route.mp4", "--from", "odd.toml", "--place", HERE)
    assert done.status in (1, 2)
    assert "Traceback" not in done.said
    assert not maker.out.exists()


def test_a_film_with_a_name_of_other_letters_gets_one_that_every_host_keeps(maker, films):
    shutil.copy(films / "Route.mp4", maker.folder / "長い道.mp4")
    done = maker.submit("長い道.mp4", "--from", maker.sheet, "--place", HERE, "--title", "長い道")
    assert done.status == 0, done
    assert told(maker.out)["encoding"][0]["file"]["path"] == "film.mp4"
    assert told(maker.out)["name"] == {"fr": "長い道"}


def test_two_works_at_one_place_are_refused(maker, films):
    shutil.copy(films / "Route.mp4", maker.folder / "Detour.mp4")
    done = maker.submit(
        films / "Route.mp4", "Detour.mp4", "--from", maker.sheet, "--place", SITE, "--place", SITE
    )
    assert done.status == 1
    assert [problem["field"] for problem in done.told[0]["problems"]] == ["place"]


def test_the_same_command_again_renews_it_and_another_film_does_not_replace_it(maker, films):
    command = (films / "Route.mp4", "--from", maker.sheet, "--place")
    assert maker.submit(*command, HERE).status == 0
    assert maker.submit(*command, HERE).status == 0
    assert told(maker.out)["rev"] == 2
    assert maker.submit(*command, SITE).status == 2
    assert told(maker.out)["rev"] == 2
    shutil.rmtree(maker.out)
    maker.out.mkdir()
    (maker.out / "diary.txt").write_text("mine")
    assert maker.submit(*command, HERE).status == 2
    assert [path.name for path in maker.out.iterdir()] == ["diary.txt"]


def test_an_address_at_which_nobody_is_known_to_take_gifts_is_refused(maker, films):
    shop = ("--funding", "https://shop.example/ada")
    command = (films / "Route.mp4", "--from", maker.sheet, "--place", HERE)
    done = maker.submit(*command, *shop)
    assert [problem["field"] for problem in done.told[0]["problems"]] == ["funding"]
    assert "shop.example" in done.told[0]["problems"][0]["reason"]
    maker.sheet.write_text(maker.sheet.read_text("utf-8") + 'site = "shop.example"\n', encoding="utf-8")
    assert maker.submit(*command, *shop).status == 0  # then there is a proof to be had
    assert "https://shop.example/.well-known/commonreel.json" in (maker.out / "upload.html").read_text(
        "utf-8"
    )


def test_a_society_and_a_licence_that_do_not_go_together_are_refused(maker, films):
    licence = "https://creativecommons.org/licenses/by/4.0/"
    done = maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", HERE, "--licence", licence)
    assert [problem["field"] for problem in done.told[0]["problems"]] == ["statements.collectingSociety"]
    assert not maker.out.exists()


def test_the_page_shows_what_was_said_as_text(maker, films):
    title = "<script>alert(1)</script> {0} & Fils"
    done = maker.submit(films / "Route.mp4", "--from", maker.sheet, "--place", HERE, "--title", title)
    assert done.status == 0, done
    page = (maker.out / "upload.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {0} &amp; Fils" in page
    assert maker.key["proof"] in page


def test_the_page_gives_the_file_for_an_own_site(maker, films):
    done = maker.submit(
        *(films / "Route.mp4", "--from", maker.sheet, "--place", SITE),
        *("--funding", "https://liberapay.com/ada", "--funding", "https://makers.example/give"),
    )
    assert done.status == 0, done
    page = (maker.out / "upload.html").read_text("utf-8").replace("&quot;", '"')
    given = json.loads(page[page.index('<pre>{\n "v"') + 5 : page.index("}</pre>") + 1])
    assert given == {"v": 1, "keys": [maker.key["fingerprint"]], "funding": ["https://makers.example/give"]}


DOCS = [ROOT / "docs" / name for name in ("makers.md", "makers.fr.md")]
BLOCK = re.compile(r"^```(sh|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(docs: Path, kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall(docs.read_text("utf-8")) if language == kind]


def test_the_guides_for_makers_have_the_same_commands_and_answers():
    english, french = ([*blocks(each, "sh"), *blocks(each, "toml")] for each in DOCS)
    assert len(english) > 8
    assert [re.sub("#.*", "", text) for text in english] == [re.sub("#.*", "", text) for text in french]


@needs_minisign
def test_every_command_of_the_guide_for_makers_works(films, tmp_path):
    film(tmp_path / "from-the-editor.mp4")
    for name in ("first.mp4", "second.mp4", "road-S01E01.mp4", "road-S01E02.mp4"):
        shutil.copy(films / "Route.mp4", tmp_path / name)
    shutil.copy(films / "Route.fr.srt", tmp_path / "film.fr.srt")
    shutil.copy(films / "Route.jpg", tmp_path / "poster.jpg")
    [answers] = blocks(DOCS[0], "toml")
    (tmp_path / "answers.toml").write_text(answers, encoding="utf-8")
    common = [line for line in answers.splitlines() if not re.match("(title|place) ", line)]
    (tmp_path / "common.toml").write_text("\n".join(common), encoding="utf-8")
    commonreel = 'commonreel() { "%s" -m commonreel "$@"; }\n' % sys.executable
    script = "set -euo pipefail\n" + commonreel + "\n".join(blocks(DOCS[0], "sh"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert told(tmp_path / "my-film")["rev"] == 2
    assert told(tmp_path / "my-series" / "s01e02")["name"] == {"fr": "Home"}
    assert (tmp_path / "my-withdrawal" / "withdrawal.sig").exists()
