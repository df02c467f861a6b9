"""Manuals as electronic books: the same parts as in print, a file for each chapter, links instead of page numbers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from lms.core import clock
from lms.core.documents.epub import BookFacts, BookFile, pack_epub
from lms.core.documents.xhtml import Tree, read_page, write_xhtml
from lms.core.web.languages import _, date_in_full, speaking
from lms.manuals.book import Book
from lms.manuals.contents import Entry, contents_of, index_of
from lms.manuals.templating import fill

COVER, STYLE, NAV = "cover.svg", "style.css", "contents.xhtml"
WHOLE = "ebook.html"


@dataclass(frozen=True)
class Page:
    """A file of text before its links lead to other files."""

    name: str
    tree: Tree


def bind(book: Book) -> bytes:
    """The EPUB 3 of a book; nothing is asked of the database."""
    with speaking(book.language):
        entries = contents_of(book)
        pages = list(_pages(book, entries))
        _lead(pages)
        files = [BookFile(page.name, write_xhtml(page.tree), True, "nav" * (page.name == NAV)) for page in pages]
        cover = fill("ebook_cover.svg", book=book, title=wrap(book.title, 16), summary=wrap(book.summary, 42))
        files += [
            BookFile(STYLE, fill("ebook.css").encode()),
            BookFile(COVER, cover.encode(), properties="cover-image"),
            *(BookFile(address, drawing.encode()) for address, drawing in book.figures.items()),
        ]
        return pack_epub(_facts(book), files)


def _facts(book: Book) -> BookFacts:
    edition = _("Version %(n)s · for the rules of %(date)s", n=book.number, date=date_in_full(book.law_date))
    said = f"{book.summary} {_('Training material, not an official text')}. {edition}"
    return BookFacts(
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, f"{book.checksum}/{book.language}").urn,
        title=book.title,
        language=book.language,
        description=f"DEMO. {said}" if book.demo else said,
        modified=book.published_at,
        access_summary=_("All text can be read aloud and set larger; every figure is described in words."),
        more=[("date", clock.day_of(book.published_at).isoformat()), ("type", "manual")],
    )


def _pages(book: Book, entries: Sequence[Entry]) -> Iterator[Page]:
    """The pages in the order of reading."""
    yield _page(book, "cover", "cover", book.title)
    yield _page(book, "about", "about", _("About this manual"))
    yield _page(book, NAV.removesuffix(".xhtml"), "contents", _("Contents"), entries=entries)
    chapters = {chapter.id: chapter for chapter in book.chapters}
    for entry in entries:
        if entry.id in chapters:
            yield _page(book, entry.id, "chapter", entry.title, chapter=chapters[entry.id])
        else:
            yield _page(book, entry.id, entry.id, entry.title, letters=index_of(book))


def _page(book: Book, name: str, part: str, title: str, **words: Any) -> Page:
    tree = read_page(fill(WHOLE, book=book, part=part, title=title, **words))
    for element in tree.iter():
        if language := element.get("lang"):
            element.set("xml:lang", language)
    return Page(f"{name}.xhtml", tree)


def _lead(pages: Sequence[Page]) -> None:
    """Lead every link to the file in which its place is."""
    home = {str(element.get("id")): page.name for page in pages for element in page.tree.iter() if element.get("id")}
    for page in pages:
        for link in page.tree.iter("a"):
            to = str(link.get("href", ""))
            if to.startswith("#"):
                link.set("href", f"{home[to[1:]]}{to}")
