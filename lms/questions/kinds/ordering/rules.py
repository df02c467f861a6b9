"""Steps to put in order: what is a fault, what is right, how an answer reads. `{"order": ["b", "a", "c"]}`.

An answer that is not finished, or that gives two steps the same place, is kept as `{"places": {"a": "1", "b": "1"}}`:
nothing a person has typed is lost, and it gets no point.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import Body, Fault, Order, Response, by_id, ids_of, in_parts, pick, repeated


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    ids = ids_of(body, "items")
    faults = repeated(body, "items") + repeated(body, "items", "text")
    if len(ids) > 1 and ids == sorted(ids):
        said = "the ids stand in alphabetical order and give the answer away; name the items so that they do not"
        faults.append(Fault(("items",), said))
    return faults


def right_response(body: Body) -> Response:
    """The answer that gets the point: the steps as the question lists them."""
    return {"order": ids_of(body, "items")}


def credit(body: Body, response: Response) -> int:
    """Marked in parts: of the steps after the first, those that follow directly on the step they should follow. Whole:
    only when every step stands in its place."""
    given, right = response.get("order"), ids_of(body, "items")
    if not isinstance(given, list) or sorted(map(str, given)) != sorted(right):
        return 0
    follows = sum(pair in list(pairwise(right)) for pair in pairwise(given))
    return in_parts(body, follows, len(right) - 1)


def is_complete(body: Body, response: Response) -> bool:
    """Whether every step has a place of its own."""
    return bool(response.get("order"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer orders all steps, or gives places to some of them."""
    ids = ids_of(body, "items")
    order, places = response.get("order"), response.get("places")
    if set(response) == {"order"} and isinstance(order, list) and sorted(map(str, order)) == sorted(ids):
        return
    numbers = [str(number) for number in range(1, len(ids) + 1)]
    if set(response) != {"places"} or not isinstance(places, dict) or not places:
        raise BadResponse("This answer does not name each step once. Number the steps again.")
    if any(key not in ids or value not in numbers for key, value in places.items()):
        raise BadResponse("This answer numbers steps that the question does not have. Number the steps again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The steps in the order given; of an unfinished answer, each numbered step with its number."""
    if response.get("order"):
        return [pick(part["text"], language) for part in by_id(body, "items", response["order"])]
    places = response.get("places") or {}
    numbered = sorted(places, key=lambda step: (str(places[step]), step))
    return [f"{places[part['id']]}. {pick(part['text'], language)}" for part in by_id(body, "items", numbered)]


def shuffle(body: Body, rng: Random) -> Order:
    """The steps in an order of their own for one paper, never the right one."""
    right = ids_of(body, "items")
    ids = rng.sample(right, len(right))
    return {"items": ids if ids != right else ids[1:] + ids[:1]}
