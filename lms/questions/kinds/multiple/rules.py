"""Several right answers: what is a fault, what is right, how an answer reads. `{"choices": ["a", "c"]}`."""

from __future__ import annotations

from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import Body, Fault, Order, Response, by_id, ids_of, in_parts, parts_of, pick, repeated


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    options = parts_of(body, "options")
    right = sum(part.get("right") is True for part in options)
    faults = repeated(body, "options") + repeated(body, "options", "text")
    if right == 0:
        faults.append(Fault(("options",), "no option is right; mark each right one with 'right: true'"))
    if options and right == len(options):
        faults.append(Fault(("options",), "every option is right; add at least one wrong one"))
    return faults


def right_response(body: Body) -> Response:
    """The answer that gets the point: all right options, in the question's order."""
    return {"choices": [str(part["id"]) for part in parts_of(body, "options") if part.get("right") is True]}


def credit(body: Body, response: Response) -> int:
    """Marked in parts: right options chosen, less the wrong ones chosen, of all right options; never below nothing.
    Whole: only for exactly the right options, in any order."""
    chosen, right = response.get("choices"), right_response(body)["choices"]
    if not isinstance(chosen, list) or len(said := set(map(str, chosen))) != len(chosen):
        return 0
    return in_parts(body, len(said & set(right)) - len(said - set(right)), len(right))


def is_complete(body: Body, response: Response) -> bool:
    """Whether at least one option is chosen; how many are right is for the person to judge."""
    return bool(response.get("choices"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer lists options of this question, each at most once."""
    chosen = response.get("choices")
    known = ids_of(body, "options")
    if set(response) != {"choices"} or not isinstance(chosen, list) or any(item not in known for item in chosen):
        raise BadResponse("This answer is not one of the question's options. Choose again.")
    if not chosen or len(set(chosen)) != len(chosen):
        raise BadResponse("This answer names an option twice or none at all. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The chosen options in words, in the question's order."""
    chosen = response.get("choices") or []
    ids = [wanted for wanted in ids_of(body, "options") if wanted in chosen]
    return [pick(part["text"], language) for part in by_id(body, "options", ids)]


def shuffle(body: Body, rng: Random) -> Order:
    """The options in an order of their own for one paper."""
    ids = ids_of(body, "options")
    return {"options": rng.sample(ids, len(ids))}
