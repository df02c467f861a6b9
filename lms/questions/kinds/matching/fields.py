"""Pairs to match: the fields of the form and what is read back from them."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

from lms.questions.kinds.matching.rules import right_sides
from lms.questions.kinds.shapes import Body, FormData, Order, Response, ids_of, parts_of, pick


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """For each left side its list: name, text, right side chosen; and the lettered right sides."""
    pairs, sides = response.get("pairs") or {}, right_sides(body)
    shown = [mark for mark in order.get("rights", []) if mark in sides]
    shown += [mark for mark in sorted(sides) if mark not in shown]
    return {
        "lefts": [
            {"name": f"{prefix}pair-{p['id']}", "text": pick(p["left"], language), "chosen": pairs.get(p["id"], "")}
            for p in parts_of(body, "pairs")
        ],
        "rights": [
            {"value": mark, "letter": letter, "text": pick(sides[mark], language)}
            for letter, mark in zip(ascii_uppercase, shown, strict=False)
        ],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form, finished or not; None when nothing was chosen."""
    sent = {left: form.getlist(f"{prefix}pair-{left}") for left in ids_of(body, "pairs")}
    pairs = {left: values[0] for left, values in sent.items() if values and values[0]}
    return {"pairs": pairs} if pairs else None
