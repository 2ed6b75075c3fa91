# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pieces of JSON made smaller: deflated (RFC 1951), with what nearly all of them say known beforehand.

A row of the store is too small to hold what repeats over all rows: the names of fields, the places that
films come from, the licences. DICTIONARY does.
"""

from __future__ import annotations

import zlib

MAX_LENGTH = 4 << 20  # bytes
# 8 KiB back; the minus leaves zlib's header and checksum out, which cost more time than they help.
WINDOW = -13

# The likelier the later: a short way back takes fewer bits.
DICTIONARY = "".join(
    (
        '"part_of":{"series":"","season":1,"episode":1},"content_rating":{"funding":[{"kind":"url":"https://',
        '"trackers":["udp://tracker."subtitles":[{"language":"en","url":"https://"label":"',
        '"sha1":"","container":"mp4","codec":"h264/aac","height":720,"height":1080,"original_name":"',
        "https://commons.wikimedia.org/wiki/File:https://upload.wikimedia.org/wikipedia/commons/",
        "https://peertube./videos/watch//download/torrents/-1080.torrent",
        '"Western","Horror","Short","Musical","Animation","Documentary","Drama","Comedy"',
        '"fanart":"https://"country":["FR"],"country":["DE"],"country":["US"],"in_language":["fr"]',
        "https://creativecommons.org/publicdomain/zero/1.0/https://creativecommons.org/licenses/by-nc-nd/3.0/",
        "https://creativecommons.org/licenses/by-nc-sa/4.0/https://creativecommons.org/licenses/by-sa/4.0/",
        '"CC0-1.0","CC-BY-NC-ND-4.0","CC-BY-NC-SA-4.0","CC-BY-SA-4.0","CC-BY-4.0"',
        '{"id":"ia:","name":{"en":"The ","fr":"Le "},',
        '"license":{"url":"https://creativecommons.org/licenses/by/4.0/","spdx":"CC-BY-4.0","credit":"',
        '"license":{"url":"https://creativecommons.org/publicdomain/mark/1.0/","spdx":"CC-PDM-1.0"},',
        '"rights":{"rights_class":"A","territories":["*"],"evidence":[{"kind":"signed-declaration","at":"20',
        '"rights":{"rights_class":"B","territories":["*"],"evidence":[{"kind":"license-page","url":"https://',
        '"rights":{"rights_class":"B","territories":["*"],"evidence":[{"kind":"institution","url":"https://","by":"',
        '"rights":{"rights_class":"C","territories":["US"],"evidence":[{"kind":"pd-rule",',
        '"url":"https://www.copyright.gov/title17/92chap3.html","rule":"us-95"},',
        '"territories":["AT","BE","BG","CY","CZ","DE","DK","EE","FI","FR","GB","GR","HR","HU","IE","IS","IT",',
        '"LI","LT","LU","LV","MT","NL","NO","PL","PT","RO","SE","SI","SK","US"],',
        '{"kind":"pd-rule","url":"https://www.wikidata.org/wiki/Q","rule":"life-70"},',
        '{"kind":"wikidata","url":"https://www.wikidata.org/wiki/Q"}]},',
        '"source":{"name":"archive.org","url":"https://archive.org/details/"},',
        '"encoding":[{"torrent":"https://archive.org/download/_archive.torrent","info_hash":"",',
        '"web":["https://archive.org/download/","file":{"path":".mp4","length":}}],',
        '"rev":1,"year":19,"duration":,"director":["","actor":["","genre":["","same_as":["wd:Q","imdb:tt00"],',
        '"poster":"https://archive.org/services/img/","description":{"en":"',
    )
).encode()


def squeezed(content: bytes) -> bytes:
    """The content, of at most MAX_LENGTH, made small."""
    press = zlib.compressobj(wbits=WINDOW, zdict=DICTIONARY)
    return press.compress(content) + press.flush()


def unsqueezed(small: bytes) -> bytes:
    """What squeezed() was given. Raises ValueError where that cannot have made it; of other damage nothing is
    known here."""
    press = zlib.decompressobj(WINDOW, DICTIONARY)
    try:
        content = press.decompress(small, MAX_LENGTH)
    except zlib.error as error:
        raise ValueError("cannot be unpacked: %s" % error) from error
    if not press.eof or press.unused_data:
        raise ValueError("cut short, too long, or with something behind it")
    return content
