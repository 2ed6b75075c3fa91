# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error a person can meet.

Each class has a `code`: short, stable, lower case. It travels through the control API as it is, and
the Kodi side finds the message for it (what happened, what to do) in every language we ship.
`detail` is for the log, in English, and holds no secret.
"""

from __future__ import annotations

import errno


class CommonReelError(Exception):
    """Root of the tree; used itself only for what we did not foresee."""

    code = "internal"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return "%s: %s" % (self.code, self.detail) if self.detail else self.code


# The work asked for


class UnknownWork(CommonReelError):
    """No catalogue on this device has that id."""

    code = "unknown-work"


class WorkWithdrawn(CommonReelError):
    """The work was in the catalogue and was taken back; `reason`: as the catalogue has it, '' where that is
    not known."""

    code = "work-withdrawn"

    def __init__(self, detail: str = "", reason: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class UnknownGuide(CommonReelError):
    """No catalogue on this device has that maker or list, or no longer."""

    code = "unknown-guide"


class NotFreeHere(CommonReelError):
    """The work may not be shown in the viewer's country."""

    code = "not-free-here"


class AboveLevel(CommonReelError):
    """The work is above the parental level, and nobody has given the PIN."""

    code = "above-level"


class WrongPin(AboveLevel):
    """The PIN was not the right one; it may be tried again at once."""

    code = "wrong-pin"


class PinLocked(WrongPin):
    """It was not the right one too often; detail has the seconds until it may be tried again."""

    code = "pin-locked"


class RecordInvalid(CommonReelError):
    """A catalogue record breaks the format or a bound; detail names the field."""

    code = "record-invalid"


# Catalogues that are followed


class CatalogueRefused(CommonReelError):
    """What came is not what the catalogue's keys have signed, is older than what was there, or breaks a
    bound."""

    code = "catalogue-refused"


class CatalogueExpired(CatalogueRefused):
    """What came was signed by the right keys, too long ago: nobody renews it, or somebody holds it back."""

    code = "catalogue-expired"


class CatalogueUnavailable(CommonReelError):
    """Nobody who has the catalogue answers, or there is none at that address."""

    code = "catalogue-unavailable"


class DhtOff(CatalogueUnavailable):
    """Only the DHT could tell of the catalogue, and the user has switched it off."""

    code = "dht-off"


class DhtBehindProxy(DhtOff):
    """Only the DHT could tell of it, and no proxy passes that on."""

    code = "dht-behind-proxy"


# Torrents


class TorrentInvalid(CommonReelError):
    """Not a torrent, or one whose hashes, sizes or paths do not hold."""

    code = "torrent-invalid"


class TorrentPrivate(TorrentInvalid):
    """A private torrent (BEP 27), or a restricted item: it may not be shared."""

    code = "torrent-private"


class TorrentChanged(TorrentInvalid):
    """The torrent at that address is not the one seen before, or not the catalogue's."""

    code = "torrent-changed"


class NothingPlayable(TorrentInvalid):
    """The torrent holds no film."""

    code = "nothing-playable"


# Network


class FetchFailed(CommonReelError):
    """No answer, or an answer that is no use: time-out, HTTP error, broken off.

    `status`: of the HTTP answer, 0 where there was none. `retry_after`: the seconds after which it wants
    to be asked again, 0 where it does not say.
    """

    code = "fetch-failed"

    def __init__(self, detail: str = "", status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_after = retry_after


class AddressRefused(FetchFailed):
    """The address, or one that it redirects to, is not public, not HTTPS, or malformed."""

    code = "address-refused"


class TooLarge(FetchFailed):
    """The answer is over its bound."""

    code = "too-large"


# Streaming


class NoEngine(CommonReelError):
    """There is no BitTorrent engine for this device: libtorrent cannot be imported."""

    code = "no-engine"


class RestartNeeded(NoEngine):
    """libtorrent was loaded by an earlier start of the service in the same Python process."""

    code = "restart-needed"


class WebCopyChosen(NoEngine):
    """The viewer wants the film from web servers alone; as a failure: none of them gives it."""

    code = "web-copy-chosen"


class WebChosen(NoEngine):
    """The viewer wants films from web servers only, so that no other viewer sees this device's address."""

    code = "web-chosen"


class NoSource(CommonReelError):
    """No peer and no web seed has the film at present."""

    code = "no-source"


class InterfaceMissing(CommonReelError):
    """The network interface that the user has chosen is not there, and no other may be used."""

    code = "interface-missing"


class ProxyMissing(CommonReelError):
    """The user wants a proxy, and has not said which."""

    code = "proxy-missing"


class DiskFull(CommonReelError):
    """Not enough room for the film's next bytes."""

    code = "disk-full"


class NotWritable(CommonReelError):
    """The add-on's folder cannot be written."""

    code = "not-writable"


class StreamClosed(CommonReelError):
    """The stream was closed while somebody waited for its bytes."""

    code = "stream-closed"


# The service, as the plugin sees it


class ServiceUnavailable(CommonReelError):
    """The service is not running, still starting, or does not answer."""

    code = "service-unavailable"


class RemoteUnavailable(ServiceUnavailable):
    """The engine on another machine cannot be reached, or what answers is none; detail names it."""

    code = "remote-unavailable"


class RemoteFailed(CommonReelError):
    """The engine on another machine has failed of something over there, `error`; detail names the machine."""

    code = "remote-failed"

    def __init__(self, detail: str = "", error: CommonReelError | None = None) -> None:
        super().__init__("%s: %s" % (detail, error) if error else detail)
        self.error = error or CommonReelError(detail)


class WrongToken(CommonReelError):
    """The engine on another machine does not know the token in the settings."""

    code = "wrong-token"


class VersionMismatch(CommonReelError):
    """The engine on another machine is of a version that does not go with ours; detail has both."""

    code = "version-mismatch"


class NotOnRemote(UnknownWork):
    """The engine on another machine does not have the work in its catalogue, or may not show it."""

    code = "not-on-remote"


class LocalFolderInvalid(CommonReelError):
    """The local catalogue folder cannot be read, or a record in it is wrong; detail names it."""

    code = "local-folder-invalid"


_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FULL_ON_WINDOWS = 112  # ERROR_DISK_FULL; errno has something else of that number elsewhere


def is_full(error: OSError) -> bool:
    """Whether the disk, or what its user may have of it, is full."""
    return error.errno in _FULL or getattr(error, "winerror", None) == _FULL_ON_WINDOWS


def is_full_number(number: int | None) -> bool:
    """The same of errno's number, or on Windows the system's own."""
    return number in (*_FULL, _FULL_ON_WINDOWS)


def foreseen(error: Exception) -> CommonReelError:
    """What a person is told of it: of the system's own errors they can do something about two."""
    if isinstance(error, CommonReelError):
        return error
    if isinstance(error, OSError) and is_full(error):
        return DiskFull(str(error))
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotWritable(str(error))
    return CommonReelError(str(error))


def _tree(root: type[CommonReelError]) -> dict[str, type[CommonReelError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found.update(_tree(child))
    return found


def error_for(code: str, detail: str = "") -> CommonReelError:
    """The error that travelled as `code`; an unknown code becomes the root error."""
    return _tree(CommonReelError).get(code, CommonReelError)(detail)
