# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone's camera reads off a picture of the screen."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from .jsonrpc import wait_for

WINDOW = "Window.IsVisible(commonreel-scan.xml)"


def read(picture):
    """The texts of all the QR codes in a picture."""
    with Image.open(picture) as image:
        return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def scanned(kodi, picture, what):
    """The one code on the screen, once the add-on's window of codes stands there."""
    kodi.wait_condition(WINDOW)
    kodi.wait_still()
    [code] = read(picture(kodi, what))
    return code


def put_away(kodi, key="Back"):
    """Leave that window."""
    kodi.press(key)
    wait_for(lambda: not kodi.condition(WINDOW), 10, "the window to be gone")
