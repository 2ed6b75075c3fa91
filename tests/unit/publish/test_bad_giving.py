# SPDX-License-Identifier: GPL-3.0-or-later
"""What tries to pass for a way to give, wherever it comes in: each is refused, with its reason."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

import pytest

from commonreel.publish import funding_json, own_sites
from commonreel.publish.sources.peertube_fields import giving as supported
from commonreel.works import giving, record
from commonreel.works.errors import FetchFailed, RecordInvalid
from commonreel.works.work import Work
from lab.records import free

LETTERS = "a host of other letters than ASCII, which can look like another"
USER = "a user name hides its host"
WITHIN = "another address within, to be sent on to"
UNKNOWN = "is no service for giving that is known, nor proven to be the makers' own"
NOBODY = "no page of %s that names whom is given to, and nothing more"

# What it is → the address, and why it is refused.
ADDRESSES = {
    "homograph: Cyrillic": ("https://liberapаy.com/makers", LETTERS),
    "homograph: dotless i": ("https://lıberapay.com/makers", LETTERS),
    "homograph: one roman numeral": ("https://ⅼiberapay.com/makers", LETTERS),
    "homograph: ideographic full stop": ("https://liberapay。com/makers", LETTERS),
    "homograph: punycode": ("https://xn--liberapy-8fg.com/makers", LETTERS),
    "look-alike: a digit": ("https://1iberapay.com/makers", UNKNOWN),
    "look-alike: another ending": ("https://liberapay.co/makers", UNKNOWN),
    "look-alike: a host below": ("https://liberapay.com.evil.example/makers", UNKNOWN),
    "look-alike: a host above": ("https://evil.liberapay.com/makers", UNKNOWN),
    "user name": ("https://liberapay.com@evil.example/makers", USER),
    "user name and password": ("https://liberapay.com:x@evil.example/", USER),
    "backslash": ("https://liberapay.com\\@evil.example/makers", USER),
    "open redirect": ("https://opencollective.com/redirect?url=https://evil.example", WITHIN),
    "open redirect, escaped": ("https://liberapay.com/x?to=https%3A%2F%2Fevil.example", WITHIN),
    "open redirect, escaped twice": ("https://liberapay.com/x?to=%252F%252Fevil.example", WITHIN),
    "open redirect by a host's name": ("https://liberapay.com/x?to=evil.example", NOBODY % "liberapay.com"),
    "4 kB": ("https://liberapay.com/" + "x" * 4074, "longer than 300 characters"),
    "plain http": ("http://liberapay.com/makers", "not https"),
    "an IPv4 address": ("https://93.184.216.34/makers", "no host by its name"),
    "an IPv6 address": ("https://[2606:2800:220:1::1]/makers", "no host by its name"),
    "a port": ("https://liberapay.com:8443/makers", "a port after its host"),
    "javascript": ("javascript:alert(1)", "no address on the web"),
    "data": ("data:text/html,<h1>give</h1>", "no address on the web"),
    "bitcoin": ("bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "no address on the web"),
    "a shortener": ("https://bit.ly/makers", UNKNOWN),
    "a list of links": ("https://linktr.ee/makers", UNKNOWN),
    "a sale": ("https://www.kickstarter.com/projects/makers/film", UNKNOWN),
    "a till": ("https://www.paypal.com/donate/?hosted_button_id=ABC", NOBODY % "paypal.com"),
    "nobody's page": ("https://liberapay.com/", NOBODY % "liberapay.com"),
}
CASES = [pytest.param(*case, id=name) for name, case in ADDRESSES.items()]


@pytest.mark.parametrize(("address", "reason"), CASES)
def test_each_is_refused_with_its_reason_wherever_it_comes_in(address: str, reason: str) -> None:
    assert giving.refusal(address).endswith(reason)
    assert reason in _of_record(address)
    assert reason in _of_funding_json(address)
    assert _shown(supported(["Give: <%s>, [here](%s)" % (address, address)])) == []


def _of_record(address: str) -> str:
    """Why a film with that way to give is refused, or does not show it."""
    try:
        work = record.parse(free("t:film", funding=_channels(address)))
    except RecordInvalid as error:
        return error.detail
    assert isinstance(work, Work)
    assert giving.shown(work) == ()
    [problem] = own_sites.problems(work, _no_site)
    return problem


def _of_funding_json(address: str) -> str:
    manifest = {
        "version": "v1.0.0",
        "entity": {"type": "individual", "role": "owner", "name": "Makers"},
        "funding": _channels(address, guid="way"),
    }
    found = funding_json.read(json.dumps(manifest).encode())
    return found.refused[0].reason if found.refused else giving.refusal(found.channels[0].address)


def _channels(address: str, **more: str) -> dict[str, Any]:
    return {"channels": [{"type": "payment-provider", "address": address, **more}]}


def _shown(channels: Iterable[Mapping[str, str]]) -> list[str]:
    return [channel["address"] for channel in channels if not giving.refusal(channel["address"])]


def _no_site(url: str, _limit: int) -> bytes:
    raise FetchFailed(url)


GOOD = "https://liberapay.com/makers"
HIDDEN = {
    "script": "<script>location='%s'</script>",
    "script from elsewhere": "<script src='%s'></script>",
    "script without an end": "<SCRIPT type=module>open('%s')",
    "style": "<style>@import url(%s);</style>",
    "image tracker": "<img width=1 height=1 src=%s>",
    "image tracker behind a quoted >": "<img alt='>' src='%s'>",
    "image tracker cut short": "<img src='%s",
    "image tracker in Markdown": "![](%s)",
    "image tracker as the text of a link": "[![give](%s)](https://example.org/x)",
    "picture": "<picture><source srcset='%s 2x'></picture>",
    "vector picture": "<svg><image href='%s'/></svg>",
    "frame": "<iframe src='%s'></iframe>",
    "form": "<form action='%s'><button>Give</button></form>",
    "comment": "<!-- %s -->",
    "ping of a link": "<a href='https://example.org/x' ping='%s'>give</a>",
    "data of a link": "<a data-href='%s'>give</a>",
    "link of the head": "<link rel=payment href='%s'>",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HIDDEN.items()])
def test_what_a_page_does_not_show_as_a_link_is_none(text: str) -> None:
    assert _shown(supported([text % GOOD])) == []


def test_what_is_shown_as_one_is() -> None:
    for text in ("<a class=x href='%s'>give</a>", "<%s>", "[give](%s)", "**%s**", "1 <2: %s."):
        assert [channel["address"] for channel in supported([text % GOOD])] == [GOOD]


@pytest.mark.parametrize("part", ["<a", "<a'", '<b "', "<!--", "<script", "![", "<a href=", "href='"])
@pytest.mark.timeout(10)
def test_a_long_text_takes_no_time(part: str) -> None:
    assert supported([part * 20_000]) == []
