# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts a person reads, by the ids of resources/language/*/strings.po."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ...works import languages
from ...works.errors import CommonReelError, RemoteFailed, WorkWithdrawn
from ..api import xbmc, xbmcaddon

# Names of countries and languages: their two letters, as a number of base 26, on top of this
COUNTRIES, LANGUAGES = 31000, 32000
LETTERS = 26

MAX_LITERAL = 300  # characters
GB, MB = 1e9, 1e6  # bytes, as Kodi and the disks' makers count them

# What would turn a line around, and what Kodi would read as a command.
_TURNING = "[\u202a-\u202e\u2066-\u2069]"
_MARKUP = r"(?i)\[/?(?:B|I|CR|LIGHT|COLOR|UPPERCASE|LOWERCASE|CAPITALIZE|TABS)\b[^\]]*\]|\$(?=[A-Z]+\[)"

if TYPE_CHECKING:
    from enum import IntEnum as _Ids
else:
    _Ids = object  # plain numbers: an enumeration of so many costs every list two milliseconds


class Text(_Ids):
    """Each text's id, by its name."""

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

    NEW = 30014
    NEW_HELP = 30015
    SERIES = 30016
    SERIES_HELP = 30017
    PLACES = 30018
    PLACES_HELP = 30019
    SHORT_FILMS = 30020
    SHORT_FILMS_HELP = 30021
    DOCUMENTARIES = 30022
    DOCUMENTARIES_HELP = 30023
    ANIMATION = 30024
    ANIMATION_HELP = 30025
    MAKERS = 30026
    MAKERS_HELP = 30027
    SETTINGS = 30028
    SETTINGS_HELP = 30029
    SEASON = 30030
    SPECIALS = 30031
    SHELF = 30033

    # Lists that are narrowed
    FILTER = 30053
    FILTER_HELP = 30054
    FILTER_BY = 30055
    NO_FILTER = 30056
    ANY = 30057
    KIND_DECADE = 30060
    KIND_GENRE = 30061
    KIND_LENGTH = 30062
    KIND_LANGUAGE = 30063
    KIND_SUBTITLES = 30064
    KIND_COUNTRY = 30065
    KIND_LICENCE = 30066
    KIND_MAKER = 30067
    KIND_LETTER = 30068
    LENGTH_SHORT = 30070
    LENGTH_MEDIUM = 30071
    LENGTH_LONG = 30072
    PUBLIC_DOMAIN = 30073
    SUBTITLED = 30074

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

    # Genres that sources have
    GENRE_ACTION = 30110
    GENRE_ADVENTURE = 30111
    GENRE_ART = 30112
    GENRE_COMEDY = 30113
    GENRE_CRIME = 30114
    GENRE_DOCUMENTARY = 30115
    GENRE_DRAMA = 30116
    GENRE_EDUCATION = 30117
    GENRE_FAMILY = 30118
    GENRE_FANTASY = 30119
    GENRE_FILM_NOIR = 30120
    GENRE_HORROR = 30121
    GENRE_MUSIC = 30122
    GENRE_MUSICAL = 30123
    GENRE_MYSTERY = 30124
    GENRE_NATURE = 30125
    GENRE_NEWS = 30126
    GENRE_NEWSREEL = 30127
    GENRE_ROMANCE = 30128
    GENRE_SCIENCE = 30129
    GENRE_SCIENCE_FICTION = 30130
    GENRE_SHORT = 30131
    GENRE_SPORT = 30132
    GENRE_THRILLER = 30133
    GENRE_TRAVEL = 30134
    GENRE_WAR = 30135
    GENRE_WESTERN = 30136

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

    # How long it will take, another way to get it, and how it went before
    STARTS_IN = 30313
    ABOUT_SECONDS = 30314
    ABOUT_A_MINUTE = 30315
    ABOUT_MINUTES = 30316
    SLOW = 30317
    USE_WEB_COPY = 30318
    KEEP_WAITING = 30319
    CANCEL = 30320
    WEB_COPY = 30321
    ERROR_WEB_COPY_CHOSEN = 30322
    TRY_START = 30323
    TRY_READY = 30324
    SHARED_BY = 30325
    OVERLAY_SPEED = 30329
    OVERLAY_COMPLETE = 30330

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
    ERROR_DHT_OFF = 30429
    ERROR_DHT_BEHIND_PROXY = 30430
    WITHDRAWN_BECAUSE = 30450

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
    FOLLOW_KEY = 30718
    FOLLOW_ASKING = 30719

    # The add-on's own catalogue
    MAIN = 30712
    MAIN_OFF = 30713
    MAIN_HELP = 30714
    MAIN_OFF_HELP = 30715
    SWITCH_OFF = 30716
    SWITCH_ON = 30717
    # The library
    LIBRARY = 30830
    LIBRARY_HELP = 30831
    ADD_TO_LIBRARY = 30832
    REMOVE_FROM_LIBRARY = 30833
    LIBRARY_ADDED = 30834
    LIBRARY_ADDED_UNSEEN = 30835
    LIBRARY_REMOVED = 30836
    LIBRARY_FILMS = 30837
    LIBRARY_FILMS_HELP = 30838
    LIBRARY_ALL = 30839
    LIBRARY_ALL_HELP = 30840
    LIBRARY_NOT_ALL = 30841
    LIBRARY_NOT_ALL_HELP = 30842
    LIBRARY_UPDATE = 30843
    LIBRARY_UPDATE_HELP = 30844
    LIBRARY_UNSEEN = 30845
    LIBRARY_UNSEEN_HELP = 30846
    LIBRARY_SEEN = 30847
    LIBRARY_SEEN_HELP = 30848
    LIBRARY_CLEAR = 30849
    LIBRARY_CLEAR_HELP = 30850
    LIBRARY_CLEAR_QUESTION = 30851
    GUIDE_EMPTY = 30852
    GUIDE_UNKNOWN = 30853
    GUIDE_NO_CONTENT = 30854
    GUIDE_OPEN = 30855
    GUIDE_MENU = 30856
    GUIDE_CHOICE = 30857
    GUIDE_CONFIRM = 30858
    # A code to scan: giving to the makers, and objecting
    SUPPORT = 30800
    SUPPORT_NOTE = 30801
    NO_SUPPORT = 30802
    SCAN = 30803
    CLOSE = 30804
    OTHER_CODES = 30805
    SHOW_CODE = 30964
    SUPPORTABLE = 30806
    SUPPORTABLE_HELP = 30807
    REPORT = 30810
    REPORT_NOTE = 30811
    REPORT_LEGAL = 30812
    REPORT_SOURCE = 30813
    REPORT_OWN = 30814
    # Settings that do something, the self-check and its report, the parental level
    PARENTAL = 30595
    SELF_CHECK = 30900
    SAVE_REPORT = 30902
    SAVE_REPORT_HELP = 30903
    ALL_FORGOTTEN = 30905
    CLEAR_QUESTION = 30906
    CLEARING = 30907
    CLEAR_KEPT = 30451
    REPORT_FOLDER = 30908
    REPORT_SAVED = 30909
    REPORT_NOT_SAVED = 30910
    PARENTAL_PIN = 30911
    PARENTAL_FIRST_PIN = 30912
    PARENTAL_AGAIN = 30913
    PARENTAL_NO_PIN = 30914
    PARENTAL_ANY_AGE = 30915
    PARENTAL_AGE = 30916
    PARENTAL_SEXUAL = 30917
    PARENTAL_NOT_SEXUAL = 30918
    PARENTAL_UNRATED = 30919
    PARENTAL_NOT_UNRATED = 30920
    PARENTAL_NEW_PIN = 30921
    PARENTAL_REMOVE = 30922
    ERROR_ABOVE_LEVEL = 30923
    ERROR_WRONG_PIN = 30924
    ERROR_PIN_LOCKED = 30965
    ABOVE_LEVEL = 30966
    FACT = 30925
    CHECK_AMISS = 30926
    CHECK_NOTHING_TO_DO = 30927
    CHECK_YES = 30928
    CHECK_NO = 30929
    CHECK_NO_ANSWER = 30930
    CHECK_UNKNOWN = 30931
    CHECK_NOT_YET = 30932
    CHECK_SERVICE = 30933
    CHECK_SERVICE_CURE = 30934
    CHECK_REACH = 30935
    CHECK_REACH_LATER = 30936
    CHECK_REACH_PROXY = 30937
    CHECK_REACH_CURE = 30938
    CHECK_PROXY_CURE = 30939
    CHECK_DISK = 30940
    CHECK_DISK_FULL = 30941
    ERROR_NOT_WRITABLE = 30942
    CHECK_CLOCK = 30943
    CHECK_CLOCK_CURE = 30944
    CHECK_VERSIONS = 30945
    CHECK_NO_FTS = 30946
    # Subtitles
    MACHINE_MADE = 30860
    # How to share, and patrons
    HOW_TO_SHARE = 30980
    HOW_TO_SHARE_HELP = 30981
    SHARE_WEB = 30982
    SHARE_WEB_HELP = 30983
    SHARE_WATCHING = 30984
    SHARE_WATCHING_HELP = 30985
    SHARE_PATRON = 30986
    SHARE_PATRON_HELP = 30987
    GIVING = 30993
    GIVING_HELP = 30994
    GIVEN = 30995
    KEPT_FILM = 30996
    STOP_KEEPING = 30997
    NOTHING_KEPT = 30998
    ERROR_WEB_CHOSEN = 30999
    # What the viewer has begun, wants to see, and sees next
    CONTINUE = 30950
    CONTINUE_HELP = 30951
    MY_LIST = 30952
    MY_LIST_HELP = 30953
    ENLIST = 30954
    UNLIST = 30955
    ENLISTED = 30956
    FORGET_BEGUN = 30957
    NEXT_EPISODE = 30960
    NEXT_STARTS = 30961
    PLAY_NOW = 30962
    STOP_AFTER = 30963
    # … of series
    SERIES_UNSEEN = 30750
    SERIES_SEEN = 30751
    SERIES_SEEN_HELP = 30752
    GUIDE_SERIES = 30753
    # Makers, and lists that festivals and curators have made
    SELECTIONS = 30890
    SELECTIONS_HELP = 30891
    SELECTED_BY = 30892
    HEADING_MAKERS = 30893
    ERROR_UNKNOWN_GUIDE = 30894
    MORE_BY = 30947
    ABOUT = 30948
    SUPPORT_NAME = 30949
    LINKS = 30958
    LINKS_NOTE = 30959

    # A film's encodings, its trailer, what others think of it, and what was seen
    QUALITY = 30861
    QUALITY_USUAL = 30862
    LINES = 30863
    GIGABYTES = 30864
    MEGABYTES = 30865
    BIT_RATE = 30866
    VERSION = 30867
    TRAILER = 30875
    TRAILER_OF = 30876
    RATED = 30877
    SEEN = 30880
    SEEN_HELP = 30881
    FORGET_SEEN = 30882
    FORGET_SEEN_HELP = 30883
    SEEN_FORGOTTEN = 30884

    # Settings that are also spoken of elsewhere; the other labels are in settings.xml alone
    LOCAL_FOLDER = 30530
    DISK = 30502
    COUNTRY = 30510
    ENGINE = 30540
    NETWORK = 30566
    OFF = 30572
    PROXY = 30582


