# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel catalog fetch` that is killed at random moments, and tried again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from commonreel.catalog.store import Store
from commonreel.works.query import Query

ROOT = Path(__file__).resolve().parents[2]


def fetch(host, curator, folder):
    """A process that brings the copy in the folder up to date."""
    command = [sys.executable, "-m", "commonreel", "catalog", "fetch", host.address]
    command += ["--fingerprint", curator.fingerprint, "--dir", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)


def whole(host, curator, folder):
    """Fetch to the end; what it said."""
    said, _ = fetch(host, curator, folder).communicate(timeout=120)
    return json.loads(said)


def kill_at_random(host, curator, folder, times, seconds, check, rng=random):
    """Kill it that often, each time at a moment in the first `seconds`; returns how often it was quicker.
    After each check(ids of the works that are there), where there is a store."""
    quicker = 0
    for _ in range(times):
        process = fetch(host, curator, folder)
        try:
            process.wait(rng.uniform(0.1, seconds))
            quicker += 1
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        check(ids(folder))
    return quicker


def ids(folder):
    """Of the works in the copy; None where there is none yet. The whole file is read."""
    path = folder / "catalogue.db"
    if not path.exists():
        return None
    with Store(path, writable=True) as store:
        store.check()
        found, number = [], 1
        while True:
            page = store.page(Query(size=500, page=number))
            found += [work.id for work in page.works]
            if not page.more:
                return sorted(found)
            number += 1
