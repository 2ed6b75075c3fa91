# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Chromium that reaches this machine alone, and tells what it has asked for."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
AXE = Path(__file__).resolve().parents[2] / "build/site/node_modules/axe-core/axe.min.js"
SECONDS = 20  # that anything may take

DESKTOP, PHONE = (1280, 900, False), (360, 740, True)  # width, height, whether it is a phone

__all__ = ["AXE", "CHROMIUM", "DESKTOP", "DRIVER", "PHONE", "Browser", "By", "Keys"]


class Browser:
    """A context manager. `hosts`: name → port on this machine, for https; no other name is found."""

    def __init__(self, profile, hosts):
        rules = ["MAP %s:443 127.0.0.1:%d" % each for each in hosts.items()]
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--ignore-certificate-errors",
            "--hide-scrollbars",
            "--mute-audio",
            "--user-data-dir=%s" % profile,
            "--host-resolver-rules=%s" % ", ".join([*rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]),
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self._options = options

    def __enter__(self):
        self.driver = webdriver.Chrome(self._options, webdriver.ChromeService(str(DRIVER)))
        self.driver.set_script_timeout(SECONDS)
        return self

    def __exit__(self, *_error):
        self.driver.quit()

    def open(self, address):
        self.asked(), self.complaints()  # what was before is nobody's
        self.driver.get(address)

    def look(self, size=DESKTOP, dark=False):
        width, height, phone = size
        self._tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, run):
        """Whether pages may run any; what the tests ask of a page works all the same."""
        self._tell("Emulation.setScriptExecutionDisabled", value=not run)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def until(self, condition, what):
        WebDriverWait(self.driver, SECONDS, 0.1).until(lambda _: condition(), what)

    def asked(self):
        """The hosts that it has asked for anything, and for what, since it was last asked."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return [url for url in found if urlsplit(url).scheme in ("http", "https")]

    def complaints(self):
        """What it has written on its console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def barriers(self):
        """What keeps people out, as axe-core finds it: 'rule: element'."""
        self.run(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script("axe.run().then(arguments[0], arguments[0])")
        return [
            "%s: %s" % (broken["id"], node["html"])
            for broken in found["violations"]
            for node in broken["nodes"]
        ]

    def picture(self):
        """PNG of what is to be seen."""
        return self.driver.get_screenshot_as_png()

    def _tell(self, command, **parameters):
        self.driver.execute_cdp_cmd(command, parameters)
