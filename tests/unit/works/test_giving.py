# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ways to give are shown, and what tries to pass for one."""

from __future__ import annotations

import pytest

from commonreel.works import giving
from commonreel.works.guide import Maker
from commonreel.works.work import Channel, Encoding, Evidence, License, Rights, Source, Work

BY = "https://creativecommons.org/licenses/by/4.0/"
HOUSE = Evidence("institution", "https://www.film-house.org/about/", by="Film House")
SIGNED = Evidence("signed-declaration", "https://makers.example.org/.well-known/commonreel.json", by="key")


def work(*addresses: str, kind: str = "B", evidence: Evidence = HOUSE, credit: str = "© Film House") -> Work:
    return Work(
        id="t:film",
        name={"en": "Film"},
        license=License(BY, credit=credit),
        rights=Rights(kind, ("*",), (evidence,)),
        source=Source("t", "https://example.org/"),
        encoding=(Encoding(torrent="https://example.org/t.torrent"),),
        funding=tuple(Channel("payment-provider", address) for address in addresses),
    )


def shown(of: Work | Maker) -> list[str]:
    return [channel.address for channel in giving.shown(of)]


SERVICES = [
    "https://liberapay.com/makers",
    "https://liberapay.com/makers/donate",
    "https://liberapay.com/~1234/",
    "https://Liberapay.com/makers",
    "https://opencollective.com/film-house",
    "https://opencollective.com/film-house/donate",
    "https://ko-fi.com/makers",
    "https://www.patreon.com/makers",
    "https://patreon.com/c/makers",
    "https://buymeacoffee.com/makers",
    "https://www.buymeacoffee.com/makers",
    "https://github.com/sponsors/makers",
    "https://paypal.me/makers",
    "https://www.paypal.com/paypalme/makers",
    "https://www.helloasso.com/associations/film-house",
    "https://www.helloasso.com/associations/film-house/formulaires/1",
    "https://www.helloasso.com/associations/film-house/collectes/a-new-film",
    "https://fr.tipeee.com/makers",
]

# Each is refused wherever it stands; some would be refused as records already.
HOSTILE = [
    # another host that looks like it
    "https://1iberapay.com/makers",
    "https://liberapay.com.evil.example/makers",
    "https://liberapay.co/makers",
    "https://liberapay-com.example/makers",
    "https://evilliberapay.com/makers",
    "https://evil.liberapay.com/makers",
    "https://www.www.liberapay.com/makers",
    "https://liberapаy.com/makers",  # a Cyrillic letter
    "https://xn--liberapy-8fg.com/makers",
    "https://ⅼiberapay.com/makers",
    "https://liberapay。com/makers",
    "https://liberapay.com./makers",
    # what hides the host
    "http://liberapay.com/makers",
    "https:liberapay.com/makers",
    "https:///liberapay.com/makers",
    "https://liberapay.com@evil.example/makers",
    "https://liberapay.com:pw@evil.example/makers",
    "https://makers@liberapay.com/makers",
    "https://liberapay.com:443/makers",
    "https://liberapay.com:8443/makers",
    "https://liberapay.com\\@evil.example/makers",
    "https://liberapay.com\t/makers",
    "https://liberapay.com/makers\n",
    " https://liberapay.com/makers",
    "https://93.184.216.34/makers",
    "https://[2606:2800:220:1::1]/makers",
    # another page of the service
    "https://liberapay.com",
    "https://liberapay.com/",
    "https://liberapay.com/makers/edit",
    "https://liberapay.com/../makers",
    "https://liberapay.com/.well-known",
    "https://liberapay.com//makers",
    "https://github.com/makers",
    "https://github.com/sponsors",
    "https://github.com/sponsors/makers/a",
    "https://gist.github.com/sponsors/makers",
    "https://github.io/sponsors/makers",
    "https://www.paypal.com/donate",
    "https://www.paypal.com/cgi-bin/webscr",
    "https://paypal.me/makers/500",
    "https://www.helloasso.com/associations/film-house/boutiques/shop",
    "https://liberapay.com/" + "x" * 65,
    # what could lead on
    "https://liberapay.com/makers?next=https://evil.example",
    "https://liberapay.com/makers?next=evil.example",
    "https://liberapay.com/makers#evil",
    "https://liberapay.com/%65vil",
    "https://liberapay.com/makers%2f..",
    "https://opencollective.com/redirect?url=https://evil.example",
    "https://liberapay.com/makers;evil",
    # what names nobody, or is no gift
    "https://buy.stripe.com/9AQ03Kd3P91o0Q8bIS",
    "https://donate.stripe.com/9AQ03Kd3P91o0Q8bIS",
    "https://www.paypal.com/donate/?hosted_button_id=ABCDEF",
    "https://www.kickstarter.com/projects/makers/film",
    "https://bit.ly/makers",
    "https://linktr.ee/makers",
    # what is no page at all
    "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "javascript:alert(1)",
    "data:text/html,liberapay.com",
    "mailto:makers@example.org",
    "DE02 1203 0000 0000 2020 51",
    "",
]


