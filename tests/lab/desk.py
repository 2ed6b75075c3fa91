# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker with an item at archive.org, and the curator who is sent films: both by their commands."""

from __future__ import annotations

import json

from commonreel.publish.repository import Repository

from .submissions import ITEM
from .submitting import Maker
from .webseed import WebSeed

PLACE = "https://archive.org/details/" + ITEM


class Desk:
    """A context manager. `web` stands for archive.org: there is the item, with the key, but no film yet."""

    def __init__(self, folder):
        self.maker = Maker(folder)
        self.catalogue = folder / "catalogue"
        item = {"identifier": ITEM, "external-identifier": self.maker.key["proof"]}
        (folder / "web" / "metadata").mkdir(parents=True)
        (folder / "web" / "metadata" / ITEM).write_text(json.dumps({"metadata": item, "files": []}))
        self.web = WebSeed(folder / "web")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.web.close()

    def submit(self, *arguments):
        """The folder of the submission, or of the submissions, of these films, at the item."""
        done = self.maker.submit(*arguments, "--from", self.maker.sheet, "--place", PLACE)
        assert done.status == 0, done
        return self.maker.out

    def ask(self, action, folder, *options):
        """What `commonreel submission` says of a submission."""
        return self.maker.run("submission", action, folder, "--base-url", self.web.address, *options)

    def accept(self, folder, reviewer):
        done = self.ask("accept", folder, "--catalog", self.catalogue, "--reviewer", reviewer)
        assert done.status == 0, done

    def withdraw(self, id):
        """The maker takes a work back, and the curator heeds it."""
        out = self.maker.folder / "withdrawal"
        for given in (("--key", "maker.pem", "--out", out), ("--catalog", self.catalogue, "--signed", out)):
            done = self.maker.run("withdraw", id, *given)
            assert done.status == 0, done

    def build(self, about=None):
        """The ids of the works that are shown with the next build, without a time to object."""
        given = ["--keys", "keys", "--out", self.catalogue, "--window", 0]
        if about:
            (self.maker.folder / "about.json").write_text(json.dumps(about))
            given += ["--about", "about.json"]
        done = self.maker.run("catalog", "build", *given)
        assert done.status == 0, done
        return [made["id"] for made in Repository(self.catalogue).catalogue().works]