def text(entry: Text, **values: object) -> str:
    """The text in Kodi's language, its {placeholders} filled in."""
    found = _said(entry)
    return found.format(**values) if values else found


@lru_cache(maxsize=None)  # rows say the same again and again
def _said(id: int) -> str:
    return _addon().getLocalizedString(id)


@lru_cache(maxsize=None)
def _addon() -> xbmcaddon.Addon:
    return xbmcaddon.Addon()


def listen() -> None:
    """Kodi may speak another language than before: at the beginning of every call, for Kodi may keep the
    interpreter, and at the service's turns."""
    for kept in (_addon, _said, language):
        kept.cache_clear()


def counted(name: str, count: int) -> str:
    """A name with how many there are: 'Comedy (12)'."""
    return text(Text.SHELF, name=name, count=count)


def heading(entry: Text) -> str:
    """What a menu announces, over what comes of it: 'Parental level' for 'Parental level…'."""
    return text(entry).rstrip(" …")


def size(count: int) -> str:
    """Bytes as people read them: '1.4 GB'."""
    if count >= GB:
        return text(Text.GIGABYTES, size="%.1f" % (count / GB))
    return text(
        Text.MEGABYTES, size="%.0f" % (count / MB) if count >= 10 * MB else "%g" % round(count / MB, 1)
    )


