# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker's submission of a work: a folder with a record, a torrent and a signed declaration.

record.json       the work's record (docs/catalog-format.md), of class A
film.torrent      hybrid, v1 and v2; none for a series as a whole
declaration.json  what its maker declares (works/declaration.py)
declaration.sig   a minisign signature of that file's bytes
upload.html       for the maker: what to put where
"""

RECORD = "record.json"
TORRENT = "film.torrent"
DECLARATION = "declaration.json"
SIGNATURE = "declaration.sig"
UPLOAD = "upload.html"
