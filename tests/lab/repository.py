# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kodi repository of ours, served by this machine."""

from __future__ import annotations

import functools
import http.server

import build_repo

from .local_server import LocalServer


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        self.server.asked.append(self.path)


class Repository(LocalServer):
    """A LocalServer of one in a folder."""

    def __init__(self, folder):
        self._folder = folder
        super().__init__(functools.partial(_Handler, directory=folder))
        self._server.asked = self.asked

    def publish(self, version=""):
        """Put the add-on as it is now into the repository; returns the repository add-on's zip."""
        return build_repo.build(self._folder, self.address, version=version)
