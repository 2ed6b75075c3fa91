# SPDX-License-Identifier: GPL-3.0-or-later
"""What may not leave the device with a log does not, and what is of use to find a fault does."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from commonreel.works.redaction import MARK, redacted

HASH = "0123456789abcdef0123456789abcdef01234567"
IPV6 = ("2001:db8::1", "::1", "fe80::1%eth0", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::5")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("peer 192.0.2.7:6881 has gone", "peer █ has gone"),
        *(("peer %s has gone" % address, "peer █ has gone") for address in IPV6),
        ("write to ann.lee+films@example.org.", "write to █."),
        ("https://archive.org/download/Cops/Cops.mp4: HTTP 404", "https://█ HTTP 404"),
        ("udp://tracker.example:1337/announce", "udp://█"),
        ("smb://ann:hush@nas/films/x.mp4", "smb://█"),
        ("magnet:?xt=urn:btih:%s&dn=Cops" % HASH, "█"),
        (
            "plugin://plugin.video.commonreel/play/?id=ia%3ACops: no",
            "plugin://plugin.video.commonreel/play/?█ no",
        ),
        (
            "no such address: plugin://plugin.video.commonreel/search/results/?q=cops",
            "no such address: plugin://plugin.video.commonreel/search/results/?█",
        ),
        ("commonreel.proxy: GET /v1/media/abc-def/Cops.mp4: 206", "commonreel.proxy: GET █ 206"),
        ("%s goes from the cache" % HASH, "█ goes from the cache"),
        ("Bearer dGhpcyBpcyBhIHNlY3JldA1", "Bearer █"),
        ("ia:Cops does not open: no-source: x", "█ does not open: no-source: x"),
        ("torrent-private: Night of the Living Dead (1968)", "torrent-private: █"),
        ("unknown-work: Cops, the film", "unknown-work: █"),
        ("cannot read /home/ann lee/my films/Cops.mp4", "cannot read █"),
        ("[Errno 2] No such file: '/home/ann/x y.mp4' (2)", "[Errno 2] No such file: '█' (2)"),
        ('File "/home/ann/o\'neil/x.py", line 3', 'File "█", line 3'),
        (r"cannot read C:\Users\Ann Lee\x.mp4", "cannot read █"),
        (r"'\\nas\films\x.mp4'", "'█'"),
        ("~/films is empty", "█"),
    ],
)
def test_what_is_private_goes(line, left):
    assert redacted(line) == left


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-25 03:23:36.123 T:4242    info <general>: [plugin.video.commonreel] commonreel.kodi.log: up",
        "libtorrent 2.0.11.0 of Python 3.11.2",
        'File "<add-on>/lib/commonreel/kodi/playing/play.py", line 83, in _fetch',
        "the engine: libtorrent 2.0.8",
        "the local folder is read: 3 works, 1 problem",
        "commonreel.works.errors.NoSource: no-source: nothing came for 45 s",
        "torrent-invalid",
        "12 kB / s",
    ],
)
def test_what_is_of_use_stays(line):
    version = "2.0.11.0"  # looks like an address, and is the price
    assert redacted(line) == line.replace(version, MARK)


def test_known_folders_get_their_name():
    places = [
        ("/home/ann/.kodi/addons/plugin.video.commonreel/", "<add-on>/"),
        ("/home/ann/.kodi/", "<kodi>/"),
        ("", "nowhere"),
    ]
    traced = 'File "/home/ann/.kodi/addons/plugin.video.commonreel/lib/x.py", line 3'
    assert redacted(traced, places=places) == 'File "<add-on>/lib/x.py", line 3'


@pytest.mark.parametrize("shape", ["%s", "Proxy(host=%r)", "http://%s:1080/", "'%s'", "asked %s, in vain"])
def test_a_secret_goes_wherever_it_stands(shape):
    for secret in ("proxy.Example", "hush hush", "o'neil", "C:\\Users\\ann"):
        assert secret not in redacted(shape % secret, [secret])


@given(
    secrets=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4),
    between=st.lists(st.text(string.printable, max_size=30), min_size=2, max_size=5),
)
def test_no_secret_goes_through(secrets, between):
    secrets = [secret for secret in secrets if secret.strip()]
    assume(not any(MARK in secret for secret in secrets))
    text = "".join(part + secret for part in between for secret in secrets)
    left = redacted(text, secrets)
    assert not [secret for secret in secrets if secret in left]


@given(st.text(max_size=200))
@example("a:0:0")
def test_what_was_redacted_stays_as_it_is(text):
    once = redacted(text)
    assert redacted(once) == once


@given(address=st.ip_addresses().filter(lambda each: not each.is_unspecified), port=st.integers(1, 65535))
def test_no_address_goes_through(address, port):
    shown = "[%s]:%d" if address.version == 6 else "%s:%d"
    for line in (shown % (address, port), "peer %s is slow" % address):
        assert str(address) not in redacted(line)
