# SPDX-License-Identifier: GPL-3.0-or-later
"""Drive a real Kodi as a person with a remote does, and see what it shows.

with KodiLab() as kodi:
    kodi.install_zip(zip)
    kodi.open_videos("plugin://plugin.video.commonreel/")
    kodi.select_label("Films")
    kodi.screenshot("films.png")
assert kodi.quit_seconds            # None: Kodi had to be killed

What to know of Kodi 20.1: a play by RPC within about a second of open_videos crashes it, so choose the
row with a key instead or use play(); an add-on with a service that lies unpacked at start makes
it ask whether to enable it; Player.Open says OK even when nothing then plays.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import struct
import subprocess
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from . import kodi_deps
from .jsonrpc import KodiError, wait_for
from .kodi_process import KodiProcess

HOME_WINDOW, VIDEOS, ADDON_BROWSER, FULLSCREEN_VIDEO = 10000, 10025, 10040, 12005
PROGRESS_DIALOG, KEYBOARD, CONTEXT_MENU, TEXT_VIEWER = 10101, 10103, 10106, 10147
YES_NO_DIALOG = 10100
FILE_BROWSER, ADDON_INFO, SELECT_DIALOG, OK_DIALOG = 10126, 10146, 12000, 12002

STEP_SECONDS = 0.25
NUMBERED_ROW = "Container.ListItemAbsolute(%d).Label"


class KodiLab(KodiProcess):
    """A running Kodi, as a context manager; see KodiProcess for what it takes."""

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Start Kodi; returns once its home screen is drawn."""
        self.launch()
        self.wait_window(HOME_WINDOW, 60)
        if not self.screen:
            wait_for(lambda: not self.is_blank(), 60, "the first drawn frame")

    def restart(self):
        """Quit, and start again in the same home."""
        self.quit()
        self.start()

    # Remote and screen

    def rpc(self, method, _timeout=60, **params):
        try:
            return self.rpc_client.call(method, params, _timeout)
        except KodiError as error:
            if not self.rpc_client.closed:
                raise
            raise KodiError("%s\n%s" % (error, self.last_words())) from error

    def builtin(self, command):
        """Run a built-in function such as UpdateLocalAddons, which JSON-RPC has no way to."""
        payload = b"\x01" + command.encode() + b"\0"
        header = struct.pack("!4sBBHIIHI10x", b"XBMC", 2, 0, 0x0A, 1, 1, len(payload), 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(header + payload, ("127.0.0.1", self.event_port))

    def press(self, *keys, pause=0.25):
        """Press remote keys: Up Down Left Right Select Back Home Info ContextMenu …"""
        for key in keys:
            self.rpc("Input." + key)
            time.sleep(pause)

    def action(self, name):
        """Press a key that JSON-RPC has no method for: stop, playpause, fullscreen, lastpage …"""
        self.rpc("Input.ExecuteAction", action=name)

    def type_text(self, text):
        """Type into the on-screen keyboard that is open, and confirm."""
        self.wait_window(KEYBOARD)
        self.rpc("Input.SendText", text=text, done=True)

    def label(self, name):
        return self.labels(name)[name]

    def labels(self, *names):
        return self.rpc("XBMC.GetInfoLabels", labels=list(names))

    def condition(self, name):
        return self.rpc("XBMC.GetInfoBooleans", booleans=[name])[name]

    def home_property(self, name):
        """A property of the home window, where a service may publish its port or state."""
        return self.label("Window(%d).Property(%s)" % (HOME_WINDOW, name))

    def window(self):
        """Id of the current window, or of the dialog over it."""
        return self.rpc("GUI.GetProperties", properties=["currentwindow"])["currentwindow"]["id"]

    def wait_window(self, window_id, timeout=20):
        return wait_for(lambda: self.window() == window_id, timeout, "window %s" % window_id)

    def wait_condition(self, name, timeout=20):
        return wait_for(lambda: self.condition(name), timeout, name)

    def focused(self):
        """Text of the row or button that has the focus."""
        return self.label("System.CurrentControl").strip("[] ")

    def select_label(self, text, down="Down", limit=60):
        """Move with a key until the focused item is text, then select it."""
        self.focus_label(text, down, limit)
        self.press("Select")

    def focus_label(self, text, down="Down", limit=60):
        for _ in range(limit):
            if self.focused() == text:
                return
            self.step(down)
        raise KodiError("no item %r; at %r" % (text, self.focused()))

    def step(self, key):
        """Press a key that moves the focus; returns once it has moved, or soon where nothing shows that."""
        here = self.focused()
        self.press(key, pause=0)
        with contextlib.suppress(KodiError):
            wait_for(lambda: self.focused() != here, STEP_SECONDS, "the focus to move", 0.01)

    # Listings

    def open_videos(self, path, timeout=30):
        """Show a folder in the Videos window, as a user who has browsed to it."""
        self.rpc("GUI.ActivateWindow", window="videos", parameters=[path, "return"])
        self.wait_listing(path, timeout)

    def wait_listing(self, path, timeout=30):
        """Wait until the Videos window shows that folder, the whole of it."""

        def there():
            at = self.label("Container.FolderPath").rstrip("/")
            return at == path.rstrip("/") and not self.condition("Container.IsUpdating")

        wait_for(there, timeout, "the listing of " + path)

    def wait_row(self, text, timeout=20):
        """Wait until a row of that text is in the listing on the screen."""
        return wait_for(lambda: text in self.rows(), timeout, "a row %r" % text)

    def rows(self):
        """Labels of the listing on the screen, in its order, the row to the parent folder left out."""
        count = int(self.label("Container.NumAllItems") or 0)
        names = [NUMBERED_ROW % n for n in range(count)]
        found = self.labels(*names) if names else {}
        return [found[name] for name in names if found[name] not in ("", "..")]

    def files(self, path, properties=(), timeout=60):
        found = self.rpc(
            "Files.GetDirectory", directory=path, media="video", properties=list(properties), _timeout=timeout
        )
        return found.get("files") or []

    # Player

    def play(self, **item):
        """Have it played by RPC: file="…", movieid=…. Kodi 20.1 may crash of that while a window still opens
        or closes."""
        self.wait_still()
        self.rpc("Player.Open", item=item)

    def player_time(self):
        """Seconds into the playing video, None when nothing plays."""
        if not self.rpc("Player.GetActivePlayers"):
            return None
        with contextlib.suppress(KodiError):  # it began or ended between the two calls
            return self._player("time")

    def player_length(self):
        return self._player("totaltime")

    def _player(self, name):
        at = self.rpc("Player.GetProperties", playerid=1, properties=[name])[name]
        return at["hours"] * 3600 + at["minutes"] * 60 + at["seconds"] + at["milliseconds"] / 1000

    def wait_playing(self, beyond=0.5, timeout=30):
        """Wait until the video really advances past beyond seconds; returns the clock."""

        def playing():
            if self.window() == OK_DIALOG:
                raise KodiError("Kodi says: %s" % self.dialog_text())
            now = self.player_time() or 0
            return now if now > beyond else None

        return wait_for(playing, timeout, "playback", 0.05)

    def seek(self, seconds, timeout=30):
        """Seek, and wait until the clock moves beyond the target; returns how long that took."""
        target = {
            "hours": int(seconds // 3600),
            "minutes": int(seconds % 3600 // 60),
            "seconds": int(seconds % 60),
            "milliseconds": 0,
        }
        began = time.monotonic()
        self.rpc("Player.Seek", playerid=1, value={"time": target})

        def moved():
            now = self.player_time()
            if now is None:
                raise KodiError("the film ended at the seek to %s s" % seconds)
            return int(seconds) < now < seconds + 30

        wait_for(moved, timeout, "the clock to move beyond %s s" % seconds, 0.05)
        return time.monotonic() - began

    def stop_playing(self, timeout=20):
        """Press Stop; returns once nothing plays."""
        self.action("stop")
        wait_for(lambda: not self.rpc("Player.GetActivePlayers"), timeout, "the film to stop")

    def dialog_text(self):
        """What a message or progress dialog says."""
        texts = self.labels("Control.GetLabel(1)", "Control.GetLabel(9)").values()
        return " | ".join(text for text in texts if text)

    # Add-ons

    def addon(self, addon_id):
        properties = ["enabled", "version", "installed"]
        return self.rpc("Addons.GetAddonDetails", addonid=addon_id, properties=properties)["addon"]

    def supply_dependencies(self, path):
        """Put what the add-on in the zip depends on into Kodi."""
        found = [i.get("addon") for i in _manifest(path).iter("import") if i.get("optional") != "true"]
        # Only once Kodi is up: for an add-on with a service that it finds at start it asks what to do.
        done = kodi_deps.supply(found, self.addons)
        if done:
            self.builtin("UpdateLocalAddons")
        for addon_id in done:
            self.enable(addon_id)

    def enable(self, addon_id, enabled=True, timeout=20):
        def known():
            with contextlib.suppress(KodiError):
                return self.addon(addon_id)

        wait_for(known, timeout, "Kodi to know " + addon_id)
        self.rpc("Addons.SetAddonEnabled", addonid=addon_id, enabled=enabled)
        wait_for(
            lambda: self.addon(addon_id)["enabled"] == enabled, timeout, "%s enabled=%s" % (addon_id, enabled)
        )

    def install_zip(self, path, timeout=60):
        """Install from zip file through Kodi's own dialogs, also as an update.

        To unpack the zip into the add-ons' folder is no way round: Kodi then has none of its strings.
        """
        self.supply_dependencies(path)
        shutil.copy(path, self.zips)
        self.rpc("GUI.ActivateWindow", window="addonbrowser", parameters=["addons://"])
        self.wait_window(ADDON_BROWSER)
        self.select_label("Install from zip file")
        self.wait_window(FILE_BROWSER)
        self.select_label("Zips")
        self.select_label(Path(path).name)
        manifest = _manifest(path)

        def installed():
            with contextlib.suppress(KodiError):
                addon = self.addon(manifest.get("id"))
                return addon["version"] == manifest.get("version") and addon["enabled"]

        wait_for(installed, timeout, "%s to be installed" % path)
        if not self.rpc("Player.GetActivePlayers"):
            self.rpc("GUI.ActivateWindow", window="home")
            self.wait_window(HOME_WINDOW)
            self.wait_still()

    def wait_service(self, property_name, timeout=30):
        """Wait until the add-on's service says that it is ready; returns what it published."""

        def ready():
            state = json.loads(self.home_property(property_name) or "{}")
            return state if state.get("status") == "ready" else None

        return wait_for(ready, timeout, "the service to be ready")

    # Pictures

    def _grab(self, *output):
        source = ["-f", "x11grab", "-video_size", "%dx%d" % self.size, "-i", self.env["DISPLAY"]]
        return subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", *source, "-frames:v", "1", *output],
            env=self.env,
            check=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        ).stdout

    def thumbnail(self):
        """The screen as 64 × 36 bytes of grey."""
        return self._grab("-vf", "scale=64:36,format=gray", "-f", "rawvideo", "-")

    def is_blank(self):
        """Whether the whole screen has about one colour, as before Kodi's first frame."""
        grey = self.thumbnail()
        return max(grey) - min(grey) < 8

    def wait_still(self, timeout=10):
        """Wait until two pictures of the screen, half a second apart, are alike."""

        def still():
            before = self.thumbnail()
            time.sleep(0.5)
            return max(abs(a - b) for a, b in zip(before, self.thumbnail())) < 8

        wait_for(still, timeout, "the screen to stand still")

    def wait_moving(self, timeout=20):
        """Wait until the middle of the screen changes from one look to the next: a moving picture."""
        started = time.monotonic()
        before = self.thumbnail()

        def moving():
            return sum(abs(a - b) > 24 for a, b in zip(before, self.thumbnail())) > 20

        wait_for(moving, timeout, "a moving picture", 0.05)
        return time.monotonic() - started

    def screenshot(self, path):
        path = Path(path).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._grab("-update", "1", str(path))
        return path


def _manifest(path):
    """The add-on's addon.xml in a zip."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+/addon\.xml", n))
        return ET.fromstring(archive.read(name))
