# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server of this machine's, in a thread of its own."""

from __future__ import annotations

import functools
import http.server
import threading


class LocalServer:
    """A context manager. `address` ends in '/'; `asked` are the paths that were asked for so far."""

    def __init__(self, handler):
        """`handler`: as for socketserver."""
        self.asked = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.asked = self.asked
        self.address = "http://127.0.0.1:%d/" % self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class FolderServer(LocalServer):
    """A LocalServer of the files in a folder."""

    def __init__(self, folder):
        super().__init__(functools.partial(_Files, directory=str(folder)))


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        self.server.asked.append(self.path)
