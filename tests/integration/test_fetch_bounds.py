# SPDX-License-Identifier: GPL-3.0-or-later
"""The fetch against servers that lie, loop, bomb, drip, and lead to private addresses."""

from __future__ import annotations

import gc
import gzip
import socket
import ssl
import subprocess
import threading
import time
import zlib
from pathlib import Path
from typing import Callable, Iterator

import pytest
import requests

from commonreel.net import guard
from commonreel.net.fetch import MAX_REDIRECTS, Fetcher
from commonreel.works.errors import AddressRefused, FetchFailed, TooLarge

BODY = bytes(range(256)) * 40
LIMIT = 100_000
Page = Callable[[socket.socket], None]


def reply(body: bytes = b"", status: str = "200 OK", *fields: str, length: int | None = None) -> Page:
    """A page that answers with exactly this, and closes."""
    head = ["HTTP/1.1 " + status, *fields, "Connection: close"]
    if length is None or length >= 0:
        head.append("Content-Length: %d" % (len(body) if length is None else length))
    return lambda sock: sock.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + body)


def moved(place: str, status: str = "302 Found") -> Page:
    return reply(b"elsewhere", status, "Location: " + place)


class Site:
    """A server on loopback: pages by path, each a function of the connection."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []  # request heads
        self.ended = threading.Event()
        self._tls = tls
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.address = "http://127.0.0.1:%d" % self.port
        self._run(self._accept)

    def close(self) -> None:
        self.ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._run(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                more = sock.recv(65536)
                if not more:
                    return
                head += more
            self.asked.append(head.decode("latin-1"))
            self.pages.get(head.split()[1].decode(), reply(status="404 Not Found"))(sock)
        except OSError:  # the client has had enough
            return
        finally:
            sock.close()


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher("CommonReel/1.2.3", local=True)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Site, Path]]:
    """A site with a certificate of its own making for films.example, and that certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    subject = ["-subj", "/CN=films.example", "-addext", "subjectAltName=DNS:films.example"]
    out = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *subject, *out], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Site(context)
    yield server, certificate
    server.close()


def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if certifi had it among its roots."""
    monkeypatch.setattr(guard, "DEFAULT_CA_BUNDLE_PATH", str(certificate))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the IP addresses they lead to, in place of DNS; 'looked up' lists what was asked."""
    table: dict[str, list[str]] = {}
    look_up = socket.getaddrinfo

    def fake(host: str, port: int, *args: object, **kwargs: object) -> list[object]:
        found: list[object] = []
        for ip in table.get(host, [host]):
            found += look_up(ip, port, type=socket.SOCK_STREAM)
        table.setdefault("looked up", []).append(host)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return table


# Answers


def test_a_body(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x?y=1"] = reply(BODY)
    assert fetcher.get(site.address + "/x?y=1#z", LIMIT, 5) == BODY
    assert "user-agent: commonreel/1.2.3\r\n" in site.asked[0].lower()
    assert "cookie" not in site.asked[0].lower()


def test_an_empty_body(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = reply(b"")
    assert fetcher.get(site.address, LIMIT, 5) == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "GZIP"])
def test_a_compressed_body(site: Site, fetcher: Fetcher, coding: str) -> None:
    packed = zlib.compress(BODY) if coding == "deflate" else gzip.compress(BODY)
    site.pages["/"] = reply(packed, "200 OK", "Content-Encoding: " + coding)
    assert fetcher.get(site.address, LIMIT, 5) == BODY


def test_a_chunked_body_and_one_without_a_length(site: Site, fetcher: Fetcher) -> None:
    chunks = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    site.pages["/chunked"] = reply(chunks, "200 OK", "Transfer-Encoding: chunked", length=-1)
    site.pages["/until-the-end"] = reply(BODY, length=-1)
    assert fetcher.get(site.address + "/chunked", LIMIT, 5) == b"hello world"
    assert fetcher.get(site.address + "/until-the-end", LIMIT, 5) == BODY


def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = reply(BODY, "200 OK", 'ETag: "one"')
    assert fetcher.get_newer(site.address, "", LIMIT, 5) == (BODY, '"one"')
    assert "if-none-match" not in site.asked[0].lower()
    site.pages["/"] = reply(b"", "304 Not Modified")
    assert fetcher.get_newer(site.address, '"one"', LIMIT, 5) is None
    assert 'if-none-match: "one"' in site.asked[1].lower()
    site.pages["/"] = reply(b"newer")
    assert fetcher.get_newer(site.address, '"one"', LIMIT, 5) == (b"newer", "")
    site.pages["/"] = reply(b"", "304 Not Modified")
    with pytest.raises(FetchFailed):  # nobody asked whether it has changed
        fetcher.get_newer(site.address, "", LIMIT, 5)


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Oops", "204 No Content", "206 Partial Content", "304 Same"]
)
def test_only_200_is_an_answer(site: Site, fetcher: Fetcher, status: str) -> None:
    site.pages["/x"] = reply(b"", status)
    with pytest.raises(FetchFailed, match="HTTP " + status[:3]):
        fetcher.get(site.address + "/x", LIMIT, 5)


