"""GIFT, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from lms.exchange.formats.shapes import Read, Status
from lms.exchange.taking_in import read_questions


def read(text: str) -> list[Read]:
    return read_questions(text.encode(), language="en", form="gift").items


def one(text: str) -> Any:
    (item,) = read(text)
    assert item.question is not None, item.sentences
    return item.question


def said(raw: Any) -> list[tuple[str, bool]]:
    return [(option["text"]["en"], option.get("right", False)) for option in raw["options"]]


@pytest.mark.parametrize(
    ("answers", "kind", "expected"),
    [
        ("{T}", "true-false", {"answer": True}),
        ("{FALSE}", "true-false", {"answer": False}),
        ("{ true }", "true-false", {"answer": True}),
        ("{#3}", "number", {"answer": 3}),
        ("{#3:0.1}", "number", {"answer": 3, "tolerance": 0.1}),
        ("{#1..5}", "number", {"answer": 3, "tolerance": 2}),
        ("{#-1.5..-0.5}", "number", {"answer": -1, "tolerance": 0.5}),
        ("{#=1822:0 =%50%1822:2}", "number", {"answer": 1822}),
        ("{#3:2~#Wrong}", "number", {"answer": 3, "tolerance": 2}),
        ("{=no one =nobody}", "short-text", {"answers": {"en": ["no one", "nobody"]}}),
        ("{One}", "short-text", {"answers": {"en": ["One"]}}),
    ],
)
def test_answers(answers: str, kind: str, expected: dict[str, Any]) -> None:
    raw = one(f"What is it? {answers}")
    assert raw["kind"] == kind
    assert {key: raw[key] for key in expected} == expected
    assert ("tolerance" in raw) == ("tolerance" in expected)


def test_one_right_answer() -> None:
    raw = one("::Grant::Who is buried there?{=no one#Right! ~Grant#No ~[plain]x#5}")
    assert raw["id"] == "grant"
    assert raw["kind"] == "single"


def test_shares_make_several_right_answers() -> None:
    (item,) = read("Who?{~%50%Grant ~%50%his wife ~%-50%nobody}")
    assert item.question is not None
    assert item.status is Status.IMPORTED
    assert item.question["marking"] == "parts"
    assert said(item.question) == [("Grant", True), ("his wife", True), ("nobody", False)]


def test_other_shares_are_changed_and_said() -> None:
    (item,) = read("Who?{~%50%Grant ~%50%his wife ~%-100%nobody}")
    assert item.status is Status.CHANGED
    assert "weighed otherwise" in item.sentences[0]


def test_pairs_with_one_that_belongs_to_nothing() -> None:
    (item,) = read("Match.{=Canada -> Ottawa =Italy  -> Rome\n=Japan -> Tokyo = -> Paris}")
    assert item.question is not None
    assert [pair["right"]["en"] for pair in item.question["pairs"]] == ["Ottawa", "Rome", "Tokyo"]
    assert item.sentences == ["An answer that belongs to nothing was left out: Paris."]


def test_missing_word() -> None:
    raw = one("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert raw["text"]["en"] == "Grant is _____ in Grant's tomb."
    assert one("Who is it {=me ~you}?")["text"]["en"] == "Who is it _____?"


def test_escapes_title_category_comments_and_several_lines() -> None:
    items = read(
        "\ufeff// a comment\r\n$CATEGORY: $course$/top/Election day\r\n\r\n"
        "// [id:open-01] [tag:x]\r\n::A \\: B::What\r\nequals \\{5\\}? {\r\n"
        "  =2 + 3 \\= 5\r\n  // not an answer\r\n  ~1\\~1\r\n  ~a\\#b\\\\c\r\n  ####Because\\nso.\r\n}\r\n"
    )
    (item,) = items
    assert (item.line, item.name) == (5, "A : B")
    assert item.question is not None
    assert (item.question["id"], item.question["topic"]) == ("open-01", "election-day")
    assert item.question["text"]["en"] == "What\nequals {5}?"
    assert said(item.question) == [("2 + 3 = 5", True), ("1~1", False), ("a#b\\c", False)]
    assert item.question["explanation"]["en"] == "Because\nso."


def test_feedback_of_the_right_answer_becomes_the_explanation() -> None:
    (item,) = read("It is so.{FALSE#No, it is not.#Well seen.}")
    assert item.question is not None
    assert item.question["explanation"]["en"] == "Well seen."
    assert item.status is Status.CHANGED


def test_formats_of_texts() -> None:
    raw = one("[html]<p>The <b>sun</b></p><p>rises where?</p>{=[plain]<east> ~[html]the <i>west</i>}")
    assert raw["text"]["en"] == "The sun\nrises where?"
    assert said(raw) == [("<east>", True), ("the west", False)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Tell me about it. {}", "free text"),
        ("Only words.", "asks nothing"),
        ("What? {=a ~b", "not closed"),
        ("What? {~a ~b =c =d}", "2 answers are wholly right"),
        ("A {=1} and a {=2} in one.", "several answer parts"),
        ("What? {a = b}", "begins neither"),
        ("What? {#x..y}", "no number"),
        ("What? {=a* =b}", "any words"),
        ("Match.{=a -> b =c -> d}", "does not fit"),
        ("Match.{=a -> b =c}", "belongs to no pair"),
        ("What? {=%50%a}", "does not fit"),
        ("{=a ~b}", "no words"),
        ("In {1:SHORTANSWER:%100%Astana}", "written as Cloze"),
        ("How many? {#=3:0 =5:0}", "2 answers are wholly right"),
    ],
)
def test_skipped_with_a_reason(text: str, sentence: str) -> None:
    items = read(f"First? {{T}}\n\n{text}")
    assert items[0].status is Status.IMPORTED
    assert {item.status for item in items[1:]} == {Status.SKIPPED}
    assert all(sentence in item.sentences[0] and item.line == 3 for item in items[1:])


def test_questions_without_an_empty_line_between() -> None:
    items = read("One?{T}\nTwo?{F}\n::c::Three?{T}\n")
    assert [(item.line, item.question["answer"] if item.question else None) for item in items] == [
        (1, True),
        (2, False),
        (3, True),
    ]
    assert {item.status for item in items} == {Status.CHANGED}


def test_ids_are_different_and_the_same_each_time() -> None:
    text = "::Да::Бір? {T}\n\n::Да::Екі? {F}\n\n::??::Үш? {T}"
    ids = [item.question["id"] for item in read(text) if item.question]
    assert ids == [item.question["id"] for item in read(text) if item.question]
    assert ids[:2] == ["da", "da-2"]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("header", "marking", "sentences"),
    [
        (">0 ALL VERTICAL ALL_OR_NOTHING SHOW none", None, []),
        (">3    abc", "parts", []),
        (">3 EXACT H REL 1", "parts", []),
        (">3 RANDOM V ABSOLUTE_POSITION", "parts", ["Some of its steps were drawn", "It was marked otherwise"]),
        (">2 REL LONGEST_ORDERED_SUBSET", "parts", ["Some of its steps were drawn", "It was marked otherwise"]),
    ],
)
def test_steps_to_put_in_order(header: str, marking: str | None, sentences: list[str]) -> None:
    (item,) = read(f"::Opening::What comes first?{{{header}\nUnseal\nCount \\{{twice\\}}\n  Close\n}}")
    assert item.question is not None
    assert (item.question["kind"], item.question.get("marking")) == ("ordering", marking)
    assert [step["text"]["en"] for step in item.question["items"]] == ["Unseal", "Count {twice}", "Close"]
    assert [said.split(" for ")[0].split(";")[0] for said in item.sentences] == sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A station opens at {=seven ~nine}.", "A station opens at _____."),
        ("A station has {=seven ~two}, or more, members.", "A station has _____, or more, members."),
        ("How many members? {#7}.", "How many members?"),
        ("A station is closed at night {T}.", "A station is closed at night."),
    ],
)
def test_a_blank_stands_where_the_word_is_missing(text: str, expected: str) -> None:
    assert one(text)["text"]["en"] == expected


def test_signs_that_begin_no_tag_are_words() -> None:
    assert said(one("Which?{=3<x ~a<b and\nc<d ~5<6}")) == [("3<x", True), ("a<b and\nc<d", False), ("5<6", False)]
    assert one("When is a<b \\= c?{T}")["text"]["en"] == "When is a<b = c?"
    assert said(one('Which?{=<b title\\="1<2">one</b> ~two}')) == [("one", True), ("two", False)]


def test_feedback_is_said_to_be_the_explanation_only_where_it_is() -> None:
    for text in (
        "Who?{~%50%she#yes ~%50%he#yes ~%-50%they}",
        "How many?{#3:1~#Far off}",
        "Match.{=a->b#x =c->d =e->f}",
    ):
        (item,) = read(text)
        assert item.question is not None
        assert "explanation" not in item.question
        assert item.sentences == ["What was said to single answers was left out."]


def test_an_answer_part_that_is_not_closed_is_a_question_of_its_own() -> None:
    items = read("One?{T}\nTwo?{=a ~b\n\nThree?{F}\n")
    assert [(item.line, item.question is not None) for item in items] == [(1, True), (2, False), (4, True)]
    assert "not closed" in items[1].sentences[0]


@pytest.mark.parametrize("blank", ["\u00a0", " \u2028", "\t\u3000 "])
def test_lines_of_odd_spaces_are_empty(blank: str) -> None:
    items = read(f"One?{{T}}\n{blank}\nTwo?\n{blank}// a note {{\n{blank}$CATEGORY: top/{{x}}\nThree?{{F}}")
    assert [(item.line, item.name) for item in items] == [(1, "One?"), (3, "Two?"), (6, "Three?")]
