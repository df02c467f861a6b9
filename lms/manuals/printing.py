"""Manuals on paper: a book as a tagged PDF of A4 or A5, or as a booklet to fold."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from lms.core.documents.booklet import impose
from lms.core.documents.pdf import LaidOut, Printed, render_book
from lms.core.web.languages import _, date_in_full, speaking
from lms.manuals.book import Book
from lms.manuals.contents import contents_of, index_of
from lms.manuals.indexing import Stretch
from lms.manuals.paper import PAPER
from lms.manuals.rules import Format, ranges
from lms.manuals.templating import fill

IN_PRINT = str.maketrans({"\u202f": "\u00a0", "→": "–", "✓": "V", "✗": "X", "☐": ""})
"""Signs that the print fonts lack, and what stands for them."""


def print_manual(book: Book, format: Format = Format.A4, *, laid_out: LaidOut = lambda _page: None) -> Printed:
    """The PDF of a book, A4 or A5. Takes many seconds, so it is done as later work; nothing is asked of the database.
    `laid_out` hears the number of each page."""
    with speaking(book.language):
        css = fill("manual.css", paper=PAPER[format], first_page=0, side="right", **_running_words(book))
        letters = index_of(book)
        entries = contents_of(book)
        html = _pages(book, fill("manual.html", book=book, entries=entries, small=format is not Format.A4))

        def behind(place: Mapping[str, int], before: int) -> tuple[str, str]:
            found = [
                (letter, [(word, _pages_of(places, place)) for word, places in words]) for letter, words in letters
            ]
            page = _pages(book, fill("index.html", book=book, letters=found))
            side = "left" if before % 2 else "right"
            running = {**_running_words(book), "paper": PAPER[format], "first_page": before + 1, "side": side}
            return page, fill("manual.css", **running)

        return render_book(html, css, behind if letters else None, laid_out=laid_out)


def fold_manual(book: Book, pages: bytes) -> Printed:
    """The booklet of a manual that was printed on A5."""
    return impose(pages, title=book.title, language=book.language)


def _pages(book: Book, html: str) -> str:
    """The HTML with signs that can be printed and with its figures inside."""
    html = html.translate(IN_PRINT)
    for address, drawing in book.figures.items():
        content = base64.b64encode(drawing.translate(IN_PRINT).encode()).decode()
        html = html.replace(f'src="{address}"', f'src="data:image/svg+xml;base64,{content}"')
    return html


def _pages_of(places: list[Stretch], place: Mapping[str, int]) -> list[tuple[str, str]]:
    """(id, page numbers) of each run of pages."""
    on_page: dict[int, str] = {}
    for spot in places:
        if spot.id in place:
            on_page.setdefault(place[spot.id], spot.id)
    return [(on_page[first], str(first) if first == last else f"{first}–{last}") for first, last in ranges(on_page)]


def _running_words(book: Book) -> dict[str, str]:
    """What stands on each page, for a style sheet; every print of a demo installation says DEMO."""
    foot = _("version %(n)s, for the rules of %(date)s", n=book.number, date=date_in_full(book.law_date))
    said = f"{book.title} · {foot}"
    return {
        "foot": _css_string(f"DEMO · {said}" if book.demo else said),
        "course": _css_string(book.title),
        "see_page": _around_page(_("page {page}")),
    }


def _around_page(words: str) -> str:
    """Words around a page number as the content of a style sheet, in brackets."""
    before, _page, after = re.split(r"(\{page\})", words)
    return f"{_css_string(f' ({before}')} target-counter(attr(href), page) {_css_string(f'{after})')}"


def _css_string(text: str) -> str:
    text = text.translate(IN_PRINT)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("<", "\\3c ") + '"'
