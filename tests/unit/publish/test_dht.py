# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of the DHT, as BEP 44 signs and places them: its own examples."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from commonreel.publish import dht, keys

KEY = bytes.fromhex("77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548")


@pytest.mark.parametrize(
    ("salt", "place", "signature"),
    [
        (
            b"",
            "4a533d47ec9c7d95b1ad75f576cffc641853b750",
            "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff"
            "1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01",
        ),
        (
            b"foobar",
            "411eba73b6f087ca51a3795d9c8c938d365e32c1",
            "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d"
            "df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08",
        ),
    ],
)
def test_as_bep_44_has_it(salt, place, signature):
    assert dht.place(KEY, salt).hex() == place
    text = dht.text(salt, 1, b"Hello World!")
    Ed25519PublicKey.from_public_bytes(KEY).verify(bytes.fromhex(signature), text)


def test_what_a_put_says():
    key = Ed25519PrivateKey.generate()
    item = dht.signed(key, b"", 7, {b"ih": b"x" * 20})
    assert {name: item[name] for name in (b"k", b"seq", b"v")} == {
        b"k": keys.public(key),
        b"seq": 7,
        b"v": {b"ih": b"x" * 20},
    }
    key.public_key().verify(item[b"sig"], dht.text(b"", 7, item[b"v"]))
    assert b"salt" not in item
    assert dht.signed(key, b"reel", 7, b"")[b"salt"] == b"reel"


def test_where_nobody_is_nothing_is_stored():
    key = Ed25519PrivateKey.generate()
    assert dht.put(dht.signed(key, b"", 1, b"x"), dht.place(keys.public(key), b""), [], 1) == (0, 0)