@pytest.mark.parametrize("address", SERVICES)
def test_a_page_of_a_service_that_names_the_payee_is_shown(address: str) -> None:
    assert shown(work(address)) == [address]


@pytest.mark.parametrize("address", SERVICES)
@pytest.mark.parametrize("kind", ["A", "C"])
def test_whatever_the_work_is_free_by(address: str, kind: str) -> None:
    assert shown(work(address, kind=kind, evidence=Evidence("pd-rule"))) == [address]


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize(("kind", "evidence"), [("B", HOUSE), ("A", SIGNED)])
def test_what_only_looks_like_one_is_not(address: str, kind: str, evidence: Evidence) -> None:
    assert shown(work(address, kind=kind, evidence=evidence)) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://www.film-house.org/",
        "https://film-house.org",
        "https://film-house.org/give/to_us/",
        "https://fund.film-house.org/",
        "https://a.b.film-house.org/~us",
    ],
)
def test_the_house_that_made_it_may_ask_at_its_own_site(address: str) -> None:
    assert shown(work(address)) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "https://film-house.org.evil.example/",
        "https://evil-film-house.org/",
        "https://film-house.com/",
        "https://org/",
        "https://filmhouse.org/",
        "https://film-house.org/give?to=us",
        "https://film-house.org/give#us",
        "https://film-house.org/%67ive",
        "https://film-house.org/a/../give",
        "https://film-house.org/a//give",
        "https://film-house.org/@us",
        "https://film-house.org:8080/give",
        "http://film-house.org/give",
    ],
)
def test_what_is_not_plainly_its_site_is_not_shown(address: str) -> None:
    assert shown(work(address)) == []


@pytest.mark.parametrize(
    "changed",
    [
        work("https://film-house.org/", credit="© Somebody else"),
        work("https://film-house.org/", credit=""),
        work("https://film-house.org/", kind="C"),
        work("https://film-house.org/", kind="X"),
        work("https://film-house.org/", evidence=HOUSE._replace(by="")),
        work("https://film-house.org/", evidence=HOUSE._replace(kind="license-page")),
        work("https://film-house.org/", evidence=HOUSE._replace(kind="wikidata")),
        work("https://film-house.org/", evidence=HOUSE._replace(url="")),
        work("https://film-house.org/", evidence=HOUSE._replace(url="http://film-house.org/")),
        work("https://film-house.org/", evidence=HOUSE._replace(url="https://film-house.org:99/")),
    ],
)
def test_a_house_that_did_not_make_it_or_is_not_there_proves_nothing(changed: Work) -> None:
    assert shown(changed) == []


def test_an_institution_above_or_beside_is_another_one() -> None:
    below = HOUSE._replace(url="https://makers.hosting.example/about/")
    assert shown(work("https://makers.hosting.example/give", evidence=below))
    assert not shown(work("https://hosting.example/give", evidence=below))
    assert not shown(work("https://others.hosting.example/give", evidence=below))


def test_who_signs_under_well_known_has_the_whole_host() -> None:
    signed = work("https://makers.example.org/give", "https://example.org/give", kind="A", evidence=SIGNED)
    assert shown(signed) == ["https://makers.example.org/give"]


@pytest.mark.parametrize(
    "place",
    [
        "https://makers.example.org/users/me/commonreel.json",
        "https://makers.example.org/.well-known/",
        "https://makers.example.org/.well-known/security.txt",
        "https://makers.example.org/.well-known/../me/commonreel.json",
        "https://makers.example.org/a/.well-known/commonreel.json",
        "https://makers.example.org/?/.well-known/commonreel.json",
    ],
)
def test_who_signs_elsewhere_may_have_a_page_of_it_only(place: str) -> None:
    signed = work("https://makers.example.org/give", kind="A", evidence=SIGNED._replace(url=place))
    assert shown(signed) == []


