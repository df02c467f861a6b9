"""A question with another key: what its body would be if this answer were the right one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    if kind not in _MAKERS or body.get("formula"):
        raise Refused(
            _("A question of this kind works its answer out by itself. Give everybody the point, or leave it out.")
        )
    return {**body, **_MAKERS[kind](body, response)}


def _choose(body: Body, response: Response) -> Made:
    return {"options": _mark(body, "options", {str(response.get("choice")), *map(str, response.get("choices") or [])})}


def _point(body: Body, response: Response) -> Made:
    return {"areas": _mark(body, "areas", set(map(str, response.get("areas") or [])))}


def _mark(body: Body, name: str, chosen: set[str]) -> list[Made]:
    """The parts under this name, those with these ids right and no others."""
    parts = [{key: value for key, value in part.items() if key != "right"} for part in parts_of(body, name)]
    return [{**part, "right": True} if str(part.get("id")) in chosen else part for part in parts]


def _write(body: Body, response: Response) -> Made:
    return {"answers": {language: [str(response.get("text") or "")] for language in body.get("answers") or {}}}


def _fill(body: Body, response: Response) -> Made:
    said = response.get("gaps") or {}
    return {"gaps": [_fill_one(gap, str(said.get(gap["id"]) or "")) for gap in parts_of(body, "gaps")]}


def _fill_one(gap: Mapping[str, Any], said: str) -> Made:
    if gap.get("choices"):
        return {**gap, "choices": _mark(gap, "choices", {said})}
    if gap.get("answers"):
        return {**gap, **_write(gap, {"text": said})}
    return {**gap, "number": {**gap["number"], **_count(gap["number"], {"value": said})}}


def _step(body: Body, response: Response) -> Made:
    said = response.get("steps") or {}
    return {"steps": [with_key(step["kind"], step, said.get(step["id"]) or {}) for step in parts_of(body, "steps")]}


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
    "short-text": _write,
    "gap-text": _fill,
    "hotspot": _point,
    "case": _step,
}
