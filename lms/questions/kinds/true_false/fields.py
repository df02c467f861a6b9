"""A statement that is true or false: the fields of the form and what is read back from them."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.shapes import Body, FormData, Order, Response, pick
from lms.questions.kinds.true_false.rules import WORDS


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The two radio buttons."""
    return {
        "name": f"{prefix}choice",
        "type": "radio",
        "choices": [
            {"value": value, "text": pick(words, language), "chosen": value == response.get("choice")}
            for value, words in WORDS.items()
        ],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form; None when nothing was chosen."""
    chosen = form.getlist(f"{prefix}choice")
    return {"choice": chosen[0]} if chosen and chosen[0] else None
