"""Forms of protocols: their relations, and what is said of a file that is wrong."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from lms.core.errors import Refused
from lms.countries.protocol.reading import FORMS, SHARED, get_form, list_forms, read_form
from lms.countries.protocol.relations import Figures, hold, in_signs, read_comparisons, read_sum
from lms.countries.protocol.schema import StoryFile, Telling
from lms.countries.reading import list_shipped, read_yaml_part

KZ = (FORMS / "kz-presidential.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "figures", "value"),
    [
        ("I1 + I2", {"I1": 811, "I2": 24}, 835),
        ("I - M - S", {"I": 835, "M": 24, "S": 809}, 2),
        ("101 * L1 + 99", {"L1": 1190}, 120_289),
        ("7", {}, 7),
        ("I1 + I2", {"I1": 811, "I2": None}, None),
    ],
)
def test_a_sum(text: str, figures: Figures, value: int | None) -> None:
    assert read_sum(text).of(figures) == value


@pytest.mark.parametrize("text", ["", "I1 ++ I2", "I1 I2", "I1 / 2", "2 I1", "(I1)", "I1 * 2", "I1 +"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no sum"):
        read_sum(text)


@pytest.mark.parametrize(
    ("text", "figures", "holds"),
    [
        ("B1 == I + U + P", {"B1": 1201, "I": 835, "U": 362, "P": 4}, True),
        ("B1 == I + U + P", {"B1": 1201, "I": 835, "U": 326, "P": 4}, False),
        ("B1 == I + U + P", {"B1": 1201, "I": 835, "U": None, "P": 4}, None),
        ("M + S <= I; X == I - M - S", {"M": 24, "S": 809, "I": 835, "X": 2}, True),
        ("M + S <= I; X == I - M - S", {"M": 24, "S": 809, "I": 835, "X": 0}, False),
        ("M + S <= I; X == I - M - S", {"M": 24, "S": 812, "I": 835, "X": None}, False),
        ("M + S <= I; X == I - M - S", {"M": 24, "S": 809, "I": 835, "X": None}, None),
        ("100 * B1 <= 101 * L1 + 99", {"B1": 1202, "L1": 1190}, True),
        ("100 * B1 <= 101 * L1 + 99", {"B1": 1203, "L1": 1190}, False),
        ("B1 != L1", {"B1": 3, "L1": 3}, False),
        ("X >= 1", {"X": 1}, True),
    ],
)
def test_whether_a_relation_holds(text: str, figures: Figures, holds: bool | None) -> None:
    assert hold(read_comparisons(text), figures) is holds


def test_the_reserve_of_one_percent_is_rounded_up() -> None:
    relation = read_comparisons("100 * B1 <= 101 * L1 + 99")
    for listed in range(20, 3001):
        most = -(-101 * listed // 100)
        assert hold(relation, {"L1": listed, "B1": most}) is True
        assert hold(relation, {"L1": listed, "B1": most + 1}) is False


def test_relations_are_written_in_the_signs_of_people() -> None:
    assert in_signs("M + S <= I; X == I - M - S") == "M + S ≤ I; X = I − M − S"


def test_every_shipped_form_is_a_training_form_of_a_shipped_country() -> None:
    assert list_forms() == ["kg-old-code", "kz-presidential"]
    for code in list_forms():
        form = get_form(code)
        assert form.code == code
        assert form.file.country in list_shipped()
        assert "training form" in form.file.title["en"]
    assert [one.code for one in get_form("kz-presidential").file.relations] == [f"R{number}" for number in range(1, 12)]
    assert len(get_form("kz-presidential").file.faults) >= 14
    assert len(get_form("kz-presidential").file.unseen) >= 5


def test_a_form_that_is_not_shipped_is_named() -> None:
    with pytest.raises(Refused, match=r"uz-presidential.*Use one of: kg-old-code, kz-presidential"):
        get_form("uz-presidential")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("format: 1", "format: [", "no YAML"),
        ("(training form)", "(form)", "does not say 'training form'"),
        ("holds: B1 == I + U + P", "holds: B1 == I + U + Q", "the relation R1 names the line Q"),
        ("holds: B1 == I + U + P", "holds: B1 = I + U + P", "is no comparison"),
        ("holds: B1 == I + U + P", "holds: B1 == I + U * P", "is no sum"),
        ("  - code: R2\n", "  - code: R1\n", "the relation R1 stands twice"),
        ("  - key: L2\n", "  - key: L1\n", "the line L1 stands twice"),
        ("adds_up: I1 + I2", "adds_up: I1 + I9", "the line I names the line I9"),
        ('{kk: "{n}-кандидатқа берілген дауыстар"', '{kk: "Кандидат"', "no {n}"),
        ("unused-digits: [R1]", "unused-digits: [R99]", "names the relation R99"),
        ("unused-digits: [R1]", "unused-digits: []", "breaks no relation"),
        ("unused-digits: [R1]", "unused-letters: [R1]", "names the fault unused-letters"),
        ("  - list-ten-more", "  - unused-digits", "the fault unused-digits stands twice"),
        ("story: [list, ", "story: [lists, ", "names the step lists"),
        ("story: [list, ", "story: [early, ", "the step early names the line I0"),
        ("severity: form", "severity: grave", "severity"),
        ("reserve: 10", "reserve: 10\nking: 1", "king"),
    ],
)
def test_what_is_wrong_with_a_form_is_said(before: str, after: str, sentence: str) -> None:
    assert before in KZ
    with pytest.raises(Refused) as caught:
        read_form(KZ.replace(before, after, 1), "own.yaml")
    assert "own.yaml" in caught.value.sentence
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('en: "Voters in the list: {a}."', 'en: "Voters in the list."', "the sentence in en must have a in braces"),
        ('kk: "Тізімдегі сайлаушылар: {a}."', 'kk: "Тізімдегі сайлаушылар: {b}."', "the sentence in kk"),
        ("  - code: received\n", "  - code: list\n", "the step list stands twice"),
        ("      - parts: L1\n", "      - parts: L1\n        packs: 7\n", "packs"),
    ],
)
def test_what_is_wrong_with_a_story_is_said(before: str, after: str, sentence: str) -> None:
    text = (SHARED / "story.yaml").read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(Refused) as caught:
        read_yaml_part(text.replace(before, after, 1), "story.yaml", StoryFile, "story of an evening")
    assert sentence in caught.value.sentence


def test_a_sentence_in_two_parts_has_two_figures() -> None:
    texts = dict.fromkeys(("kk", "ru", "en"), "{a}")
    with pytest.raises(ValidationError, match="a, b in braces"):
        Telling.model_validate({"parts": "S", "text": texts})
