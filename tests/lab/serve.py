# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine on another machine: `commonreel serve` in a process of its own, on another address."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from commonreel import __version__
from commonreel.proxy.client import RemoteClient

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


class Serve:
    """A context manager. The profile and the token file in `folder` outlive a restart."""

    def __init__(self, folder, catalogue, *options, listen="127.0.0.2:0"):
        self.folder, self.profile, self.token_file = folder, folder / "profile", folder / "token"
        starter = folder / "starter.json"
        starter.write_text("[]", encoding="utf-8")
        self.command = [sys.executable, "-m", "commonreel", "serve", "--listen", listen]
        self.command += ["--token-file", str(self.token_file), "--profile", str(self.profile)]
        self.command += ["--catalog", str(catalogue), "--starter", str(starter), *options]
        self.process = None

    def spawn(self):
        """Start it without waiting for anything; returns the process."""
        return subprocess.Popen(
            self.command,
            env={**os.environ, "PYTHONPATH": str(ROOT / "lib")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self):
        self.process = self.spawn()
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            raise AssertionError("it does not start: %s" % self.process.communicate()[1])
        told = json.loads(line)
        assert told["pid"] == self.process.pid, told
        self.address = told["listening"].partition("//")[2]
        return self

    def stop(self, number=signal.SIGTERM):
        """End it; returns the seconds that took, its exit status, and what it said on standard error."""
        process, self.process = self.process, None
        began = time.monotonic()
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=10)
        finally:
            process.kill()
        return time.monotonic() - began, process.returncode, said

    @property
    def token(self):
        return self.token_file.read_text(encoding="ascii").strip()

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def client(self, version=__version__, address="", token=""):
        return RemoteClient(address or self.address, token or self.token, version)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        if self.process:
            self.stop()
