"""A situation with several steps: what is a fault, what is right, how an answer reads.

`{"steps": {"count": {"value": "835"}, "next": {"choice": "seal"}}}`: each step is answered as a question of its kind.
An answer with steps left open is kept (ADR 0010). A number that follows from an earlier one is also right when it
follows rightly from the number the person gave there: one mistake is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

from lms.questions.errors import BadResponse
from lms.questions.kinds.arithmetic import evaluate, names_in
from lms.questions.kinds.kind import Kind
from lms.questions.kinds.number.rules import is_near, read_answer
from lms.questions.kinds.plain import PLAIN
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, ids_of, parts_of, pick, repeated

EARLIER = "a"
"""What a formula calls the number of the earlier step."""


def kind_of(step: Mapping[str, Any]) -> Kind:
    """The kind of a step."""
    return PLAIN[step["kind"]]


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    faults, steps = repeated(body, "steps"), parts_of(body, "steps")
    for index, step in enumerate(steps):
        kind = PLAIN.get(str(step.get("kind")))
        found = kind.rules.find_faults(step) if kind else []
        found += [Fault((), sentence) for sentence in _id_faults(step, steps)]
        found += [Fault(("follows",), sentence) for sentence in _follow_faults(step, steps[:index])]
        faults += [Fault(("steps", index, *fault.path), fault.sentence) for fault in found]
    return faults


def _id_faults(step: Mapping[str, Any], steps: list[Mapping[str, Any]]) -> Iterator[str]:
    for other in steps:
        if str(step.get("id")).startswith(f"{other.get('id')}-"):
            yield f"the id '{step.get('id')}' begins with '{other.get('id')}-', another step's; name one differently"


def _follow_faults(step: Mapping[str, Any], before: list[Mapping[str, Any]]) -> Iterator[str]:
    follows = step.get("follows")
    if not isinstance(follows, Mapping):
        return
    earlier = next((one for one in before if one.get("id") == follows.get("step")), None)
    if earlier is None or earlier.get("kind") != "number":
        yield f"there is no earlier step '{follows.get('step')}' of kind number; name one that stands before this step"
    elif step.get("figures") or earlier.get("figures"):
        yield "a step that follows another has no figures of its own, nor has that other; write the answers"
    else:
        try:
            yield from _formula_faults(step, earlier, str(follows.get("formula")))
        except ValueError as error:
            yield str(error)


def _formula_faults(step: Mapping[str, Any], earlier: Mapping[str, Any], formula: str) -> Iterator[str]:
    if names_in(formula) != [EARLIER]:
        yield f"in the formula '{formula}' stands '{EARLIER}' for the earlier number, and no other name"
        return
    if not all(isinstance(one.get("answer"), int | float) for one in (step, earlier)):
        return
    value = evaluate(formula, {EARLIER: Decimal(str(earlier["answer"]))})
    if not is_near(step, value):
        yield f"from the right number of '{earlier['id']}' follows {value:f}, but the answer is {step['answer']}"


def resolve(body: Body, order: Order) -> Body:
    """The case with each step as it stands on one paper."""
    return {**body, "steps": [_resolved(step, order) for step in parts_of(body, "steps")]}


def _resolved(step: Mapping[str, Any], order: Order) -> Body:
    return kind_of(step).resolve(step, order_of(step, order))


def order_of(step: Mapping[str, Any], order: Order) -> Order:
    """The part of the paper's order that is about one step."""
    start = f"{step['id']}/"
    return {name.removeprefix(start): ids for name, ids in order.items() if name.startswith(start)}


def right_response(body: Body) -> Response:
    """An answer that gets the whole credit."""
    return {"steps": {step["id"]: kind_of(step).rules.right_response(step) for step in parts_of(body, "steps")}}


def credit(body: Body, response: Response) -> int:
    """Marked in parts: the mean of what the steps are worth, rounded down. Whole: only when every step is right."""
    given, steps = response.get("steps"), parts_of(body, "steps")
    if not isinstance(given, Mapping):
        return 0
    credits = [_credit(step, steps, given) for step in steps]
    mean = sum(credits) // len(credits)
    return mean if mean == WHOLE or body.get("marking", "parts") == "parts" else 0


def _credit(step: Mapping[str, Any], steps: list[Mapping[str, Any]], given: Mapping[str, Any]) -> int:
    credit = kind_of(step).rules.credit(step, _answer(given, step))
    return credit or WHOLE * _follows_rightly(step, steps, given)


def _answer(given: Mapping[str, Any], step: Mapping[str, Any]) -> Response:
    """What was answered to one step; empty when nothing was, or something strange."""
    answer = given.get(step["id"])
    return answer if isinstance(answer, Mapping) else {}


def _follows_rightly(step: Mapping[str, Any], steps: list[Mapping[str, Any]], given: Mapping[str, Any]) -> bool:
    """Whether the number of a step is what its formula makes of the person's own earlier number."""
    follows = step.get("follows")
    earlier = next((one for one in steps if follows and one["id"] == follows["step"]), None)
    if not follows or earlier is None:
        return False
    said, before = (read_answer(one, _answer(given, one).get("value")) for one in (step, earlier))
    if said is None or before is None:
        return False
    try:
        expected = evaluate(follows["formula"], {EARLIER: before})
    except ValueError:
        return False
    return is_near({**step, "answer": expected}, said)


def is_complete(body: Body, response: Response) -> bool:
    """Whether every step is answered to its end."""
    given = response.get("steps")
    return isinstance(given, Mapping) and all(
        kind_of(step).rules.is_complete(step, _answer(given, step)) for step in parts_of(body, "steps")
    )


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse, which names the step, unless the answer fits the steps it answers."""
    given, ids = response.get("steps"), ids_of(body, "steps")
    if set(response) != {"steps"} or not isinstance(given, dict) or not given or any(name not in ids for name in given):
        raise BadResponse("This answer is about steps that the question does not have. Answer again.")
    for number, step in enumerate(parts_of(body, "steps"), start=1):
        if step["id"] not in given:
            continue
        answer = given[step["id"]]
        if not isinstance(answer, dict) or not all(isinstance(key, str) for key in answer):
            sentence = "This answer has a shape the question does not know. Answer again."
            raise BadResponse(sentence, part="step", number=number)
        try:
            kind_of(step).rules.check_response(step, answer)
        except BadResponse as refusal:
            raise BadResponse(refusal.sentence, part="step", number=number) from refusal


def describe(body: Body, response: Response, language: str) -> list[str]:
    """What was answered to each step, a line for each; a dash for one that is open; nothing when all are."""
    given = response.get("steps")
    if not isinstance(given, Mapping) or not given:
        return []
    return [
        _line(step, kind_of(step).rules.describe(step, _answer(given, step), language), language)
        for step in parts_of(body, "steps")
    ]


def tell(body: Body, language: str) -> list[str]:
    """What is right in each step, in the reader's language."""
    return [_line(step, kind_of(step).expected(step, language), language) for step in parts_of(body, "steps")]


def _line(step: Mapping[str, Any], said: list[str], language: str) -> str:
    return f"{' '.join(pick(step['text'], language).split())} — {'; '.join(said) or '–'}"


def shuffle(body: Body, rng: Random) -> Order:
    """What is particular to one paper in each step, under the step's id."""
    drawn = {step["id"]: kind_of(step).rules.shuffle(step, rng) for step in parts_of(body, "steps")}
    return {f"{step}/{name}": ids for step, order in drawn.items() for name, ids in order.items()}
