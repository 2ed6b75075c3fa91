# SPDX-License-Identifier: GPL-3.0-or-later
import os
import ssl

import pytest

from lab.archive import FILM_HOST, Archive
from lab.browser import AXE, CHROMIUM, DRIVER, Browser
from lab.certificates import certificate
from lab.local_server import FolderServer
from lab.webseed import WebSeed


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    return Archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="session")
def host(archive):
    """The site, on this machine."""
    with FolderServer(archive.site) as server:
        yield server


@pytest.fixture(scope="session")
def seed(archive, tmp_path_factory):
    """Who has the film on the web."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path_factory.mktemp("tls"), FILM_HOST, -1, 3))
    with WebSeed(archive.film.parent, tls=context) as web:
        yield web


@pytest.fixture(scope="session", autouse=True)
def tools():
    missing = [path.name for path in (CHROMIUM, DRIVER, AXE) if not path.exists()]
    if missing and not os.environ.get("CI"):
        pytest.skip("no %s here: make site-check installs them" % ", ".join(missing))


@pytest.fixture(scope="session")
def chromium(seed, tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("chromium"), {FILM_HOST: seed.port}) as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """As wide as a desk's, light, with scripts on."""
    chromium.scripts(True)
    chromium.look()
    return chromium
