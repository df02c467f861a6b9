"""A pack without faults, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lms.curriculum.outline import read_outline
from lms.packs.schema import CasePart, FigurePart, PackFile, SourcePart, TermPart
from lms.questions.kinds.shapes import Part, pick
from lms.questions.rules import LoadedQuestion, checksum_of
from lms.questions.uses import Use


@dataclass(frozen=True)
class Pack:
    """A course ready to be published: its settings, the texts of its modules, its questions, and what stands beside."""

    file: PackFile
    texts: dict[tuple[str, str], str]
    """(module, language) -> Markdown."""
    questions: tuple[LoadedQuestion, ...]
    sources: tuple[SourcePart, ...] = ()
    terms: tuple[TermPart, ...] = ()
    cases: tuple[CasePart, ...] = ()
    figures: dict[str, tuple[str, FigurePart]] = field(default_factory=dict)
    """id -> SVG with places for words, and the words."""
    forms: dict[tuple[str, str], str] = field(default_factory=dict)
    """(form, language) -> Markdown."""

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of what is taught. What is said about the change (`change`, `note`) does not count, nor do the order
        of languages and the way in which cases are divided into files."""
        file = self.file.model_dump(mode="json", exclude={"change", "note"})
        file["languages"] = sorted(self.file.languages)
        figures = [[code, svg, plain(part)] for code, (svg, part) in sorted(self.figures.items())]
        modules = [module.id for module in self.file.modules]
        cases = sorted(self.cases, key=lambda case: modules.index(case.module))
        return checksum_of(
            [
                file,
                [[module, language, text] for (module, language), text in sorted(self.texts.items())],
                sorted((question.id, question.checksum) for question in self.questions),
                *([plain(part) for part in parts] for parts in (self.sources, self.terms, cases)),
                figures,
                [[form, language, text] for (form, language), text in sorted(self.forms.items())],
            ]
        )

    def summary(self) -> dict[str, Any]:
        """Figures of the pack: modules, words per language, questions by kind, topic and use per language, and how
        many there are of everything else."""
        languages = self.file.languages
        return {
            "id": self.file.id,
            "checksum": self.checksum,
            "languages": languages,
            "modules": len(self.file.modules),
            "minutes": sum(module.minutes for module in self.file.modules),
            "words": {language: self._words(language) for language in languages},
            "questions": {language: self._questions(language) for language in languages},
            "test": {"questions": self.file.test.size, "enough": self.file.test.enough},
            "entry": self.file.entry.size if self.file.entry else 0,
            "cases": len(self.cases),
            "figures": len(self.figures),
            "forms": len(self.file.forms),
            "terms": len(self.terms),
            "sources": len(self.sources),
        }

    def _words(self, language: str) -> int:
        return sum(read_outline(text).words for (_module, said_in), text in self.texts.items() if said_in == language)

    def _questions(self, language: str) -> dict[str, Any]:
        said = [question for question in self.questions if pick(question.body["text"], language)]
        test = [question for question in said if question.use is Use.TEST]
        return {
            "test": len(test),
            "self_check": sum(question.use is Use.SELF_CHECK for question in said),
            "entry": sum(question.use is Use.ENTRY for question in said),
            "by_kind": _counts(question.kind for question in test),
            "by_topic": _counts(question.topic for question in test),
        }


def plain(part: Part) -> dict[str, Any]:
    """A part of a pack as plain data, without what says nothing."""
    return part.model_dump(mode="json", exclude_defaults=True)


def tidy(text: str) -> str:
    """A text as it is kept: no spaces at line ends, one line end at the end."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n")) + "\n"


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
