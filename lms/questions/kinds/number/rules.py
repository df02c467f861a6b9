"""A number to work out: what is a fault, what is right, how an answer reads. `{"value": "835"}`, or with its unit
`{"value": "1.2 km"}` where the question asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from lms.questions.errors import BadResponse
from lms.questions.kinds.folding import fold
from lms.questions.kinds.number.figures import POINTED, draw, find_figure_faults
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, is_writing, parts_of, pick
from lms.questions.kinds.short_text.rules import first_answer, is_accepted

LONGEST = 40
"""Characters kept of a number as it was typed."""
_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2009\u202f'"))
_WITH_UNIT = re.compile(r"\s*([-\u2212+]?\d[\d\s'.,\u00a0\u2009\u202f]*)(.*)", re.DOTALL)


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good."""
    answer, tolerance = body.get("answer"), body.get("tolerance", 0)
    faults = [*_answer_faults(body), *_unit_faults(body), *find_figure_faults(body)]
    if isinstance(answer, int | float) and isinstance(tolerance, int | float) and answer and tolerance >= abs(answer):
        faults.append(
            Fault(("tolerance",), "the tolerance is as large as the answer: almost any number would be right")
        )
    return faults


def _answer_faults(body: Body) -> Iterator[Fault]:
    answer, figures, formula = (body.get(key) is not None for key in ("answer", "figures", "formula"))
    if answer and (figures or formula):
        yield Fault(("answer",), "a question with 'figures' has a 'formula' and no 'answer'; remove one of them")
    if figures != formula:
        yield Fault((), f"'figures' and 'formula' go together; '{'formula' if figures else 'figures'}' is missing")
    if not (answer or figures or formula):
        yield Fault((), "'answer' is missing")


def _unit_faults(body: Body) -> Iterator[Fault]:
    units, seen = parts_of(body, "units"), set[str]()
    if units and body.get("unit"):
        yield Fault(("unit",), "'unit' stands beside the field, 'units' are to be written; remove one of them")
    if units and units[0].get("factor", 1) != 1:
        yield Fault(("units", 0, "factor"), "the first unit is the one of 'answer'; its factor is 1, leave it out")
    for index, unit in enumerate(units):
        names = {fold(str(name)) for listed in _lists(unit.get("names")) for name in listed}
        if "" in names:
            yield Fault(("units", index, "names"), "of a name of this unit nothing is left to compare; write letters")
        if names & seen:
            yield Fault(("units", index, "names"), "a name of this unit stands for another unit too; remove one")
        seen |= names


def _lists(names: object) -> list[list[Any]]:
    return [listed for listed in names.values() if isinstance(listed, list)] if isinstance(names, Mapping) else []


def read_number(typed: object) -> Decimal | None:
    """The number a person typed, with spaces between thousands and a comma or a point; None when it is not one."""
    text = str(typed).translate(_SPACES).replace(",", ".").replace("\u2212", "-")
    try:
        number = Decimal(text) if len(text) <= LONGEST and "_" not in text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < LONGEST else None


def read_back(typed: object, language: str) -> str:
    """How a number was read, as the language writes it, where its one sign may be taken for the one between thousands:
    1,201 in English is 1.201, and 1.201 in the others is 1,201. Empty for every other number."""
    own, other = (".", ",") if language in POINTED else (",", ".")
    found = re.match(rf"\s*([-\u2212+]?\d{{1,3}}){re.escape(other)}(\d{{3}})(?![\d.,])", str(typed))
    return f"{found[1]}{own}{found[2]}" if found else ""


def read_answer(body: Body, typed: object) -> Decimal | None:
    """What was typed as a number in the unit of the answer; None when it is none, or its unit is not known."""
    units = parts_of(body, "units")
    if not units:
        return read_number(typed)
    number, named = _split(typed)
    factor = next((unit.get("factor", 1) for unit in units if is_accepted({"answers": unit["names"]}, named)), None)
    return number * Decimal(str(factor)) if number is not None and factor is not None else None


def _split(typed: object) -> tuple[Decimal | None, str]:
    """The number in front, and what stands behind it."""
    found = _WITH_UNIT.fullmatch(typed) if isinstance(typed, str) else None
    return (read_number(found[1].rstrip(".,")), found[2]) if found else (None, "")


def is_near(body: Mapping[str, Any], number: Decimal) -> bool:
    """Whether a number is no further from the answer than the tolerance."""
    return abs(number - Decimal(str(body["answer"]))) <= Decimal(str(body.get("tolerance", 0)))


def right_response(body: Body) -> Response:
    """The answer that gets the point."""
    return {"value": _right(body, next(iter(body["text"]), ""))}


def _right(body: Body, language: str) -> str:
    units = parts_of(body, "units")
    unit = first_answer({"answers": units[0]["names"]}, language) if units else ""
    return f"{body['answer']} {unit}".strip()


def credit(body: Body, response: Response) -> int:
    """The whole credit for a number no further from the answer than the tolerance, none for another."""
    number = read_answer(body, response.get("value"))
    return WHOLE if number is not None and is_near(body, number) else 0


def is_complete(body: Body, response: Response) -> bool:
    """Whether something was typed."""
    return bool(response.get("value"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer is a number, or begins with one where its unit is to be written, too."""
    value, units = response.get("value"), body.get("units")
    if set(response) != {"value"} or not is_writing(value, LONGEST) or (not units and read_number(value) is None):
        raise BadResponse("This answer is not a number. Write digits alone, without a word.")
    if units and _split(value)[0] is None:
        raise BadResponse("This answer does not begin with a number. Write it in digits, then the unit.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The number as it was typed, with its unit. A unit in words stands in brackets: it has one form, which does not go
    with every number."""
    value, unit = response.get("value"), pick(body.get("unit"), language)
    in_words = any(sign.isalpha() for sign in unit)
    return [f"{value} ({unit})" if in_words else f"{value} {unit}".strip()] if value else []


def tell(body: Body, language: str) -> list[str]:
    """The right answer with its unit in the reader's language."""
    return describe(body, {"value": _right(body, language)}, language)


def shuffle(body: Body, rng: Random) -> Order:
    """The figures of one paper; nothing where they are the same on all."""
    return draw(body, rng)
