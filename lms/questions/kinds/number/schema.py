"""A number to work out: the shape of the question."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import PlainValidator

from lms.questions.kinds.shapes import QuestionBody, Texts


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


class NumberBody(QuestionBody):
    """A number, how far from it still counts (same unit, default 0), and the unit shown beside the field."""

    answer: Annotated[int | float, PlainValidator(check_number)]
    tolerance: Annotated[int | float, PlainValidator(check_distance)] = 0
    unit: Texts | None = None
