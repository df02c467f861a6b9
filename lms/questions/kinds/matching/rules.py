"""Pairs to match: what is a fault, what is right, how an answer reads. `{"pairs": {"<left id>": "<right id>"}}`.

A left side goes by the id of its pair. A right side goes by a mark made from its own text, so that a page does not
give the answer away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from random import Random
from typing import Any

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import Body, Fault, Order, Response, ids_of, in_parts, parts_of, pick, repeated


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    return repeated(body, "pairs") + repeated(body, "pairs", "left") + repeated(body, "pairs", "right")


def right_id(texts: object) -> str:
    """The mark of a right side: eight characters made from its texts."""
    said = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def right_sides(body: Body) -> dict[str, Any]:
    """The right sides by their marks, in the question's order."""
    return {right_id(part["right"]): part["right"] for part in parts_of(body, "pairs")}


def right_response(body: Body) -> Response:
    """The answer that gets the point."""
    return {"pairs": {str(part["id"]): right_id(part["right"]) for part in parts_of(body, "pairs")}}


def credit(body: Body, response: Response) -> int:
    """Marked in parts: the left sides that have their own right side. Whole: only when all have."""
    pairs, right = response.get("pairs"), right_response(body)["pairs"]
    if not isinstance(pairs, Mapping):
        return 0
    return in_parts(body, sum(pairs.get(left) == mark for left, mark in right.items()), len(right))


def is_complete(body: Body, response: Response) -> bool:
    """Whether every left side has a right side."""
    pairs = response.get("pairs") or {}
    return all(pairs.get(left) for left in ids_of(body, "pairs"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer gives some left sides of this question right sides of it."""
    pairs = response.get("pairs")
    if set(response) != {"pairs"} or not isinstance(pairs, dict) or not pairs:
        raise BadResponse("This answer does not match anything. Choose for each line what belongs to it.")
    lefts, rights = ids_of(body, "pairs"), right_sides(body)
    if any(left not in lefts or right not in list(rights) for left, right in pairs.items()):
        raise BadResponse("This answer matches something the question does not have. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """Each left side with the right side given to it, in the question's order."""
    pairs, rights = response.get("pairs") or {}, right_sides(body)
    return [
        f"{pick(part['left'], language)} → {pick(rights[str(pairs[part['id']])], language)}"
        for part in parts_of(body, "pairs")
        if str(pairs.get(part["id"])) in rights
    ]


def shuffle(body: Body, rng: Random) -> Order:
    """The right sides in an order of their own for one paper; the left sides stay as they are."""
    rights = list(right_sides(body))
    return {"rights": rng.sample(rights, len(rights))}
