# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines side by side: ours, its rivals, and nginx for the limit."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from .engine import Engine, Talking, told
from .swarm import Source
from .web_server import WebServer, free_port

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = REPOSITORY / "build" / "bench"  # where npm has put the rivals
DEBIAN_PYTHON = "/usr/bin/python3"


class Ours(Talking):
    """The wheel of libtorrent that `make setup` installs."""

    title = "Common Reel"
    python = sys.executable

    def command(self) -> list[str]:
        cache = str(self.scratch / "cache")
        return [self.python, "-m", "commonreel", "stream", "-", "--cache", cache, "--allow-local"]

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(REPOSITORY / "lib")}

    @classmethod
    def version(cls) -> str:
        asked = "import libtorrent, platform; print(libtorrent.__version__, platform.python_version())"
        return "libtorrent %s, Python %s" % tuple(_output(cls.python, "-W", "ignore", "-c", asked).split())


class OursOnDebian(Ours):
    """Debian's libtorrent, of the 2.0 series."""

    title = "Common Reel, Debian's libtorrent"
    python = DEBIAN_PYTHON


class WebTorrentLibrary(Talking):
    title = "WebTorrent, library"

    def command(self) -> list[str]:
        adapter = Path(__file__).with_name("webtorrent.mjs")
        return ["node", str(adapter), str(PACKAGES), str(self.scratch), str(free_port())]

    @classmethod
    def version(cls) -> str:
        return "webtorrent %s, node %s" % (_package("webtorrent"), _node())


class WebTorrentCommand(Engine):
    title = "WebTorrent, command"

    def play(self, source: Source, how: str) -> str:
        port = free_port()
        command = PACKAGES / "node_modules" / "webtorrent-cli" / "bin" / "cmd.js"
        options = ["--port", str(port), "--out", str(self.scratch), "--keep-seeding", "--quiet"]
        self._start(["node", str(command), "download", told(source, how), *options])
        name = quote(source.film.name)
        return "http://127.0.0.1:%d/webtorrent/%s/%s" % (port, source.film.info_hash, name)

    @classmethod
    def version(cls) -> str:
        return "webtorrent-cli %s, node %s" % (_package("webtorrent-cli"), _node())


class Peerflix(Engine):
    title = "Peerflix"

    def play(self, source: Source, how: str) -> str:
        port = free_port()
        command = PACKAGES / "node_modules" / "peerflix" / "app.js"
        options = ["--port", str(port), "--hostname", "127.0.0.1", "--path", str(self.scratch)]
        self._start(["node", str(command), told(source, how), *options, "--quiet", "--no-quit"])
        return "http://127.0.0.1:%d/" % port

    @classmethod
    def version(cls) -> str:
        return "peerflix %s, node %s" % (_package("peerflix"), _node())


class Btfs(Engine):
    """A file system; nginx, started beforehand, serves what is mounted."""

    title = "BTFS and nginx"
    at_most = 1

    def __init__(self, scratch: Path) -> None:
        super().__init__(scratch)
        self._mount = scratch / "mount"
        self._mount.mkdir()
        self._web = WebServer(self._mount, scratch, sendfile=False)
        self.pids.append(self._web.pid)

    def play(self, source: Source, how: str) -> str:
        port = free_port()  # a fresh one each time: seeds may still hold a peer at the last one
        ports = ["--min-port=%d" % port, "--max-port=%d" % (port + 9)]
        self._start(["btfs", "-f", *ports, told(source, how), str(self._mount)])
        return self._web.address(source.film.name)

    def close(self) -> None:
        super().close()  # first of all: what is left running would share everybody's line
        self._web.close()
        subprocess.run(["fusermount", "-u", "-z", str(self._mount)], stderr=subprocess.DEVNULL, check=False)

    @classmethod
    def version(cls) -> str:
        _output("fusermount", "--version")  # without which nothing is mounted
        said = dict(re.findall(r"(\w+) version: ([\d.]+)", _output("btfs", "--version")))
        return "btfs %s, libtorrent %s, %s" % (said["btfs"], said["libtorrent"], _nginx())


class Nginx(Engine):
    """No engine: the finished file from a web server beyond the same line, unverified; from one on
    this side once it is finished."""

    title = "nginx, finished file"
    warm = True

    def __init__(self, scratch: Path) -> None:
        super().__init__(scratch)
        self._web: WebServer | None = None

    def play(self, source: Source, how: str) -> str:
        self._web = WebServer(source.film.path.parent, self.scratch)
        self.pids += [self._web.pid, source.plain_pid]
        self._name = source.film.name
        return source.plain

    def finished(self, address: str) -> str:
        return self._web.address(self._name) if self._web else address

    def close(self) -> None:
        if self._web:
            self._web.close()

    @classmethod
    def version(cls) -> str:
        return _nginx()


ENGINES: dict[str, type[Engine]] = {
    "ours": Ours,
    "ours-debian": OursOnDebian,
    "webtorrent": WebTorrentLibrary,
    "webtorrent-cli": WebTorrentCommand,
    "peerflix": Peerflix,
    "btfs": Btfs,
    "nginx": Nginx,
}
JUDGED, LIMIT = "ours", "nginx"
RIVALS = ("webtorrent", "webtorrent-cli", "peerflix", "btfs")


def under_test(name: str, command: str) -> type[Engine]:
    """An engine that is any command which speaks those lines. It runs in an empty folder of its own."""
    words = shlex.split(command)
    own = {"title": name, "command": lambda _: words, "version": classmethod(lambda _: command)}
    return type(name, (Talking,), own)


def _output(*command: str) -> str:
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return ran.stdout


def _package(name: str) -> str:
    described = PACKAGES / "node_modules" / name / "package.json"
    return str(json.loads(described.read_text())["version"])


def _node() -> str:
    return _output("node", "--version").strip().lstrip("v")


def _nginx() -> str:
    return _output("nginx", "-v").strip().rpartition(" ")[2].replace("/", " ")
