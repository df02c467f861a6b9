"""Numbers whose figures differ from paper to paper, and numbers with a unit to write."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from lms.questions.errors import BadResponse
from lms.questions.kinds.number.figures import MOST, draw, resolve
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import check_response, find_question_faults, grade, load_question
from lms.questions.showing import explain, show
from tests.factories.questions import question_dict, texts

SPANS: dict[str, Any] = {"issued": {"from": 1000, "to": 1020, "step": 5}, "spoilt": {"from": 2, "to": 4}}


def varied(**changes: Any) -> dict[str, Any]:
    """A question whose figures vary."""
    said = {"figures": SPANS, "formula": "issued - spoilt", "answer": None, "text": texts("{issued} less {spoilt}?")}
    return question_dict("number", **{**said, **changes})


def body_of(raw: dict[str, Any]) -> dict[str, Any]:
    return dict(load_question(raw).body)


def test_what_is_kept_is_what_was_written() -> None:
    assert body_of(varied())["figures"] == {
        "issued": {"from": 1000, "to": 1020, "step": 5},
        "spoilt": {"from": 2, "to": 4},
    }


def test_each_paper_has_its_own_figures_and_always_the_same() -> None:
    body = body_of(varied())
    seen = set()
    for seed in range(200):
        order = get_kind("number").rules.shuffle(body, Random(seed))
        assert order == get_kind("number").rules.shuffle(body, Random(seed))
        issued, spoilt = (int(said.partition("=")[2]) for said in order["figures"])
        assert issued in range(1000, 1021, 5)
        assert spoilt in (2, 3, 4)
        assert grade("number", body, {"value": str(issued - spoilt)}, order) == WHOLE
        assert grade("number", body, {"value": str(issued)}, order) == 0
        seen.add((issued, spoilt))
    assert len(seen) == 15


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1,005 less 3? (en)"), ("ru", "1\u00a0005 less 3? (ru)"), ("kk", "1\u00a0005 less 3? (kk)")],
)
def test_the_figures_stand_in_the_text_as_each_language_writes_them(language: str, said: str) -> None:
    body, order = body_of(varied()), {"figures": ["issued=1005", "spoilt=3"]}
    assert show("number", body, language=language, order=order).paragraphs == [said]
    told = explain("number", body, {"value": "1002"}, language=language, order=order)
    assert (told.right, told.expected) == (True, [f"1002 (ballots ({language}))"])


def test_a_paper_without_figures_has_the_first_of_each() -> None:
    assert resolve(body_of(varied()), {})["answer"] == 998
    assert resolve(body_of(varied()), {"figures": ["nobody=7"]})["answer"] == 998


def test_a_question_without_figures_is_left_as_it_is() -> None:
    body = body_of(question_dict("number", text=texts("What is {x}?")))
    assert resolve(body, {"figures": ["x=1"]}) is body
    assert draw(body, Random(1)) == {}


def test_parts_of_one_are_exact() -> None:
    raw = varied(figures={"a": {"from": 0.1, "to": 0.5, "step": 0.1}}, formula="a * 3", text=texts("{a}?"))
    assert find_question_faults(raw) == []
    order = {"figures": ["a=0.3"]}
    assert resolve(body_of(raw), order)["answer"] == 0.9
    assert resolve(body_of(raw), order)["text"]["ru"] == "0,3? (ru)"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": 5}, "has a 'formula' and no 'answer'"),
        ({"formula": None}, "'formula' is missing"),
        ({"figures": None}, "'figures' is missing"),
        ({"formula": "issued - spoilt - lost"}, "there is no figure 'lost'"),
        ({"formula": "issued ** 2"}, "only numbers"),
        ({"formula": "issued / (spoilt - 3)"}, "divides by nought"),
        ({"formula": "issued / spoilt"}, "give a tolerance"),
        ({"text": texts("{issued} less {lost}?")}, "there is no figure 'lost'"),
        ({"text": texts("{issued} less something?")}, "'{spoilt}' is not in this text"),
        ({"explanation": texts("as {lost} says")}, "there is no figure 'lost'"),
        ({"figures": {**SPANS, "spoilt": {"from": 4, "to": 2}}}, "'to' is below 'from'"),
        ({"figures": {**SPANS, "spoilt": {"from": 1, "to": 10**6}}}, "take larger steps"),
        ({"figures": {"issued": {"from": 5, "to": 5}, "spoilt": {"from": 1, "to": 1}}}, "the same figures"),
        ({"figures": {**SPANS, "spoilt": {"from": 2, "to": 4, "step": 0}}}, "not above zero"),
        ({"figures": {**SPANS, "spoilt": {"from": 2}}}, "'to' is missing"),
        ({"figures": {**SPANS, "Spoilt": {"from": 2, "to": 3}}}, "Spoilt"),
        ({"figures": {**SPANS, "spoilt": 7}}, "spoilt"),
        ({"figures": "many"}, "'figures'"),
    ],
)
def test_faults_of_figures_are_named(changes: dict[str, Any], said: str) -> None:
    faults = find_question_faults(varied(**changes))
    assert any(said in fault.sentence or said in str(fault.path) for fault in faults), faults


def test_a_tolerance_allows_answers_that_do_not_come_out_even() -> None:
    raw = varied(formula="issued / spoilt", tolerance=0.01)
    assert find_question_faults(raw) == []
    order = {"figures": ["issued=1000", "spoilt=3"]}
    assert grade("number", body_of(raw), {"value": "333,33"}, order) == WHOLE


def test_every_paper_there_may_be_is_looked_at() -> None:
    """Only the last of the values divides by nought."""
    spans = {"a": {"from": 1, "to": MOST}, "b": {"from": 1, "to": 1}}
    raw = varied(figures=spans, formula=f"b / ({MOST} - a)", text=texts("{a} {b}"), tolerance=1)
    assert any("divides by nought" in fault.sentence for fault in find_question_faults(raw))


METRES: list[dict[str, Any]] = [
    {"names": {"kk": ["м", "метр"], "ru": ["м", "метров"], "en": ["m", "metres"]}},
    {"names": {"kk": ["км"], "ru": ["км"], "en": ["km"]}, "factor": 1000},
]


def measured(**changes: Any) -> dict[str, Any]:
    return question_dict("number", **{"answer": 1200, "unit": None, "units": METRES, **changes})


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("1200 m", True),
        ("1 200м", True),
        ("1.2 km", True),
        ("1,2 км", True),
        ("1,2 KM.", True),
        ("1200", False),
        ("1200 km", False),
        ("1.2", False),
        ("1200 miles", False),
        ("1.2 m", False),
    ],
)
def test_a_number_with_its_unit(typed: str, right: bool) -> None:
    body = body_of(measured())
    assert check_response("number", body, {"value": typed}) == {"value": typed}
    assert grade("number", body, {"value": typed}) == WHOLE * right


@pytest.mark.parametrize("typed", ["km", "about 1200 m", "-", "m 1200"])
def test_a_unit_without_a_number_is_refused(typed: str) -> None:
    with pytest.raises(BadResponse, match="begin with a number"):
        check_response("number", body_of(measured()), {"value": typed})


def test_the_unit_is_told_in_the_readers_language() -> None:
    assert explain("number", body_of(measured()), None, language="en").expected == ["1200 m"]
    assert explain("number", body_of(measured()), None, language="ru").expected == ["1200 м"]


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ([{**METRES[0], "factor": 10}], "its factor is 1"),
        ([*METRES, METRES[1]], "stands for another unit too"),
        ([METRES[0], {**METRES[1], "factor": -1}], "not above zero"),
        ([METRES[0], {"names": texts("km")}], "'kk' must be a list"),
    ],
)
def test_faults_of_units_are_named(units: list[dict[str, Any]], said: str) -> None:
    assert any(said in fault.sentence for fault in find_question_faults(measured(units=units)))


@pytest.mark.parametrize(
    ("unit", "said"),
    [("бюллетеней", "1 (бюллетеней)"), ("%", "1 %"), ("", "1")],
)
def test_what_was_typed_stands_beside_its_unit_whatever_the_number(unit: str, said: str) -> None:
    """A unit stands in one form, which would fit few numbers: `1 бюллетеней`."""
    question = load_question(question_dict("number", unit=dict.fromkeys(("kk", "ru", "en"), unit) if unit else None))
    assert get_kind("number").rules.describe(question.body, {"value": "1"}, "ru") == [said]
