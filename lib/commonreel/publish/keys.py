# SPDX-License-Identifier: GPL-3.0-or-later
"""A curator's keys: a folder of Ed25519 private keys, one a file, by the role that they sign for.

    root-1.pem … root-3.pem   who the others are; kept away from any network between uses
    targets-1.pem             what the catalogue holds
    snapshot.pem              which versions belong together
    timestamp.pem             which is the newest
    dht.pem                   which is the newest, to the DHT (BEP 46); no device believes it alone

    retired-1.pem             a key of root that has been replaced: it signs the change, once

PKCS #8 in PEM, readable by their owner alone. A role may have any number of keys.
"""

from __future__ import annotations

import re
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

ROLES = {"root": 3, "targets": 1, "snapshot": 1, "timestamp": 1, "dht": 1}  # how many keys each gets
MAX_SALT = 64  # bytes (BEP 44)
RETIRED = "retired"
_NAME = re.compile(r"([a-z]+)(?:-\d+)?\.pem")


def make(keys: Path) -> None:
    """New keys for every role. Raises FileExistsError where there are any."""
    if any(keys.glob("*.pem")):
        raise FileExistsError("there are keys in %s" % keys)
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for role, count in ROLES.items():
        for number in range(1, count + 1):
            name = "%s-%d.pem" % (role, number) if count > 1 else role + ".pem"
            write(keys / name, Ed25519PrivateKey.generate())


def read(keys: Path) -> dict[str, list[CryptoSigner]]:
    """Role → its keys, in the order of their files. Raises OSError, ValueError for what is no key."""
    found: dict[str, list[CryptoSigner]] = {}
    for path in sorted(keys.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named and named.group(1) in (*ROLES, RETIRED):
            found.setdefault(named.group(1), []).append(CryptoSigner(load(path)))
    return found


def load(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises OSError, ValueError for what is no key."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:  # the second: it has a password
        raise ValueError("%s: no private key: %s" % (path, error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("%s: not an Ed25519 key" % path)
    return key


def public(key: Ed25519PrivateKey) -> bytes:
    """The public key of it, 32 bytes."""
    return key.public_key().public_bytes_raw()


def pointer(path: Path, salt: str = "") -> dict[str, str]:
    """What a catalogue says of the key by which the DHT tells of it. Raises OSError, ValueError."""
    if len(salt.encode()) > MAX_SALT:
        raise ValueError("a salt of over %d bytes" % MAX_SALT)
    said = {"key": public(load(path)).hex(), "salt": salt.encode().hex()}
    return said if salt else {"key": said["key"]}


def write(path: Path, key: Ed25519PrivateKey) -> None:
    """A new file of that key, for its owner alone. Raises FileExistsError."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)
