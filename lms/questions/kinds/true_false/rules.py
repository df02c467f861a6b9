"""A statement that is true or false: what is right, how an answer reads. `{"choice": "true"}`."""

from __future__ import annotations

from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, pick

WORDS = {
    "true": {"kk": "Дұрыс", "ru": "Верно", "en": "True"},
    "false": {"kk": "Дұрыс емес", "ru": "Неверно", "en": "False"},
}


def find_faults(body: Body) -> list[Fault]:
    """Nothing that the shape does not say already."""
    return []


def right_response(body: Body) -> Response:
    """The answer that gets the point."""
    return {"choice": "true" if body["answer"] else "false"}


def credit(body: Body, response: Response) -> int:
    """The whole credit for the right judgement, none for the other."""
    return WHOLE if response.get("choice") == right_response(body)["choice"] else 0


def is_complete(body: Body, response: Response) -> bool:
    """Whether nothing is left to choose."""
    return bool(response.get("choice"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer is "true" or "false"."""
    if set(response) != {"choice"} or response["choice"] not in ("true", "false"):
        raise BadResponse("This answer is neither true nor false. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The judgement in one word."""
    chosen = response.get("choice")
    return [pick(WORDS[chosen], language)] if chosen in ("true", "false") else []


def shuffle(body: Body, rng: Random) -> Order:
    """Nothing: true always stands before false."""
    return {}
