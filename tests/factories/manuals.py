"""A small course with everything beside it, as a book."""

from __future__ import annotations

from dataclasses import replace

from lms.commissions.permissions import SYSTEM
from lms.curriculum.models import CourseVersion
from lms.manuals.book import Book
from lms.manuals.reading import read_book
from lms.packs.actions import publish_pack
from tests.factories.curriculum import make_full_pack
from tests.factories.questions import texts

LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЙй"
"""Those that fonts often lack."""
SAID = {"kk": f"Жәшіктер осында. {LETTERS}.", "ru": "Здесь урны.", "en": "Ballot boxes stand here."}
"""A sentence that holds the word of the glossary."""
_books: dict[str, Book] = {}


def make_illustrated_course() -> CourseVersion:
    """The full small course; both its modules say the word of its glossary."""
    pack = make_full_pack(title=texts("Small course"))
    texts_ = {
        (module, language): f"{text}\n## Boxes\n\n{SAID[language]}[^law:40]\n"
        for (module, language), text in pack.texts.items()
    }
    return publish_pack(pack=replace(pack, texts=texts_), by=SYSTEM).version


def make_book(language: str) -> Book:
    """The manual of that course. Nothing in it changes, so it is read once for all tests; needs a country."""
    if language not in _books:
        _books[language] = read_book(make_illustrated_course(), language)
    return _books[language]
