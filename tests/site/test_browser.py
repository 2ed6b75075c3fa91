# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of a catalogue in a real Chromium: who can read it, what it asks for, and that its film plays."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from commonreel.publish.site import naming
from lab import archive as shown
from lab.browser import AXE, DESKTOP, PHONE, Keys

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "site" / "pictures"

WORK, HOSTILE, OLD = map(naming.work, (shown.PLAYED, shown.HOSTILE, shown.OLD))
MAKER, HOSTILE_MAKER = (
    naming.page(naming.guide("makers", id)) for id in (shown.LANTERN, shown.HOSTILE_MAKER)
)
LIST, HOSTILE_LIST = (naming.page(naming.guide("lists", id)) for id in (shown.NIGHTS, shown.HOSTILE_LIST))
PAGES = {
    "start": "index.html",
    "films": "films.html",
    "more films": "films.2.html",
    "the last films": "films.3.html",
    "genres": "genres.html",
    "genre": "genres/comedy.html",
    "decades": "decades/1920.html",
    "makers": "makers.html",
    "maker": "makers/harbour-collective.html",
    "maker with a record": MAKER,
    "lists": "lists.html",
    "list": LIST,
    "work": WORK,
    "old": OLD,
    "series": naming.work(shown.SHOW),
    "episode": naming.work(shown.FIRST_EPISODE),
    "arabic": naming.work(shown.ARABIC),
    "long": naming.work(shown.ENDLESS),
    "hostile": HOSTILE,
    "hostile maker": HOSTILE_MAKER,
    "hostile list": HOSTILE_LIST,
    "withdrawn": naming.work(shown.WITHDRAWN),
    "log": "log.html",
    "proposed": "proposed.html",
    "legal": "legal.html",
    "not found": "404.html",
    "start in French": "fr/index.html",
    "work in French": "fr/" + WORK,
    "maker in French": "fr/" + MAKER,
    "list in French": "fr/" + LIST,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_page_keeps_anybody_out(browser, host, page):
    for size, dark in ((DESKTOP, False), (DESKTOP, True), (PHONE, False)):
        browser.look(size, dark)
        browser.open(host.address + page)
        assert browser.barriers() == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_phone_shows_all_of_its_width(browser, host, page):
    browser.look(PHONE)
    browser.open(host.address + page)
    for details in browser.driver.find_elements("css selector", "summary"):
        details.click()
    assert browser.run("return document.documentElement.scrollWidth") == PHONE[0]
    beyond = """return [...document.body.querySelectorAll('*')].filter(
        each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML)"""
    assert browser.run(beyond) == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_page_asks_anybody_else_or_breaks_its_own_rules(browser, host, seed, page):
    before = seed.requests
    browser.open(host.address + page)
    assert browser.run("return document.title") not in ("", "taken")
    assert {urlsplit(url).netloc for url in browser.asked()} == {urlsplit(host.address).netloc}
    assert seed.requests == before
    assert browser.complaints() == []


def test_nothing_moves_while_a_page_comes(browser, host):
    browser.open(host.address + "index.html")
    moved = browser.driver.execute_async_script(
        """const done = arguments[0]; let sum = 0;
        new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
            .observe({type: 'layout-shift', buffered: true});
        requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));"""
    )
    pictures = browser.run("return [...document.images].filter(each => each.naturalWidth).length")
    assert pictures >= 6
    assert moved == 0


def test_it_reads_and_leads_on_without_scripts(browser, host):
    browser.scripts(False)
    browser.open(host.address + "index.html")
    browser.find("a[href='films.html']").click()
    browser.until(lambda: "films.html" in browser.driver.current_url, "the list of films")
    browser.find("a[rel='next']").click()
    browser.until(lambda: "films.2.html" in browser.driver.current_url, "its second page")
    browser.find("footer a[lang='fr']").click()
    browser.until(lambda: "/fr/films.2.html" in browser.driver.current_url, "the same in French")
    assert browser.find("h1").text == "Films et séries"
    browser.find("main .cards a").click()
    browser.until(lambda: "/fr/works/" in browser.driver.current_url, "a work")


def test_a_keyboard_is_enough(browser, host):
    browser.scripts(False)
    browser.open(host.address + OLD)
    browser.press(Keys.TAB)
    skip = browser.driver.switch_to.active_element
    assert (skip.text, skip.rect["height"] > 20) == ("Skip to the content", True)
    browser.press(Keys.ENTER)
    browser.until(lambda: browser.driver.current_url.endswith("#content"), "the content")
    browser.press(Keys.TAB)
    while browser.driver.switch_to.active_element.tag_name != "summary":
        browser.press(Keys.TAB)
    video = browser.find("video")
    assert not video.is_displayed()
    browser.press(Keys.ENTER)
    browser.until(video.is_displayed, "the film, for who has said where he is")


def test_the_film_plays_from_the_web_by_ranges_and_with_subtitles(browser, host, seed):
    browser.scripts(False)
    browser.open(host.address + WORK)
    video = browser.find("video")
    browser.run("arguments[0].muted = true; arguments[0].focus()", video)
    browser.press(Keys.SPACE)
    browser.until(lambda: browser.run("return arguments[0].currentTime > 0.5", video), "the film to play")
    begun = len(seed.asked)
    browser.run("arguments[0].currentTime = 480", video)
    browser.until(
        lambda: browser.run("return arguments[0].currentTime > 480.5 && !arguments[0].seeking", video),
        "the film to play on from there",
    )
    starts = [int(each.partition("bytes=")[2].partition("-")[0] or 0) for each in seed.asked[begun:]]
    assert max(starts, default=0) > 0
    assert browser.run("return [arguments[0].videoWidth, arguments[0].error]", video) == [320, None]
    browser.run("arguments[0].textTracks[0].mode = 'showing'", video)
    browser.until(
        lambda: (
            browser.run("return arguments[0].textTracks[0].activeCues?.[0]?.text", video)
            == "What is said here can be read."
        ),
        "the subtitles",
    )
    assert browser.complaints() == []


def test_from_a_film_to_its_maker_and_to_who_may_be_given_to(browser, host):
    browser.scripts(False)
    browser.open(host.address + LIST)
    browser.find("main .cards li:nth-child(5) a").click()
    browser.until(lambda: "/works/" in browser.driver.current_url, "a film of the list")
    browser.find("dd a[href$='%s']" % MAKER).click()
    browser.until(lambda: browser.driver.current_url.endswith(MAKER), "who has made it")
    said = browser.find("main").text
    for told in ("Studio Lantern", "Four people and a camera.", "lantern.example", "For Studio Lantern"):
        assert told in said
    assert browser.find(".support a").get_attribute("href") == "https://liberapay.com/makers"
    assert browser.run("return document.querySelector('.guide img').naturalWidth") > 0


def test_a_title_from_right_to_left_is_read_so(browser, host):
    browser.open(host.address + naming.work(shown.ARABIC))
    assert browser.run("return getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    assert browser.run("return getComputedStyle(document.querySelector('h2')).direction") == "ltr"


def test_a_letter_of_objection_is_begun(browser, host):
    browser.open(host.address + WORK)
    letter = unquote(browser.find("a[href^='mailto:']").get_attribute("href"))
    assert letter.startswith("mailto:films@archive.example?subject=Objection: %s&body=" % shown.PLAYED)
    assert "Page: %s%s\r\n" % (shown.BASE, WORK) in letter


def test_what_is_withdrawn_is_gone_but_for_the_reason(browser, host):
    browser.open(host.address + naming.work(shown.WITHDRAWN))
    assert "its maker asked" in browser.find("main").text
    browser.open(host.address + "log.html")
    row = next(row for row in browser.find("table").text.split("\n") if shown.WITHDRAWN in row)
    assert "Withdrawn" in row


def test_every_page_is_valid_html(archive):
    command = AXE.parents[1] / ".bin" / "html-validate"
    config = Path(__file__).with_name("htmlvalidate.json")
    paths = [str(archive.site / name) for name in sorted(PAGES.values())]
    found = subprocess.run(
        [str(command), "--config", str(config), "--formatter", "text", *paths], capture_output=True, text=True
    )
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


@pytest.mark.parametrize(
    ("name", "page", "size", "dark"),
    [
        ("start", "index.html", DESKTOP, False),
        ("work", WORK, DESKTOP, True),
        ("maker", MAKER, DESKTOP, False),
        ("why", WORK + "#why", DESKTOP, False),
        ("phone", WORK, PHONE, False),
        ("log", "log.html", DESKTOP, False),
    ],
)
def test_pictures_for_the_tour(browser, host, name, page, size, dark):
    browser.look(size, dark)
    browser.open(host.address + page)
    with Image.open(io.BytesIO(browser.picture())) as picture:
        assert picture.width == size[0] * (2 if size[2] else 1)
        small = picture.convert("RGB")
    small.thumbnail((960, 960))
    PICTURES.mkdir(parents=True, exist_ok=True)
    small.save(PICTURES / (name + ".jpg"), quality=82, optimize=True)
