"""The rules of the bank: what is a fault, what gets the point, how forms and answers travel."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lms.core.errors import NotFound
from lms.questions.errors import BadQuestion, BadResponse
from lms.questions.kinds.matching.rules import right_id
from lms.questions.kinds.number.rules import read_back, read_number
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import WHOLE, Body, Response, pick, points_of, share
from lms.questions.rules import check_response, find_question_faults, grade, load_question, words_in
from lms.questions.showing import explain, show
from lms.questions.uses import Standing, is_valid_on, standing_of
from tests.factories.questions import KIND_NAMES, ROOM, question_body, question_dict, texts

MATCH = {pair["id"]: right_id(pair["right"]) for pair in question_dict("matching")["pairs"]}

NAMES = st.text(max_size=5) | st.sampled_from(
    ["who", "hour", "before", "issued", "in-boxes", "what", "value", "choice"]
)
"""Names of parts, those of the factories among them."""

GRADES: list[tuple[str, Any, bool]] = [
    ("single", {"choice": "b"}, True),
    ("single", {"choice": "a"}, False),
    ("single", {"choice": "zzz"}, False),
    ("single", {"choice": ["b"]}, False),
    ("single", {}, False),
    ("multiple", {"choices": ["a", "c"]}, True),
    ("multiple", {"choices": ["c", "a"]}, True),
    ("multiple", {"choices": ["a"]}, False),
    ("multiple", {"choices": ["a", "b", "c"]}, False),
    ("multiple", {"choices": ["a", "c", "c"]}, False),
    ("multiple", {"choices": "ac"}, False),
    ("true-false", {"choice": "false"}, True),
    ("true-false", {"choice": "true"}, False),
    ("true-false", {"choice": False}, False),
    ("ordering", {"order": ["close", "cancel", "open"]}, True),
    ("ordering", {"order": ["cancel", "close", "open"]}, False),
    ("ordering", {"order": ["close", "cancel"]}, False),
    ("ordering", {"places": {"close": "1"}}, False),
    ("matching", {"pairs": MATCH}, True),
    ("matching", {"pairs": {**MATCH, "chair": MATCH["member"]}}, False),
    ("matching", {"pairs": {"chair": MATCH["chair"]}}, False),
    ("matching", {"pairs": {"chair": "chair", "secretary": "secretary", "member": "member"}}, False),
    ("number", {"value": "835"}, True),
    ("number", {"value": "836"}, False),
    ("number", {"value": "835 ballots"}, False),
    ("number", {"value": "NaN"}, False),
    ("short-text", {"text": "ТӨРАҒА."}, True),
    ("short-text", {"text": "secretary"}, False),
    ("short-text", {"text": ["төраға"]}, False),
    ("gap-text", {"gaps": {"who": "chair", "hour": "6", "before": "One"}}, True),
    ("gap-text", {"gaps": {"who": "chair", "hour": "6"}}, False),
    ("gap-text", {"gaps": {"who": ["chair"], "hour": None, "before": 1}}, False),
    ("gap-text", {"gaps": ["chair"]}, False),
    ("hotspot", {"areas": ["box"]}, True),
    ("hotspot", {"areas": ["box", "door"]}, False),
    ("hotspot", {"areas": ["box", "box"]}, False),
    ("hotspot", {"areas": "box"}, False),
    ("hotspot", {"areas": [["box"]]}, False),
    ("case", {"steps": {"issued": {"value": "847"}, "in-boxes": {"value": "835"}, "what": {"choice": "seal"}}}, True),
]


@pytest.mark.parametrize(("kind", "response", "right"), GRADES)
def test_one_answer_gets_the_point_or_nothing(kind: str, response: Any, right: bool) -> None:
    assert grade(kind, question_body(kind), response) == WHOLE * right


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("response", [None, "b", 7, ["b"], {}, {"choice": None}, {"order": None}, {"pairs": []}])
def test_a_strange_answer_gets_nothing_and_breaks_nothing(kind: str, response: object) -> None:
    assert grade(kind, question_body(kind), response) == 0


ANSWERS = (
    *("choice", "choices", "order", "places", "pairs", "value", "text", "gaps", "areas", "steps"),
    *("lines", "relations", "line"),
)
"""What answers have."""


@given(
    kind=st.sampled_from(KIND_NAMES),
    response=st.dictionaries(
        st.sampled_from(ANSWERS),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        ),
        max_size=2,
    ),
)
def test_no_answer_from_outside_breaks_grading_or_checking(kind: str, response: dict[str, Any]) -> None:
    body = question_body(kind)
    grade(kind, body, response)
    try:
        check_response(kind, body, response)
    except BadResponse:
        return
    show(kind, body, language="kk", response=response)
    explain(kind, body, response, language="kk")


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_the_right_response_is_accepted_complete_and_right(kind: str) -> None:
    body, rules = question_body(kind), get_kind(kind).rules
    response = rules.right_response(body)
    assert check_response(kind, body, response) is response
    assert rules.is_complete(body, response)
    assert grade(kind, body, response)
    assert rules.describe(body, response, "ru")


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("single", {"choice": "zzz"}),
        ("single", {"choice": "b", "more": 1}),
        ("multiple", {"choices": []}),
        ("multiple", {"choices": ["a", "a"]}),
        ("multiple", {"choices": ["zzz"]}),
        ("true-false", {"choice": "maybe"}),
        ("ordering", {"order": ["close", "close", "open"]}),
        ("ordering", {"order": ["close"]}),
        ("ordering", {"places": {"close": "9"}}),
        ("ordering", {"places": {"zzz": "1"}}),
        ("ordering", {"places": {}}),
        ("matching", {"pairs": {"chair": "zzz"}}),
        ("matching", {"pairs": {"zzz": MATCH["chair"]}}),
        ("number", {"value": "a lot"}),
        ("number", {"value": 835}),
        ("number", {"value": "1" * 41}),
        ("short-text", {"text": " "}),
        ("short-text", {"text": 7}),
        ("short-text", {"text": "a" * 121}),
        ("short-text", {"text": "a\x00b"}),
        ("short-text", {"text": "\ud800"}),
        ("gap-text", {"gaps": {}}),
        ("gap-text", {"gaps": {"zzz": "1"}}),
        ("gap-text", {"gaps": {"who": "zzz"}}),
        ("gap-text", {"gaps": {"hour": "six"}}),
        ("gap-text", {"gaps": {"before": ""}}),
        ("hotspot", {"areas": []}),
        ("hotspot", {"areas": ["zzz"]}),
        ("hotspot", {"areas": ["box", "table"]}),
        ("case", {"steps": {}}),
        ("case", {"steps": {"zzz": {"value": "1"}}}),
        ("case", {"steps": {"issued": {"value": "many"}}}),
        ("case", {"steps": {"issued": "847"}}),
        ("case", {"steps": {"what": {"choice": "zzz"}}}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_a_sentence(kind: str, response: dict[str, Any]) -> None:
    with pytest.raises(BadResponse, match=r"\.$"):
        check_response(kind, question_body(kind), response)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_what_the_page_shows_comes_back_through_the_form(kind: str) -> None:
    """An answer is shown in the fields; the fields sent unchanged give the same answer."""
    body, found = question_body(kind), get_kind(kind)
    response = found.rules.right_response(body)
    shown = found.form.fields(body, found.rules.shuffle(body, Random(7)), response, "kk", "q1-")
    assert found.form.parse_form(body, _send(shown), "q1-") == response
    assert found.form.parse_form(body, _send(shown), "q2-") is None


def _send_rows(shown: dict[str, Any]) -> dict[str, str]:
    """The lines of a protocol, with spaces around what was typed."""
    return {row["name"]: f" {row['value']} " for row in shown.get("rows", []) if "name" in row}


def _send(shown: dict[str, Any]) -> MultiDict[str, str]:
    form: MultiDict[str, str] = MultiDict()
    for choice in shown.get("choices", []):
        if choice["chosen"]:
            form.add(shown["name"], choice["value"])
    for row in shown.get("items", []) + shown.get("lefts", []):
        form.add(row["name"], row["chosen"])
    form.update(_send_rows(shown))
    for area in shown.get("areas", []):
        if area["chosen"]:
            form.add(shown["name"], area["value"])
    for piece in (piece for line in shown.get("lines", []) for piece in line if "name" in piece):
        form.add(piece["name"], piece["value"])
    for step in shown.get("steps", []):
        form.update(_send(step["fields"]))
    if "value" in shown:
        form.add(shown["name"], f" {shown['value']} ")
    return form


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_an_empty_form_is_no_answer(kind: str) -> None:
    body, found = question_body(kind), get_kind(kind)
    assert found.form.parse_form(body, MultiDict()) is None
    assert found.form.parse_form(body, _send(found.form.fields(body, {}, {}, "kk", ""))) is None


def test_an_unfinished_or_doubled_order_is_kept_but_open() -> None:
    body, found = question_body("ordering"), get_kind("ordering")
    for sent in ({"order-close": "1"}, {"order-close": "1", "order-open": "1", "order-cancel": "2"}):
        response = found.form.parse_form(body, MultiDict(sent))
        assert response == {"places": {key.removeprefix("order-"): number for key, number in sent.items()}}
        assert check_response("ordering", body, response) == response
        assert not found.rules.is_complete(body, response)
        shown = found.form.fields(body, {}, response, "en", "")
        assert {item["name"]: item["chosen"] for item in shown["items"] if item["chosen"]} == sent


def test_a_half_matched_answer_is_kept_but_open() -> None:
    body, found = question_body("matching"), get_kind("matching")
    response = {"pairs": {"chair": MATCH["chair"]}}
    assert check_response("matching", body, response) == response
    assert not found.rules.is_complete(body, response)


@pytest.mark.parametrize("kind", KIND_NAMES)
@given(seed=st.integers(0, 10_000))
def test_a_paper_shows_every_part_once_and_never_gives_the_order_away(kind: str, seed: int) -> None:
    body, rules = question_body(kind), get_kind(kind).rules
    order = rules.shuffle(body, Random(seed))
    assert order == rules.shuffle(body, Random(seed))
    for ids in order.values():
        assert len(set(ids)) == len(ids)
    if kind == "ordering":
        assert order["items"] != rules.right_response(body)["order"]
    if kind == "matching":
        assert sorted(order["rights"]) == sorted(MATCH.values())


def test_the_matching_form_does_not_name_the_pair_on_the_right_side() -> None:
    body, found = question_body("matching"), get_kind("matching")
    shown = found.form.fields(body, found.rules.shuffle(body, Random(1)), {}, "kk", "")
    assert not {right["value"] for right in shown["rights"]} & {pair["id"] for pair in body["pairs"]}
    assert [right["letter"] for right in shown["rights"]] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("835", "835"),
        (" 12 345 ", "12345"),
        ("12\u00a0345", "12345"),
        ("69,44", "69.44"),
        ("\u22125", "-5"),
        ("1e3", "1000"),
        ("", None),
        ("1,234,567", None),
        ("Infinity", None),
        ("1e999999999", None),
        ("8_35", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: str | None) -> None:
    read = read_number(typed)
    assert (None if read is None else read) == (None if number is None else type(read)(number))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("answer", "tolerance", "typed", "right"),
    [(69.44, 0, "69,44", True), (69.44, 0.01, "69.45", True), (69.44, 0.01, "69.46", False), (0, 0, "0", True)],
)
def test_a_tolerance_counts_its_edge(answer: float, tolerance: float, typed: str, right: bool) -> None:
    body = question_body("number", answer=answer, tolerance=tolerance)
    assert grade("number", body, {"value": typed}) == WHOLE * right


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_good_question_has_no_fault_and_a_steady_checksum(kind: str) -> None:
    raw = question_dict(kind)
    assert find_question_faults(raw) == []
    loaded = load_question(raw)
    assert loaded.checksum == load_question(dict(reversed(raw.items()))).checksum
    assert loaded.checksum != load_question({**raw, "explanation": texts("Other")}).checksum


def test_saying_the_default_does_not_change_the_checksum() -> None:
    plain, said = question_dict("single"), question_dict("single")
    said["options"][0]["right"] = False
    assert load_question(plain).checksum == load_question(said).checksum


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("single", {"colour": "red"}, "'colour' is not known"),
    ("single", {"source": None}, "'source' is missing"),
    ("single", {"source": "  art. "}, "'source'"),
    ("single", {"use": "exam"}, "'use' is 'exam'"),
    ("single", {"kind": "essay"}, "'kind' is 'essay'"),
    ("single", {"text": {"kk": "a", "ru": " "}}, "the text in ru, en is missing"),
    ("single", {"text": {**texts("a"), "fr": "a"}}, "the language fr"),
    ("single", {"explanation": None}, "'explanation' is missing"),
    ("single", {"id": 7}, "'id' must be text"),
    ("single", {"options": [{"id": "a", "text": texts("a")}, {"id": "b", "text": texts("b")}]}, "no option is right"),
    (
        "single",
        {"options": [{"id": i, "right": True, "text": texts(i)} for i in "ab"]},
        "2 options are right",
    ),
    (
        "single",
        {"options": [{"id": "a", "right": True, "text": texts("a")}, {"id": "a", "text": texts("b")}]},
        "stands twice",
    ),
    (
        "single",
        {"options": [{"id": "a", "right": True, "text": texts("a")}, {"id": "b", "text": texts("a")}]},
        "the text of 'text' stands twice",
    ),
    ("multiple", {"options": [{"id": i, "right": True, "text": texts(i)} for i in "abc"]}, "every option is right"),
    ("multiple", {"options": [{"id": i, "text": texts(i)} for i in "abc"]}, "no option is right"),
    ("true-false", {"answer": "yes"}, "'answer'"),
    ("ordering", {"items": [{"id": i, "text": texts(i)} for i in "abc"]}, "alphabetical order"),
    ("ordering", {"items": [{"id": i, "text": texts(i)} for i in "ba"]}, "'items'"),
    ("matching", {"pairs": [{"id": i, "left": texts(i), "right": texts("x")} for i in "abc"]}, "stands twice"),
    ("number", {"answer": float("inf")}, "inf is not a number"),
    ("number", {"answer": True}, "True is not a number"),
    ("number", {"tolerance": -1}, "-1 is below zero"),
    ("number", {"tolerance": 900}, "almost any number"),
    ("number", {"answer": None}, "'answer' is missing"),
    ("number", {"units": [{"names": {"kk": ["м"], "ru": ["м"], "en": ["m"]}}]}, "'unit' stands beside the field"),
    ("short-text", {"answers": {"kk": ["Төраға", "тораға."], "ru": ["да"], "en": ["yes"]}}, "counts already"),
    ("short-text", {"answers": {"kk": ["«—»"], "ru": ["да"], "en": ["yes"]}}, "nothing is left to compare"),
    ("short-text", {"answers": {"kk": ["иә"], "ru": ["да"]}}, "there is no answer in en"),
    ("short-text", {"answers": {"kk": ["иә"], "ru": [], "en": ["yes"]}}, "there is no answer in ru"),
    ("short-text", {"answers": {"kk": ["a" * 81], "ru": ["да"], "en": ["yes"]}}, "80 characters"),
    ("short-text", {"forgive": 2}, "'forgive' is 2"),
    ("gap-text", {"text": texts("a\n{{who}} {{hour}}")}, "the gap 'before' is not in this text"),
    ("gap-text", {"text": texts("a\n{{who}} {{hour}} {{before}} {{who}}")}, "stands more than once"),
    ("gap-text", {"text": texts("a\n{{who}} {{hour}} {{before}} {{where}}")}, "there is no gap 'where'"),
    ("gap-text", {"text": texts("{{who}}\n{{hour}} {{before}}")}, "the first line is the heading"),
    ("gap-text", {"gaps": [{"id": "who"}]}, "the gap 'who' has nothing"),
    ("gap-text", {"gaps": [{"id": "who", "number": {"answer": 1}, "answers": {"en": ["a"]}}]}, "answers and number"),
    (
        "gap-text",
        {"gaps": [{"id": "who", "choices": [{"id": "a", "text": texts("a")}, {"id": "b", "text": texts("b")}]}]},
        "0 choices of this gap are right",
    ),
    ("hotspot", {"picture": {"alt": texts("a")}}, "either a drawing"),
    ("hotspot", {"picture": {"alt": texts("a"), "svg": "<svg/>"}}, "line 1 of the drawing"),
    ("hotspot", {"picture": {"alt": texts("a"), "svg": ROOM}}, "the label 'box' is not among the labels"),
    ("hotspot", {"picture": {"alt": texts("a"), "png": "@@@"}}, "not base64"),
    ("hotspot", {"picture": {"alt": texts("a"), "png": "aGVsbG8="}}, "not a whole PNG"),
    ("case", {"steps": [{"id": "a", "kind": "essay"}, {"id": "b", "kind": "single"}]}, "a step is of kind 'single'"),
    ("case", {"steps": [{"id": "a"}, {"id": "b", "kind": "single"}]}, "'kind' is missing"),
]


@pytest.mark.parametrize(("kind", "changes", "said"), FAULTS)
def test_each_fault_is_named(kind: str, changes: dict[str, Any], said: str) -> None:
    raw = {**question_dict(kind), **changes}
    raw = {key: value for key, value in raw.items() if value is not None}
    assert any(said in fault.sentence for fault in find_question_faults(raw)), find_question_faults(raw)
    with pytest.raises(BadQuestion):
        load_question(raw)


def test_all_faults_of_one_question_are_found_at_once() -> None:
    raw = question_dict("single", colour="red", use="exam", source=None, explanation={"kk": "a"})
    raw["options"] = [{"id": "a", "text": {"kk": "a"}}, {"id": "a", "text": texts("b")}]
    sentences = " | ".join(fault.sentence for fault in find_question_faults(raw))
    for said in ("colour", "'use'", "'source'", "ru, en", "no option is right", "stands twice"):
        assert said in sentences


def test_a_fault_says_where_it_is() -> None:
    raw = question_dict("single")
    raw["options"][2]["text"].pop("ru")
    assert [fault.path for fault in find_question_faults(raw)] == [("options", 2, "text")]


def test_a_pack_of_two_languages_asks_for_two() -> None:
    raw = question_dict("true-false", text={"kk": "a", "ru": "a"}, explanation={"kk": "a", "ru": "a"})
    assert find_question_faults(raw)
    assert find_question_faults(raw, ("kk", "ru")) == []


def test_an_explanation_tells_given_expected_and_why() -> None:
    told = explain("single", question_body("single"), {"choice": "a"}, language="ru")
    assert (told.right, told.given, told.expected) == (False, ["early (ru)"], ["in time (ru)"])
    assert told.explanation == ["Because the act says so. (ru)"]
    assert explain("single", question_body("single"), None, language="ru").given == []


def test_the_readers_language_else_the_first_there_is() -> None:
    assert pick({"kk": "бір", "en": "one"}, "en") == "one"
    assert pick({"kk": "бір", "en": "one"}, "ru") == "бір"
    assert pick({"ky": "бир"}, "ru") == "бир"
    assert pick(None, "ru") == ""


def test_an_unknown_kind_is_not_found() -> None:
    with pytest.raises(NotFound, match="single"):
        get_kind("essay")
    assert set(KINDS) == set(KIND_NAMES)


def test_parts_of_several_choices() -> None:
    body = {**question_body("multiple"), "marking": "parts"}
    right = right_of("multiple", body)["choices"]
    wrong = [option["id"] for option in body["options"] if option["id"] not in right]
    half = WHOLE // len(right)
    assert grade("multiple", body, {"choices": right}) == WHOLE
    assert grade("multiple", body, {"choices": right[:1]}) == half
    assert grade("multiple", body, {"choices": right[:1] * 2}) == 0, "named twice"
    assert grade("multiple", body, {"choices": [*right, wrong[0]]}) == share(len(right) - 1, len(right))
    assert grade("multiple", body, {"choices": [right[0], *wrong]}) == share(1 - len(wrong), len(right))
    assert grade("multiple", body, {"choices": wrong}) == 0
    assert grade("multiple", body, {"choices": "a"}) == 0


def test_parts_of_pairs() -> None:
    body = {**question_body("matching"), "marking": "parts"}
    pairs = dict(right_of("matching", body)["pairs"])
    first = next(iter(pairs))
    assert grade("matching", body, {"pairs": pairs}) == WHOLE
    assert grade("matching", body, {"pairs": {first: pairs[first]}}) == WHOLE // len(pairs)
    assert grade("matching", body, {"pairs": {first: "elsewhere"}}) == 0
    assert grade("matching", body, {"pairs": [first]}) == 0


def test_parts_of_an_order() -> None:
    """A step counts that follows directly on the one it should follow."""
    body = {**question_body("ordering"), "marking": "parts"}
    steps = right_of("ordering", body)["order"]
    moved = [*steps[1:], steps[0]]
    assert grade("ordering", body, {"order": steps}) == WHOLE
    assert grade("ordering", body, {"order": moved}) == share(len(steps) - 2, len(steps) - 1)
    assert grade("ordering", body, {"order": steps[::-1]}) == 0
    assert grade("ordering", body, {"order": steps[:-1]}) == 0
    assert grade("ordering", body, {"places": {steps[0]: "1"}}) == 0


@pytest.mark.parametrize("kind", ["multiple", "matching", "ordering"])
def test_what_is_not_marked_in_parts_is_right_or_wrong(kind: str) -> None:
    body, right = question_body(kind), right_of(kind, question_body(kind))
    name, parts = next(iter(right.items()))
    some = dict(list(parts.items())[:1]) if isinstance(parts, dict) else parts[1:]
    assert grade(kind, body, right) == WHOLE
    assert grade(kind, body, {name: some}) == 0


@pytest.mark.parametrize(
    ("credit", "points"), [(0, "0"), (1000, "1"), (20_000, "20"), (500, "0.5"), (333, "0.33"), (1667, "1.66")]
)
def test_points(credit: int, points: str) -> None:
    assert points_of(credit) == Decimal(points)
    assert f"{points_of(credit):f}" == points


def right_of(kind: str, body: Body) -> Response:
    return get_kind(kind).rules.right_response(body)


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"difficulty": "huge"}, "difficulty"),
        ({"valid": {}}, "names no day"),
        ({"valid": {"from": date(2027, 1, 1), "until": date(2026, 1, 1)}}, "comes before the first"),
        ({"valid": {"since": date(2027, 1, 1)}}, "since"),
        ({"valid": {"until": "2026-01-01"}}, "until"),
    ],
)
def test_odd_usage_is_a_fault_with_a_sentence(usage: dict[str, Any], said: str) -> None:
    faults = find_question_faults(question_dict("single", **usage))
    assert len(faults) == 1
    assert said in faults[0].sentence


@pytest.mark.parametrize(
    ("day", "valid"),
    [(date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2025, 12, 31), False), (date(2027, 1, 1), False)],
)
def test_the_first_and_the_last_day_count(day: date, valid: bool) -> None:
    assert is_valid_on(day, date(2026, 1, 1), date(2026, 12, 31)) is valid
    assert is_valid_on(day, None, None)


@pytest.mark.parametrize(
    ("state", "withdrawn", "standing"),
    [
        (None, False, Standing.PUBLISHED),
        (None, True, Standing.WITHDRAWN),
        ("draft", False, Standing.PUBLISHED),
        ("in_review", True, Standing.WITHDRAWN),
    ],
)
def test_where_a_published_question_stands(state: str | None, withdrawn: bool, standing: Standing) -> None:
    assert standing_of(state, published=True, withdrawn=withdrawn) is standing


@pytest.mark.parametrize("state", ["draft", "in_review", "reviewed"])
def test_where_a_question_stands_that_is_written(state: str) -> None:
    assert standing_of(state, published=False, withdrawn=False) == state


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ("1,201", "en", "1.201"),
        (" \u22121,201 ", "en", "\u22121.201"),
        ("1,201 km", "en", "1.201"),
        ("1.201", "ru", "1,201"),
        ("1.201", "kk", "1,201"),
        ("1.201", "en", ""),
        ("1,201", "ru", ""),
        ("1,2", "en", ""),
        ("1,2010", "en", ""),
        ("1201,5", "en", ""),
        ("1,201,300", "en", ""),
        ("many", "en", ""),
    ],
)
def test_a_number_that_may_mean_thousands_is_told_as_it_was_read(typed: str, language: str, said: str) -> None:
    assert read_back(typed, language) == said
    fields = show("number", question_body("number"), language=language, response={"value": typed}).fields
    assert fields["read_as"] == said


def test_words_are_looked_up_in_every_language_and_without_ids() -> None:
    said = words_in({"text": {"kk": "Сөз  бір", "ru": "Ёлка"}, "options": [{"id": "zzz", "text": {"en": "One"}}]})
    assert said == "сөз бір\nелка\none"
    drawn = words_in(question_body("hotspot"))
    assert "box (en)" in drawn
    assert "viewbox" not in drawn
