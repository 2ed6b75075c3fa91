# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as HTML, by the templates beside this file. Jinja escapes all that comes out of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...works import contact, giving, licence
from ...works.folding import folded
from ...works.guide import Guide, Maker
from ...works.work import Work
from . import linked_data, naming, pages, shelves, showing
from .contents import Contents
from .copies import Copies, Picture
from .pages import Page
from .shelves import Shelf
from .words import Words

PICTURES = "pictures"  # the folder of copies
_TONES = 6  # of a card that stands for a poster


class Site:
    """What all pages have in common. `base`: where the site will lie, ending in '/'; may be ''."""

    def __init__(self, contents: Contents, copies: Copies, languages: tuple[Words, ...], base: str) -> None:
        self.contents = contents
        self.copies = copies
        self.languages = languages
        self.base = base
        self.name = contents.about.name or "Common Reel"
        self.stems = {shelf.stem for kind in contents.shelves.values() for shelf in kind}
        self._templates = Environment(
            loader=FileSystemLoader(str(Path(__file__).parent / "templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._templates.globals.update(
            site=self, contact=contact, giving=giving, licence=licence, naming=naming, showing=showing
        )

    def folder(self, words: Words) -> str:
        """Of a language: the first has none of its own."""
        return "" if words is self.languages[0] else words.language.lower() + "/"

    def address(self, words: Words, path: str) -> str:
        """Of a page: absolute where the base is known, else ''; '' for none."""
        return self.base + quote(self.folder(words) + path) if self.base and path else ""

    def path(self, id: str) -> str:
        """The page of that work, maker or list; '' where it has none."""
        guide = self.contents.guides.get(id)
        if guide:
            stem = shelves.guided(guide)
            return naming.page(stem) if stem in self.stems else ""
        return naming.work(id) if id in self.contents.works or id in self.contents.gone else ""

    def render(self, template: str, **shown: Any) -> bytes:
        text = self._templates.get_template(template).render(**shown)
        return text.encode("utf-8", "replace")

    def page(self, page: Page, words: Words) -> bytes:
        view = View(self, page, words)
        return self.render(page.template, view=view, page=page, words=words, **page.shows)


class View:
    """A page in a language, as its template sees it."""

    def __init__(self, site: Site, page: Page, words: Words) -> None:
        self._site = site
        self._page = page
        self._words = words
        self.address = site.address(words, page.path)
        self._up = "../" * page.path.count("/")
        self._top = self._up + "../" * site.folder(words).count("/")
        if page.anywhere and site.base:
            self._top = urlsplit(site.base).path
            self._up = self._top + site.folder(words)

    def to(self, path: str) -> str:
        """A page of this language, from here; '' for none."""
        return self._up + quote(path) if path else ""

    def file(self, name: str) -> str:
        """A file that all languages share."""
        return self._top + quote(name)

    def spoken(self) -> list[tuple[Words, str, str]]:
        """This page in each language: relative, and absolute where that is known."""
        path = self._page.path
        return [
            (each, self._top + quote(self._site.folder(each) + path), self._site.address(each, path))
            for each in self._site.languages
        ]

    def to_record(self, id: str) -> str:
        """The page of that work, maker or list, if it has one."""
        return self.to(self._site.path(id))

    def to_shelf(self, kind: str, name: str) -> str:
        """The list of a genre or a maker, if there is one: an episode's alone has none."""
        stem = naming.shelf(kind, folded(name))
        return self.to(naming.page(stem)) if stem in self._site.stems else ""

    def to_director(self, work: Work, name: str) -> str:
        """The page of one of its makers, if that has a record, else the list of who has that name."""
        known = (each for each in self.makers(work) if folded(name) in shelves.names_of(each))
        maker = next(known, None)
        return self.to_record(maker.id) if maker else self.to_shelf("makers", name)

    def makers(self, work: Work) -> list[Maker]:
        """Those that have a record."""
        return shelves.makers(work, self._site.contents.guides)

    def ways(self, work: Work) -> tuple[giving.Way, ...]:
        """To give for it."""
        known = {each.id: each for each in self.makers(work)}
        return giving.ways(work, known, self._words.language)

    def credit(self, work: Work) -> str:
        """The first to be named."""
        made = (self._words.best(each.name)[1] for each in self.makers(work))
        return next(iter(work.director), "") or next(made, "")

    def genre(self, name: str) -> str:
        return self._words.genre(folded(name), name)

    def shelf_name(self, shelf: Shelf) -> str:
        return pages.shelf_name(shelf, self._words)

    def picture(self, work: Work) -> Picture | None:
        """Its poster; none of a work that is for adults alone."""
        return None if work.content_rating.nsfw else self._site.copies.picture(work.poster)

    def picture_of(self, guide: Guide) -> Picture | None:
        return self._site.copies.picture(guide.portrait if isinstance(guide, Maker) else guide.poster)

    def picture_file(self, name: str) -> str:
        return self.file("%s/%s" % (PICTURES, name))

    def tone(self, work: Work) -> int:
        return sum(work.id.encode()) % _TONES

    def player(self, work: Work) -> showing.Player | None:
        return showing.player(work, self._words, self._site.copies)

    def linked_data(self, work: Work) -> dict[str, Any]:
        whole, image = self._site.contents.whole(work), self._absolute(self.picture(work))
        makers = list(map(self._named, self.makers(work)))
        return linked_data.of(work, self._words, self.address, image, self.player(work), whole, makers)

    def guide_data(self, guide: Guide, works: Sequence[Work]) -> dict[str, Any]:
        """`works`: those of a list."""
        image = self._absolute(self.picture_of(guide))
        if isinstance(guide, Maker):
            return linked_data.of_maker(guide, self._words, self.address, image)
        return linked_data.of_list(guide, self._words, self.address, image, list(map(self._named, works)))

    def objection(self, work: Work) -> str:
        return showing.objection(work, self.address, self._site.contents.about.contact, self._words)

    def _named(self, entry: Work | Maker) -> dict[str, Any]:
        address = self._site.address(self._words, self._site.path(entry.id))
        return linked_data.named(entry, self._words, address)

    def _absolute(self, picture: Picture | None) -> str:
        base = self._site.base
        return "%s%s/%s" % (base, PICTURES, picture.name) if base and picture else ""
