# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker takes a work back: a few words, signed with the key that the work was sent in with.

withdrawal.json   {"v": 1, "withdraw": the work's id, "why", "publicKey": base64 of the 32 bytes, "at": date}
withdrawal.sig    a minisign signature of that file's bytes
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ...works.declaration import fingerprint, key_of
from ...works.errors import RecordInvalid
from ...works.fields import Fields
from ...works.record_parts import ID
from ...works.strict_json import strict_json
from .. import keys
from . import minisign

FILE, SIGNATURE = "withdrawal.json", "withdrawal.sig"
MAX_BYTES = 16 << 10
VERSION = 1

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Withdrawal(NamedTuple):
    work: str  # its id
    why: str
    at: str  # ISO 8601 date
    key: str  # fingerprint


def write(out: Path, work: str, why: str, key: Ed25519PrivateKey, today: str) -> None:
    """Both files, into that folder. Raises OSError."""
    public = base64.b64encode(keys.public(key)).decode()
    said = {"v": VERSION, "withdraw": work, "why": why, "publicKey": public, "at": today}
    body = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_bytes(body)
    (out / SIGNATURE).write_text(minisign.sign(body, key, "withdraws %s" % work), "utf-8")


def read(folder: Path) -> Withdrawal:
    """What has been signed there. Raises OSError, RecordInvalid, ValueError."""
    with (folder / FILE).open("rb") as file:
        body = file.read(MAX_BYTES + 1)
    with (folder / SIGNATURE).open("rb") as file:
        signature = file.read(minisign.MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise RecordInvalid("%s: more than %d bytes" % (FILE, MAX_BYTES))
    fields = Fields(strict_json(body), "", False)
    fields.number("v", VERSION, VERSION, required=True)
    signer = key_of(fields)
    minisign.verify(body, signature, signer)
    return Withdrawal(
        fields.matching("withdraw", ID, 200, required=True),
        fields.text("why", 500, required=True),
        fields.matching("at", _DATE, 10, required=True),
        fingerprint(signer),
    )
