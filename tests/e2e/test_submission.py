# SPDX-License-Identifier: GPL-3.0-or-later
"""What `commonreel submit` makes of a film, in Kodi: as its maker sees it before anybody else does."""

from __future__ import annotations

import json

from commonreel.works import bencode
from lab.commonreel import open_addon, open_films, wait_listed
from lab.submitting import Maker, film, subtitles
from lab.swarm import Swarm

SECONDS = 20


def test_a_submission_plays_from_a_swarm_of_its_folder(premiere, kodi, tmp_path, picture):
    (tmp_path / "maker").mkdir()
    maker = Maker(tmp_path / "maker")
    film(maker.folder / "Route.mp4", seconds=SECONDS)
    subtitles(maker.folder / "Route.fr.srt")
    site = "https://makers.example/films/la-route/"
    done = maker.submit("Route.mp4", "--subtitles", "Route.fr.srt", "--from", maker.sheet, "--place", site)
    assert done.status == 0, done
    whole = bencode.decode((maker.out / "film.torrent").read_bytes())
    torrent = bencode.encode({name: whole[name] for name in (b"info", b"piece layers")})  # no trackers
    with Swarm(torrent, maker.out, seeders=2) as swarm:
        made = json.loads((maker.out / "record.json").read_text("utf-8"))
        del made["encoding"][0]["web"]
        made["encoding"][0].update(torrent="la-route.torrent", trackers=[swarm.tracker.address])
        (premiere.folder / "la-route.torrent").write_bytes(torrent)
        (premiere.folder / "la-route.json").write_text(json.dumps([made]), encoding="utf-8")
        wait_listed(kodi, "La route")
        open_addon(kodi)
        open_films(kodi)
        kodi.select_label("La route")
        kodi.wait_playing(2)
        picture(kodi, "playing")
        assert abs(kodi.player_length() - SECONDS) < 2
        kodi.stop_playing()
        assert swarm.given > 0
