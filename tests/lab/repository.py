# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kodi repository of ours, served by this machine."""

from __future__ import annotations

import functools
import http.server
import threading

import build_repo


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        self.server.asked.append(self.path)


class Repository:
    """A context manager. `asked` are the paths that were asked for so far."""

    def __init__(self, folder):
        self._folder = folder
        handler = functools.partial(_Handler, directory=folder)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.asked = self.asked = []
        self.base = "http://127.0.0.1:%d/" % self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,))

    def publish(self, version=""):
        """Put the add-on as it is now into the repository; returns the repository add-on's zip."""
        return build_repo.build(self._folder, self.base, version=version)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
