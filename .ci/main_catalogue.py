# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's own catalogue, for a zip that follows it from its first start on.

Two files are all there is of it in the zip: where it lies, and the keys that it began with. The works come
from there. See lib/commonreel/catalog/main.py.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

FOLDER = "resources/main/"
MAX_ROOT = 512_000  # bytes
THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def add_options(parser: argparse.ArgumentParser) -> None:
    """--catalogue and --root; empty where the zip is to be without."""
    parser.add_argument("--catalogue", default="")
    parser.add_argument("--root", default="")


def files(addresses: str, root: str) -> list[tuple[str, bytes]]:
    """What the zip gets of a catalogue. `addresses`: of its folder, the first one's mirrors behind it, with
    spaces between. `root`: path of its metadata/1.root.json. Nothing where both are empty; exits where they
    are no catalogue's."""
    if not addresses.split() and not root:
        return []
    if not addresses.split() or not root:
        raise SystemExit("A catalogue of the add-on's own takes CATALOGUE=https://… and ROOT=…/1.root.json")
    first, *mirrors = map(address, addresses.split())
    keys = first_root(Path(root))
    said = {"address": first, "fingerprint": hashlib.sha256(keys).hexdigest(), "mirrors": mirrors}
    return [(FOLDER + "followed.json", json.dumps(said, indent=2).encode()), (FOLDER + "root.json", keys)]


def first_root(path: Path) -> bytes:
    """The file, if it is what a catalogue begins with: version 1, signed by as many of its own keys as it
    says it must be."""
    try:
        content = path.read_bytes()
        if len(content) > MAX_ROOT:
            raise ValueError("over %d bytes" % MAX_ROOT)
        root = Metadata.from_bytes(content)
        if not isinstance(root.signed, Root) or root.signed.version != 1:
            raise ValueError("version %d of %s, not 1 of root" % (root.signed.version, root.signed.type))
        root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
    except (OSError, ValueError, RepositoryError) as error:
        raise SystemExit("%s: no catalogue's first keys: %s" % (path, error)) from error
    return content


def address(place: str) -> str:
    """The address of a folder, with a slash at its end. Exits where what comes from it could be forged."""
    parts = urlsplit(place)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in THIS_MACHINE):
        raise SystemExit("The address must begin with https://, not %r" % place)
    if not parts.netloc or parts.query or parts.fragment:
        raise SystemExit("%r is no address of a folder" % place)
    return place.rstrip("/") + "/"
