"""The index of a manual: where the words of the glossary stand in its chapters."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lms.core.documents.xhtml import Tree
from lms.manuals.rules import main_places

SKIPPED = {"sup"}
SKIPPED_CLASSES = {"block-sources", "block-label"}


class Spot(NamedTuple):
    """A word of the glossary in a text: where it begins and ends, and whose it is."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class Stretch:
    """A section of a chapter."""

    id: str
    title: str


@dataclass
class Finder:
    """Marks every first word of a term in a section, and remembers where that was."""

    stems: Mapping[str, re.Pattern[str]]
    """term -> pattern, in the language of the text."""
    sections: list[Stretch] = field(default_factory=list)
    said: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """term -> number of the section -> how often"""

    def read(self, body: Tree, chapter: Stretch) -> None:
        """Read a chapter and put an id at every first word of a term in each of its sections."""
        self.sections.append(chapter)
        for part in list(body):
            if part.tag == "h2":
                self.sections.append(Stretch(str(part.get("id")), "".join(part.itertext())))
            self._look(part)

    def places(self, term: str) -> list[Stretch]:
        """Where a term is found best: the ids put there, and the titles of the sections."""
        said = self.said[term]
        chosen = main_places([said[number] for number in range(len(self.sections))])
        return [Stretch(anchor(term, number), self.sections[number].title) for number in chosen]

    def _look(self, part: Tree) -> None:
        if part.tag in SKIPPED or SKIPPED_CLASSES & set((part.get("class") or "").split()):
            return
        inside = list(part)
        self._mark(part, None)
        for child in inside:
            self._look(child)
            self._mark(part, child)

    def _mark(self, parent: Tree, after: Tree | None) -> None:
        """Look at the text at the beginning of `parent`, or after one of the elements in it."""
        text = (parent.text if after is None else after.tail) or ""
        here = len(self.sections) - 1
        fresh: list[Spot] = []
        for spot in spots_in(text, self.stems):
            self.said[spot.term][here] += 1
            if self.said[spot.term][here] == 1:
                fresh.append(spot)
        if fresh:
            _split(parent, after, text, fresh, here)


def anchor(term: str, section: int) -> str:
    """The id of a term's first word in a section."""
    return f"word-{term}-{section}"


def spots_in(text: str, stems: Mapping[str, re.Pattern[str]]) -> list[Spot]:
    """Every term in a text, in its order; where two begin inside each other the longer one counts."""
    found = [Spot(hit.start(), hit.end(), term) for term, stem in stems.items() for hit in stem.finditer(text)]
    return list(_apart(sorted(found, key=lambda spot: (spot.start, -spot.end))))


def _apart(found: Sequence[Spot]) -> Iterator[Spot]:
    end = 0
    for spot in found:
        if spot.start >= end and spot.end > spot.start:
            end = spot.end
            yield spot


def _split(parent: Tree, after: Tree | None, text: str, fresh: Sequence[Spot], section: int) -> None:
    """Put an element with an id around each of these words."""
    at = 0 if after is None else list(parent).index(after) + 1
    before = text[: fresh[0].start]
    if after is None:
        parent.text = before
    else:
        after.tail = before
    ends = [*(spot.start for spot in fresh[1:]), len(text)]
    for number, (spot, following) in enumerate(zip(fresh, ends, strict=True)):
        mark = parent.makeelement("span", {"id": anchor(spot.term, section)})
        mark.text, mark.tail = text[spot.start : spot.end], text[spot.end : following]
        parent.insert(at + number, mark)
