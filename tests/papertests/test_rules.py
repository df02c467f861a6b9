"""Numbers of sheets, days on them, letters of answers: tables of cases."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest

from lms.accounts.rules import ALPHABET
from lms.papertests import rules
from lms.papertests.rules import DayFault, Mark, NumberFault
from lms.questions.kinds.registry import get_kind
from tests.factories.questions import KIND_NAMES, question_body

GOOD = "K7M4R2" + rules.check_sign("K7M4R2")


def test_new_numbers_are_good_and_differ() -> None:
    numbers = {rules.new_number() for _ in range(500)}
    assert len(numbers) == 500
    assert {rules.find_number_fault(one) for one in numbers} == {None}


def test_any_wrong_sign_is_noticed() -> None:
    for place in range(rules.SIGNS):
        for sign in ALPHABET.replace(GOOD[place], ""):
            assert rules.find_number_fault(GOOD[:place] + sign + GOOD[place + 1 :]) is NumberFault.SLIP


def test_any_two_signs_that_changed_places_are_noticed() -> None:
    for number in (rules.new_number() for _ in range(100)):
        for one, other in combinations(range(rules.SIGNS), 2):
            signs = list(number)
            signs[one], signs[other] = signs[other], signs[one]
            expected = None if number[one] == number[other] else NumberFault.SLIP
            assert rules.find_number_fault("".join(signs)) is expected


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("K7M-4R2X", "K7M4R2X"),
        (" k7m 4r2x ", "K7M4R2X"),
        ("к7м–4r2х", "K7M4R2X"),
        ("http://localhost/kk/papers/find?number=K7M4R2X", "K7M4R2X"),
        ("А В С", "ABC"),
        ("", ""),
    ],
)
def test_what_is_typed_is_folded(typed: str, folded: str) -> None:
    assert rules.fold_number(typed) == folded


@pytest.mark.parametrize("typed", ["", "K7M", GOOD + "2", GOOD[:-1] + "0", "1234 5678"])
def test_what_is_no_number_at_all(typed: str) -> None:
    assert rules.find_number_fault(rules.fold_number(typed)) is NumberFault.SHAPE


def test_a_number_is_shown_so_that_it_can_be_typed() -> None:
    assert rules.show_number("K7M4R2X") == "K7M-4R2X"
    assert rules.fold_number(rules.show_number(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("written_on", "fault"),
    [
        (date(2026, 11, 1), DayFault.BEFORE_PRINT),
        (date(2026, 11, 2), None),
        (date(2026, 11, 5), None),
        (date(2026, 11, 6), DayFault.AHEAD),
    ],
)
def test_which_day_may_stand_on_a_sheet(written_on: date, fault: DayFault | None) -> None:
    assert rules.find_day_fault(written_on, date(2026, 11, 2), date(2026, 11, 5)) is fault


SAID: dict[str, tuple[dict[str, Any], dict[str, list[str]], list[Mark]]] = {
    "single": ({"choice": "b"}, {"options": ["c", "b", "a"]}, [Mark("", "B")]),
    "multiple": ({"choices": ["a", "c"]}, {"options": ["c", "b", "a"]}, [Mark("", "A C")]),
    "true-false": ({"choice": "false"}, {}, [Mark("", "B")]),
    "ordering": (
        {"order": ["close", "cancel", "open"]},
        {"items": ["open", "close", "cancel"]},
        [Mark("A", "3"), Mark("B", "1"), Mark("C", "2")],
    ),
    "number": ({"value": "835"}, {}, [Mark("", "835")]),
    "short-text": ({"text": "the chair"}, {}, [Mark("", "the chair")]),
    "gap-text": (
        {"gaps": {"who": "chair", "before": "one"}},
        {"who": ["police", "chair"]},
        [Mark("1", "B"), Mark("2", ""), Mark("3", "one")],
    ),
    "hotspot": ({"areas": ["box"]}, {"areas": ["door", "table", "box"]}, [Mark("", "C")]),
    "case": (
        {"steps": {"issued": {"value": "847"}, "what": {"choice": "burn"}}},
        {"what/options": ["seal", "burn"]},
        [Mark("1", "847"), Mark("2", ""), Mark("3", "B")],
    ),
}


def marks(kind: str, order: dict[str, list[str]], response: dict[str, Any]) -> list[Mark]:
    found = get_kind(kind)
    body = found.resolve(question_body(kind), order)
    return rules.marks_of(kind, found.form.fields(body, order, response, "en", ""))


@pytest.mark.parametrize("kind", SAID)
def test_letters_and_figures_of_an_answer(kind: str) -> None:
    response, order, expected = SAID[kind]
    assert marks(kind, order, response) == expected


def test_letters_of_pairs() -> None:
    body = question_body("matching")
    rights = get_kind("matching").rules.right_response(body)["pairs"]
    order = {"rights": [rights["member"], rights["chair"], rights["secretary"]]}
    said = {"pairs": {"chair": rights["chair"], "member": rights["secretary"]}}
    assert marks("matching", order, said) == [Mark("1", "B"), Mark("2", ""), Mark("3", "C")]


def test_figures_of_a_protocol() -> None:
    order = get_kind("protocol").rules.shuffle(question_body("protocol"), Random(3))
    found = get_kind("protocol")
    right = found.rules.right_response(found.resolve(question_body("protocol"), order))
    said = marks("protocol", order, dict(right))
    assert {mark.label: mark.said for mark in said} == right["lines"]


def test_a_wrong_protocol_is_told_by_letters_and_line() -> None:
    body = question_body("protocol", mode="find")
    found = get_kind("protocol")
    order = found.rules.shuffle(body, Random(5))
    fields = found.form.fields(found.resolve(body, order), order, {"relations": [], "line": "2"}, "en", "")
    relations = [one["value"] for one in fields["relations"]["choices"]]
    said = {"relations": [relations[1]], "line": fields["rows"][0]["key"]}
    fields = found.form.fields(found.resolve(body, order), order, said, "en", "")
    assert rules.marks_of("protocol", fields) == [Mark("", "B"), Mark("", str(fields["rows"][0]["key"]))]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_blank_answer_of_every_kind_says_nothing(kind: str) -> None:
    order = get_kind(kind).rules.shuffle(question_body(kind), Random(1))
    assert {mark.said for mark in marks(kind, order, {})} == {""}
