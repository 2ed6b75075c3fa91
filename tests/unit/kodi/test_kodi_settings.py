# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that the code reads are the settings there are, of the same types."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from commonreel.kodi import address, answers, router, settings, wishes
from commonreel.streaming.options import ENCRYPTION, PROXIES, EngineOptions, Proxy
from lab.kodi_api import ROOT

TYPES = {
    "string": "str",
    "path": "str",
    "time": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
}
READ = {"boolean": "true".__eq__, "integer": int, "number": float, "string": str, "time": str}
CALL = r"\w+\((?:videos,)?%s(/[a-z/]+)/(?:,return)?\)" % re.escape(address.ROOT)
STREAMING = (
    *(
        "sharing",
        "upload_kbps",
        "share_ratio",
        "share_hours",
        "quiet_hours",
        "quiet_from",
        "quiet_until",
    ),
    *("connections", "interface", "encryption", "dht", "lsd", "upnp", "ipv6"),
    *("proxy_type", "proxy_host", "proxy_port", "proxy_user", "proxy_password"),
)


SETTINGS = ET.parse(ROOT / "resources" / "settings.xml").getroot()


def declared():
    """Those that hold a value."""
    return {
        setting.get("id"): setting for setting in SETTINGS.iter("setting") if setting.get("type") != "action"
    }


def actions():
    return [setting for setting in SETTINGS.iter("setting") if setting.get("type") == "action"]


def test_every_setting_is_read_and_there():
    """Nothing is hidden, and nothing is for show."""
    types = {name: TYPES[setting.get("type")] for name, setting in declared().items()}
    assert types == settings.Settings.__annotations__


def test_no_setting_is_read_elsewhere():
    reading = [
        path.name
        for path in (ROOT / "lib" / "commonreel").rglob("*.py")
        if re.search(r"getSetting|getBool|getInt\b|getNumber|getString\b", path.read_text("utf-8"))
    ]
    assert sorted(reading) == ["answers.py", "settings.py"]


def test_every_setting_can_be_seen_and_says_what_it_is():
    for setting in SETTINGS.iter("setting"):
        assert setting.get("label")
        assert setting.get("help")
        assert setting.find("level").text in ("0", "1", "2", "3")  # 4 is Kodi's word for hidden
        assert setting.find("control") is not None
        assert setting.find("visible") is None
        assert setting.find("dependencies/dependency[@type='visible']") is None
    for category in SETTINGS.iter("category"):
        assert category.get("label")
        assert category.get("help")


def test_every_setting_that_holds_a_value_has_a_default():
    assert all(setting.find("default") is not None for setting in declared().values())


def test_every_category_begins_with_what_is_basic():
    """But for the network, of which a beginner need know nothing."""
    for category in SETTINGS.iter("category"):
        levels = [int(level.text) for level in category.iter("level")]
        assert levels[0] == (1 if category.get("id") == "network" else 0)


def test_what_settings_do_has_a_screen_and_closes_the_window_first():
    for setting in actions():
        called = re.fullmatch(CALL, setting.find("data").text)
        assert called.group(1) in router.SCREENS
        assert setting.find("control/close").text == "true"
    assert len(actions()) == 6


def test_what_is_shown_to_others_is_chosen_never_typed(kodi):
    for name, setting in declared().items():
        if setting.get("type") in ("string", "path") and setting.find("constraints/options") is None:
            kodi.settings[name] = "hush"
    chosen = settings.read()
    shown = settings.shown(chosen)
    assert set(shown) == set(declared())
    assert "hush" not in str(shown)
    assert shown["proxy_password"] == "set"
    assert set(settings.secrets(chosen)) == {"hush"}
    kodi.settings["proxy_password"] = ""
    assert settings.shown(settings.read())["proxy_password"] == "not set"


def test_reading_and_answering(kodi):
    answers.set_country("FR")
    answers.set_sharing("patron")
    chosen = settings.read()
    assert (chosen.country, chosen.remote, chosen.cache_gb, chosen.sharing) == ("FR", False, 10, "patron")


@pytest.mark.parametrize(
    ("sharing", "web_only", "gives"),
    [
        ("", False, True),
        ("web", True, False),
        ("taking", False, False),
        ("watching", False, True),
        ("patron", False, True),
    ],
)
def test_how_to_share(kodi, sharing, web_only, gives):
    kodi.settings["sharing"] = sharing
    streaming = wishes.streaming(settings.read())
    assert (streaming.web_only, streaming.share) == (web_only, gives)


def test_what_comes_with_the_add_on_is_what_the_engine_begins_with(kodi):
    """But for the upload limit, which the engine alone does not know."""
    for name, setting in declared().items():
        if name in STREAMING:
            kodi.settings[name] = READ[setting.get("type")](setting.find("default").text or "")
    assert wishes.streaming(settings.read()) == EngineOptions(upload_rate=500_000)


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({"sharing": "taking"}, {"share": False}),
        ({"upload_kbps": 70}, {"upload_rate": 70_000}),
        ({"share_ratio": 0.5, "share_hours": 3}, {"ratio": 0.5, "hours": 3}),
        ({"quiet_hours": True}, {"quiet": (18 * 60, 23 * 60)}),
        (
            {"quiet_hours": True, "quiet_from": "22:30", "quiet_until": "07:05:00"},
            {"quiet": (22 * 60 + 30, 7 * 60 + 5)},
        ),
        ({"quiet_from": "22:30"}, {}),
        ({"interface": " tun0 "}, {"interface": "tun0"}),
        ({"connections": 5, "encryption": "required"}, {"connections": 5, "encryption": "required"}),
        (
            {"dht": False, "lsd": True, "upnp": False, "ipv6": False},
            {"dht": False, "lsd": True, "upnp": False, "ipv6": False},
        ),
        ({"proxy_host": "proxy.example", "proxy_user": "me"}, {}),
        (
            {"proxy_type": "socks5", "proxy_host": "proxy.example "},
            {"proxy": Proxy("socks5", "proxy.example", 1080)},
        ),
        (
            {"proxy_type": "http", "proxy_port": 3128, "proxy_user": "me", "proxy_password": "hush"},
            {"proxy": Proxy("http", "", 3128, "me", "hush")},
        ),
    ],
)
def test_what_is_chosen_reaches_the_engine(kodi, chosen, wanted):
    kodi.settings.update(chosen)
    assert wishes.streaming(settings.read()) == EngineOptions(**wanted)


def test_the_proxys_password_is_not_for_logs(kodi):
    kodi.settings.update({"proxy_type": "socks5", "proxy_password": "hush"})
    chosen = settings.read()
    assert "hush" not in repr(chosen) + repr(wishes.streaming(chosen))


def test_the_choices_are_those_that_the_engine_knows():
    choices = {
        name: {option.text for option in setting.iter("option")} for name, setting in declared().items()
    }
    assert choices["encryption"] == set(ENCRYPTION)
    assert choices["proxy_type"] == {"none", *PROXIES}
