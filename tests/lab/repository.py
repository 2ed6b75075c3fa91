# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kodi repository of ours, served by this machine."""

from __future__ import annotations

import build_repo

from .local_server import FolderServer


class Repository(FolderServer):
    """A server of one in a folder."""

    def __init__(self, folder):
        self._folder = folder
        super().__init__(folder)

    def publish(self, version=""):
        """Put the add-on as it is now into the repository; returns the repository add-on's zip."""
        return build_repo.build(self._folder, self.address, version=version)
