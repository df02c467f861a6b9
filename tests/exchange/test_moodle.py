"""Moodle XML, type by type."""

from __future__ import annotations

from typing import Any

import pytest

from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.shapes import Read, Status
from lms.exchange.taking_in import read_questions

TWO = '<answer fraction="100"><text>Yes</text></answer><answer fraction="0"><text>No</text></answer>'

RIGHT = '<answer fraction="100"><text>7</text></answer>'


def question(kind: str, inside: str, text: str = "What is it?", form: str = "html") -> str:
    body = f'<questiontext format="{form}"><text>{text}</text></questiontext>'
    return f'<question type="{kind}"><name><text>Name</text></name>{body}{inside}</question>'


def read(*parts: str) -> list[Read]:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(parts)}\n</quiz>'
    return read_questions(content.encode(), language="en").items


def one(kind: str, inside: str, text: str = "What is it?", form: str = "html") -> Any:
    (item,) = read(question(kind, inside, text, form))
    assert item.question is not None, item.sentences
    return item.question


@pytest.mark.parametrize(
    ("kind", "inside", "expected"),
    [
        ("multichoice", f"<single>true</single>{TWO}", {"kind": "single"}),
        (
            "multichoice",
            (
                '<single>false</single><answer fraction="50"><text>A</text></answer>'
                '<answer fraction="50"><text>B</text></answer><answer fraction="-50"><text>C</text></answer>'
            ),
            {"kind": "multiple", "marking": "parts"},
        ),
        (
            "truefalse",
            '<answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer>',
            {"kind": "true-false", "answer": False},
        ),
        (
            "numerical",
            (
                '<answer fraction="100"><text>3.5</text><tolerance>0.1</tolerance></answer>'
                "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
            ),
            {"kind": "number", "answer": 3.5, "tolerance": 0.1, "unit": {"en": "m"}},
        ),
        (
            "shortanswer",
            '<answer fraction="100"><text>a chair</text></answer><answer fraction="100"><text>5 \\* 3</text></answer>',
            {"kind": "short-text", "answers": {"en": ["a chair", "5 * 3"]}},
        ),
        (
            "ordering",
            (
                '<gradingtype>ALL_OR_NOTHING</gradingtype><answer fraction="2.0"><text>two</text></answer>'
                '<answer fraction="1.0"><text>one</text></answer><answer fraction="3.0"><text>three</text></answer>'
            ),
            {"kind": "ordering"},
        ),
        (
            "gapselect",
            (
                "<selectoption><text>chair</text><group>1</group></selectoption>"
                "<selectoption><text>secretary</text><group>1</group></selectoption>"
            ),
            {"kind": "gap-text", "marking": "parts"},
        ),
    ],
)
def test_types(kind: str, inside: str, expected: dict[str, Any]) -> None:
    text = "Fill in.\nThe [[2]] signs." if kind == "gapselect" else "What is it?"
    raw = one(kind, inside, text, "plain_text")
    assert {key: raw.get(key) for key in expected} == expected


def test_steps_stand_in_the_order_of_their_shares() -> None:
    answers = "".join(f'<answer fraction="{n}.0"><text>{n}</text></answer>' for n in (3, 1, 2))
    raw = one("ordering", answers)
    assert [item["text"]["en"] for item in raw["items"]] == ["1", "2", "3"]
    assert [item["id"] for item in raw["items"]] != sorted(item["id"] for item in raw["items"])


def test_gaps_of_cloze() -> None:
    text = (
        "Fill in.\nWater freezes at {1:NUMERICAL:=32:0.5#Exact} and {1:MULTICHOICE:boils~=melts#Right~%0%sinks}; "
        "{1:SHORTANSWER:=ice~=Ice~%50%snow}."
    )
    (item,) = read(question("cloze", "", text, "plain_text"))
    assert item.question is not None
    assert item.question["text"]["en"] == "Fill in.\nWater freezes at {{g1}} and {{g2}}; {{g3}}."
    assert [set(gap) for gap in item.question["gaps"]] == [{"id", "number"}, {"id", "choices"}, {"id", "answers"}]
    assert item.question["gaps"][0]["number"] == {"answer": 32, "tolerance": 0.5}
    assert item.question["gaps"][2]["answers"] == {"en": ["ice"]}
    assert item.status is Status.CHANGED


