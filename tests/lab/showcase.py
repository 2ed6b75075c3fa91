# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue with something of everything, to look at the screens with."""

from __future__ import annotations

from . import torrents
from .catalogue_folder import LICENCE
from .posters import Gallery
from .premiere import Premiere, work_id

SEEN, LEFT, PUT_ASIDE = "Above the Harbour", "Aerial Mail", "A Garden in April"
BARE, NO_PLOT = "All That Is Known", "An Evening Without Words"
LONG = "A Very Long Title, " + "and It Goes On, " * 8 + "to the End"
OTHER_SCRIPTS = {
    "zh": "城市的灯光与夜晚",
    "ja": "雨の日の映画館",
    "ar": "قمر فوق المدينة",
    "he": "ירח מעל העיר",
}
SERIES, SEASONS = "The Lighthouse Years", 20

SUBTITLES = b"1\n00:00:01,000 --> 00:09:59,000\nWhat is said here can be read.\n"
WAYS = {"channels": [{"type": "payment-provider", "address": "https://liberapay.com/makers"}]}
FACTS = {
    SEEN: (
        "A ferry, a night, and a letter that must not arrive.",
        1952,
        ["drama", "mystery"],
        ["fr"],
        ["FR"],
    ),
    LEFT: ("The first post that ever flew over the sea.", 1927, ["documentary"], ["en"], ["GB"]),
    PUT_ASIDE: (
        "Four weeks in the life of a garden, and of those who work in it.",
        2014,
        ["nature"],
        ["de"],
        ["DE"],
    ),
    "Almost a Comedy": ("Two neighbours, one ladder.", 1925, ["comedy"], ["en"], ["US"]),
    "Ashes and Snow Peas": ("A cook comes home.", 1958, ["comedy", "drama"], ["it"], ["IT"]),
    "August Machines": (
        "What engines dream of in a hot month.",
        2019,
        ["animation", "short"],
        ["es"],
        ["ES"],
    ),
}
STUDIO, STUDIO_ID = "Studio Lantern", "local:lantern"
FESTIVAL = "Nights by the Sea 2026"
RATING = {"ratingValue": 4.2, "bestRating": 5, "ratingCount": 57, "by": "the Harbour's cinema"}
MAKERS = {SEEN: "Harbour Collective", LEFT: "Post Office Film Unit", PUT_ASIDE: "Garden Workshop"}


QUALITIES = (("hevc", 2160, 720), ("h264", 1080, 262), ("h264", 480, 68))  # codec, lines, MB


def _in_qualities(name):
    """Encodings of a film that nobody is going to play, all in its one torrent."""
    for codec, height, megabytes in QUALITIES:
        file = {"path": "%s-%d.mkv" % (name, height), "length": megabytes * 1_000_000}
        yield {"torrent": name + ".torrent", "file": file, "codec": codec, "height": height}


class Showcase:
    """A context manager. `folder` is what the add-on's setting for a local catalogue is to name."""

    def __init__(self, place):
        self.premiere = Premiere(place / "my films")
        self.folder = self.premiere.folder
        self._gallery = Gallery(place / "pictures")

    def __enter__(self):
        self._gallery.__enter__()
        self._films()
        self._odd_ones()
        self._series()
        self._guides()
        return self

    def __exit__(self, *error):
        self.premiere.__exit__(*error)
        self._gallery.__exit__(*error)

    def withdraw(self, title):
        """Take a film back, as its maker may at any time."""
        self.premiere.catalogue.withdraw(work_id(title), "its maker asked")

    def _films(self):
        for title, (plot, year, genres, languages, countries) in FACTS.items():
            name = "demo.mp4" if title == SEEN else "demo.mkv"
            maker = MAKERS.get(title, STUDIO)
            self.premiere.show(
                title,
                name,
                peers=3 if title == SEEN else 0,
                beside={"demo.en.srt": SUBTITLES} if title == SEEN else None,
                year=year,
                genre=genres,
                inLanguage=languages,
                country=countries,
                maker=[STUDIO_ID] if maker == STUDIO else [],
                director=[maker],
                license={**LICENCE, "credit": "© " + maker},
                description={"en": plot},
                image=self._gallery.draw(work_id(title)[6:], title),
                funding=WAYS,
            )

        self.premiere.catalogue.change(work_id(SEEN), aggregateRating=RATING)
        self.premiere.catalogue.change(
            work_id(PUT_ASIDE), encoding=list(_in_qualities(work_id(PUT_ASIDE)[6:]))
        )

    def _guides(self):
        """A maker with a page, and a festival's list."""
        self.premiere.catalogue.introduce(
            STUDIO_ID,
            "Organization",
            STUDIO,
            description={
                "en": "Four people, one camera and a kitchen table. They have made a film a year since 1925, "
                "they say, and nobody has found out yet how."
            },
            image={"portrait": self._gallery.portrait("lantern")},
            url="https://lantern.example/",
            links=["https://video.example/c/lantern"],
            funding=WAYS,
        )
        self.premiere.catalogue.introduce(
            "local:nights",
            "ItemList",
            FESTIVAL,
            by="The Harbour Festival",
            description={"en": "Three evenings on the quay, with the tide for an interval."},
            image=self._gallery.draw("nights", "Nights by the Sea"),
            url="https://festival.example/2026",
            itemListElement=[work_id(title) for title in (LEFT, "August Machines", SEEN)],
        )

    def _odd_ones(self):
        """What lists must bear: no art, no plot, a title without end, titles in other scripts."""
        self._put("bare", {"en": BARE})
        self._put("no-plot", {"en": NO_PLOT}, image=self._gallery.draw("no-plot", NO_PLOT))
        image = self._gallery.draw("long", "A Very Long Title")
        self._put("long", {"en": LONG}, image=image, description={"en": "Its plot is long, too. " * 80})
        for language, title in OTHER_SCRIPTS.items():
            facts = {"description": {"en": title}, "inLanguage": [language]}
            self._put("in-" + language, {language: title}, year=2008, **facts)

    def _series(self):
        plot = {"en": "Twenty years of one lamp, and of who kept it lit."}
        image = self._gallery.draw("lighthouse", SERIES)
        self._put("lighthouse", {"en": SERIES}, type="TVSeries", encoding=[], description=plot, image=image)
        for season in range(1, SEASONS + 1):
            for episode in (1, 2):
                part = {"series": "local:lighthouse", "season": season, "episode": episode}
                title = "Winter" if episode == 1 else "Summer"
                facts = {"description": {"en": "Year %d." % season}, "image": image, "year": 1960 + season}
                name = "lighthouse-%d-%d" % (season, episode)
                self._put(name, {"en": title}, type="TVEpisode", partOf=part, **facts)

    def _put(self, name, titles, **facts):
        """A work that nobody is going to play."""
        torrent = torrents.make(name + ".mp4", name.encode() * 4096)
        said = facts if facts.get("type") == "TVSeries" else {"duration": 1500, **facts}
        self.premiere.catalogue.add("local:" + name, name, torrent, name=titles, **said)
