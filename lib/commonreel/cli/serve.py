# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel serve`: service and proxy without Kodi, for the Kodis of a home (docs/remote-engine.md)."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any, Sequence

from .. import __version__
from ..proxy.endpoint import Endpoint
from ..proxy.server import Listening
from ..service.config import GIB, Config
from ..service.service import Service
from ..works.countries import CODES
from . import giving, sole_user, token_file
from .output import tell
from .signals import End

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "catalogue.json"


def add_to(commands: Any) -> None:
    command = commands.add_parser("serve", help="fetch films for Kodi on other devices of this network")
    add = command.add_argument
    add(
        "--listen",
        required=True,
        type=_address,
        metavar="ADDRESS:PORT",
        help="a number of this machine: 192.168.1.10:8090, [fd00::1]:8090; 0.0.0.0:8090 is all of them",
    )
    add("--token-file", required=True, type=Path, help="its token is wanted of callers; made if not there")
    add("--catalog", type=_folder, metavar="DIR", help="a folder of records and torrents of your own")
    add("--starter", type=_file, metavar="FILE", help="another catalogue in place of the one that we ship")
    add("--country", type=_country, metavar="CC", help="else only what is free everywhere")
    add("--allow-host", action="append", default=[], metavar="NAME", help="what callers may call us besides")
    add("--cache-gb", type=giving.positive, default=10, metavar="N", help="disk space for films (10)")
    add("--profile", type=Path, metavar="DIR", help="where all is kept (~/.local/share/commonreel)")
    giving.add_to(command)
    command.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    """Run until a signal ends it. Raises CommonReelError, OSError, ValueError where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    end = End()
    profile = options.profile or _profile()
    with sole_user.of(profile):
        service = Service(_config(options, profile), lambda _: None, _complain, _listening(options))
        try:
            service.open()
            tell({"listening": service.address, "pid": os.getpid()})
            while not end.within(TICK_SECONDS):
                service.tick()
        finally:
            service.stop()
    return 0


def _config(options: argparse.Namespace, profile: Path) -> Config:
    return Config(
        profile=profile,
        starter=options.starter or (SHIPPED if SHIPPED.is_file() else None),
        version=__version__,
        country=options.country or "",
        local_folder=options.catalog,
        cache_limit=options.cache_gb * GIB,
        streaming=giving.chosen(options),
    )


def _listening(options: argparse.Namespace) -> Listening:
    hosts = tuple(Endpoint.parse(name, 0) for name in options.allow_host)
    return Listening(options.listen, token_file.read(options.token_file), hosts)


def _complain(problems: Sequence[str]) -> None:
    for problem in problems:
        log.warning("left out of the catalogue folder: %s", problem)


def _profile() -> Path:
    """The user's folder for data (XDG Base Directory Specification)."""
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "commonreel"


# Arguments: a ValueError or ArgumentTypeError becomes argparse's one line, and exit status 2.


def _address(text: str) -> Endpoint:
    try:
        at = Endpoint.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not at.numeric:
        raise argparse.ArgumentTypeError("a number such as 192.168.1.10 is wanted, not %r" % at.host)
    return at


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError("no such folder: %s" % text)
    return Path(text)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError("no such file: %s" % text)
    return Path(text)


def _country(text: str) -> str:
    if text.upper() not in CODES:
        raise argparse.ArgumentTypeError("not a country of ISO 3166-1: %r" % text)
    return text.upper()
