# SPDX-License-Identifier: GPL-3.0-or-later
"""A maker and a festival's list, signed by a catalogue that is followed, by remote: they come, lead to works,
and go."""

from __future__ import annotations

from commonreel.catalog import following
from lab import codes
from lab.catalogues import back_home, look_for_new_works
from lab.commonreel import ADDON_ID, ROOT, go, open_addon, titles, wait_listed, way
from lab.curator import Curator, Host
from lab.jsonrpc import wait_for
from lab.kodi_lab import HOME_WINDOW, TEXT_VIEWER
from lab.records import by_rule, chosen, free, gone, maker
from lab.touring import menu

FESTIVAL, JANE = "Festival of Tests", "Jane Doe"
GIVE = "https://jane.example/give"
RECORDS = [
    free("t:late", name={"en": "A Late Film"}, year=2020, maker=["t:jane"]),
    free("t:early", name={"en": "Early Film"}, year=1999, maker=["t:jane"]),
    by_rule("t:american", name={"en": "Films of America"}, maker=["t:jane"]),
    maker(
        "t:jane",
        name={"en": JANE},
        description={"en": "Makes films about tests."},
        funding={"channels": [{"type": "other", "address": GIVE}]},
        evidence=[{"kind": "signed-declaration", "url": "https://jane.example/.well-known/commonreel.json"}],
    ),
    chosen(
        "t:nights",
        *("t:late", "blender:sintel", "t:american", "t:early"),
        name={"en": "Nights of Tests"},
        by=FESTIVAL,
    ),
]


def test_a_maker_and_a_list_come_and_go(kodi, tmp_path, picture):
    curator = Curator(tmp_path / "curator")
    curator.about = {"name": FESTIVAL, "contact": "films@example.org"}
    curator.build(*RECORDS, window=0)
    catalogues = kodi.userdata / "addon_data" / ADDON_ID / "catalogues"
    with Host(curator.out) as host:
        following.follow(catalogues, following.offered(host.address, "tests"))
        wait_listed(kodi, "Early Film", timeout=40)
        open_addon(kodi)
        go(kodi, "Festivals and lists", "lists/")
        kodi.select_label("Nights of Tests (3)")
        kodi.wait_row("Early Film")
        assert titles(kodi) == ["Chosen by " + FESTIVAL, "A Late Film", "Sintel", "Early Film"]
        kodi.wait_still()
        picture(kodi, "list")

        menu(kodi, "Early Film", "More by %s…" % JANE)
        kodi.wait_row("About " + JANE)
        assert titles(kodi) == ["About " + JANE, "Support " + JANE, "Early Film", "A Late Film"]
        kodi.select_label("About " + JANE)
        kodi.wait_window(TEXT_VIEWER)
        kodi.wait_still()
        picture(kodi, "about")
        kodi.press("Back")
        kodi.select_label("Support " + JANE)
        assert codes.scanned(kodi, picture, "support") == GIVE
        codes.put_away(kodi)
        menu(kodi, "Early Film", "Support the makers")
        assert codes.scanned(kodi, picture, "support of a film") == GIVE
        codes.put_away(kodi)

        curator.build(gone("t:jane"), gone("t:nights"))
        look_for_new_works(kodi, FESTIVAL)
        wait_for(lambda: not any(map(_festivals, kodi.files(ROOT))), 40, "the list to be gone", 0.5)
        back_home(kodi)
        assert not way(kodi, "Festivals and lists")
        picture(kodi, "gone")


def test_a_makers_page_opens_from_the_home_screen_and_back_leads_there(kodi):
    name = "?name=sacha%20goedegebure"
    entry = ROOT + "maker/open/" + name  # in the menu of a widget's film, or a favourite
    favourite = '<favourites><favourite name="More">RunPlugin(%s)</favourite></favourites>' % entry
    (kodi.userdata / "favourites.xml").write_text(favourite, "utf-8")
    kodi.restart()
    kodi.wait_service(ADDON_ID)
    kodi.rpc("GUI.ActivateWindow", window="favourites")
    kodi.select_label("More", limit=5)
    kodi.wait_listing(ROOT + "maker/" + name)
    kodi.wait_row("Big Buck Bunny")
    kodi.press("Back")
    kodi.wait_window(HOME_WINDOW)


def _festivals(row):
    return row["label"].startswith("Festivals and lists")
