"""A number to work out: the shape of the question."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, PlainValidator, StringConstraints

from lms.questions.kinds.arithmetic import LONGEST
from lms.questions.kinds.shapes import Part, QuestionBody, Texts
from lms.questions.kinds.short_text.schema import Answers


def check_number(value: object) -> int | float:
    """The number as it is; ValueError when it is not a finite one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number; write it in digits, without quotes")
    return value


def check_distance(value: object) -> int | float:
    """The number as it is; ValueError when it is not a finite one from 0 up."""
    number = check_number(value)
    if number < 0:
        raise ValueError(f"{number} is below zero; a tolerance is a distance")
    return number


def check_above_zero(value: object) -> int | float:
    """The number as it is; ValueError when it is not a finite one above 0."""
    number = check_number(value)
    if number <= 0:
        raise ValueError(f"{number} is not above zero; write a larger one")
    return number


Figure = Annotated[int | float, PlainValidator(check_number)]
Positive = Annotated[int | float, PlainValidator(check_above_zero)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]


class Span(Part):
    """The values that a figure may have: `from`, `from` + `step`, ... up to `to`."""

    start: Figure = Field(alias="from")
    to: Figure
    step: Positive = 1


class Unit(Part):
    """A unit in which the answer may be written: its names, and how many of the first unit one of it is."""

    names: Answers
    factor: Positive = 1


class NumberBody(QuestionBody):
    """A number, how far from it still counts (same unit, default 0), and the unit shown beside the field.

    With `figures` each paper has its own: `{name}` in the texts is filled in, and `formula` says the answer. With
    `units` the unit is to be written, too."""

    answer: Figure | None = None
    tolerance: Annotated[int | float, PlainValidator(check_distance)] = 0
    unit: Texts | None = None
    figures: Annotated[dict[Name, Span], Field(min_length=1, max_length=6)] | None = None
    formula: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)] | None = None
    units: Annotated[list[Unit], Field(min_length=1, max_length=8)] | None = None
