"""Cases: what their steps are worth together, one mistake counted once, faults and refusals that name the step."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from lms.questions.errors import BadResponse
from lms.questions.kinds.plain import PLAIN
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import check_response, find_question_faults, grade, load_question
from lms.questions.showing import explain, show
from tests.factories.questions import question_body, question_dict, texts

STEPS: list[dict[str, Any]] = question_dict("case")["steps"]


def said(issued: str = "847", in_boxes: str = "835", what: str = "seal") -> dict[str, Any]:
    """An answer to the case of the factories; an empty step is left open."""
    steps = {"issued": {"value": issued}, "in-boxes": {"value": in_boxes}, "what": {"choice": what}}
    return {"steps": {name: answer for name, answer in steps.items() if next(iter(answer.values()))}}


@pytest.mark.parametrize(
    ("response", "parts"),
    [
        (said(), 1000),
        (said(what="burn"), 666),
        (said(in_boxes="836"), 666),
        (said(issued="850", in_boxes="838"), 666),
        (said(issued="850", in_boxes="835"), 666),
        (said(issued="850", in_boxes="850"), 333),
        (said(issued="", in_boxes="835"), 666),
        (said(issued="many", in_boxes="835"), 666),
        (said(issued="", in_boxes="", what="seal"), 333),
        (said(issued="", in_boxes="", what=""), 0),
    ],
)
def test_the_mean_of_the_steps_with_one_mistake_counted_once(response: dict[str, Any], parts: int) -> None:
    assert grade("case", question_body("case"), response) == parts
    whole = question_body("case", marking="whole")
    assert grade("case", whole, response) == (WHOLE if parts == WHOLE else 0)


def test_a_number_carried_on_twice() -> None:
    third = {"id": "third", "kind": "number", "text": texts("c"), "answer": 1670}
    third["follows"] = {"step": "in-boxes", "formula": "2 * a"}
    body = question_body("case", steps=[*STEPS, third])
    steps = {**said(issued="850", in_boxes="838")["steps"], "third": {"value": "1676"}}
    assert grade("case", body, {"steps": steps}) == 750


def test_steps_that_are_right_in_part_have_their_share() -> None:
    several = {**question_dict("multiple", marking="parts"), "id": "several"}
    several = {key: several[key] for key in ("id", "kind", "text", "options", "marking")}
    body = question_body("case", steps=[STEPS[0], several])
    response = {"steps": {"issued": {"value": "847"}, "several": {"choices": ["a"]}}}
    assert grade("case", body, response) == 750


@pytest.mark.parametrize("kind", sorted(PLAIN))
def test_every_plain_kind_may_be_a_step(kind: str) -> None:
    raw = question_dict(kind)
    step = {key: value for key, value in raw.items() if key not in ("topic", "use", "source", "explanation")}
    case = question_dict("case", steps=[STEPS[0], {**step, "id": "step"}])
    assert find_question_faults(case) == []
    body, found = load_question(case).body, get_kind("case")
    assert load_question({**case, **body}).body == body
    order = found.rules.shuffle(body, Random(5))
    there = found.resolve(body, order)
    right = found.rules.right_response(there)
    assert check_response("case", body, right, order) == right
    assert grade("case", body, right, order) == WHOLE
    assert len(explain("case", body, right, language="ru", order=order).expected) == 2


def test_a_step_with_figures_of_its_own() -> None:
    step = {"id": "varied", "kind": "number", "text": texts("{a}?"), "formula": "a + 1"}
    body = question_body("case", steps=[STEPS[0], {**step, "figures": {"a": {"from": 1, "to": 9}}}])
    order = get_kind("case").rules.shuffle(body, Random(1))
    value = int(order["varied/figures"][0].partition("=")[2])
    response = {"steps": {"issued": {"value": "847"}, "varied": {"value": str(value + 1)}}}
    assert grade("case", body, response, order) == WHOLE
    assert show("case", body, language="en", order=order).fields["steps"][1]["paragraphs"] == [f"{value}? (en)"]


def test_names_of_fields_carry_the_step() -> None:
    form = MultiDict({"q3-issued-value": "847", "q3-what-choice": "seal", "q3-in-boxes-value": ""})
    found = get_kind("case").form.parse_form(question_body("case"), form, "q3-")
    assert found == said(in_boxes="")
    assert check_response("case", question_body("case"), found) == found
    assert not get_kind("case").rules.is_complete(question_body("case"), found)


def test_a_refusal_names_the_step() -> None:
    with pytest.raises(BadResponse, match="not a number") as caught:
        check_response("case", question_body("case"), said(in_boxes="many"))
    assert (caught.value.part, caught.value.number) == ("step", 2)


def test_an_answer_in_words_says_each_step() -> None:
    told = explain("case", question_body("case"), said(issued=""), language="en")
    assert told.given == [
        "How many were issued? (en) — –",
        "How many should be in the boxes? (en) — 835",
        "What comes next? (en) — Seal (en)",
    ]


def follows(**changes: Any) -> list[dict[str, Any]]:
    """The steps, with another way in which the second follows."""
    return [STEPS[0], {**STEPS[1], "follows": {"step": "issued", "formula": "a - 12", **changes}}, STEPS[2]]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (STEPS[:1], "'steps' is too short"),
        ([STEPS[0], STEPS[0]], "stands twice"),
        ([STEPS[0], {**STEPS[2], "id": "issued-in"}], "begins with 'issued-'"),
        ([{**STEPS[0], "colour": "red"}, STEPS[2]], "'colour' is not known"),
        ([STEPS[0], {**STEPS[2], "follows": {"step": "issued", "formula": "a"}}], "'follows' is not known"),
        ([STEPS[0], {**STEPS[2], "options": STEPS[2]["options"][:1] * 2}], "stands twice"),
        ([{**STEPS[0], "text": {"kk": "a"}}, STEPS[2]], "ru, en is missing"),
        (follows(step="what"), "no earlier step 'what'"),
        (follows(step="in-boxes"), "no earlier step 'in-boxes'"),
        (follows(formula="a - 13"), "follows 834, but the answer is 835"),
        (follows(formula="b - 12"), "stands 'a' for the earlier number"),
        (follows(formula="835"), "stands 'a' for the earlier number"),
        (follows(formula="a -"), "cannot be read"),
    ],
)
def test_faults_of_steps_are_named(steps: list[dict[str, Any]], said: str) -> None:
    faults = find_question_faults(question_dict("case", steps=steps))
    assert any(said in fault.sentence for fault in faults), faults
    assert all(fault.path[0] == "steps" for fault in faults)
