"""A short written answer: what is a fault, what is right, how an answer reads. `{"text": "the chair"}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from lms.questions.errors import BadResponse
from lms.questions.kinds.folding import fold, is_forgiven
from lms.questions.kinds.shapes import LANGUAGES, WHOLE, Body, Fault, Order, Response, is_writing

LONGEST = 120
"""Characters kept of an answer as it was typed."""


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    return list(find_answer_faults(body))


def find_answer_faults(part: Mapping[str, Any]) -> Iterator[Fault]:
    """Every accepted answer of which nothing is compared, or that says the same as another of its language."""
    seen: set[tuple[str, str]] = set()
    for language, index, answer in _listed(part):
        folded, where = fold(answer), ("answers", language, index)
        if not folded:
            yield Fault(where, f"of the answer '{answer}' nothing is left to compare; write words or a number")
        elif (language, folded) in seen:
            yield Fault(where, f"the answer '{answer}' counts already, as one written alike; remove it")
        seen.add((language, folded))


def _listed(part: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """(language, index, answer) of every accepted answer."""
    answers = part.get("answers")
    for language, listed in answers.items() if isinstance(answers, Mapping) else ():
        for index, answer in enumerate(listed if isinstance(listed, Sequence) else ()):
            if isinstance(answer, str) and not isinstance(listed, str):
                yield str(language), index, answer


def is_accepted(part: Mapping[str, Any], typed: object) -> bool:
    """Whether what was typed is one of the accepted answers, in whatever language."""
    folded = fold(typed) if isinstance(typed, str) else ""
    accepted = {fold(answer) for _language, _index, answer in _listed(part)}
    if not folded or folded in accepted:
        return bool(folded)
    return bool(part.get("forgive")) and any(is_forgiven(folded, answer) for answer in accepted)


def first_answer(part: Mapping[str, Any], language: str) -> str:
    """The answer to tell a reader of this language."""
    answers = part["answers"]
    return str(next(answers[one][0] for one in (language, *LANGUAGES, *answers) if answers.get(one)))


def right_response(body: Body) -> Response:
    """An answer that gets the point: the first accepted one."""
    return {"text": first_answer(body, next(iter(body["answers"])))}


def credit(body: Body, response: Response) -> int:
    """The whole credit for an accepted answer, none for another."""
    return WHOLE if is_accepted(body, response.get("text")) else 0


def is_complete(body: Body, response: Response) -> bool:
    """Whether something was written."""
    return bool(response.get("text"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer is a text of a length that can be kept."""
    if set(response) != {"text"} or not is_writing(response["text"], LONGEST):
        raise BadResponse("This answer is not one line of words. Write a shorter one.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The words as they were typed."""
    return [str(response["text"])] if response.get("text") else []


def tell(body: Body, language: str) -> list[str]:
    """The right answer in the reader's language."""
    return [first_answer(body, language)]


def shuffle(body: Body, rng: Random) -> Order:
    """Nothing to put in order."""
    return {}
