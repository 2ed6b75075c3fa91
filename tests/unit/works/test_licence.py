# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed table of licences and the spelling of their addresses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from commonreel.works import licence

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "licences"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample folder is not there")

CC = "https://creativecommons.org/"


def table(name: str) -> list[dict[str, str]]:
    lines = (SAMPLES / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize(
    ("url", "spdx"),
    [
        (CC + "licenses/by/4.0/", "CC-BY-4.0"),
        (CC + "licenses/by/4.0", "CC-BY-4.0"),
        ("  http://www.creativecommons.org/licenses/BY-SA/3.0/ ", "CC-BY-SA-3.0"),
        ("creativecommons.org/licenses/by-nc-nd/3.0", "CC-BY-NC-ND-3.0"),
        (CC + "licenses/by-nd/4.0/legalcode.pt-br", "CC-BY-ND-4.0"),
        (CC + "licenses/by/4.0/deed.fr?ref=x#top", "CC-BY-4.0"),
        (CC + "//licenses//by-nc//2.5/in//", "CC-BY-NC-2.5"),
        (CC + "licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        (CC + "licenses/by/3.0/igo/", "CC-BY-3.0-IGO"),
        (CC + "licenses/by/2.1/jp/", "LicenseRef-CC-BY-2.1-JP"),
        ("http://creativecommons.org:80/licenses/sa/1.0/", "CC-SA-1.0"),
        (CC + "publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://www.gnu.org/licenses/fdl-1.3.html", "GFDL-1.3-only"),
        ("https://artlibre.org/licence/lal/", "LAL-1.3"),
    ],
)
def test_what_grants_redistribution_passes(url: str, spdx: str) -> None:
    found = licence.lookup(url)
    assert (found.gate, found.spdx) == ("ok", spdx)


@pytest.mark.parametrize("path", ["publicdomain/mark/1.0/", "licenses/publicdomain/"])
def test_public_domain_statements_are_claims(path: str) -> None:
    assert licence.lookup(CC + path).gate == "claim"


@pytest.mark.parametrize(
    "url",
    [
        CC + "licenses/sampling+/1.0/",
        CC + "licenses/sampling%2B/1.0/br/",
        CC + "licenses/GPL/2.0/",
        "https://rightsstatements.org/vocab/NoC-US/1.0/",
    ],
)
def test_what_needs_a_person_waits(url: str) -> None:
    assert licence.lookup(url).gate == "review"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Creative Commons",
        CC,
        CC + "licenses/by/",
        CC + "licenses/by/9.9/",
        CC + "licenses/by-nc-nd/2.1/",
        CC + "licenses/by/4.0/xx/",
        CC + "licenses/by/4.0/../../by-sa/4.0/",
        CC + "licenses/by/4.0/%2e%2e/4.0/",
        CC + "licenses/by%2F4.0%0a/",
        CC + "licenses/by/４.0/",
        "https://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://evil.example/?u=https://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@evil.example/licenses/by/4.0/",
        "https://user@creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org\\@evil.example/licenses/by/4.0/",
        "https://creative\ncommons.org/licenses/by/4.0/",
        "https://creativecommons.org:8080/licenses/by/4.0/",
        "https://creativecommons.org:x/licenses/by/4.0/",
        "https://сreativecommons.org/licenses/by/4.0/",  # Cyrillic letter
        "ftp://creativecommons.org/licenses/by/4.0/",
        "javascript://creativecommons.org/licenses/by/4.0/",
        "https://[creativecommons.org/licenses/by/4.0/",
        "https://rightsstatements.org/vocab/InC/1.0/",
        CC + "licenses/by/4.0/" + "?" * 400,
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    found = licence.lookup(url)
    assert (found.gate, found.spdx, found.label) == ("refuse", "", "")
    assert len(found.url) <= licence.MAX_URL


@pytest.mark.parametrize("path", ["licenses/sampling/1.0/br/", "licenses/devnations/2.0/"])
def test_a_known_licence_that_grants_no_redistribution_is_refused(path: str) -> None:
    found = licence.lookup(CC + path)
    assert (found.gate, found.url, found.retired) == ("refuse", CC + path, "2007-06-04")


def test_terms_follow_the_code() -> None:
    free = licence.lookup(CC + "licenses/by/4.0/")
    bound = licence.lookup(CC + "licenses/by-nc-sa/2.0/de/")
    whole = licence.lookup(CC + "licenses/nd-nc/1.0/")
    assert (free.attribution, free.commercial, free.derivatives, free.share_alike) == (
        True,
        True,
        True,
        False,
    )
    assert (bound.commercial, bound.derivatives, bound.share_alike) == (False, True, True)
    assert (whole.attribution, whole.commercial, whole.derivatives) == (False, False, False)
    assert bound.label == "CC BY-NC-SA 2.0 DE"
    assert bound.url == CC + "licenses/by-nc-sa/2.0/de/"


def test_a_retired_licence_keeps_what_it_granted() -> None:
    found = licence.lookup(CC + "licenses/sa/1.0/nl/")
    assert (found.gate, found.retired) == ("ok", "2004-05-25")
    assert licence.lookup(CC + "licenses/sa/2.0/jp/").retired == ""


@needs_samples
def test_every_vector_of_the_samples() -> None:
    rows = table("licence-url-vectors.tsv")
    assert len(rows) == 33
    for row in rows:
        found = licence.lookup(row["url"])
        wanted = row["expected_gate"]
        assert found.gate == ("claim" if wanted == "ok-pd-claim" else wanted), row
        assert found.spdx == row["spdx_or_empty"] or not row["spdx_or_empty"], row


@needs_samples
def test_every_row_of_the_samples_table() -> None:
    rows = table("licence-map.tsv")
    assert len(rows) == 615
    for row in rows:
        key = row["url_key"]
        found = licence.lookup((CC if key.startswith(("licenses/", "publicdomain/")) else "https://") + key)
        claim = key in ("publicdomain/mark/1.0", "licenses/publicdomain")
        assert found.gate == ("claim" if claim else row["gate"]), key
        assert (found.spdx, found.label, found.retired) == (row["spdx"], row["label"], row["deprecatedOn"]), (
            key
        )
        terms = [found.commercial, found.share_alike, found.attribution]
        assert terms == [row[name] == "yes" for name in ("commercial", "sharealike", "attribution")], key
        # The RDF of the Scottish 2.5 ports forgets to permit derivatives; their texts permit them.
        if "/2.5/scotland" not in key:
            assert found.derivatives == (row["derivatives"] == "yes"), key
