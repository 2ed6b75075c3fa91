# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of docs/architecture.md, read off the imports of every module."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lib" / "commonreel"
MIDDLE = {"catalog", "streaming", "proxy", "publish"}

SITE = {"babel", "jinja2", "PIL"}  # what makes pages for the web

# What each package may import, beside itself and the standard library.
ALLOWED = {
    "works": set(),
    "net": {"works", "requests", "urllib3"},  # urllib3 comes with requests
    "catalog": {"works", "net", "tuf"},
    "streaming": {"works", "net", "libtorrent"},
    "proxy": {"works"},
    "publish": {"works", "net", "libtorrent", "tuf", "securesystemslib", "cryptography", "mnemonic", "tomli"}
    | SITE,
    "service": {"works", "net", "catalog", "streaming", "proxy"},
    "kodi": {"works", "net", "catalog", "streaming", "proxy", "service", "kodi_six", "routing", "segno"},
    "cli": {"works", "net", "catalog", "streaming", "proxy", "publish", "service"},
    "__main__.py": {"cli"},
    "__init__.py": set(),
}

# Outside packages that one single file imports, wherever that package is allowed.
ONE_FILE = ("libtorrent", "routing", "segno", "jinja2", "babel", "PIL")

# Standard-library modules that reach outside the process or read its clock.
IMPURE = {"asyncio", "datetime", "http", "io", "multiprocessing", "os", "random", "select", "shutil",
          "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "pathlib"}  # fmt: skip

KODI_MODULES = {"xbmc", "xbmcaddon", "xbmcdrm", "xbmcgui", "xbmcplugin", "xbmcvfs"}

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@cache
def imports(name: str) -> tuple[tuple[str, ...], ...]:
    """The module path of every import in a module, relative ones made absolute."""
    return tuple(_imports(name))


def _imports(name: str) -> Iterator[tuple[str, ...]]:
    home = ("commonreel", *name.split("/")[:-1])
    for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = home[: len(home) - node.level + 1] if node.level else ()
            full = (*base, *(node.module.split(".") if node.module else ()))
            if len(full) == 1 and base:  # from .. import works
                yield from ((*full, alias.name) for alias in node.names)
            else:
                yield full


def outside(name: str) -> set[str]:
    """What a module imports that is not of the standard library: packages of ours by their own name."""
    found = {path[1] if path[0] == "commonreel" and len(path) > 1 else path[0] for path in imports(name)}
    return found - set(sys.stdlib_module_names) - {"__version__"}


def importers_of(package: str) -> list[str]:
    return [name for name in MODULES if any(path[0] == package for path in imports(name))]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_its_layer_may(name):
    layer = name.split("/")[0]
    assert outside(name) - {layer} <= ALLOWED[layer] | (KODI_MODULES if name == "kodi/api.py" else set())


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("works/")])
def test_works_is_pure(name):
    assert not {path[0] for path in imports(name)} & IMPURE


@pytest.mark.parametrize("package", ONE_FILE)
def test_an_outside_package_has_one_importer_in_each_package_of_ours(package):
    importers = importers_of(package)
    assert len(importers) == len({name.split("/")[0] for name in importers}), importers


@pytest.mark.parametrize("package", ["kodi_six", *sorted(KODI_MODULES)])
def test_only_one_file_speaks_to_kodi(package):
    assert importers_of(package) in ([], ["kodi/api.py"])


@pytest.mark.parametrize("package", sorted(MIDDLE))
def test_the_middle_packages_keep_apart(package):
    reached = {other for name in MODULES if name.startswith(package + "/") for other in outside(name)}
    assert not reached & (MIDDLE - {package})


@pytest.mark.parametrize("name", ["default.py", "lib/service.py"])
def test_an_entry_file_only_calls_the_package(name):
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    found |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    ours = {module for module in found if module.split(".")[0] not in sys.stdlib_module_names}
    assert ours
    assert all(module.startswith("commonreel.kodi") for module in ours)
