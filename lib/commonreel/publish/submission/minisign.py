# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures in minisign's format (https://jedisct1.github.io/minisign/), made and checked with a plain
Ed25519 key.

    untrusted comment: …
    base64("ED" + key number, 8 bytes + signature of the content's BLAKE2b-512, 64 bytes)
    trusted comment: …
    base64(signature of the signature above and the trusted comment, 64 bytes)

The key number is the start of the key's fingerprint: it helps to find a key, and proves nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ...works.declaration import fingerprint
from .. import keys

MAX_BYTES = 4096  # of a signature file

_PREHASHED = b"ED"
_KEY = b"Ed"
_FILE = re.compile(
    r"untrusted comment: [^\r\n]*\r?\n([A-Za-z0-9+/]{99}=)\r?\n"
    r"trusted comment: ([^\r\n]*)\r?\n([A-Za-z0-9+/]{86}==)\r?\n?"
)


def public_key(key: bytes) -> str:
    """A public key of 32 bytes as `minisign -P` takes it."""
    return base64.b64encode(_KEY + _number(key) + key).decode()


def sign(content: bytes, key: Ed25519PrivateKey, comment: str) -> str:
    """The signature file's text. `comment`: one line, signed with the content."""
    public = keys.public(key)
    signature = key.sign(_digest(content))
    both = key.sign(signature + comment.encode())
    return "untrusted comment: Common Reel key %s\n%s\ntrusted comment: %s\n%s\n" % (
        fingerprint(public),
        base64.b64encode(_PREHASHED + _number(public) + signature).decode(),
        comment,
        base64.b64encode(both).decode(),
    )


def verify(content: bytes, signature_file: bytes, key: bytes) -> str:
    """The trusted comment of the content's signature by that public key. Raises ValueError, which says why,
    where it is none."""
    if len(signature_file) > MAX_BYTES:
        raise ValueError("more than %d bytes" % MAX_BYTES)
    found = _FILE.fullmatch(signature_file.decode())
    if not found:
        raise ValueError("not a minisign signature")
    head, comment, both = base64.b64decode(found[1]), found[2], base64.b64decode(found[3])
    kind, number, signature = head[:2], head[2:10], head[10:]
    if kind != _PREHASHED or number != _number(key):
        raise ValueError("of another kind, or by another key")
    try:
        signer = Ed25519PublicKey.from_public_bytes(key)
        signer.verify(signature, _digest(content))
        signer.verify(both, signature + comment.encode())
    except InvalidSignature as error:
        raise ValueError("not this key's signature of these bytes") from error
    return comment


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content).digest()


def _number(key: bytes) -> bytes:
    return bytes.fromhex(fingerprint(key))[:8]
