# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts a person reads, by the ids of resources/language/*/strings.po."""

from __future__ import annotations

from enum import IntEnum

from ..works.errors import CommonReelError, RemoteFailed
from .api import xbmc, xbmcaddon

COUNTRIES = 31000  # names of countries: two letters, as a number of base 26, on top of this
LETTERS = 26


class Text(IntEnum):
    # The first screens, and lists of films
    FILMS = 30000
    DECADES = 30001
    GENRES = 30002
    OPEN_FILMS = 30003
    SEARCH = 30004
    DECADE = 30005
    NEXT_PAGE = 30006
    FILMS_HELP = 30007
    DECADES_HELP = 30008
    GENRES_HELP = 30009
    OPEN_FILMS_HELP = 30010
    SEARCH_HELP = 30011
    CATALOGUES = 30012
    CATALOGUES_HELP = 30013

    # The viewer's country
    WHICH_COUNTRY = 30050
    WHICH_COUNTRY_MORE = 30051
    WHICH_COUNTRY_HELP = 30052

    # Search
    NEW_SEARCH = 30100
    SEARCH_PROMPT = 30101
    FORGET = 30102
    FORGET_ALL = 30103
    NOTHING_FOUND = 30104

    # Why a work may be watched
    WHY = 30200
    REASON_US = 30201
    REASON_LIFE = 30202
    REASON_LAW = 30203
    CLASS_A = 30210
    CLASS_B = 30211
    CLASS_C = 30212
    OWN_FOLDER = 30213
    HEADING_LICENCE = 30220
    HEADING_WHERE = 30221
    HEADING_EVIDENCE = 30222
    HEADING_CREDIT = 30223
    HEADING_SOURCE = 30224
    HEADING_CURATOR = 30225
    OBJECT = 30226
    EVERYWHERE = 30230
    TERM_ATTRIBUTION = 30240
    TERM_NO_COMMERCE = 30241
    TERM_NO_CHANGES = 30242
    TERM_SHARE_ALIKE = 30243
    EVIDENCE_SIGNED = 30250
    EVIDENCE_INSTITUTION = 30251
    EVIDENCE_RULE_US = 30252
    EVIDENCE_RULE_LIFE = 30253
    EVIDENCE_RULE = 30254
    EVIDENCE_PAGE = 30255
    EVIDENCE_WIKIDATA = 30256

    # Until a film plays
    STATE_STARTING = 30300
    STATE_FETCHING = 30301
    STATE_CONNECTING = 30303
    STATE_BUFFERING = 30304
    SECONDS_READY = 30310
    SOURCES = 30311
    NOTHING_YET = 30312

    # Errors: one for each code of works/errors.py, in capitals
    ERROR_INTERNAL = 30400
    ERROR_UNKNOWN_WORK = 30401
    ERROR_WORK_WITHDRAWN = 30402
    ERROR_NOT_FREE_HERE = 30403
    ERROR_RECORD_INVALID = 30404
    ERROR_TORRENT_INVALID = 30405
    ERROR_TORRENT_PRIVATE = 30406
    ERROR_TORRENT_CHANGED = 30407
    ERROR_NOTHING_PLAYABLE = 30408
    ERROR_FETCH_FAILED = 30409
    ERROR_ADDRESS_REFUSED = 30410
    ERROR_TOO_LARGE = 30411
    ERROR_NO_ENGINE = 30412
    ERROR_RESTART_NEEDED = 30413
    ERROR_NO_SOURCE = 30414
    ERROR_DISK_FULL = 30415
    ERROR_STREAM_CLOSED = 30416
    ERROR_SERVICE_UNAVAILABLE = 30417
    ERROR_LOCAL_FOLDER_INVALID = 30418
    ERROR_VERSION_MISMATCH = 30419
    ERROR_WRONG_TOKEN = 30420
    ERROR_REMOTE_UNAVAILABLE = 30421
    ERROR_NOT_ON_REMOTE = 30422
    ERROR_INTERFACE_MISSING = 30423
    ERROR_PROXY_MISSING = 30424
    ERROR_REMOTE_FAILED = 30425
    ERROR_CATALOGUE_REFUSED = 30426
    ERROR_CATALOGUE_EXPIRED = 30427
    ERROR_CATALOGUE_UNAVAILABLE = 30428

    # An engine that fetches from web servers only
    WEB_ONLY = 30600
    WEB_ONLY_RESTART = 30601
    WEB_SOURCES = 30602

    # Catalogues that are followed
    FOLLOW = 30700
    FOLLOW_HELP = 30701
    FOLLOW_ADDRESS = 30702
    FOLLOW_CONFIRM = 30703
    LOOK_NOW = 30704
    UNFOLLOW = 30705
    CATALOGUE_HOLDS = 30706
    CATALOGUE_CHECKED = 30707
    CATALOGUE_NEW = 30708
    CATALOGUE_FINGERPRINT = 30709
    CATALOGUE_TROUBLE = 30710
    CATALOGUE_LOOKING = 30711

    # Settings that are also spoken of elsewhere; the other labels are in settings.xml alone
    LOCAL_FOLDER = 30530


def text(entry: Text, **values: object) -> str:
    """The text in Kodi's language, its {placeholders} filled in."""
    found = xbmcaddon.Addon().getLocalizedString(entry)
    return found.format(**values) if values else found


def error_text(error: CommonReelError) -> str:
    """What happened and what to do, for a person."""
    if isinstance(error, RemoteFailed):
        return text(Text.ERROR_REMOTE_FAILED, message=error_text(error.error))
    name = "ERROR_" + error.code.upper().replace("-", "_")
    return text(Text.__members__.get(name, Text.ERROR_INTERNAL), detail=error.detail)


def country_id(code: str) -> int:
    """The string id of a country's name, from its ISO 3166-1 alpha-2 code."""
    first, second = (ord(letter) - ord("A") for letter in code)
    return COUNTRIES + first * LETTERS + second


def country_name(code: str) -> str:
    return xbmcaddon.Addon().getLocalizedString(country_id(code)) or code


def language() -> str:
    """Of Kodi's screens, as ISO 639-1: 'en'."""
    return xbmc.getLanguage(xbmc.ISO_639_1)
