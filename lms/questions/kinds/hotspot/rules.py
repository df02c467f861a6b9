"""A place on a picture: what is a fault, what is right, how an answer reads. `{"areas": ["table"]}`."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from lms.questions.errors import BadResponse
from lms.questions.kinds.hotspot.picture import find_picture_faults, find_place_faults
from lms.questions.kinds.shapes import Body, Fault, Order, Response, by_id, ids_of, in_parts, parts_of, pick, repeated


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    areas, right = parts_of(body, "areas"), right_ids(body)
    faults = repeated(body, "areas") + repeated(body, "areas", "label")
    if not right:
        faults.append(Fault(("areas",), "no place is right; mark one or several with 'right: true'"))
    if areas and len(right) == len(areas):
        faults.append(Fault(("areas",), "every place is right; add at least one wrong one"))
    picture = body.get("picture")
    if isinstance(picture, Mapping):
        faults += [Fault(("picture", key), sentence) for key, sentence in find_picture_faults(picture)]
    return faults + list(find_place_faults(body))


def right_ids(body: Body) -> list[str]:
    """The right places, in the question's order."""
    return [str(area.get("id")) for area in parts_of(body, "areas") if area.get("right") is True]


def is_one(body: Body) -> bool:
    """Whether exactly one place is to be named."""
    return len(right_ids(body)) == 1


def right_response(body: Body) -> Response:
    """The answer that gets the whole credit."""
    return {"areas": right_ids(body)}


def credit(body: Body, response: Response) -> int:
    """Marked in parts: right places named, less the wrong ones, of all right ones; never below nothing. Whole: only for
    exactly the right places."""
    named, right = response.get("areas"), set(right_ids(body))
    if not isinstance(named, list) or len(said := set(map(str, named))) != len(named):
        return 0
    return in_parts(body, len(said & right) - len(said - right), len(right))


def is_complete(body: Body, response: Response) -> bool:
    """Whether at least one place is named; how many are right is for the person to judge."""
    return bool(response.get("areas"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer names places of this question, each once, and one where one is asked for."""
    named, known = response.get("areas"), ids_of(body, "areas")
    if set(response) != {"areas"} or not isinstance(named, list) or any(item not in known for item in named):
        raise BadResponse("This answer is not one of the question's options. Choose again.")
    if not named or len(set(named)) != len(named) or (is_one(body) and len(named) > 1):
        raise BadResponse("This answer names an option twice or none at all. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """The named places in words, in the question's order."""
    named = response.get("areas")
    ids = [wanted for wanted in ids_of(body, "areas") if isinstance(named, list) and wanted in named]
    return [pick(area["label"], language) for area in by_id(body, "areas", ids)]


def shuffle(body: Body, rng: Random) -> Order:
    """The places in an order of their own for one paper, and so their letters."""
    ids = ids_of(body, "areas")
    return {"areas": rng.sample(ids, len(ids))}
