"""One right answer out of several: what is a fault, what is right, how an answer reads. `{"choice": "a"}`."""

from __future__ import annotations

from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, by_id, ids_of, parts_of, pick, repeated


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    right = sum(part.get("right") is True for part in parts_of(body, "options"))
    faults = repeated(body, "options") + repeated(body, "options", "text")
    if right == 0:
        faults.append(Fault(("options",), "no option is right; mark one with 'right: true'"))
    if right > 1:
        faults.append(Fault(("options",), f"{right} options are right; a question of kind 'single' has exactly one"))
    return faults


def right_response(body: Body) -> Response:
    """The answer that gets the point."""
    return {"choice": next(str(part["id"]) for part in parts_of(body, "options") if part.get("right") is True)}


def credit(body: Body, response: Response) -> int:
    """The whole credit for the right option, none for another."""
    return WHOLE if response.get("choice") == right_response(body)["choice"] else 0


def is_complete(body: Body, response: Response) -> bool:
    """Whether nothing is left to choose."""
    return bool(response.get("choice"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer names one option of this question."""
    if set(response) != {"choice"} or response["choice"] not in ids_of(body, "options"):
        raise BadResponse("This answer is not one of the question's options. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The chosen option in words."""
    return [pick(part["text"], language) for part in by_id(body, "options", [str(response.get("choice"))])]


def shuffle(body: Body, rng: Random) -> Order:
    """The options in an order of their own for one paper."""
    ids = ids_of(body, "options")
    return {"options": rng.sample(ids, len(ids))}