def test_categories_become_topics_and_are_no_questions() -> None:
    category = '<question type="category"><category><text>$course$/top/Voting day</text></category></question>'
    (item,) = read(category, question("truefalse", TWO.replace("Yes", "true").replace("No", "false")))
    assert item.question is not None
    assert item.question["topic"] == "voting-day"
    assert item.line == 3


def test_html_becomes_plain_lines_and_what_is_dropped_is_said() -> None:
    html = (
        "<![CDATA[<p>Who <b>opens</b> the&nbsp;station?</p><ul><li>10 m<sup>2</sup></li></ul>"
        '<script>alert(1)</script><img src="@@PLUGINFILE@@/a.png" onerror="x()">]]>'
    )
    (item,) = read(question("multichoice", f"<single>1</single><shuffleanswers>0</shuffleanswers>{TWO}", html))
    assert item.question is not None
    assert item.question["text"]["en"] == "Who opens the station?\n10 m²"
    assert item.sentences == [
        "Its answers had a fixed order; here they are mixed on each paper.",
        "Formatting was dropped: script, sup, ul.",
        "A picture was left out: a.png.",
    ]


@pytest.mark.parametrize(
    ("kind", "inside", "sentence"),
    [
        ("essay", "", "free text"),
        ("description", "", "asks nothing"),
        ("calculated", TWO, "formulas"),
        ("ddmarker", TWO, "no such kind"),
        ("random", "", "draws from other"),
        ("coderunner", "", "not known here: coderunner"),
        ("multichoice", "<single>true</single>", "0 answers are wholly right"),
        ("multichoice", f"<single>true</single>{TWO}{TWO}", "2 answers are wholly right"),
        ("multichoice", '<answer fraction="much"><text>x</text></answer>', "no number"),
        ("truefalse", TWO, "Neither true nor false"),
        ("numerical", '<answer fraction="100"><text>many</text></answer>', "no number"),
        ("numerical", '<answer fraction="50"><text>3</text></answer>', "No number is wholly right"),
        ("shortanswer", '<answer fraction="100"><text>a*</text></answer>', "any words"),
        ("shortanswer", f"{RIGHT}{RIGHT.replace('7', '*')}", "any words"),
        ("numerical", f"{RIGHT}{RIGHT.replace('7', '9')}", "2 answers are wholly right"),
        ("numerical", f"{RIGHT}{RIGHT.replace('7', '*')}", "2 answers are wholly right"),
        ("matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>", "does not fit"),
        ("cloze", "", "no gap"),
        ("gapselect", "", "a word that is not there"),
        ("multichoice", f"<single>true</single>{TWO.replace('No', '')}", "no words"),
    ],
)
def test_skipped_with_a_reason(kind: str, inside: str, sentence: str) -> None:
    (item,) = read(question(kind, inside))
    assert (item.status, item.line, item.question) == (Status.SKIPPED, 3, None)
    assert sentence in item.sentences[0]


def test_a_category_inside_a_question_is_no_question() -> None:
    items = read(question("combined", '<question type=" category "/><question type=""/>'))
    assert [item.status for item in items] == [Status.SKIPPED, Status.SKIPPED]


