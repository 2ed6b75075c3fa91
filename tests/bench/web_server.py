# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx over a folder: the web seed, the limit that HTTP sets, and what BTFS needs to be an engine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

READY_SECONDS = 10.0
CONFIGURATION = """
daemon off; pid {own}/nginx.pid; error_log stderr; worker_processes 1; {user}
events {{}}
http {{
    access_log off; default_type application/octet-stream; tcp_nopush on;
    sendfile {sendfile}; sendfile_max_chunk 1m; output_buffers 2 512k; {rate}
    client_body_temp_path {own}/body; proxy_temp_path {own}/proxy; fastcgi_temp_path {own}/fastcgi;
    uwsgi_temp_path {own}/uwsgi; scgi_temp_path {own}/scgi;
    server {{ listen {host}:{port}; root {root}; }}
}}
"""


class WebServer:
    """Serves `root` at `host`, in the network namespace of the thread that makes it."""

    def __init__(
        self, root: Path, scratch: Path, host: str = "127.0.0.1", limited: int = 0, sendfile: bool = True
    ) -> None:
        """`limited`: bytes a second of a connection. `sendfile`: off for file systems that lack it."""
        self.host, self.port = host, free_port(host)
        self._own = Path(tempfile.mkdtemp(prefix="nginx-", dir=scratch))
        configured = self._own / "nginx.conf"
        configured.write_text(
            CONFIGURATION.format(
                own=self._own,
                user="user root;" if os.geteuid() == 0 else "",
                sendfile="on" if sendfile else "off",
                rate="limit_rate %d;" % limited if limited else "",
                host=host,
                port=self.port,
                root=root,
            )
        )
        self._process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-p", str(self._own), "-c", str(configured)],
            stderr=(self._own / "log").open("wb"),
        )
        self.pid = self._process.pid
        until = time.monotonic() + READY_SECONDS
        while not listens(host, self.port):
            if time.monotonic() > until:
                raise TimeoutError("nginx does not listen")
            time.sleep(0.01)

    def address(self, name: str) -> str:
        return "http://%s:%d/%s" % (self.host, self.port, quote(name))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._own, ignore_errors=True)


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as opened:
        opened.bind((host, 0))
        return int(opened.getsockname()[1])


def listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True
