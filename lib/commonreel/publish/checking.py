# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a catalogue's folder holds together: signed as a device will check it, and each file saying the
same of each work."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Iterator
from urllib.parse import unquote, urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater

from ..works import about, folder
from ..works.errors import RecordInvalid
from . import files, publishers
from .building import Catalogue, Record
from .judging import objection
from .repository import Repository

MAX_PROBLEMS = 1000  # that are told


def problems(path: Path, now: datetime) -> list[str]:
    """What is wrong, a line each; none if it may be served."""
    repository = Repository(path)
    try:
        signed = repository.signed()
    except (OSError, ValueError) as error:
        return [str(error)]
    if not signed:
        return ["%s: no catalogue" % path]
    names = [*signed.content.targets.signed.targets, *map(folder.publisher_file, signed.content.publishers)]
    refused = list(_refused_by_tuf(path, names))
    if refused:
        return refused
    try:
        content = repository.content(signed)
        found = files.catalogue(content)
        published = repository.publishers().values()
    except (OSError, ValueError, KeyError, EOFError) as error:
        return ["the catalogue cannot be read: %s" % error]
    try:
        about.parse(content[folder.ABOUT])
    except RecordInvalid as error:
        return ["%s: %s" % (folder.ABOUT, error.detail)]
    of_publishers = (problem for each in published for problem in publishers.problems(each, now.year))
    wrong = [*_wrong_records(found, now.year), *_contradictions(content, found), *of_publishers]
    return wrong[:MAX_PROBLEMS]


class _Served(FetcherInterface):
    """The folder, as a device would get it from a host."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = unquote(urlsplit(url).path).lstrip("/")
        path = self._root / name
        if ".." in name.split("/"):
            raise DownloadHTTPError(name, 404)
        try:
            yield path.read_bytes()
        except FileNotFoundError as error:
            raise DownloadHTTPError(str(error), 404) from error


def _refused_by_tuf(path: Path, names: list[str]) -> Iterator[str]:
    try:
        first = (path / "metadata" / "1.root.json").read_bytes()
    except OSError as error:
        yield "metadata: the first keys are missing, so nobody new can follow: %s" % error
        return
    with tempfile.TemporaryDirectory() as scratch:
        client = Updater(
            scratch,
            "http://folder/metadata/",
            scratch,
            "http://folder/targets/",
            _Served(path),
            bootstrap=first,
        )
        try:
            client.refresh()
        except (RepositoryError, DownloadError) as error:
            yield "metadata: %s" % error
            return
        for name in names:
            target = client.get_targetinfo(name)
            if target is None:
                yield "%s: not signed for" % name
                continue
            try:
                client.download_target(target, str(Path(scratch) / "target"))
            except (RepositoryError, DownloadError) as error:
                yield "%s: %s" % (name, error)


def _wrong_records(found: Catalogue, year: int) -> Iterator[str]:
    for id, made in found.records.items():
        against = objection(made, year)
        if against:
            yield "%s: %s" % (id, against)


def _contradictions(content: dict[str, bytes], found: Catalogue) -> Iterator[str]:
    """Where a file says something else than the shards do."""
    made = files.files(found, files.about(content))
    for name in sorted({*made, *content}):
        if made.get(name) != content.get(name):
            yield "%s: does not go with the shards" % name
    for build, lines in found.deltas.items():
        for line in lines:
            if not _superseded(line, found.records.get(line["id"], {})):
                yield "%s: %s is not in the catalogue" % (folder.delta_file(build), line["id"])


def _superseded(line: Record, held: Record) -> bool:
    """Whether the catalogue holds that very record, or a later one."""
    return line == held or int(held.get("rev", -1)) >= int(line.get("rev", 0))