def test_questions_inside_questions_are_accounted_for() -> None:
    items = read(question("combined", question("essay", "")))
    assert [item.status for item in items] == [Status.SKIPPED, Status.SKIPPED]
    assert "part of the question on line 3" in items[1].sentences[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<quiz>\n<question type='x'></quiz>", "Line 2: this is not XML"),
        ("<quiz/>", "no question"),
        ("<questestinterop/>", "QTI 1.2"),
        ("<html/>", "no item of QTI; it begins with html"),
    ],
)
def test_refused_with_a_line(content: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_questions(content.encode(), language="en")
    assert sentence in refusal.value.sentence


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        ("{1:SA:=seven~=*}", "any words"),
        ("{1:NM:=7:0~=9:1}", "2 answers are wholly right"),
        ("{1:NM:%50%7}", "No number is wholly right"),
    ],
)
def test_gaps_that_cannot_be_asked_skip_the_question(gap: str, sentence: str) -> None:
    (item,) = read(question("cloze", "", f"Fill in.\nIt has {gap} members.", "plain_text"))
    assert item.status is Status.SKIPPED
    assert sentence in item.sentences[0]


@pytest.mark.parametrize(
    ("gap", "sentences"),
    [
        ("{1:SAC:=Aq}", ["Capital and small letters were told apart; here they are not."]),
        ("{1:SHORTANSWER_C:=Aq}", ["Capital and small letters were told apart; here they are not."]),
        ("{1:MC:=a~b}", ["Its answers had a fixed order; here they are mixed on each paper."]),
        ("{1:MULTICHOICE_VS:=a#Well~b}", ["What was said to single answers was left out."]),
        ("{1:SA:=a~%33,333%b}", ["Answers that counted in part do not count."]),
        ("{1:MCS:=a~%-50%b}", ["Wrong answers that took something away count nothing."]),
    ],
)
def test_what_a_gap_loses_is_said(gap: str, sentences: list[str]) -> None:
    (item,) = read(question("cloze", "", f"Fill in.\nIt is {gap}.", "plain_text"))
    assert item.question is not None
    assert item.sentences == sentences


def test_answers_that_stand_for_any_words_and_count_in_part_are_said() -> None:
    rest = '<answer fraction="50"><text>*</text><feedback><text>Nearly</text></feedback></answer>'
    (item,) = read(question("shortanswer", RIGHT + rest))
    assert item.question is not None
    assert item.question["answers"] == {"en": ["7"]}
    assert item.sentences == [
        "Answers that counted in part do not count.",
        "What was said to single answers was left out.",
    ]


def test_steps_of_old_versions() -> None:
    steps = "".join(f'<answer fraction="{n}"><text>{n}</text></answer>' for n in (1, 2, 3))
    (item,) = read(question("ordering", f"<logical>1</logical><studentsee>2</studentsee>{steps}"))
    assert item.sentences == ["Some of its steps were drawn for each paper; here all of them are asked."]


def test_words_to_choose_may_look_like_tags() -> None:
    words = "".join(
        f"<selectoption><text>{word}</text></selectoption>" for word in ("&amp;lt;b&amp;gt;", "&amp;lt;i&amp;gt;")
    )
    raw = one("gapselect", words, "Choose.\nBold is [[1]].")
    assert [choice["text"]["en"] for choice in raw["gaps"][0]["choices"]] == ["<b>", "<i>"]


def test_a_question_without_its_quiz_is_known_for_moodle() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_questions(question("ordering", "").encode(), language="en")
    assert "a Moodle file begins with quiz, this one with question" in refusal.value.sentence


