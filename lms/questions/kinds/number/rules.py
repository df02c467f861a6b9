"""A number to work out: what is a fault, what is right, how an answer reads. `{"value": "835"}`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, pick

LONGEST = 40
"""Characters kept of a number as it was typed."""
_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2009\u202f'"))


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good."""
    answer, tolerance = body.get("answer"), body.get("tolerance", 0)
    if isinstance(answer, int | float) and isinstance(tolerance, int | float) and answer and tolerance >= abs(answer):
        return [Fault(("tolerance",), "the tolerance is as large as the answer: almost any number would be right")]
    return []


def read_number(typed: object) -> Decimal | None:
    """The number a person typed, with spaces between thousands and a comma or a point; None when it is not one."""
    text = str(typed).translate(_SPACES).replace(",", ".").replace("\u2212", "-")
    try:
        number = Decimal(text) if len(text) <= LONGEST and "_" not in text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < LONGEST else None


def right_response(body: Body) -> Response:
    """The answer that gets the point."""
    return {"value": str(body["answer"])}


def credit(body: Body, response: Response) -> int:
    """The whole credit for a number no further from the answer than the tolerance, none for another."""
    number = read_number(response.get("value"))
    if number is None:
        return 0
    near = abs(number - Decimal(str(body["answer"]))) <= Decimal(str(body.get("tolerance", 0)))
    return WHOLE if near else 0


def is_complete(body: Body, response: Response) -> bool:
    """Whether something was typed."""
    return bool(response.get("value"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer is a number."""
    value = response.get("value")
    if set(response) != {"value"} or not isinstance(value, str) or read_number(value) is None:
        raise BadResponse("This answer is not a number. Write it in digits, for example 835.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The number as it was typed, with its unit."""
    value = response.get("value")
    return [f"{value} {pick(body.get('unit'), language)}".strip()] if value else []


def shuffle(body: Body, rng: Random) -> Order:
    """Nothing to put in order."""
    return {}
