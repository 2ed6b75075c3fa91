# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures in minisign's format; tests/integration/test_submit.py has minisign itself check one."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonreel.publish.submission import minisign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
SIGNED = minisign.sign(b"content", KEY, "of a film").encode()


def test_what_was_signed_is_verified_with_its_comment():
    assert minisign.verify(b"content", SIGNED, PUBLIC) == "of a film"


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        (b"Content", SIGNED),
        (b"content", SIGNED.replace(b"of a film", b"of a Film")),
        (b"content", SIGNED.replace(b"trusted comment: of", b"trusted comment: of\nof")),
        (b"content", b""),
        (b"content", SIGNED + SIGNED),
        (b"content", b"\xff" + SIGNED),
        (b"content", SIGNED + b" " * minisign.MAX_BYTES),
    ],
)
def test_what_was_not_signed_is_refused(content, signature):
    with pytest.raises(ValueError, match=r"minisign|signature|bytes|decode"):
        minisign.verify(content, signature, PUBLIC)


def test_another_key_is_refused():
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(ValueError, match="another key"):
        minisign.verify(b"content", SIGNED, other)