@pytest.mark.parametrize(
    "page",
    [
        reply(BODY, length=len(BODY) + 1),
        reply(b"", length=1),
        reply(b"5\r\nhel", "200 OK", "Transfer-Encoding: chunked", length=-1),
        reply(b"5\r\nhello\r\n", "200 OK", "Transfer-Encoding: chunked", length=-1),
        reply(b"zz\r\nhello\r\n", "200 OK", "Transfer-Encoding: chunked", length=-1),
        reply(b"not gzip", "200 OK", "Content-Encoding: gzip"),
        *(reply(gzip.compress(BODY)[:-cut], "200 OK", "Content-Encoding: gzip") for cut in (1, 9, 200)),
        reply(gzip.compress(BODY) + gzip.compress(BODY)[:-9], "200 OK", "Content-Encoding: gzip"),
        reply(zlib.compress(BODY)[:-9], "200 OK", "Content-Encoding: deflate"),
        reply(b"", "200 OK", "Content-Encoding: gzip"),
        reply(gzip.compress(gzip.compress(BODY)), "200 OK", "Content-Encoding: gzip, gzip"),
        reply(BODY, "200 OK", "Content-Encoding: br"),
        reply(BODY, "200 OK", "Content-Length: -5", length=-1),
        reply(BODY, "abc OK"),
        reply(BODY, "200 OK", *["A: b"] * 200),
        reply(BODY, "200 OK", "A: " + "b" * 70000),
        lambda sock: sock.sendall(b"GARBAGE\r\n\r\n"),
        lambda sock: None,
    ],
)
def test_answers_that_are_none(site: Site, fetcher: Fetcher, page: Page) -> None:
    site.pages["/x"] = page
    with pytest.raises(FetchFailed) as raised:
        fetcher.get(site.address + "/x", LIMIT, 5)
    assert type(raised.value) is FetchFailed
    assert raised.value.detail


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_two_lengths(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = reply(BODY, "200 OK", "Content-Length: 5")
    with pytest.raises(FetchFailed):
        fetcher.get(site.address + "/x", LIMIT, 5)
    gc.collect()  # urllib3 leaves that answer's socket to the collector: here, not in another test


def test_nobody_listens(site: Site, fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchFailed, match="refused"):
        fetcher.get("http://127.0.0.1:%d/" % port, LIMIT, 5)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "no-such-host.invalid", "ex%41mple"])
def test_names_that_lead_nowhere(fetcher: Fetcher, host: str) -> None:
    with pytest.raises(FetchFailed):
        fetcher.get("https://%s/" % host, LIMIT, 5)


# Size


