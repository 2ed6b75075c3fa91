# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kodi for unit tests: it checks every call against the signatures of Kodistubs, and remembers it.

Importing this puts stand-ins of kodi-six and routing on the path, as Kodi does with the real ones.
"""

from __future__ import annotations

import inspect
import json
import sys
from functools import cache
from pathlib import Path
from unittest.mock import create_autospec

import polib

ROOT = Path(__file__).resolve().parents[2]
for _stand_in in ("script.module.kodi-six", "script.module.routing"):
    sys.path.insert(0, str(ROOT / "tests" / "lab" / "addons" / _stand_in / "lib"))

from commonreel.kodi.api import xbmc, xbmcaddon, xbmcgui, xbmcplugin, xbmcvfs  # noqa: E402
from commonreel.kodi.words import strings  # noqa: E402

VIDEOS, HOME = 10025, 10000  # Kodi's windows
LANGUAGES = ROOT / "resources" / "language"
READY = {"status": "ready", "port": 1234, "secret": "hush", "reason": "", "version": "0.1.0"}


@cache
def texts(language="en_gb"):
    """{id: text} of a strings.po, as Kodi reads it: English where there is no translation."""
    entries = polib.pofile(LANGUAGES / ("resource.language.%s" % language) / "strings.po", encoding="utf-8")
    return {int(entry.msgctxt.lstrip("#")): entry.msgstr or entry.msgid for entry in entries}


class Double:
    """In place of an object of Kodi's: it has that class's methods, with their signatures, as mocks."""

    def __init__(self, of):
        self._of = of

    def __getattr__(self, name):
        method = create_autospec(getattr(self._of, name).__get__(self._of))
        setattr(self, name, method)
        return method


class Kodi:
    """What the plugin meets. `settings`, `state` and `region` say how things are; the rest is heard."""

    def __init__(self, monkeypatch, profile):
        self.profile = profile
        self.settings = {
            "remote": False,
            "remote_address": "",
            "remote_token": "",
            "library_update": True,
            "country": "",
            "quality": "screen",
            "overlay": False,
            "next_episode": True,
            "appeal": True,
            "local_folder": "",
            "cache_gb": 10,
            "sharing": "watching",
            "patron_gb": 20,
            "patron_kbps": 200,
            "upload_kbps": 0,
            "share_ratio": 2.0,
            "share_hours": 24,
            "quiet_hours": False,
            "quiet_from": "18:00",
            "quiet_until": "23:00",
            "connections": 60,
            "interface": "",
            "encryption": "allowed",
            "dht": True,
            "lsd": False,
            "upnp": True,
            "ipv6": True,
            "proxy_type": "none",
            "proxy_host": "",
            "proxy_port": 1080,
            "proxy_user": "",
            "proxy_password": "",
        }
        self.state = dict(READY)
        self.region = "en-US"
        self.texts = texts()
        self._list_item, self._info_tag = xbmcgui.ListItem, xbmc.InfoTagVideo
        self.plugin = self._functions(monkeypatch, xbmcplugin)
        self.builtin = self._function(monkeypatch, xbmc, "executebuiltin")
        self.rpc = self._function(monkeypatch, xbmc, "executeJSONRPC")
        self.rpc.return_value = "{}"
        self.log = self._function(monkeypatch, xbmc, "log")
        self._function(monkeypatch, xbmc, "getLanguage").side_effect = self._language
        self._function(monkeypatch, xbmc, "getInfoLabel").return_value = "20.1 (20.1.0) Git:x"
        self._function(monkeypatch, xbmc, "getRegion").return_value = "%d/%m/%Y"
        self.window = self._function(monkeypatch, xbmcgui, "getCurrentWindowId")
        self.window.return_value = VIDEOS
        self._function(monkeypatch, xbmcgui, "getScreenHeight").return_value = 1080
        self._function(monkeypatch, xbmc, "getCondVisibility").return_value = False
        self._function(monkeypatch, xbmc, "getLocalizedString").side_effect = lambda number: "#%d" % number
        self._function(monkeypatch, xbmcvfs, "translatePath").side_effect = lambda path: path
        self.dialog = self._class(monkeypatch, xbmcgui, "Dialog")
        self.progress = self._class(monkeypatch, xbmcgui, "DialogProgress")
        self.progress.iscanceled.return_value = False
        self.player = self._class(monkeypatch, xbmc, "Player")
        self.player.isPlaying.return_value = False
        self.monitor = self._class(monkeypatch, xbmc, "Monitor")
        self.monitor.waitForAbort.return_value = False
        self._class(monkeypatch, xbmcgui, "Window").getProperty.side_effect = lambda _: json.dumps(self.state)
        addon = self.addon = self._class(monkeypatch, xbmcaddon, "Addon")
        addon.getLocalizedString.side_effect = lambda number: self.texts.get(number, "")
        addon.getAddonInfo.side_effect = self._info
        addon.getSettings.return_value = self._chosen()
        addon.setSettingString.side_effect = self.settings.__setitem__
        addon.setSettingBool.side_effect = self.settings.__setitem__
        monkeypatch.setattr(xbmcgui, "ListItem", self._item)
        strings.listen()

    def _function(self, monkeypatch, module, name):
        double = create_autospec(getattr(module, name))
        monkeypatch.setattr(module, name, double)
        return double

    def _functions(self, monkeypatch, module):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            monkeypatch.setattr(module, name, create_autospec(function))
        return module

    def _class(self, monkeypatch, module, name):
        double = Double(getattr(module, name))
        monkeypatch.setattr(module, name, lambda *_: double)
        return double

    def _language(self, format=0, region=False):
        return self.region if region else self.region.partition("-")[0]

    def _info(self, name):
        return {
            "name": "Common Reel",
            "path": str(ROOT),
            "profile": str(self.profile),
            "fanart": "fanart.jpg",
            "version": "0.1.0",
        }[name]

    def _chosen(self):
        chosen = Double(xbmcaddon.Settings)
        for reader in (chosen.getString, chosen.getInt, chosen.getBool, chosen.getNumber):
            reader.side_effect = lambda name: self.settings[name]
        return chosen

    def _item(self, label="", label2="", path="", offscreen=False):
        item = Double(self._list_item)
        item.label, item.label2, item.properties, item.menu, item.art = label, label2, {}, [], {}
        item.setProperty.side_effect = item.properties.__setitem__
        item.addContextMenuItems.side_effect = item.menu.extend
        item.setArt.side_effect = item.art.update
        item.getVideoInfoTag.return_value = Double(self._info_tag)
        return item

    # What was heard

    @property
    def rows(self):
        """[(address, item, is folder)] of the one listing there was."""
        return self.plugin.addDirectoryItems.call_args[0][1]

    @property
    def labels(self):
        return [item.label for _, item, _ in self.rows]

    @property
    def ends(self):
        """Every end of a call: ('list', whether it went well) or ('film', whether, item)."""
        lists = [("list", call[1].get("succeeded")) for call in self.plugin.endOfDirectory.call_args_list]
        return lists + [("film", *call[0][1:]) for call in self.plugin.setResolvedUrl.call_args_list]