def test_why_a_page_of_a_proven_site_is_not_shown() -> None:
    own = frozenset(["film-house.org"])
    assert giving.refusal("https://film-house.org/give", own) == ""
    assert "could lead on" in giving.refusal("https://film-house.org/give?to=us", own)
    assert "nor proven" in giving.refusal("https://film-house.com/give", own)


def test_each_address_once_in_the_records_order() -> None:
    first, second = "https://ko-fi.com/makers", "https://liberapay.com/makers"
    assert shown(work(first, "https://evil.example/", second, first)) == [first, second]


@pytest.mark.parametrize(
    ("of", "named"),
    [
        (work(credit="© 2008 film house / film-house.org"), "Film House"),
        (work(credit="© Somebody else"), "© Somebody else"),
        (work(credit=""), ""),
        (work(credit="")._replace(director=("A", "B")), "A, B"),
        (work(credit="A. Maker", kind="A", evidence=SIGNED), "A. Maker"),
    ],
)
def test_whom_a_gift_is_for(of: Work, named: str) -> None:
    assert giving.makers(of) == named


def test_an_address_as_people_write_it() -> None:
    assert giving.spoken("https://liberapay.com/makers") == "liberapay.com/makers"
    assert giving.spoken("https://fund.film-house.org/") == "fund.film-house.org"


MAKER = Maker("t:house", {"en": "Film House", "fr": "La Maison"}, "Organization")


@pytest.mark.parametrize("address", SERVICES)
def test_a_maker_is_given_to_at_a_service(address: str) -> None:
    assert shown(MAKER._replace(funding=(Channel("payment-provider", address),))) == [address]


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("evidence", [HOUSE, SIGNED])
def test_what_only_looks_like_a_makers_is_not(address: str, evidence: Evidence) -> None:
    channels = (Channel("payment-provider", address),)
    assert shown(MAKER._replace(funding=channels, evidence=(evidence,))) == []


@pytest.mark.parametrize(
    ("address", "evidence", "theirs"),
    [
        ("https://film-house.org/give", HOUSE, True),
        ("https://film-house.org/give", HOUSE._replace(by="la maison"), True),
        ("https://film-house.org/give", HOUSE._replace(by="House"), False),
        ("https://film-house.org/give", HOUSE._replace(by=""), False),
        ("https://film-house.org/give", SIGNED, False),
        ("https://makers.example.org/give", SIGNED, True),
        ("https://a.makers.example.org/give", SIGNED, True),
        ("https://example.org/give", SIGNED, False),
        ("https://makers.example.org/give", SIGNED._replace(url="https://makers.example.org/x.json"), False),
        ("https://makers.example.org/give", SIGNED._replace(kind="license-page"), False),
    ],
)
def test_a_maker_may_ask_at_a_site_that_is_proven(address: str, evidence: Evidence, theirs: bool) -> None:
    channels = (Channel("payment-provider", address),)
    maker = MAKER._replace(funding=channels, evidence=(evidence,))
    assert shown(maker) == ([address] if theirs else [])


def ways(of: Work, *known: Maker) -> list[tuple[str, str]]:
    found = giving.ways(of, {maker.id: maker for maker in known})
    return [(way.name, way.channel.address) for way in found]


def maker(name: str, *addresses: str) -> Maker:
    funding = tuple(Channel("payment-provider", address) for address in addresses)
    return Maker("t:" + name.lower(), {"en": name}, funding=funding)


ANN = maker("Ann", "https://ko-fi.com/ann", "https://liberapay.com/both")
BO = maker("Bo", "https://liberapay.com/both", "https://evil.example/bo")


def test_with_a_work_its_own_ways_are_shown_and_no_others() -> None:
    own = work("https://liberapay.com/film")._replace(maker=("t:ann",))
    assert ways(own, ANN) == [("Film House", "https://liberapay.com/film")]


def test_a_work_without_any_has_those_of_its_makers() -> None:
    none = work("https://evil.example/film")._replace(maker=("t:bo", "t:unknown", "t:ann"))
    assert ways(none, ANN, BO) == [("Bo", "https://liberapay.com/both"), ("Ann", "https://ko-fi.com/ann")]
    assert ways(none) == ways(work(), ANN) == []