def test_the_limit_is_the_last_byte_allowed(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = reply(BODY)
    assert fetcher.get(site.address, len(BODY), 5) == BODY
    with pytest.raises(TooLarge):
        fetcher.get(site.address, len(BODY) - 1, 5)


def endless(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(bytes(65536))


def test_a_body_without_end(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = endless
    with pytest.raises(TooLarge):
        fetcher.get(site.address, LIMIT, 5)


def test_a_length_over_the_limit_is_enough_to_refuse(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = reply(b"", length=LIMIT + 1)
    with pytest.raises(TooLarge):
        fetcher.get(site.address, LIMIT, 5)


def test_a_bomb(site: Site, fetcher: Fetcher) -> None:
    """100 MB in 100 kB: refused at the limit, not after all of it was unpacked."""
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 100_000
    site.pages["/"] = reply(bomb, "200 OK", "Content-Encoding: gzip")
    with pytest.raises(TooLarge):
        fetcher.get(site.address, LIMIT, 10)


# Time


def drips(first: bytes, drip: bytes) -> Page:
    def page(sock: socket.socket) -> None:
        sock.sendall(first)
        pause = threading.Event()
        while not pause.wait(0.05):
            sock.sendall(drip)

    return page


@pytest.mark.parametrize(
    "page",
    [
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x"),
        drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drips(b"HTTP/1.1 200 OK\r\nA: ", b"x"),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_time_counts_for_the_whole_fetch(site: Site, fetcher: Fetcher, page: Page) -> None:
    site.pages["/x"] = page
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"longer than 0\.4 s"):
        fetcher.get(site.address + "/x", LIMIT, 0.4)
    assert 0.3 < time.monotonic() - began < 2


def test_redirects_share_the_time(site: Site, fetcher: Fetcher) -> None:
    def slow(sock: socket.socket) -> None:
        if not site.ended.wait(0.25):
            moved("/x")(sock)

    site.pages["/x"] = slow
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="longer than"):
        fetcher.get(site.address + "/x", LIMIT, 0.4)
    assert time.monotonic() - began < 2


def test_an_address_that_swallows_packets(fetcher: Fetcher) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # and nobody accepts: Linux drops what comes when the queue is full
        for sock in (first, second):
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        began = time.monotonic()
        with pytest.raises(FetchFailed):
            fetcher.get("http://127.0.0.1:%d/" % full.getsockname()[1], LIMIT, 0.4)
        assert time.monotonic() - began < 2


def test_close_breaks_off_a_fetch_in_another_thread(site: Site, fetcher: Fetcher) -> None:
    under_way = threading.Event()

    def silent(sock: socket.socket) -> None:
        under_way.set()
        site.ended.wait(20)

    site.pages["/x"] = silent
    seen: list[FetchFailed] = []

    def fetch() -> None:
        try:
            fetcher.get(site.address + "/x", LIMIT, 30)
        except FetchFailed as error:
            seen.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert under_way.wait(5)
    fetcher.close()
    thread.join(2)
    assert not thread.is_alive()
    assert "broken off" in str(seen[0])
    with pytest.raises(FetchFailed, match="closed"):
        fetcher.get(site.address + "/x", LIMIT, 5)


def test_no_thread_and_no_connection_is_left(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = reply(BODY)
    fetcher.get(site.address + "/x", LIMIT, 60)
    names = [thread.name for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert names == []


# Redirects


def test_redirects_are_followed(site: Site, fetcher: Fetcher) -> None:
    site.pages["/1"] = moved("/2", "301 Moved")
    site.pages["/2"] = moved(site.address + "/a/3", "302 Found")
    site.pages["/a/3"] = moved("4?x=%20y#z", "303 See")
    site.pages["/a/4?x=%20y"] = moved("//127.0.0.1:%d/5" % site.port, "307 Temporary")
    site.pages["/5"] = moved("/6/f%C3%A9e", "308 Permanent")
    site.pages["/6/f%C3%A9e"] = reply(BODY)
    assert fetcher.get(site.address + "/1", LIMIT, 5) == BODY


def test_a_place_in_utf_8(site: Site, fetcher: Fetcher) -> None:
    site.pages["/1"] = moved("/fée".encode().decode("latin-1"))
    site.pages["/f%C3%A9e"] = reply(BODY)
    assert fetcher.get(site.address + "/1", LIMIT, 5) == BODY


def test_not_without_end(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = moved("/x")
    with pytest.raises(FetchFailed, match="redirects"):
        fetcher.get(site.address + "/x", LIMIT, 5)
    assert len(site.asked) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a@127.0.0.1/", "http://:1", "javascript:x"]
)
def test_each_place_is_checked(site: Site, fetcher: Fetcher, place: str) -> None:
    site.pages["/x"] = moved(place)
    with pytest.raises(AddressRefused):
        fetcher.get(site.address + "/x", LIMIT, 5)


def test_a_redirect_to_nowhere(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = reply(b"", "302 Found")
    with pytest.raises(FetchFailed, match="without a place"):
        fetcher.get(site.address + "/x", LIMIT, 5)


def test_where_the_redirects_end(site: Site, fetcher: Fetcher) -> None:
    site.pages["/download/a%20film"] = moved("/12/items/a%20film")
    site.pages["/12/items/a%20film"] = reply(b"x", "206 Partial Content")
    assert fetcher.locate(site.address + "/download/a%20film", 5) == site.address + "/12/items/a%20film"
    assert all("Range: bytes=0-0" in head for head in site.asked)


def test_a_place_that_knows_no_ranges_is_none(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = reply(BODY)
    with pytest.raises(FetchFailed, match="200 to a range"):
        fetcher.locate(site.address + "/x", 5)


def test_the_body_of_a_redirect_is_not_read(site: Site, fetcher: Fetcher) -> None:
    def page(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: /y\r\n\r\n")
        while True:
            sock.sendall(bytes(65536))

    site.pages["/x"] = page
    site.pages["/y"] = reply(BODY)
    assert fetcher.get(site.address + "/x", LIMIT, 5) == BODY


def test_no_cookie_is_kept(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = reply(b"", "302 Found", "Location: /y", "Set-Cookie: a=b; Path=/")
    site.pages["/y"] = reply(BODY)
    fetcher.get(site.address + "/x", LIMIT, 5)
    assert "cookie" not in site.asked[1].lower()


# Place


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_refused_in_every_spelling(site: Site, host: str) -> None:
    with pytest.raises(AddressRefused):
        Fetcher("CommonReel").get("https://%s:%d/" % (host, site.port), LIMIT, 5)
    assert site.asked == []


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "::ffff:127.0.0.1", "fe80::1"]
)
def test_a_public_name_that_leads_to_a_private_address(
    site: Site, names: dict[str, list[str]], ip: str
) -> None:
    names["films.example"] = [ip]
    with pytest.raises(AddressRefused, match="leads to no public"):
        Fetcher("CommonReel").get("https://films.example:%d/" % site.port, LIMIT, 5)
    assert site.asked == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    secure: tuple[Site, Path], names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No second look-up that could lead elsewhere (DNS rebinding), and no private address tried."""
    site, certificate = secure
    site.pages["/x"] = reply(BODY)
    checked: list[str] = []

    def public(ip: str) -> bool:
        checked.append(ip)
        return ip == "127.0.0.1"  # as if it were

    monkeypatch.setattr(guard, "public", public)
    trust(certificate, monkeypatch)
    names["films.example"] = ["127.0.0.2", "127.0.0.1"]
    assert Fetcher("CommonReel").get("https://films.example:%d/x" % site.port, LIMIT, 5) == BODY
    assert names["looked up"] == ["films.example"]
    assert checked == ["127.0.0.2", "127.0.0.1"]


def test_a_redirect_to_a_private_address(
    secure: tuple[Site, Path], names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    outside, certificate = secure
    monkeypatch.setattr(guard, "public", lambda ip: ip == "127.0.0.1")
    trust(certificate, monkeypatch)
    names["films.example"] = ["127.0.0.1"]
    names["inside.example"] = ["10.0.0.1"]
    outside.pages["/name"] = moved("https://inside.example/")
    outside.pages["/ip"] = moved("https://192.168.0.1/")
    outside.pages["/plain"] = moved(site.address)
    for path in ("/name", "/ip", "/plain"):
        with pytest.raises(AddressRefused):
            Fetcher("CommonReel").get("https://films.example:%d%s" % (outside.port, path), LIMIT, 5)
    assert site.asked == []


def test_the_next_address_is_tried(site: Site, fetcher: Fetcher, names: dict[str, list[str]]) -> None:
    site.pages["/x"] = reply(BODY)
    names["films.example"] = ["127.0.0.9", "127.0.0.1"]
    assert fetcher.get("http://films.example:%d/x" % site.port, LIMIT, 5) == BODY
    assert "host: films.example:%d" % site.port in site.asked[0].lower()


# Trust


def test_a_certificate_that_nobody_vouches_for(
    secure: tuple[Site, Path], fetcher: Fetcher, names: dict[str, list[str]]
) -> None:
    site, _ = secure
    names["films.example"] = ["127.0.0.1"]
    with pytest.raises(FetchFailed, match=r"(?i)certificate"):
        fetcher.get("https://films.example:%d/" % site.port, LIMIT, 5)
    assert site.asked == []


def test_a_certificate_for_another_name(
    secure: tuple[Site, Path], fetcher: Fetcher, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, certificate = secure
    trust(certificate, monkeypatch)
    names["other.example"] = ["127.0.0.1"]
    with pytest.raises(FetchFailed, match=r"(?i)certificate|hostname"):
        fetcher.get("https://other.example:%d/" % site.port, LIMIT, 5)
    assert site.asked == []


def test_the_environment_changes_nothing(
    secure: tuple[Site, Path],
    fetcher: Fetcher,
    site: Site,
    names: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside, certificate = secure
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(certificate))
    netrc = certificate.with_name("netrc")
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(site.address) == ("me", "secret")
    site.pages["/x"] = reply(BODY)
    assert fetcher.get(site.address + "/x", LIMIT, 5) == BODY
    assert "authorization" not in site.asked[0].lower()
    names["films.example"] = ["127.0.0.1"]
    with pytest.raises(FetchFailed, match=r"(?i)certificate"):
        fetcher.get("https://films.example:%d/" % outside.port, LIMIT, 5)
