"""A pack without faults, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lms.curriculum.outline import read_outline
from lms.packs.schema import PackFile
from lms.questions.kinds.shapes import pick
from lms.questions.rules import LoadedQuestion, Use, checksum_of


@dataclass(frozen=True)
class Pack:
    """A course ready to be published: its settings, the texts of its modules, its questions."""

    file: PackFile
    texts: dict[tuple[str, str], str]
    """(module, language) -> Markdown."""
    questions: tuple[LoadedQuestion, ...]

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of what is taught. What is said about the change (`change`, `note`) does not count."""
        file = self.file.model_dump(mode="json", exclude={"change", "note"})
        file["languages"] = sorted(self.file.languages)
        texts = [[module, language, text] for (module, language), text in sorted(self.texts.items())]
        return checksum_of([file, texts, sorted((question.id, question.checksum) for question in self.questions)])

    def summary(self) -> dict[str, Any]:
        """Figures of the pack: modules, words per language, questions by kind and topic per language."""
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
        }

    def _words(self, language: str) -> int:
        return sum(read_outline(text).words for (_module, said_in), text in self.texts.items() if said_in == language)

    def _questions(self, language: str) -> dict[str, Any]:
        said = [question for question in self.questions if pick(question.body["text"], language)]
        test = [question for question in said if question.use is Use.TEST]
        return {
            "test": len(test),
            "self_check": len(said) - len(test),
            "by_kind": dict(sorted(Counter(question.kind for question in test).items())),
            "by_topic": dict(sorted(Counter(question.topic for question in test).items())),
        }


def tidy(text: str) -> str:
    """A module text as it is kept: no spaces at line ends, one line end at the end."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n")) + "\n"
