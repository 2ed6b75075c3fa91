# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of licences is what the published lists say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import licence_table
from commonreel.works import licence

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "licences"
TABLE = licence_table.ROOT / "lib" / "commonreel" / "works" / "licence_table.py"

HEAD = "url\tpermits\trequires\tprohibits\tdeprecatedOn\tjurisdiction\n"
CC = "http://creativecommons.org/"
GRANTED = "DerivativeWorks,Distribution,Reproduction"
LISTED = {  # address: permits, prohibits, retired
    "licenses/by/9.0/": (GRANTED, "", ""),
    "licenses/by-sa/9.0/": (GRANTED, "", ""),
    "licenses/by/9.0/xa/": (GRANTED, "", ""),
    "licenses/by-sa/9.0/xa/": (GRANTED, "", ""),
    "licenses/by-nd-nc/9.0/": ("Distribution", "CommercialUse", "2031-02-03"),
    "licenses/some+/8.0/xb/": ("Sharing", "", "2030-01-02"),
    "licenses/GPL/9.0/": (GRANTED, "", ""),
    "publicdomain/zero/1.0/": (GRANTED, "", ""),
}
IDS = ("CC-BY-9.0", "CC-BY-9.0-XA", "CC-BY-NC-ND-9.0", "CC-BY-9.0-XC", "CC0-1.0", "MIT")
ROWS = """\
CREATIVE_COMMONS = (
    ("8.0", "some+", "xb", "2030-01-02"),
    ("9.0", "by by-sa", "- xa", ""),
    ("9.0", "by-nd-nc", "-", "2031-02-03"),
)
"""


def columns(listed):
    rows = ["%s%s\t%s\tNotice\t%s\t%s\t\n" % (CC, path, *said) for path, said in listed.items()]
    return HEAD + "".join(rows)


def rdf(path, permits, prohibits, retired):
    """A licence as Creative Commons publishes it, a file for each."""
    nodes = ['<cc:permits rdf:resource="%sns#%s"/>' % (CC, name) for name in permits.split(",")]
    nodes += ['<cc:prohibits rdf:resource="%sns#%s"/>' % (CC, name) for name in prohibits.split(",") if name]
    if retired:
        kind = "http://www.w3.org/2001/XMLSchema-datatypes#date"
        nodes.append('<cc:deprecatedOn rdf:datatype="%s">%s</cc:deprecatedOn>' % (kind, retired))
    return """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:cc="http://creativecommons.org/ns#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:dcq="http://purl.org/dc/terms/">
  <cc:License rdf:about="%s%s"><dcq:hasVersion>9.0</dcq:hasVersion>%s</cc:License>
</rdf:RDF>""" % (CC, path, "".join(nodes))


def spdx(ids, gone=()):
    """SPDX's licenses.json; some ids are no longer in force."""
    rows = [{"licenseId": name, "isDeprecatedLicenseId": name in gone} for name in (*ids, *gone)]
    return json.dumps({"licenseListVersion": "9.9", "licenses": rows})


