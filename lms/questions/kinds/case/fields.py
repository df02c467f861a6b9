"""A situation with several steps: the fields of the steps and what is read back from them."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.case.rules import kind_of, order_of
from lms.questions.kinds.shapes import Body, FormData, Order, Response, parts_of


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """Each step as its own template wants it: what `Shown` holds, but for its heading."""
    given = response.get("steps") or {}
    return {
        "steps": [
            {
                "kind": step["kind"],
                "template": kind_of(step).template,
                "paragraphs": kind_of(step).read(step, language),
                "prefix": f"{prefix}{step['id']}-",
                "error": "",
                "fields": kind_of(step).form.fields(
                    step, order_of(step, order), given.get(step["id"]) or {}, language, f"{prefix}{step['id']}-"
                ),
            }
            for step in parts_of(body, "steps")
        ]
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answers in the form, finished or not; None when every step is empty."""
    said = {
        step["id"]: kind_of(step).form.parse_form(step, form, f"{prefix}{step['id']}-")
        for step in parts_of(body, "steps")
    }
    steps = {name: answer for name, answer in said.items() if answer is not None}
    return {"steps": steps} if steps else None