@pytest.mark.parametrize(
    ("text", "expected", "sentences"),
    [
        (
            '<span lang="kk" class="multilang">Бюллетень</span> <span class="multilang" lang="en">Ballot</span> 1',
            "Ballot 1",
            ["Its texts in other languages were left out: kk."],
        ),
        ("{mlang kk}Бюллетень{mlang}{mlang en,ru}Ballot {1}{mlang}?", "Ballot {1}?", ["Its texts in other"]),
        ("{mlang kk}Бюллетень{mlang}{mlang other}Ballot{mlang}", "Ballot", ["Its texts in other"]),
        ("{mlang kk}Бюллетень{mlang} {mlang ru}Бланк{mlang}", "{mlang kk}Бюллетень{mlang} {mlang ru}Бланк{mlang}", []),
        ('<span lang="kk" class="multilang">Бюллетень</span>', "Бюллетень", []),
        ("{mlang en}Ballot{mlang} {mlang}", "Ballot {mlang}", []),
        ('<span lang="kk">Бюллетень</span> <span lang="en">Ballot</span>', "Бюллетень Ballot", []),
    ],
)
def test_texts_in_several_languages_side_by_side(text: str, expected: str, sentences: list[str]) -> None:
    sides = [f"<text><![CDATA[{text} {n}]]></text>" for n in (7, 8, 9)]
    pairs = "".join(f"<subquestion>{side}<answer>{side}</answer></subquestion>" for side in sides)
    (item,) = read(question("matching", pairs, f"<![CDATA[{text}]]>"))
    assert item.question is not None
    assert item.question["text"]["en"] == expected
    assert item.question["pairs"][0]["left"]["en"] == f"{expected} 7"
    if sentences:
        assert item.question["pairs"][0]["right"]["en"] == f"{expected} 7"
    assert len(item.sentences) == len(sentences)
    assert all(said.startswith(start) for said, start in zip(item.sentences, sentences, strict=True))


@pytest.mark.parametrize(
    ("single", "kind"),
    [
        ("", "single"),
        ("<single>yes</single>", "single"),
        ("<single>false</single>", "multiple"),
        ("<single/>", "multiple"),
    ],
)
def test_single_as_moodle_takes_it(single: str, kind: str) -> None:
    third = '<answer fraction="0"><text>Perhaps</text></answer>'
    assert one("multichoice", f"{single}{TWO}{third}")["kind"] == kind


def test_a_unit_that_had_to_be_written_is_said() -> None:
    unit = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    (item,) = read(question("numerical", f"{RIGHT}{unit}<unitgradingtype>1</unitgradingtype>"))
    assert item.sentences == ["The unit had to be written too; here it stands beside the answer."]


REASON = "Article 12: a station opens at seven in the morning."


@pytest.mark.parametrize(
    ("general", "whole", "explanation", "sentences"),
    [
        ("", "Your answer is correct.", None, []),
        ("", REASON, REASON, ["What was said to the right answer is the explanation now"]),
        ("At seven.", REASON, "At seven.", ["What was said of answers as a whole was left out."]),
    ],
)
def test_what_is_said_of_answers_as_a_whole(
    general: str, whole: str, explanation: str | None, sentences: list[str]
) -> None:
    feedback = f"<generalfeedback><text>{general}</text></generalfeedback>"
    feedback += f"<correctfeedback><text>{whole}</text></correctfeedback>"
    (item,) = read(question("multichoice", f"{TWO}{feedback}"))
    assert item.question is not None
    assert item.question.get("explanation", {}).get("en") == explanation
    assert [said.split(";")[0] for said in item.sentences] == sentences


def test_a_question_out_of_use_is_named() -> None:
    (item,) = read(question("multichoice", f"{TWO}<hidden>1</hidden>"))
    assert item.sentences == ["It was hidden in Moodle; perhaps it is out of use."]


@pytest.mark.parametrize(
    ("right", "wrong", "answer"), [("Верно", "Неверно", True), ("бұрыс", "Дұрыс", False), ("Нет", "Да", False)]
)
def test_true_and_false_in_the_words_of_old_versions(right: str, wrong: str, answer: bool) -> None:
    raw = one("truefalse", TWO.replace("Yes", right).replace("No", wrong))
    assert (raw["kind"], raw["answer"]) == ("true-false", answer)


def test_each_file_is_named_once_and_for_what_it_is() -> None:
    inside = "".join(f'<file name="{name}" encoding="base64">aGk=</file>' for name in ("a b.png", "song.mp3"))
    text = f'<questiontext><text><![CDATA[<img src="@@PLUGINFILE@@/a%20b.png"> Who?]]></text>{inside}</questiontext>'
    (item,) = read(f'<question type="multichoice">{text}{TWO}</question>')
    assert item.sentences == ["A picture was left out: a b.png.", "A file was left out: song.mp3."]
