"""A question as a form and back, whatever its kind; buttons that change its parts; faults beside their fields."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from werkzeug.datastructures import MultiDict

from lms.bank.shaping import (
    Shape,
    change_parts,
    model_of,
    new_id,
    nodes_of,
    part_kinds,
    read_body,
    slots_of,
)
from lms.questions.kinds.registry import KINDS
from lms.questions.kinds.shapes import Key, Option, Part, QuestionBody, Texts
from tests.factories.bank import LANGUAGES, form_of
from tests.factories.questions import KIND_NAMES, question_body


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_comes_back_from_its_form_as_it_went_in(kind: str) -> None:
    schema, body = KINDS[kind].schema, question_body(kind)
    read = read_body(schema, form_of(kind, body), LANGUAGES, body)
    assert schema.model_validate(read) == schema.model_validate(body)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_begun_with_an_empty_form(kind: str) -> None:
    body = read_body(KINDS[kind].schema, form_of(kind, {}), LANGUAGES, {})
    assert body["text"] == {}
    assert next(slot.name for slot in slots_of(KINDS[kind].schema)) == "text"


class Step(QuestionBody):
    id: Key
    kind: Literal["one", "two"]
    choices: list[Option] | None = None


class Other(Part):
    id: Key
    kind: Literal["three"]
    numbers: list[int]


class Case(QuestionBody):
    answers: dict[str, list[str]]
    unit: Texts | None = None
    forgive: Literal[0, 1] = 0
    steps: list[Step | Other]
    picture: Option | None = None
    labels: dict[str, dict[str, str]] = {}  # noqa: RUF012 - pydantic copies it


def test_shapes_are_told_from_the_types() -> None:
    assert {slot.name: slot.shape for slot in slots_of(Case)} == {
        "text": Shape.TEXTS,
        "explanation": Shape.TEXTS,
        "answers": Shape.LINES_EACH,
        "unit": Shape.TEXTS,
        "forgive": Shape.CHOICE,
        "steps": Shape.PARTS,
        "picture": Shape.GROUP,
        "labels": Shape.OTHER,
    }
    steps = next(slot for slot in slots_of(Case) if slot.name == "steps")
    assert part_kinds(steps) == ["one", "two", "three"]
    assert model_of(steps, {"kind": "three"}) is Other


def test_parts_within_parts_and_what_has_no_fields_are_read() -> None:
    form = MultiDict(
        {
            "body.answers.kk": "бір\r\n\r\n екі ",
            "body.forgive": "1",
            "body.steps.count": "2",
            "body.steps.0.kind": "two",
            "body.steps.0.choices.count": "1",
            "body.steps.0.choices.0.text.ru": "да",
            "body.steps.0.choices.0.right.there": "1",
            "body.steps.1.kind": "three",
            "body.steps.1.numbers": "20, 3000 x",
        }
    )
    assert read_body(Case, form, LANGUAGES, {"labels": {"box": {"kk": "жәшік"}}}) == {
        "text": {},
        "explanation": {},
        "answers": {"kk": ["бір", "екі"]},
        "forgive": 1,
        "labels": {"box": {"kk": "жәшік"}},
        "steps": [
            {
                "id": "m",
                "kind": "two",
                "text": {},
                "explanation": {},
                "choices": [{"id": "m", "text": {"ru": "да"}, "right": False}],
            },
            {"id": "c", "kind": "three", "numbers": [20, 3000, "x"]},
        ],
    }


@pytest.mark.parametrize(
    ("typed", "value"), [("835", 835), ("1 000,5", 1000.5), ("-3", -3), ("many", "many"), ("", None)]
)
def test_a_number_is_read_as_it_is_typed(typed: str, value: Any) -> None:
    body = read_body(KINDS["number"].schema, MultiDict({"body.answer": typed}), LANGUAGES, {})
    assert body.get("answer") == value


@pytest.mark.parametrize(
    ("command", "ids"),
    [
        ("up:options.1", ["b", "a", "c"]),
        ("down:options.1", ["a", "c", "b"]),
        ("up:options.0", ["a", "b", "c"]),
        ("down:options.2", ["a", "b", "c"]),
        ("remove:options.1", ["a", "c"]),
        ("add:options", ["a", "b", "c", "m"]),
        ("remove:options.9", ["a", "b", "c"]),
        ("remove:text.kk", ["a", "b", "c"]),
        ("burn:options.0", ["a", "b", "c"]),
        ("up:", ["a", "b", "c"]),
    ],
)
def test_buttons_move_add_and_remove_parts(command: str, ids: list[str]) -> None:
    body = question_body("single")
    change_parts(body, KINDS["single"].schema, command)
    assert [part["id"] for part in body["options"]] == ids


def test_ids_that_are_given_do_not_tell_the_order() -> None:
    parts: list[dict[str, str]] = []
    for _ in range(30):
        parts.append({"id": new_id(parts)})
    ids = [part["id"] for part in parts]
    assert len(set(ids)) == 30
    assert all(ids[:n] != sorted(ids[:n]) for n in range(2, 30))


def test_a_form_has_as_many_empty_parts_as_are_needed() -> None:
    options = next(node for node in nodes_of(KINDS["multiple"].schema, {}) if node.slot.name == "options")
    assert len(options.children) == 3
