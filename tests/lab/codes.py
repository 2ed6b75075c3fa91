# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone's camera reads off a picture of the screen."""

from __future__ import annotations

import zxingcpp
from PIL import Image


def read(picture):
    """The texts of all the QR codes in a picture."""
    with Image.open(picture) as image:
        return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
