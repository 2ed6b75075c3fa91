# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel stream`: a film for any player, without Kodi."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import threading
from pathlib import Path
from queue import Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, Callable, Union

from .. import __version__
from ..service.direct import Direct, Request
from ..works import magnet
from ..works.errors import CommonReelError
from . import giving, sole_user, standard_input
from .output import tell

if TYPE_CHECKING:
    # What ends the command: its exit status, or an error to tell.
    Ended = SimpleQueue[Union[int, Exception]]

LAST_ANSWERS = 0.4  # seconds for what was asked before standard input closed
MAX_PEERS = 64
QUEUE = 64  # requests that are read ahead


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        "stream",
        help="serve a film to any player, and print its address",
        description="Serves the film of a torrent over HTTP to players on this machine, as it is being "
        'fetched. Prints {"url", "pid"}, and ends with standard input (a terminal is let alone), on '
        'SIGTERM and on Ctrl-C. With - it prints {"ready", "pid"}, and opens what it reads: a line of '
        '{"source", "file", "peers"} each, answered with a line. Of more than '
        "eight films that are open the oldest is closed.",
    )
    command.add_argument(
        "source", metavar="SOURCE", help="a .torrent file or its address, a magnet link, or - to be told"
    )
    command.add_argument("--file", default="", metavar="NAME", help="path or name of the file to play")
    command.add_argument("--cache", type=Path, metavar="DIR", help="where to keep what has been fetched")
    command.add_argument("--port", type=_port, default=0, metavar="N", help="to listen on; a free one")
    command.add_argument(
        "--peer",
        type=peer,
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="who has it; may be given several times",
    )
    command.add_argument(
        "--allow-local",
        action="store_true",
        help="allow sources on this machine and network, and http; nothing is then announced to the world",
    )
    giving.add_to(command)
    command.add_argument("--verbose", action="store_true", help="log to standard error")
    command.set_defaults(run=_stream)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError("not a port: %.40r" % text)
    return int(text)


def peer(text: str) -> tuple[str, int]:
    try:
        return magnet.peer(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _stream(options: argparse.Namespace) -> int:
    ended: Ended = SimpleQueue()  # its put() is safe in a signal handler
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.put(0))
    _log(options.verbose)
    first = Request(options.source, options.file, tuple(options.peer))
    cache, chosen = options.cache or _cache(), giving.chosen(options)
    with sole_user.of(cache):
        direct = Direct(cache, __version__, options.allow_local, options.port, chosen)
        try:
            direct.start()
            serve = _serve_requests if options.source == "-" else _serve_one
            _behind(lambda: serve(direct, first, ended), ended)
            outcome = ended.get()
        finally:
            direct.stop()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _serve_one(direct: Direct, request: Request, ended: Ended) -> None:
    answered = threading.Event()

    def end_with_input() -> None:
        standard_input.wait_for_end()
        answered.wait(LAST_ANSWERS)
        ended.put(0)

    _behind(end_with_input, ended)
    tell({"url": direct.open(request), "pid": os.getpid()})
    answered.set()


def _serve_requests(direct: Direct, defaults: Request, ended: Ended) -> None:
    requests: Queue[bytes | None] = Queue(QUEUE)

    def answer_all() -> None:
        for line in iter(requests.get, None):
            tell(_answer(direct, line, defaults))
        ended.put(0)

    tell({"ready": True, "pid": os.getpid()})
    answering = _behind(answer_all, ended)
    for line in standard_input.lines():
        requests.put(line)
    requests.put(None)
    answering.join(LAST_ANSWERS)
    ended.put(0)


def _answer(direct: Direct, line: bytes, defaults: Request) -> dict[str, object]:
    try:
        return {"url": direct.open(_request(line, defaults)), "pid": os.getpid()}
    except (CommonReelError, OSError, ValueError) as error:
        return {"error": str(error)}
    except Exception as error:  # whatever it is, the next line is read
        logging.getLogger(__name__).exception("a request failed")
        return {"error": repr(error)}


def _request(line: bytes, defaults: Request) -> Request:
    """The request of a line. Raises ValueError."""
    if len(line) > standard_input.MAX_LINE:
        raise ValueError("a line of over %d bytes" % standard_input.MAX_LINE)
    try:
        asked = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON: %s" % error) from error
    if not isinstance(asked, dict) or not asked.keys() <= {"source", "file", "peers"}:
        raise ValueError("an object with source, and maybe file and peers, is wanted")
    source, file, peers = asked.get("source"), asked.get("file") or defaults.file, asked.get("peers") or []
    if not isinstance(source, str) or not source:
        raise ValueError("source: a text is wanted")
    if not isinstance(file, str):
        raise ValueError("file: a text is wanted")
    if not isinstance(peers, list) or len(peers) > MAX_PEERS or not all(isinstance(p, str) for p in peers):
        raise ValueError("peers: a list of at most %d texts HOST:PORT is wanted" % MAX_PEERS)
    return Request(source, file, tuple(map(magnet.peer, peers)) or defaults.peers)


def _behind(run: Callable[[], object], ended: Ended) -> threading.Thread:
    """Run it in a thread; what it raises ends the command."""

    def guarded() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 (main() tells of it)
            ended.put(error)

    thread = threading.Thread(target=guarded, name="commonreel-stream", daemon=True)
    thread.start()
    return thread


def _cache() -> Path:
    """Below the user's folder for caches (XDG Base Directory Specification)."""
    stated = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (stated if stated.is_absolute() else Path.home() / ".cache") / "commonreel"


def _log(verbose: bool) -> None:
    if verbose:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(message)s")
    else:
        logging.disable()
