"""Steps to put in order: the fields of the form and what is read back from them."""

from __future__ import annotations

from typing import Any

from lms.questions.kinds.shapes import Body, FormData, Order, Response, by_id, ids_of, pick, shown_ids


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """One list of numbers for each step: name, text, number chosen; and the numbers there are."""
    places = _places(response)
    items = by_id(body, "items", shown_ids(body, "items", order))
    return {
        "items": [
            {"name": f"{prefix}order-{i['id']}", "text": pick(i["text"], language), "chosen": places.get(i["id"], "")}
            for i in items
        ],
        "numbers": [str(number + 1) for number in range(len(ids_of(body, "items")))],
    }


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form: an order when each step has its own number, else places; None when all are empty."""
    sent = {step: form.getlist(f"{prefix}order-{step}") for step in ids_of(body, "items")}
    places = {step: values[0] for step, values in sent.items() if values and values[0]}
    if not places:
        return None
    numbers = [str(number + 1) for number in range(len(sent))]
    if sorted(places.values()) == numbers:
        return {"order": sorted(places, key=lambda step: int(places[step]))}
    return {"places": places}


def _places(response: Response) -> dict[str, str]:
    if response.get("order"):
        return {step: str(number) for number, step in enumerate(response["order"], start=1)}
    return dict(response.get("places") or {})
