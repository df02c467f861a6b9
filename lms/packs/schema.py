"""The shape of `pack.yaml`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lms.curriculum.settings import EntrySettings, TestSettings
from lms.questions.kinds.shapes import Key, Option, Part, Texts
from lms.questions.marks import SourceMark

FORMAT = 1
Day = date
"""The type, where a key of the pack has its name."""


def check_pattern(text: str) -> str:
    """The pattern as it is; ValueError says why it is none."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"'{text}' is not a pattern: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(check_pattern)]
Patterns = dict[str, Pattern]


class TopicPart(Part):
    """What questions are about, and the module to read again after a wrong answer."""

    id: Key
    module: Key
    title: Texts


class ModulePart(Part):
    """One thing to read; its text stands in `modules/<id>/<language>.md`."""

    id: Key
    minutes: Annotated[int, Field(ge=1, le=60)]
    title: Texts
    self_check: Annotated[list[Key], Field(min_length=2, max_length=2)]


class FormPart(Part):
    """A training form; its text stands in `forms/<id>/<language>.md`."""

    id: Key
    title: Texts


class SourcePart(Part):
    """Where the course has its facts from, an entry of `sources.yaml`."""

    id: Key
    mark: Literal["seen", "derived", "known"]
    title: Texts
    edition: Texts
    date: Day | None = None


class TermPart(Part):
    """A word of the course, an entry of `glossary.yaml`. `stem` finds it in a text, `avoid` what not to say instead."""

    id: Key
    term: Texts
    short: Texts
    stem: Patterns = Field(default_factory=dict)
    avoid: dict[str, list[Pattern]] = Field(default_factory=dict)


class FigurePart(Part):
    """The words of a figure, `figures/<id>.yaml`; its drawing stands beside it as `.svg`."""

    title: Texts
    alt: Texts
    labels: dict[str, Texts] = Field(default_factory=dict)


class CaseOption(Option):
    """Something one may do in a case, and what follows from it."""

    reply: Texts


class CasePart(Part):
    """A practical case, an entry of a file in `cases/`."""

    id: Key
    module: Key
    source: Annotated[list[SourceMark], Field(min_length=1)]
    title: Texts
    situation: Texts
    question: Texts
    options: Annotated[list[CaseOption], Field(min_length=3, max_length=4)]
    lesson: Texts

    @model_validator(mode="after")
    def check_options(self) -> CasePart:
        """The case as it is; ValueError unless exactly one option is right and each id is different."""
        right = sum(option.right for option in self.options)
        if right != 1:
            raise ValueError(f"{right} options are right; give 'right: true' to exactly one")
        if len({option.id for option in self.options}) < len(self.options):
            raise ValueError("two options have the same id; make each one different")
        return self


class PackFile(Part):
    """A course as `pack.yaml` tells it."""

    format: Literal[1]
    id: Key
    level: Literal["precinct", "territorial"]
    languages: Annotated[
        list[Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]], Field(min_length=1, max_length=10)
    ]
    law_date: Day
    change: Literal["material", "editorial"]
    note: Texts
    title: Texts
    summary: Texts
    workshop: bool
    late_days: Annotated[int, Field(ge=1, le=60)] | None = None
    """For those who come to a seat so many days before the election or fewer, instead of the other courses."""
    topics: Annotated[list[TopicPart], Field(min_length=1)]
    modules: Annotated[list[ModulePart], Field(min_length=1)]
    forms: list[FormPart] = Field(default_factory=list)
    test: TestSettings
    entry: EntrySettings | None = None
