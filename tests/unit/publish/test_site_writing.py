# SPDX-License-Identifier: GPL-3.0-or-later
"""A site's folder: what goes, and what is left alone."""

from __future__ import annotations

import json

import pytest

from commonreel import cli
from commonreel.publish.site import write
from commonreel.publish.site.writing import MANIFEST
from lab.curator import Curator
from lab.records import free, gone


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_is_not_made_any_more_goes_and_a_strangers_file_stays(tmp_path):
    write(tmp_path, [("a.html", b"a"), ("works/ia/b.html", b"b")])
    (tmp_path / "works" / "CNAME").write_bytes(b"mine")
    written = write(tmp_path, [("a.html", b"other")])
    found = tree(tmp_path)
    found.pop(MANIFEST)
    assert found == {"a.html": b"other", "works/CNAME": b"mine"}
    assert not (tmp_path / "works" / "ia").exists()
    assert written == (1, 1, 1)


def test_what_is_as_it_was_is_not_written_again(tmp_path):
    write(tmp_path, [("a.html", b"a")])
    before = (tmp_path / "a.html").stat().st_mtime_ns
    assert write(tmp_path, [("a.html", b"a")]).changed == 0
    assert (tmp_path / "a.html").stat().st_mtime_ns == before


def test_a_strangers_file_is_not_written_over(tmp_path):
    (tmp_path / "index.html").write_bytes(b"mine")
    with pytest.raises(ValueError, match="not this site's"):
        write(tmp_path, [("index.html", b"ours")])
    assert (tmp_path / "index.html").read_bytes() == b"mine"


def test_a_run_that_was_broken_off_is_taken_up(tmp_path):
    def broken():
        yield "a.html", b"a"
        yield "b.html", b"b"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, broken())
    write(tmp_path, [("b.html", b"new")])
    assert set(tree(tmp_path)) == {"b.html", MANIFEST}


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "a//b", "a\\b", ""])
def test_no_path_leads_out(tmp_path, name):
    with pytest.raises(ValueError, match="no path of a site"):
        write(tmp_path / "site", [(name, b"")])


def test_two_pages_of_one_name_are_a_fault(tmp_path):
    with pytest.raises(ValueError, match="two pages"):
        write(tmp_path, [("a", b"1"), ("a", b"2")])


def test_the_command_makes_a_site_and_the_next_one_of_it(tmp_path, capsys):
    curator, out = Curator(tmp_path), tmp_path / "site"
    command = ["catalog", "site", str(curator.out), "--out", str(out)]
    curator.build(free("ex:a"), free("ex:b"))
    assert cli.main([*command, "--base-url", "https://films.example"]) == 0
    assert json.loads(capsys.readouterr().out)["works"] == 2
    assert b"<loc>https://films.example/works/ex/a.html</loc>" in (out / "sitemap-1.xml").read_bytes()
    curator.build(gone("ex:a", why="its maker asked"), free("ex:b"))
    assert cli.main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["works"], told["removed"]) == (1, 2)
    assert b"its maker asked" in (out / "works" / "ex" / "a.html").read_bytes()
    assert not list(out.glob("sitemap*"))


def test_a_site_can_be_in_one_language(tmp_path, capsys):
    curator, out = Curator(tmp_path), tmp_path / "site"
    curator.build(free("ex:a"))
    command = ["catalog", "site", str(curator.out), "--out", str(out), "--language"]
    assert cli.main([*command, "tlh"]) == 2
    assert "no words in 'tlh', but in en, fr" in json.loads(capsys.readouterr().out)["error"]
    assert not out.exists()
    assert cli.main([*command, "fr"]) == 0
    assert b'lang="fr"' in (out / "index.html").read_bytes()
    assert not (out / "fr").exists()


@pytest.mark.parametrize("base", ["films.example", "ftp://films.example/", "https://films.example/?a"])
def test_what_is_no_address_of_a_site_is_refused(tmp_path, capsys, base):
    curator = Curator(tmp_path)
    curator.build(free("ex:a"))
    command = ["catalog", "site", str(curator.out), "--out", str(tmp_path / "site"), "--base-url", base]
    assert cli.main(command) == 2
    assert "--base-url" in json.loads(capsys.readouterr().out)["error"]


def test_where_no_catalogue_is_the_command_says_so(tmp_path, capsys):
    assert cli.main(["catalog", "site", str(tmp_path), "--out", str(tmp_path / "site")]) == 2
    assert "no catalogue is there" in json.loads(capsys.readouterr().out)["error"]
    assert not (tmp_path / "site").exists()