def error_text(error: CommonReelError) -> str:
    """What happened and what to do, for a person."""
    if isinstance(error, RemoteFailed):
        return text(Text.ERROR_REMOTE_FAILED, message=error_text(error.error))
    if isinstance(error, WorkWithdrawn) and error.reason:
        why = text(Text.WITHDRAWN_BECAUSE, reason=literal(error.reason))
        return "%s\n%s" % (text(Text.ERROR_WORK_WITHDRAWN), why)
    name = "ERROR_" + error.code.upper().replace("-", "_")
    return text(getattr(Text, name, Text.ERROR_INTERNAL), detail=error.detail)


def literal(words: str) -> str:
    """What somebody else has written, as one line that Kodi shows as it is."""
    line = " ".join(re.sub(_MARKUP, "", re.sub(_TURNING, "", words)).split())
    return line if len(line) <= MAX_LITERAL else line[: MAX_LITERAL - 1] + "…"


def country_id(code: str) -> int:
    """The string id of a country's name, from its ISO 3166-1 alpha-2 code."""
    return COUNTRIES + _number(code)


def language_id(code: str) -> int:
    """The string id of a language's name, from its ISO 639-1 code."""
    return LANGUAGES + _number(code)


def country_name(code: str) -> str:
    return _said(country_id(code)) or code


def language_name(code: str) -> str:
    """Of an ISO 639-1 code; any other stays as it is."""
    known = code in languages.CODES
    return _said(language_id(code)) if known else code


def _number(code: str) -> int:
    first, second = (ord(letter) - ord("A") for letter in code.upper())
    return first * LETTERS + second


@lru_cache(maxsize=None)
def language() -> str:
    """Of Kodi's screens, as ISO 639-1: 'en'."""
    return xbmc.getLanguage(xbmc.ISO_639_1)
