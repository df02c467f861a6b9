"""Several right answers: the fields of the form and what is read back from them."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.shapes import Body, FormData, Order, Response, by_id, pick, shown_ids


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The check boxes: name, and for each option its value, text and whether it is chosen."""
    options = by_id(body, "options", shown_ids(body, "options", order))
    chosen = response.get("choices") or []
    return {
        "name": f"{prefix}choices",
        "type": "checkbox",
        "choices": [
            {"value": o["id"], "text": pick(o["text"], language), "chosen": o["id"] in chosen} for o in options
        ],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form; None when nothing was chosen."""
    chosen = list(dict.fromkeys(value for value in form.getlist(f"{prefix}choices") if value))
    return {"choices": chosen} if chosen else None
