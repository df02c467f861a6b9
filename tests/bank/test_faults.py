"""Faults of questions in the reader's language: those that an author meets in the editor, or brings in with a file."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.bank.faults import fault_words
from lms.bank.rules import Ground, find_draft_faults
from lms.core.web.languages import speaking
from lms.exchange.formats.own.reading import read
from tests.factories.questions import ROOM, question_dict, texts

GROUND = Ground(topics=("opening",), sources={"law": "seen", "arithmetic": "derived", "usual": "known"})
PART = {"id": "a", "text": texts("x")}
SPAN = {"from": 1, "to": 9}
FIGURES = {"answer": None, "text": texts("{n} of many"), "figures": {"n": SPAN}}
AREA = {"id": "a", "label": texts("left"), "x": 0, "y": 0, "width": 90, "height": 90}
FAULTY: list[tuple[str, dict[str, Any]]] = [
    ("single", {"text": {"en": "x"}}),
    ("single", {"text": {**texts("x"), "de": "x"}}),
    ("single", {"text": "x", "options": {}, "explanation": None}),
    ("single", {"colour": "red"}),
    ("single", {"options": [PART, {"id": "b", "text": texts("y")}]}),
    ("single", {"options": [{**PART, "right": True}, {"id": "a", "text": texts("x"), "right": True}]}),
    ("single", {"topic": "weather"}),
    ("single", {"source": []}),
    ("single", {"source": ["nowhere:1"]}),
    ("single", {"source": ["usual"]}),
    ("single", {"source": ["Act, 40"]}),
    ("single", {"use": "play"}),
    ("multiple", {"options": [{**PART, "right": True}]}),
    ("true-false", {"answer": None}),
    ("ordering", {"items": [{"id": one, "text": texts(one)} for one in "abc"]}),
    ("number", {"answer": "many", "tolerance": -1}),
    ("number", {"answer": 5, "tolerance": 5}),
    ("number", {"answer": None}),
    ("number", {**FIGURES, "formula": "n + m"}),
    ("number", {**FIGURES, "formula": "n", "answer": 5}),
    ("number", {**FIGURES}),
    ("number", {**FIGURES, "formula": "n", "text": texts("{m}")}),
    ("number", {**FIGURES, "formula": "n", "figures": {"n": {"from": 1, "to": 1}}}),
    ("number", {"units": [{"names": {one: ["m"] for one in ("kk", "ru", "en")}, "factor": 2}]}),
    ("number", {"units": [{"names": {one: ["m"] for one in ("kk", "ru", "en")}, "factor": 0}]}),
    ("short-text", {"answers": {"kk": ["а"], "ru": ["!"], "en": ["x", "X"]}}),
    ("short-text", {"answers": {}}),
    ("gap-text", {"gaps": [{"id": "who"}]}),
    ("gap-text", {"text": texts("{{who}}\n{{hour}} {{hour}} {{other}}")}),
    ("gap-text", {"gaps": [{"id": "who", "choices": [PART, {"id": "b", "text": texts("y")}]}]}),
    ("hotspot", {"picture": {"alt": {}}}),
    ("hotspot", {"picture": {"alt": texts("x"), "svg": "<svg/>"}}),
    ("hotspot", {"picture": {"alt": texts("x"), "svg": ROOM, "labels": {"box": texts("a"), "door": texts("b")}}}),
    ("hotspot", {"areas": [AREA, {**AREA, "id": "b", "label": texts("right"), "x": 10}]}),
    ("hotspot", {"areas": [{**AREA, "right": True}, {**AREA, "id": "b", "right": True, "x": 350}]}),
    ("hotspot", {"areas": [{**AREA, "width": 5}, {**AREA, "id": "b", "x": 200, "y": 600, "right": True}]}),
    ("case", {"steps": []}),
    ("protocol", {"form": "nowhere", "mode": "guess"}),
    ("protocol", {"voters": [900, 400], "faults": ["unused-digits"]}),
    ("protocol", {"candidates": 8, "form": "kg-old-code", "faults": ["none"]}),
    ("protocol", {"mode": "find"}),
    ("protocol", {"mode": "find", "faults": ["none", "none", "weather"]}),
]


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(("kind", "changes"), FAULTY, ids=[f"{kind}-{at}" for at, (kind, _) in enumerate(FAULTY)])
def test_faults_are_told_in_the_readers_language(language: str, kind: str, changes: dict[str, Any]) -> None:
    faults = find_draft_faults(question_dict(kind, **changes), GROUND)
    assert faults
    with speaking(language):
        told = [fault_words(fault) for fault in faults]
    assert [said for said in told if not re.search("[а-яәғқңөұүһі]", re.sub("«.*?»", "", said))] == []


def test_a_file_of_questions_is_told_of_in_the_readers_language() -> None:
    options = "".join(f"  - {{id: {name}, text: {{ru: {name}}}}}\n" for name in "ab")
    file = f"- id: a\n  kind: single\n  text: {{ru: Что?}}\n  options:\n{options}"
    with speaking("ru"):
        [item] = read(file.encode(), "ru").items
    assert item.sentences == ["Строка 4: Верный вариант не отмечен: отметьте его."]
