# SPDX-License-Identifier: GPL-3.0-or-later
"""Wheels of a libtorrent that does nothing, shaped as the real ones are."""

from __future__ import annotations

import struct
import zipfile

SUFFIXES = {"linux": "so", "macos": "so", "windows": "pyd"}


def wheel(folder, platform, python, content=b"compiled", more=None):
    """Writes a wheel for one platform and Python (3.11) into the folder; `more` are further files of it."""
    suffix = SUFFIXES[platform.partition("-")[0]]
    files = {
        "libtorrent/__init__.%s.%s" % (python, suffix): content,
        "libtorrent/__init__.pyi": b"class session: ...",
        "libtorrent/py.typed": b"",
        "libtorrent-9.9.dist-info/RECORD": b"",
        "libtorrent-9.9.dist-info/METADATA": b"Name: libtorrent",
        "libtorrent-9.9.data/scripts/run": b"#!python",
        **(more or {}),
    }
    path = folder / ("libtorrent-9.9-%s-%s.whl" % (python, platform))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def windows_module(*libraries):
    """A 64-bit PE image with nothing but an import table that names those libraries."""
    header, optional_size, start, offset = 0x80, 240, 0x1000, 0x400
    table_size = 20 * (len(libraries) + 1)
    table, names = b"", b""
    for library in libraries:
        table += struct.pack("<12xI4x", start + table_size + len(names))
        names += library.encode() + b"\0"
    section = table + bytes(20) + names
    directories = bytes(8) + struct.pack("<II", start, table_size)
    optional = struct.pack("<H", 0x20B).ljust(112, b"\0") + directories
    image = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", header)
    image = image.ljust(header, b"\0") + b"PE\0\0"
    image += struct.pack("<HH12xHH", 0x8664, 1, optional_size, 0) + optional.ljust(optional_size, b"\0")
    image += struct.pack("<8sIIII16x", b".idata", len(section), start, len(section), offset)
    return image.ljust(offset, b"\0") + section