def ours():
    """Lists of which the table in works/licence.py is what they say, and SPDX has no other id."""
    keys = ["licenses/%s/" % key for key in licence._KEYS]
    others = [row.url.partition("creativecommons.org/")[2] for row in licence._TABLE.values()]
    listed, ids = {}, {row.spdx for row in licence._TABLE.values()}
    for path in filter(None, keys + others):
        found = licence.lookup(CC + path)
        listed[path] = (GRANTED if found.gate == "ok" else "Sharing", "", found.retired)
        ids.add(found.spdx)
    return listed, {name for name in ids if name and not name.startswith("LicenseRef-")}


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the script on two texts (or a path, for the first); returns its status, output and errors."""

    def run(listed, ids, *options):
        first, second = tmp_path / "licences.tsv", tmp_path / "licenses.json"
        if isinstance(listed, Path):
            first = listed
        else:
            first.write_bytes(listed if isinstance(listed, bytes) else listed.encode())
        second.write_text(ids, encoding="utf-8")
        status = licence_table.main(["--creative-commons", str(first), "--spdx", str(second), *options])
        return (status, *capsys.readouterr())

    return run


def test_the_rows_are_printed_as_they_stand_in_the_module(run):
    status, printed, _errors = run(columns(LISTED), spdx(IDS))
    assert status == 0
    assert ROWS in printed
    made = {}
    exec(printed, made)
    assert made["SPDX"] == "CC-BY-9.0 CC-BY-9.0-XA CC-BY-NC-ND-9.0"


def test_the_table_is_what_the_script_makes_of_it(run):
    listed, ids = ours()
    assert run(columns(listed), spdx(ids)) == (0, TABLE.read_text(encoding="utf-8"), "")


def test_a_folder_of_rdf_says_the_same_as_a_table_of_it(run, tmp_path):
    folder = tmp_path / "rdf"
    folder.mkdir()
    for number, (path, said) in enumerate(LISTED.items()):
        (folder / ("%d.rdf" % number)).write_text(rdf(path, *said), encoding="utf-8")
    (folder / "README.md").write_text("not a licence", encoding="utf-8")
    assert licence_table.creative_commons(folder)["licenses/some+/8.0/xb/"] == ("2030-01-02", False)
    assert run(folder, spdx(IDS)) == run(columns(LISTED), spdx(IDS))
    assert run(folder / "0.rdf", spdx(IDS))[0] == 0


@pytest.mark.parametrize(
    "ids", [json.dumps(IDS), json.dumps({name: {"name": name} for name in IDS}), spdx(IDS, ["CC-BY-SA-9.0"])]
)
def test_all_shapes_of_the_spdx_list_say_the_same(run, ids):
    assert run(columns(LISTED), ids) == run(columns(LISTED), spdx(IDS))


def test_a_table_that_says_the_same_passes(run):
    listed, ids = ours()
    assert run(columns(listed), spdx(ids), "--check") == (0, "", "")


@pytest.mark.parametrize(
    ("path", "said", "line"),
    [
        ("licenses/by/9.0/", (GRANTED, "", ""), "licenses/by/9.0/ is missing"),
        ("licenses/CERN/9.0/", (GRANTED, "", ""), "licenses/CERN/9.0/ is missing"),
        ("licenses/by/4.0/", None, "licenses/by/4.0/ is one too many"),
        ("licenses/MIT/", None, "licenses/MIT/ is one too many"),
        (
            "licenses/by/4.0/",
            (GRANTED, "", "2031-02-03"),
            "licenses/by/4.0/ is retired from -, not 2031-02-03",
        ),
        ("licenses/sa/1.0/fi/", (GRANTED, "", ""), "licenses/sa/1.0/fi/ is retired from 2004-05-25, not -"),
        (
            "licenses/by/4.0/",
            ("Sharing", "", ""),
            "licenses/by/4.0/ passes the gate, but grants no redistribution",
        ),
        (
            "licenses/by/4.0/",
            (GRANTED, "HighIncomeNationUse", ""),
            "licenses/by/4.0/ passes the gate, but grants no redistribution",
        ),
    ],
)
def test_another_address_date_or_permission_is_printed(run, path, said, line):
    listed, ids = ours()
    listed.pop(path, None)
    if said:
        listed[path] = said
    assert run(columns(listed), spdx(ids), "--check") == (1, line + "\n", "")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("CC-BY-3.0-DE", "licenses/by/3.0/de/ has the SPDX id CC-BY-3.0-DE, not CC-BY-3.0"),
        ("CC-BY-4.0", "licenses/by/4.0/ has the SPDX id CC-BY-4.0, not LicenseRef-CC-BY-4.0"),
        ("CC0-1.0", "publicdomain/zero/1.0/ has the SPDX id CC0-1.0, not -"),
        ("LAL-1.3", "https://artlibre.org/licence/lal/ has the SPDX id LAL-1.3, which there is not"),
    ],
)
def test_an_id_that_is_no_longer_in_force_is_printed(run, name, line):
    listed, ids = ours()
    assert run(columns(listed), spdx(ids - {name}, [name]), "--check") == (1, line + "\n", "")


def test_a_new_id_is_printed(run):
    listed, ids = ours()
    status, printed, _errors = run(columns(listed), spdx({*ids, "CC-BY-SA-3.0-FR"}), "--check")
    assert status == 1
    assert printed == "licenses/by-sa/3.0/fr/ has the SPDX id CC-BY-SA-3.0, not CC-BY-SA-3.0-FR\n"


ENTITIES = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ("", "neither RDF nor a table"),
        ("<!doctype html><p>Not found", "syntax error"),
        ("<a/>", "no licence in it"),
        ("<a>" * 10, "no element found"),
        (ENTITIES, "entities of its own"),
        (b"\xff\xfe\x00", "can't decode"),
        (HEAD, "no licence in it"),
        (HEAD + CC + "licenses/by/9.0/", "line 2 is too short"),
        (columns({"licenses/GPL/9.0/": ("", "", "")}), "no licence in it"),
        (columns({"other/by/9.0/": ("", "", "")}), "no licence's address"),
        (columns({'licenses/by/9.0/"+evil()+"/': ("", "", "")}), "no licence's address"),
        (columns(LISTED).replace(CC, "http://creativecommons.org.evil.example/"), "no licence's address"),
        (columns({"licenses/by/9.0/": ("", "", "20310203")}), "is no date"),
        (columns({"licenses/by/9.0/": ("", "", "2031-02-30")}), "day is out of range"),
        (columns({"licenses/by/9.0/": ("", "", '"+evil()+"')}), "Invalid isoformat string"),
        (columns(LISTED) + columns(LISTED)[len(HEAD) :].replace("2031", "2032"), "is listed twice"),
        (Path("not") / "there", "No such file"),
        (Path("n" * 300), "too long"),
        (Path(__file__).parent, "no licence in it"),
    ],
)
def test_a_broken_list_of_licences_is_an_error_of_one_line(run, listed, why):
    status, printed, errors = run(listed, spdx(IDS))
    assert (status, printed, errors.count("\n")) == (2, "", 1)
    assert why in errors
    assert len(errors) < 700


@pytest.mark.parametrize(
    "ids",
    [
        "",
        "<html>",
        "5",
        "[]",
        "{}",
        "[" * 100000,
        "[5]",
        '["CC BY"]',
        '["%s"]' % ("x" * 1000),
        '"CC-BY-4.0"',
        '["MIT"]',
        '{"message": "not found"}',
        '{"licenses": 5}',
        '{"licenses": ["CC-BY-4.0"]}',
        '{"licenses": [{"licenseId": "CC-BY-4.0"}]}',
        '{"licenses": [{"licenseId": ["CC-BY-4.0"], "isDeprecatedLicenseId": false}]}',
    ],
)
@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_broken_list_of_ids_is_an_error_of_one_line(run, ids, options):
    status, printed, errors = run(columns(LISTED), ids, *options)
    assert (status, printed, errors.count("\n")) == (2, "", 1)


def test_a_file_without_end_is_not_read_to_it(run, monkeypatch):
    monkeypatch.setattr(licence_table, "MAX_BYTES", 100)
    status, _printed, errors = run(columns(LISTED), spdx(IDS))
    assert (status, "larger than 100 bytes" in errors) == (2, True)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample folder is not there")
def test_the_table_says_what_the_real_lists_say(run):
    with (SAMPLES / "licence-map.tsv").open(encoding="utf-8", newline="") as file:
        ids = {row["spdx"] for row in csv.DictReader(file, delimiter="\t")}
    real = spdx(sorted(name for name in ids if not name.startswith("LicenseRef-")))
    listed = SAMPLES / "cc-licences-rdf.tsv"
    assert run(listed, real, "--check") == (0, "", "")
    assert run(listed, real) == (0, TABLE.read_text(encoding="utf-8"), "")
