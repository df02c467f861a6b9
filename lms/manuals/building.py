"""From a book to a file, in any format."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.documents.pdf import LaidOut
from lms.manuals.book import Book
from lms.manuals.ebook import bind
from lms.manuals.printing import fold_manual, print_manual
from lms.manuals.rules import Format


@dataclass(frozen=True)
class Built:
    """A manual as a file."""

    content: bytes
    pages: int | None
    """Pages of the PDF; an electronic book has none."""


def build(book: Book, format: Format, *, a5: bytes | None = None, laid_out: LaidOut = lambda _page: None) -> Built:
    """The manual in a format. `a5`: the A5 pages, if they are there, to make the booklet of."""
    if format is Format.EPUB:
        return Built(bind(book), None)
    if format is Format.BOOKLET:
        return Built(*fold_manual(book, a5 or print_manual(book, Format.A5, laid_out=laid_out).content))
    return Built(*print_manual(book, format, laid_out=laid_out))
