"""A text with gaps: the shape of the question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from lms.questions.kinds.number.schema import Figure, check_distance
from lms.questions.kinds.shapes import InParts, Key, Option, Part
from lms.questions.kinds.short_text.schema import Answers


class Number(Part):
    """A number to write into a gap, and how far from it still counts."""

    answer: Figure
    tolerance: Annotated[int | float, PlainValidator(check_distance)] = 0


class Gap(Part):
    """A gap: with choices of which exactly one is right, with words to write, or with a number."""

    id: Key
    choices: Annotated[list[Option], Field(min_length=2, max_length=8)] | None = None
    answers: Answers | None = None
    forgive: Literal[0, 1] = 0
    number: Number | None = None


class GapTextBody(InParts):
    """A text whose first line says what to do; each gap stands once in the lines after it, as `{{id}}`."""

    gaps: Annotated[list[Gap], Field(min_length=1, max_length=8)]
