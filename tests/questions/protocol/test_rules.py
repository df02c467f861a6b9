"""Protocols to fill in and to check: what an answer is worth, what is kept, what a page gives away."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lms.countries.protocol.reading import get_form
from lms.questions.errors import BadResponse
from lms.questions.kinds.protocol.evening import Setup, draw_figures
from lms.questions.kinds.protocol.rules import list_wrong_choices
from lms.questions.kinds.protocol.variant import Variant, variant_of
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE, Body, Order
from lms.questions.rules import check_response, find_question_faults, grade
from lms.questions.showing import explain, show, steady_order
from tests.factories.questions import question_body, question_dict

KIND = get_kind("protocol")
FILL = question_body("protocol")
LARGE = {"voters": [700, 1600], "missing": [1, 4], "invalid": [3, 15], "figures": "given"}


def finding(fault: str, seed: int = 1) -> tuple[Body, Order]:
    """A question with this fault planted, and its paper."""
    body = question_body("protocol", mode="find", faults=[fault], **LARGE)
    order = KIND.rules.shuffle(body, Random(seed))
    assert order["fault"] == [fault]
    return body, order


def on_paper(body: Body, order: Order) -> Variant:
    return variant_of(KIND.resolve(body, order))


def written(variant: Variant, **changes: int | str | None) -> dict[str, Any]:
    """The right lines with some written otherwise; None leaves a line out."""
    lines = {key: str(figure) for key, figure in variant.right.items()}
    lines |= {key: str(figure) for key, figure in changes.items()}
    return {"lines": {key: figure for key, figure in lines.items() if changes.get(key, figure) is not None}}


ORDER = {"evening": ["5"]}
EVENING = on_paper(FILL, ORDER)
LINES, RELATIONS = 18, 11


def worth(right: int, holding: int) -> int:
    """Half for so many right lines, half for so many relations that hold, at most as much as for the lines."""
    lines, relations = WHOLE * right // LINES, WHOLE * holding // RELATIONS
    return (lines + min(lines, relations)) // 2


U, X, L1 = (EVENING.right[key] for key in ("U", "X", "L1"))
MARKS: list[tuple[dict[str, int | str | None], int, int]] = [
    ({}, 18, 11),
    ({"U": U + 9}, 17, 10),  # R1
    ({"U": None}, 17, 9),  # R1 cannot be checked, R11 fails
    ({"X": X + 1}, 17, 10),  # R5
    ({"L1": L1 + 10}, 17, 11),  # no relation shows it: the lines alone
    ({"U": "a lot"}, 17, 9),
    ({"U": f"{U}.5"}, 17, 9),
    ({"P": EVENING.right["P"] + 1, "U": U - 1}, 16, 11),
    (dict.fromkeys(("L2", "L2c"), "999"), 16, 11),
]


@pytest.mark.parametrize(("changes", "right", "holding"), MARKS)
def test_half_is_for_right_lines_and_half_for_relations_that_hold(
    changes: dict[str, int | str | None], right: int, holding: int
) -> None:
    assert len(EVENING.right) == LINES
    assert grade("protocol", FILL, written(EVENING, **changes), ORDER) == worth(right, holding)


def test_figures_that_fit_together_and_are_invented_are_worth_no_more_than_their_lines() -> None:
    """All zeros satisfy every relation."""
    zeros = {"lines": dict.fromkeys(EVENING.right, "0")}
    right = sum(figure == 0 for figure in EVENING.right.values())
    assert grade("protocol", FILL, zeros, ORDER) == WHOLE * right // LINES


def test_figures_may_be_written_with_thousands_apart() -> None:
    body = question_body("protocol", voters=[1500, 2000])
    evening = on_paper(body, ORDER)
    assert evening.right["L1"] > 1000
    spaced = f"{evening.right['L1']:,}".replace(",", " ")
    assert grade("protocol", body, written(evening, L1=spaced), ORDER) == WHOLE


def test_what_is_found() -> None:
    body, order = finding("invalid-moved", seed=3)
    evening = on_paper(body, order)
    assert evening.broken == ("R7", "R8")
    assert evening.wrong_lines == ("N", "A")
    marks: list[tuple[list[str], str, int]] = [
        (["R7", "R8"], "A", 1000),
        (["R8", "R7"], "N", 1000),
        (["R7"], "A", 750),
        (["R7", "R8", "R1"], "A", 750),
        (["R1", "R2"], "A", 500),
        (["R7", "R8"], "V", 500),
        (["R7", "R8", "none"], "A", 500),
        (["none"], "none", 0),
        ([], "A", 500),
        (["R7", "R8"], "", 500),
    ]
    for relations, line, worth in marks:
        assert grade("protocol", body, {"relations": relations, "line": line}, order) == worth, (relations, line)


@pytest.mark.parametrize("fault", get_form("kz-presidential").file.unseen)
def test_what_no_relation_shows_is_found_by_its_line(fault: str) -> None:
    body, order = finding(fault)
    evening = on_paper(body, order)
    assert evening.broken == ()
    for line in evening.wrong_lines:
        assert grade("protocol", body, {"relations": ["none"], "line": line}, order) == WHOLE
    assert grade("protocol", body, {"relations": ["none"], "line": "none"}, order) == WHOLE // 2
    told = explain("protocol", body, {"relations": ["none"], "line": "none"}, language="en", order=order)
    assert any("No relation shows" in row.words for section in told.sections for row in section.rows)


def test_a_protocol_without_a_fault_says_so() -> None:
    body, order = finding("none")
    evening = on_paper(body, order)
    assert evening.shown == evening.right
    assert grade("protocol", body, {"relations": ["none"], "line": "none"}, order) == WHOLE
    assert grade("protocol", body, {"relations": ["R1"], "line": "U"}, order) == 0
    told = explain("protocol", body, None, language="en", order=order)
    assert any("no fault in this protocol" in row.words for section in told.sections for row in section.rows)


@pytest.mark.parametrize("fault", list(get_form("kz-presidential").faults))
def test_every_fault_can_be_drawn_asked_and_told(fault: str) -> None:
    body, order = finding(fault)
    resolved = KIND.resolve(body, order)
    right = KIND.rules.right_response(resolved)
    assert check_response("protocol", body, right, order) is right
    assert grade("protocol", body, right, order) == WHOLE
    relations, lines = list_wrong_choices(resolved)
    wrong = {"relations": [relations[0]], "line": lines[0]}
    assert check_response("protocol", body, wrong, order) is wrong
    assert grade("protocol", body, wrong, order) == 0
    for language in ("kk", "ru", "en"):
        told = explain("protocol", body, wrong, language=language, order=order)
        assert told.given
        assert all(row.words for section in told.sections for row in section.rows)


def test_the_page_to_fill_in_gives_no_figure_but_those_of_the_story() -> None:
    for language in ("kk", "ru", "en"):
        shown = show("protocol", FILL, language=language, order=ORDER)
        assert {row["value"] for row in shown.fields["rows"]} == {""}
        said = json.dumps({key: part for key, part in shown.fields.items() if key != "story"}, ensure_ascii=False)
        assert not [key for key, figure in EVENING.right.items() if figure > 99 and str(figure) in said]


def test_the_page_to_find_a_fault_does_not_name_it() -> None:
    body, order = finding("unused-digits")
    evening = on_paper(body, order)
    shown = show("protocol", body, language="en", order=order)
    said = json.dumps({key: part for key, part in shown.fields.items() if key != "story"}, ensure_ascii=False)
    assert "unused-digits" not in said
    assert not any(choice["chosen"] for choice in shown.fields["relations"]["choices"] + shown.fields["lines"])
    figures = {row["key"]: row["figure"].replace(",", "") for row in shown.fields["rows"]}
    assert figures == {key: str(figure) for key, figure in evening.shown.items()}
    assert figures["U"] != str(evening.right["U"])


def test_an_unfinished_protocol_is_kept_but_open() -> None:
    body = KIND.resolve(FILL, ORDER)
    response = KIND.form.parse_form(body, MultiDict({"q1-line-U": " 362 ", "q1-line-P": ""}), "q1-")
    assert response == {"lines": {"U": "362"}}
    assert check_response("protocol", FILL, response, ORDER) == response
    assert not KIND.rules.is_complete(body, response)
    shown = show("protocol", FILL, language="kk", order=ORDER, response=response, prefix="q1-")
    assert {row["name"]: row["value"] for row in shown.fields["rows"] if row["value"]} == {"q1-line-U": "362"}


@pytest.mark.parametrize("sent", [{"q1-relations": "R1"}, {"q1-wrong": "U"}])
def test_an_unfinished_search_is_kept_but_open(sent: dict[str, str]) -> None:
    body, order = finding("unused-digits")
    resolved = KIND.resolve(body, order)
    response = KIND.form.parse_form(resolved, MultiDict(sent), "q1-")
    assert response is not None
    assert check_response("protocol", body, response, order) == response
    assert not KIND.rules.is_complete(resolved, response)
    assert grade("protocol", body, response, order) == WHOLE // 2


def test_a_finished_search_comes_back_through_the_form() -> None:
    body, order = finding("invalid-moved")
    resolved = KIND.resolve(body, order)
    form = MultiDict([("q1-relations", "R7"), ("q1-relations", "R8"), ("q1-wrong", "A")])
    response = KIND.form.parse_form(resolved, form, "q1-")
    assert response == {"relations": ["R7", "R8"], "line": "A"}
    shown = show("protocol", body, language="ru", order=order, response=response, prefix="q1-").fields
    assert [one["value"] for one in shown["relations"]["choices"] if one["chosen"]] == ["R7", "R8"]
    assert [one["value"] for one in shown["lines"] if one["chosen"]] == ["A"]
    assert KIND.form.parse_form(resolved, MultiDict(), "q1-") is None


@pytest.mark.parametrize(
    "response",
    [
        {"lines": {}},
        {"lines": ["1"]},
        {"lines": {"Q": "1"}},
        {"lines": {"C9": "1"}},
        {"lines": {"U": 362}},
        {"lines": {"U": "many"}},
        {"lines": {"U": "1" * 13}},
        {"lines": {"U": "1"}, "line": "U"},
        {"relations": ["R1"]},
    ],
)
def test_lines_that_do_not_fit_are_refused(response: dict[str, Any]) -> None:
    with pytest.raises(BadResponse, match=r"\.$"):
        check_response("protocol", FILL, response, ORDER)


@pytest.mark.parametrize(
    "response",
    [
        {"relations": ["R99"], "line": "U"},
        {"relations": ["R1", "R1"], "line": "U"},
        {"relations": [["R1"]]},
        {"relations": "R1"},
        {"line": "Q"},
        {"line": ["U"]},
        {"line": None},
        {"lines": {"U": "1"}},
    ],
)
def test_choices_that_do_not_fit_are_refused(response: dict[str, Any]) -> None:
    body, order = finding("unused-digits")
    with pytest.raises(BadResponse, match=r"\.$"):
        check_response("protocol", body, response, order)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["U", "R1", "none"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["U", "V", "C1", "x"]), inner, max_size=3)
    ),
)


@given(
    mode=st.sampled_from(["fill", "find"]),
    response=st.dictionaries(st.sampled_from(["lines", "relations", "line"]), ANYTHING, max_size=3),
    order=st.dictionaries(st.sampled_from(["evening", "fault"]), st.lists(st.text(max_size=5), max_size=2)),
)
def test_no_answer_and_no_paper_from_outside_breaks_anything(
    mode: str, response: dict[str, Any], order: dict[str, list[str]]
) -> None:
    faults = ["unused-digits"] if mode == "find" else None
    body = question_body("protocol", mode=mode, faults=faults)
    assert 0 <= grade("protocol", body, response, order) <= WHOLE
    explain("protocol", body, response, language="kk", order=order)
    try:
        check_response("protocol", body, response, order)
    except BadResponse:
        return
    show("protocol", body, language="kk", response=response, order=order)


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"form": "xx"}, "there is no protocol form 'xx'"),
    ({"form": None}, "'form' is missing"),
    ({"mode": "guess"}, "'mode' is 'guess'"),
    ({"candidates": 1}, "greater than or equal to 2"),
    ({"voters": [10, 100]}, "greater than or equal to 20"),
    ({"voters": [500, 400]}, "the least, 500, is larger than the most, 400"),
    ({"voters": [500]}, "too short"),
    ({"voters": [500, 9000]}, "less than or equal to 3000"),
    ({"missing": [0, 500]}, "less than or equal to 100"),
    ({"figures": "hidden"}, "'figures' is 'hidden'"),
    ({"faults": ["unused-digits"]}, "belongs to the mode 'find'"),
    ({"mode": "find"}, "name the faults that may be planted"),
    ({"mode": "find", "faults": ["unused-letters"]}, "knows no fault 'unused-letters'"),
    ({"mode": "find", "faults": ["none", "none"]}, "the fault 'none' stands twice"),
    ({"mode": "find", "faults": ["issued-from-boxes"], "missing": [0, 0]}, "hardly ever fits these figures"),
    ({"mode": "find", "faults": ["outside-not-added"], "outside": False}, "hardly ever fits these figures"),
    ({"mode": "find", "faults": ["certificates-swapped"], "form": "kg-old-code"}, "knows no fault"),
    ({"marking": "parts"}, "'marking' is not known"),
]


@pytest.mark.parametrize(("changes", "said"), FAULTY)
def test_each_fault_of_the_question_is_named(changes: dict[str, Any], said: str) -> None:
    raw = {key: value for key, value in {**question_dict("protocol"), **changes}.items() if value is not None}
    sentences = [fault.sentence for fault in find_question_faults(raw)]
    assert any(said in sentence for sentence in sentences), sentences


def test_papers_differ_and_a_paper_stays_what_it_is() -> None:
    orders = [KIND.rules.shuffle(FILL, Random(seed)) for seed in range(40)]
    assert len({json.dumps(on_paper(FILL, order).right) for order in orders}) == 40
    for order in orders:
        again = json.loads(json.dumps(order))
        assert on_paper(FILL, again) == on_paper(FILL, order)
        assert KIND.resolve(KIND.resolve(FILL, order), {}) == KIND.resolve(FILL, order)


def test_the_same_question_shows_the_same_evening_in_print_and_on_the_page() -> None:
    order = steady_order("protocol", FILL, seed="protocol-s3")
    assert order == steady_order("protocol", FILL, seed="protocol-s3")
    shown = show("protocol", FILL, language="en", order=order)
    told = explain("protocol", FILL, None, language="en", order=order)
    assert [row.words for row in told.sections[0].rows] == shown.fields["story"]
    assert len(told.expected) == LINES


def test_a_form_of_another_country_has_lines_and_relations_of_its_own() -> None:
    body = question_body("protocol", form="kg-old-code", candidates=3)
    evening = on_paper(body, ORDER)
    assert list(evening.right) == [
        "L1",
        "L2",
        "B1",
        "I0",
        "I1",
        "I2",
        "I",
        "U",
        "M",
        "S",
        "V",
        "N",
        "C1",
        "C2",
        "C3",
        "A",
    ]
    assert grade("protocol", body, written(evening), ORDER) == WHOLE
    told = explain("protocol", body, written(evening, U=evening.right["U"] + 1), language="en", order=ORDER)
    failing = [row for section in told.sections for row in section.rows if row.right is False]
    assert [row.words[:2] for row in failing] == ["U ", "K1"]
    assert failing[1].note == "Recount the cancelled ballots."


def test_the_worked_example_of_the_course_holds_in_the_form() -> None:
    from lms.questions.kinds.protocol.evening import judge

    said = "L1 1190 L2 12 L2c 9 B1 1201 I1 811 I2 24 I 835 G 835 U 362 P 4 M 24 S 809 V 818 N 15 C1 702 C2 71 A 45 X 2"
    words = said.split()
    figures = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    form = get_form("kz-presidential")
    assert all(judge(form, figures).values())
    assert [code for code, holds in judge(form, {**figures, "U": 326}).items() if not holds] == ["R1"]
    assert [code for code, holds in judge(form, {**figures, "A": 60}).items() if not holds] == ["R8"]
    assert [code for code, holds in judge(form, {**figures, "N": 17, "X": 0}).items() if not holds] == ["R5", "R7"]


@pytest.mark.parametrize("outside", [True, False])
@pytest.mark.parametrize("certificates", [True, False])
def test_what_there_is_not_is_zero(outside: bool, certificates: bool) -> None:
    setup = Setup(2, (400, 900), outside, certificates, (0, 0), (0, 0), "given")
    figures = draw_figures(get_form("kz-presidential"), setup, "1")
    assert (figures["I2"] > 0) == outside
    assert (figures["M"] > 0) == outside
    assert (figures["L2c"] > 0) == certificates
    assert (figures["N"], figures["X"]) == (0, 0)
