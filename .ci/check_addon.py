# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs kodi-addon-checker on the unpacked zip, for every Kodi we support, without the network.

python .ci/check_addon.py dist/plugin.video.commonreel-VERSION.zip

The checker wants to fetch every branch's list of add-ons and to try the addresses in addon.xml; these
two checks are left out, all others run. Exit status 1 on a problem and on a warning alike.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import zipfile
from pathlib import Path

import requests
from kodi_addon_checker import ValidKodiVersions, check_addon
from kodi_addon_checker.common import load_plugins
from kodi_addon_checker.config import Config, ConfigManager
from kodi_addon_checker.report import Report

BRANCHES = ("nexus", "omega", "piers")
WORKPLACE = Path(__file__).resolve().parent.parent / "build" / "check-addon"


class NoAddons:
    """Stands for a branch's list of add-ons."""

    addons = ()

    def __contains__(self, addon_id: str) -> bool:
        return False

    def find(self, _addon_id: str) -> None:
        return None

    def rdepends(self, _addon_id: str) -> list[str]:
        return []


def offline(*_args: object, **_kwargs: object) -> None:
    raise requests.exceptions.ConnectionError("offline")


def unpack(path: Path) -> Path:
    """Unpacks the zip into a fresh folder and returns the add-on's."""
    shutil.rmtree(WORKPLACE, ignore_errors=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(WORKPLACE)
    (folder,) = WORKPLACE.iterdir()
    return folder


def check(folder: Path, branch: str) -> Report:
    parser = argparse.ArgumentParser()
    ConfigManager.fill_cmd_args(parser)
    options = parser.parse_args([])
    options.branch = branch
    options.PR = options.allow_folder_id_mismatch = False
    options.skip_dependency_checks = True
    config = Config(str(folder), options)
    ConfigManager.process_config(config)
    report = Report("")
    lists = dict.fromkeys(ValidKodiVersions, NoAddons())
    report.add(check_addon.start(str(folder), options, lists, config))
    return report


def main() -> int:
    load_plugins()
    requests.head = offline
    folder = unpack(Path(sys.argv[1]))
    found = 0
    for branch in BRANCHES:
        report = check(folder, branch)
        print("check-addon: %s: %d problems, %d warnings"
              % (branch, report.problem_count, report.warning_count))  # fmt: skip
        found += report.problem_count + report.warning_count
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
