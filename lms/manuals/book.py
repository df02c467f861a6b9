"""A course as a book in one language: everything that is printed, in plain words and without rows of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from lms.manuals.indexing import Stretch
from lms.questions.showing import Explained, Shown


@dataclass(frozen=True)
class Choice:
    """Something one may do in a case, and what follows."""

    letter: str
    text: str
    reply: str
    right: bool


@dataclass(frozen=True)
class Scene:
    """A practical case."""

    id: str
    title: str
    situation: list[str]
    question: str
    choices: list[Choice]
    lesson: str
    sources: list[str]


@dataclass(frozen=True)
class Chapter:
    """A module as the manual prints it."""

    id: str
    number: int
    title: str
    minutes: int
    sections: list[Stretch]
    html: Markup
    cases: list[Scene]
    questions: list[Shown]
    answers: list[Explained]

    @property
    def heading(self) -> str:
        """The title with the number."""
        return f"{self.number}. {self.title}"


@dataclass(frozen=True)
class FormPage:
    """A form to copy."""

    id: str
    title: str
    html: Markup


@dataclass(frozen=True)
class Word:
    """A word of the glossary."""

    id: str
    terms: dict[str, str]
    meaning: str
    places: list[Stretch]
    """Where the chapters say it, for the index."""


@dataclass(frozen=True)
class SourceLine:
    """A source, and the chapters that name it."""

    words: str
    chapters: list[Chapter]


@dataclass(frozen=True)
class Book:
    """The whole manual."""

    code: str
    language: str
    languages: list[str]
    """All in which the course is written; the book's own first."""
    number: int
    level: str
    title: str
    summary: str
    note: str
    law_date: date
    published_at: datetime
    checksum: str
    demo: bool
    chapters: list[Chapter]
    forms: list[FormPage]
    words: list[Word]
    sources: list[SourceLine]
    figures: dict[str, str] = field(default_factory=dict)
    """address in the text -> drawing"""
