# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to get something from the network: bounded in size, time, redirects and place."""

from __future__ import annotations

import threading
import time
import zlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Callable, Iterable, Iterator, Mapping, TypeVar
from urllib.parse import urljoin

from ..works.errors import AddressRefused, FetchFailed, TooLarge
from . import address

if TYPE_CHECKING:
    from requests import Response

    from .guard import Call

MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
MAX_TAG = 200  # characters of an ETag that are kept
_CHUNK = 16 * 1024  # deflate makes at most 1032 bytes of one: what a bomb can take at once is 16 MiB
_PLAIN = {"Accept": "*/*", "Accept-Encoding": "gzip"}
_FIRST_BYTE = {"Accept": "*/*", "Accept-Encoding": "identity", "Range": "bytes=0-0"}
_PACKED = ("gzip", "deflate")
_CODINGS = ("", "identity", *_PACKED)  # never a list of them: bombs are made of those


_T = TypeVar("_T")


class Fetcher:
    """Fetches over HTTPS from public addresses; with `local`, from private ones and over HTTP too.

    TLS is verified against certifi's roots. Proxies, .netrc and certificates named in the
    environment are not used, no cookie is kept, and nothing but the user agent is told. Any number
    of threads may use one Fetcher.
    """

    def __init__(self, user_agent: str, local: bool = False) -> None:
        self._user_agent = user_agent
        self._local = local
        self._lock = threading.Lock()
        self._calls: set[Call] = set()
        self._closed = False

    def get(self, url: str, limit: int, timeout: float) -> bytes:
        """The body at `url`, after at most five redirects, each of them checked like the first.

        `limit` is in bytes, of the body as it is after decompression; `timeout` is in seconds, for
        everything (only the system's name look-up keeps to its own time). Raises AddressRefused,
        TooLarge, and FetchFailed for whatever else is not a whole answer with status 200.
        """
        return self._ask(url, timeout, _PLAIN, lambda call, answer: _body(call, answer, limit))

    def get_newer(self, url: str, tag: str, limit: int, timeout: float) -> tuple[bytes, str] | None:
        """The body at `url` and its ETag ('' where it has none); None if `tag` is still the ETag of what
        is there (RFC 9110, 13.1.2). Else like get()."""

        def take(call: Call, answer: Response) -> tuple[bytes, str] | None:
            if tag and answer.status_code == NOT_MODIFIED:
                return None
            return _body(call, answer, limit), answer.headers.get("ETag", "")[:MAX_TAG]

        return self._ask(url, timeout, {**_PLAIN, "If-None-Match": tag} if tag else _PLAIN, take)

    def locate(self, url: str, timeout: float) -> str:
        """The address at which the redirects from `url` end: it answers to a range of bytes.

        Nothing of the body is read. Raises AddressRefused, FetchFailed.
        """
        return self._ask(url, timeout, _FIRST_BYTE, _place)

    def close(self) -> None:
        """Break off every fetch under way in other threads, and refuse new ones."""
        with self._lock:
            self._closed = True
            calls = list(self._calls)
        for call in calls:
            call.cut()

    def _ask(
        self, url: str, timeout: float, headers: Mapping[str, str], take: Callable[[Call, Response], _T]
    ) -> _T:
        """What `take` makes of the answer at the end of the redirects."""
        address.check(url, self._local)
        from . import guard  # late: it imports requests

        call = guard.Call(self._local, timeout)
        self._enter(call)
        try:
            with call:
                return self._follow(call, url, {"User-Agent": self._user_agent, **headers}, take)
        except FetchFailed as error:
            if call.over and not isinstance(error, (AddressRefused, TooLarge)):
                raise self._out_of_time(url, timeout) from error
            raise
        except guard.FAILURES as error:
            if call.over:
                raise self._out_of_time(url, timeout) from error
            # requests and urllib3 put sentences, and the address, in front of the cause.
            detail = "%s: %s" % (type(error).__name__, ascii(str(error))[1:-1][-200:])
            raise FetchFailed("%s: %s" % (address.shown(url), detail)) from error
        finally:
            with self._lock:
                self._calls.discard(call)

    def _enter(self, call: Call) -> None:
        with self._lock:
            if self._closed:
                raise FetchFailed("closed")
            self._calls.add(call)

    def _out_of_time(self, url: str, timeout: float) -> FetchFailed:
        reason = "broken off" if self._closed else "took longer than %g s" % timeout
        return FetchFailed("%s: %s" % (address.shown(url), reason))

    def _follow(
        self, call: Call, url: str, headers: Mapping[str, str], take: Callable[[Call, Response], _T]
    ) -> _T:
        for _ in range(MAX_REDIRECTS + 1):
            address.check(url, self._local)
            with call.get(url, headers) as response:
                if response.status_code not in REDIRECTS:
                    return take(call, response)
                url = urljoin(url, _location(response))
        raise FetchFailed("more than %d redirects, the last to %s" % (MAX_REDIRECTS, address.shown(url)))


def retry_after(text: str) -> float:
    """The seconds that a Retry-After header (RFC 9110, 10.2.3) wants: a number, or a date; 0 if neither."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):  # the first is Python 3.8's
        return 0.0


def _location(response: Response) -> str:
    location = response.headers.get("Location", "")
    if not location:
        raise FetchFailed("HTTP %d without a place to go: %s" % _who(response))
    return location.encode("latin-1").decode("utf-8")  # http.client reads headers as latin-1


def _body(call: Call, response: Response, limit: int) -> bytes:
    if response.status_code != 200:
        wait = retry_after(response.headers.get("Retry-After", ""))
        raise FetchFailed("HTTP %d: %s" % _who(response), response.status_code, wait)
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in _CODINGS:
        raise FetchFailed("HTTP %d with a content coding we did not ask for: %s" % _who(response))
    promised = _promised(response.headers)
    body = bytearray()
    if (promised or 0) <= limit:
        chunks = response.raw.stream(_CHUNK, decode_content=False)
        for chunk in _unpacked(chunks, str(response.url)) if coding in _PACKED else chunks:
            body += chunk
            if len(body) > limit:
                break
    if max(promised or 0, len(body)) > limit:
        raise TooLarge("over %d bytes: %s" % (limit, address.shown(str(response.url))))
    call.remaining()  # a body without a length just ends when the connection is cut
    if promised is not None and response.raw.tell() < promised:
        raise FetchFailed("broken off after %d of %d bytes" % (response.raw.tell(), promised))
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], url: str) -> Iterator[bytes]:
    """What was packed. Raises FetchFailed for a stream cut short, which urllib3 takes for all of it."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its head
    for chunk in chunks:
        while chunk:
            if unpacker.eof:
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip may have several members
            try:
                yield unpacker.decompress(chunk)
            except zlib.error as error:
                raise FetchFailed("cannot be unpacked: %s: %s" % (address.shown(url), error)) from error
            chunk = unpacker.unused_data
    if not unpacker.eof:
        raise FetchFailed("what is packed in it is cut short: %s" % address.shown(url))


def _place(_call: Call, response: Response) -> str:
    if response.status_code != 206:
        raise FetchFailed("HTTP %d to a range: %s" % _who(response))
    return str(response.url)


def _promised(headers: Mapping[str, str]) -> int | None:
    if "Transfer-Encoding" in headers:  # then a length means nothing (RFC 9112, 6.3)
        return None
    text = headers.get("Content-Length", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 20):
        raise FetchFailed("no length: %s" % ascii(text[:40]))
    return int(text) if text else None


def _who(response: Response) -> tuple[int, str]:
    return response.status_code, address.shown(str(response.url))
