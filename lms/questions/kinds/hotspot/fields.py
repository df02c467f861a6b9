"""A place on a picture: the fields of the form and what is read back from them."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

from lms.questions.kinds.hotspot.picture import address_of, size
from lms.questions.kinds.hotspot.rules import is_one
from lms.questions.kinds.shapes import Body, FormData, Order, Response, by_id, pick, shown_ids


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The picture, its size, its words for who cannot see it, and each place with its letter, words and corner."""
    picture, named = body["picture"], response.get("areas") or []
    width, height = size(picture)
    areas = list(zip(ascii_uppercase, by_id(body, "areas", shown_ids(body, "areas", order)), strict=False))
    return {
        "name": f"{prefix}areas",
        "type": "radio" if is_one(body) else "checkbox",
        "picture": address_of(picture, language, areas),
        "alt": pick(picture["alt"], language),
        "width": width,
        "height": height,
        "areas": [
            {
                "value": area["id"],
                "letter": letter,
                "text": pick(area["label"], language),
                "chosen": area["id"] in named,
                **{key: area[key] for key in ("x", "y", "width", "height")},
            }
            for letter, area in areas
        ],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form; None when no place is named."""
    named = [value for value in form.getlist(f"{prefix}areas") if value]
    return {"areas": named} if named else None
