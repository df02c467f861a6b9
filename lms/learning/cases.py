"""Practical cases made ready for a page: a scene, what one may do, and what follows from a choice. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.core.web.languages import pick
from lms.curriculum.models import Case
from lms.curriculum.words import source_lines
from lms.questions.kinds.shapes import paragraphs


@dataclass(frozen=True)
class ShownOption:
    """One thing to do, and what follows from it."""

    id: str
    text: str
    reply: str
    right: bool


@dataclass(frozen=True)
class ShownCase:
    """A case in the reader's language."""

    code: str
    module: str
    title: str
    situation: list[str]
    question: str
    options: list[ShownOption]
    lesson: str
    sources: list[str]
    chosen: ShownOption | None

    @property
    def field(self) -> str:
        """The name of the field in which a choice is sent."""
        return field_of(self.code)


def field_of(code: str) -> str:
    """The name of the field in which the choice of a case is sent."""
    return f"case-{code}"


def show_case(case: Case, sent: Mapping[str, str]) -> ShownCase:
    """The case, with the choice in what was sent; a choice that the case does not have is none."""
    options = [
        ShownOption(option["id"], pick(option["text"]), pick(option["reply"]), bool(option.get("right")))
        for option in case.body["options"]
    ]
    wanted = sent.get(field_of(case.code))
    return ShownCase(
        code=case.code,
        module=case.module_code,
        title=pick(case.body["title"]),
        situation=paragraphs(pick(case.body["situation"])),
        question=pick(case.body["question"]),
        options=options,
        lesson=pick(case.body["lesson"]),
        sources=source_lines(case.version_id, case.source),
        chosen=next((option for option in options if option.id == wanted), None),
    )
