"""A question with another key: what its body would be if this answer were the right one. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.questions.kinds.matching.rules import right_sides
from lms.questions.kinds.number.rules import read_number
from lms.questions.kinds.shapes import Body, Response, parts_of

Made = dict[str, Any]


def may_have_another_key(kind: str) -> bool:
    """Whether another key can be given to questions of this kind."""
    return kind in _MAKERS


def with_key(kind: str, body: Body, response: Response) -> Made:
    """The body of the question with this answer as the right one; its texts and everything else stay. Refused for kinds
    whose answer follows from the question itself."""
    if kind not in _MAKERS:
        raise Refused(
            _("A question of this kind works its answer out by itself. Give everybody the point, or leave it out.")
        )
    return {**body, **_MAKERS[kind](body, response)}


def _choose(body: Body, response: Response) -> Made:
    chosen = {str(response.get("choice")), *map(str, response.get("choices") or [])}
    options = []
    for part in parts_of(body, "options"):
        option = {key: value for key, value in part.items() if key != "right"}
        options.append({**option, "right": True} if str(part.get("id")) in chosen else option)
    return {"options": options}


def _judge(_body: Body, response: Response) -> Made:
    return {"answer": response.get("choice") == "true"}


def _order(body: Body, response: Response) -> Made:
    order = [str(one) for one in response.get("order") or []]
    return {"items": sorted(parts_of(body, "items"), key=lambda part: order.index(str(part["id"])))}


def _match(body: Body, response: Response) -> Made:
    sides, pairs = right_sides(body), response.get("pairs") or {}
    return {
        "pairs": [
            {**part, "right": sides.get(str(pairs.get(part["id"])), part["right"])} for part in parts_of(body, "pairs")
        ]
    }


def _count(_body: Body, response: Response) -> Made:
    number = read_number(response.get("value")) or Decimal(0)
    return {"answer": int(number) if number == number.to_integral_value() else float(number)}


_MAKERS: dict[str, Callable[[Body, Response], Made]] = {
    "single": _choose,
    "multiple": _choose,
    "true-false": _judge,
    "ordering": _order,
    "matching": _match,
    "number": _count,
}
