"""A number to work out: the field of the form and what is read back from it."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.number.figures import POINTED
from lms.questions.kinds.number.rules import LONGEST, read_back
from lms.questions.kinds.shapes import Body, FormData, Order, Response, pick, typed_in


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The field: name, what was typed and how it was read where that is in doubt, unit, and whether a unit is to be
    written, too."""
    return {
        "name": f"{prefix}value",
        "value": response.get("value", ""),
        "read_as": read_back(response.get("value", ""), language),
        "is_pointed": language in POINTED,
        "unit": pick(body.get("unit"), language),
        "with_unit": bool(body.get("units")),
        "longest": LONGEST,
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """What was typed, number or not; None when the field is empty."""
    typed = typed_in(form, f"{prefix}value", LONGEST)
    return {"value": typed} if typed else None
