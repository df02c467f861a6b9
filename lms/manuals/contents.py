"""What stands in a manual, in its order: for the contents, the bookmarks and the way through an electronic book."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.core.web.languages import _
from lms.manuals.book import Book, Chapter
from lms.manuals.indexing import Stretch
from lms.manuals.rules import alphabetical, first_letter


@dataclass(frozen=True)
class Entry:
    """A chapter or an annex with its sections."""

    id: str
    title: str
    parts: list[Stretch] = field(default_factory=list)


def contents_of(book: Book) -> list[Entry]:
    """Everything that a reader may look for, in the reader's language."""
    chapters = [Entry(chapter.id, chapter.heading, _sections(chapter)) for chapter in book.chapters]
    forms = [Stretch(form.id, form.title) for form in book.forms]
    annexes = [
        (Entry("answers", _("Answers to the self-checks")), True),
        (Entry("case-answers", _("Answers to the practical cases")), has_cases(book)),
        (Entry("forms", _("Forms to copy"), forms), bool(forms)),
        (Entry("glossary", _("Words of the course")), bool(book.words)),
        (Entry("sources", _("Sources and their editions")), bool(book.sources)),
        (Entry("index", _("Index")), bool(index_of(book))),
    ]
    return chapters + [entry for entry, there in annexes if there]


def has_cases(book: Book) -> bool:
    """Whether any chapter has a practical case."""
    return any(chapter.cases for chapter in book.chapters)


def index_of(book: Book) -> list[tuple[str, list[tuple[str, list[Stretch]]]]]:
    """Letter by letter: each word that the chapters say, and where."""
    letters: dict[str, list[tuple[str, list[Stretch]]]] = {}
    for word in book.words:
        if word.places:
            said = word.terms[book.language]
            letters.setdefault(first_letter(said), []).append((said, word.places))
    return sorted(letters.items(), key=lambda letter: alphabetical(letter[0], book.language))


def _sections(chapter: Chapter) -> list[Stretch]:
    more = []
    if chapter.cases:
        more.append(Stretch(f"{chapter.id}-cases", _("Practical cases")))
    if chapter.questions:
        more.append(Stretch(f"{chapter.id}-check", _("Check yourself")))
    return [*chapter.sections, *more]
