# SPDX-License-Identifier: GPL-3.0-or-later
"""Which libraries a Windows module imports, read from its import table (Microsoft, "PE Format")."""

from __future__ import annotations

import struct
from typing import Iterator, Mapping

# What Kodi for Windows brings, and Windows itself since version 10.
KODI = {"python38.dll", "msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"}
WINDOWS = {"advapi32.dll", "bcrypt.dll", "crypt32.dll", "iphlpapi.dll", "kernel32.dll", "user32.dll"}
WINDOWS |= {"ws2_32.dll", "wsock32.dll"}
API_SETS = "api-ms-win-"

SECTION = struct.Struct("<8sIIII16x")
PE32_PLUS = 0x20B
IMPORTS = 1  # of the data directories


def missing(modules: Mapping[str, bytes]) -> list[str]:
    """Libraries that modules import and that are neither among them nor on the device. Others are passed."""
    there = KODI | WINDOWS | {name.rpartition("/")[2].lower() for name in modules}
    windows = [content for name, content in modules.items() if name.endswith((".pyd", ".dll"))]
    wanted = {library.lower() for content in windows for library in imports(content)}
    return sorted(name for name in wanted - there if not name.startswith(API_SETS))


def imports(image: bytes) -> Iterator[str]:
    """The names of the libraries. Raises ValueError for what is no 64-bit Windows module."""
    try:
        (header,) = struct.unpack_from("<I", image, 0x3C)
        if image[:2] != b"MZ" or image[header : header + 4] != b"PE\0\0":
            raise ValueError("no Windows module")
        sections, optional_size = struct.unpack_from("<2xH12xH", image, header + 4)
        optional = header + 24
        if struct.unpack_from("<H", image, optional) != (PE32_PLUS,):
            raise ValueError("not for 64 bits")
        (table,) = struct.unpack_from("<I", image, optional + 112 + 8 * IMPORTS)
        layout = [SECTION.unpack_from(image, optional + optional_size + 40 * n) for n in range(sections)]
        yield from _names(image, table, layout)
    except struct.error as error:
        raise ValueError("cut off") from error


def _names(image: bytes, table: int, layout: list[tuple[bytes, int, int, int, int]]) -> Iterator[str]:
    def at(address: int) -> int:
        """Where in the file lies what is loaded there."""
        for _name, _size, start, length, offset in layout:
            if start <= address < start + length:
                return address - start + offset
        raise ValueError("no section has %#x" % address)

    if not table:
        return
    place = at(table)
    while True:
        (name,) = struct.unpack_from("<12xI4x", image, place)
        if not name:
            return
        begin = at(name)
        yield image[begin : image.index(b"\0", begin)].decode("ascii")
        place += 20
