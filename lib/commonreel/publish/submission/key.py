# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker's key: one file, and the same key as 24 words to be written down on paper.

Ed25519 (RFC 8032), PKCS #8 in PEM. The words are the private key's 32 bytes in BIP 39's notation, which
notices a wrong word.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mnemonic import Mnemonic

from .. import keys

WORDS = 24


def make(path: Path) -> Ed25519PrivateKey:
    """A new key in a new file, for its owner alone. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    keys.write(path, key)
    return key


def restore(path: Path, words: str) -> Ed25519PrivateKey:
    """The key of these words, in a new file. Raises FileExistsError, ValueError for what are not a key's."""
    said = words.lower().split()
    if len(said) != WORDS:
        raise ValueError("%d words, not %d" % (len(said), WORDS))
    try:
        key = Ed25519PrivateKey.from_private_bytes(bytes(_NOTATION.to_entropy(said)))
    except (LookupError, ValueError) as error:
        raise ValueError("these are not the words of a key: one of them is wrong") from error
    keys.write(path, key)
    return key


def words(key: Ed25519PrivateKey) -> str:
    return _NOTATION.to_mnemonic(key.private_bytes_raw())


_NOTATION = Mnemonic("english")
