"""What a manual is made of and how its words are put in order: pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum


class Format(StrEnum):
    """How a manual comes."""

    A4 = "a4"
    A5 = "a5"
    BOOKLET = "booklet"
    """The A5 pages two on a sheet of A4, in the order in which they are printed and folded."""
    EPUB = "epub"

    @property
    def media_type(self) -> str:
        """What the file is, as the web says it."""
        return "application/epub+zip" if self is Format.EPUB else "application/pdf"

    @property
    def suffix(self) -> str:
        """The end of the file's name."""
        return "epub" if self is Format.EPUB else "pdf"


LETTERS_ON_A_PAGE = 1200
"""Letters of the chapters, marks of HTML included, for each page of a whole manual."""
MOST_PLACES = 10
"""A word that stands in more sections than this is found only where it is said most."""
ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
PLACES = {language: {letter: place for place, letter in enumerate(word)} for language, word in ALPHABETS.items()}


def alphabetical(word: str, language: str) -> list[int]:
    """The key that sorts words as the alphabet of a language does; signs that are no letters do not count."""
    places = PLACES.get(language, {})
    return [places.get(letter, 1000 + ord(letter)) for letter in word.lower() if letter.isalnum()]


def first_letter(word: str) -> str:
    """The letter under which a word stands in an index."""
    return next((letter.upper() for letter in word if letter.isalpha()), "")


def main_places(said: Sequence[int], most: int = MOST_PLACES) -> list[int]:
    """Which sections to name for a word that is said so often in each of them, as indexes in their order."""
    found = [section for section, times in enumerate(said) if times]
    if len(found) <= most:
        return found
    return sorted(sorted(found, key=lambda section: (-said[section], section))[:most])


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Page numbers as runs of pages that follow each other, each page once: (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def expected_pages(letters: int) -> int:
    """About how many pages chapters of so many letters (of HTML) make, with everything around them: to show how far the
    work is."""
    return 20 + letters // LETTERS_ON_A_PAGE
