"""A short written answer: the field of the form and what is read back from it."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.shapes import Body, FormData, Order, Response, typed_in
from lms.questions.kinds.short_text.rules import LONGEST


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The field: name, what was typed, how much it takes."""
    return {"name": f"{prefix}text", "value": response.get("text", ""), "longest": LONGEST}


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """What was typed; None when the field is empty."""
    typed = typed_in(form, f"{prefix}text", LONGEST)
    return {"text": typed} if typed else None
