"""One right answer out of several: the fields of the form and what is read back from them."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.shapes import Body, FormData, Order, Response, by_id, pick, shown_ids


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The radio buttons: name, and for each option its value, text and whether it is chosen."""
    options = by_id(body, "options", shown_ids(body, "options", order))
    return {
        "name": f"{prefix}choice",
        "type": "radio",
        "choices": [
            {"value": o["id"], "text": pick(o["text"], language), "chosen": o["id"] == response.get("choice")}
            for o in options
        ],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form; None when nothing was chosen."""
    chosen = form.getlist(f"{prefix}choice")
    return {"choice": chosen[0]} if chosen and chosen[0] else None
