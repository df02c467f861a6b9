"""Papers as they are printed: every kind with room for its answer, no key anywhere, each from the front of a sheet."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.assessment import queries
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.jobs import queue
from lms.papertests import printing
from lms.papertests.actions import print_sheets
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.printing import Paper
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.showing import Shown, show
from tests.factories.assessment import make_learner
from tests.factories.commissions import scope
from tests.factories.papertests import (
    Village,
    key_in,
    make_village,
    print_every_kind,
    right_answers,
    wanted,
)
from tests.factories.questions import KIND_NAMES, question_body, texts

WRONG: dict[str, dict[str, Any]] = {
    "single": {"choice": "a"},
    "multiple": {"choices": ["b"]},
    "true-false": {"choice": "true"},
    "ordering": {"order": ["open", "cancel", "close"]},
    "number": {"value": "1"},
    "short-text": {"text": "nobody"},
    "gap-text": {"gaps": {"who": "police"}},
    "hotspot": {"areas": ["door"]},
    "case": {"steps": {"issued": {"value": "1"}}},
}
"""An answer of each kind that is worth nothing; see `turned` for the others."""


@pytest.fixture
def village(app: Flask) -> Village:
    return make_village()


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def paper_of(shown: Shown) -> Paper:
    return Paper("K7M-4R2X", "en", False, "Course", "Ауылбекова Айгүл", "Precinct No. 17", 30, [shown], "data:,", False)


def html(kind: str, body: dict[str, Any]) -> str:
    order = {name: sorted(ids) for name, ids in _ORDERS[kind].items()}
    return printing.html_of(paper_of(show(kind, body, language="en", order=order, heading="h2")))


_ORDERS: dict[str, dict[str, list[str]]] = {
    "single": {"options": ["a", "b", "c"]},
    "multiple": {"options": ["a", "b", "c"]},
    "true-false": {},
    "ordering": {"items": ["cancel", "close", "open"]},
    "matching": {},
    "number": {},
    "short-text": {},
    "gap-text": {"who": ["chair", "police"]},
    "hotspot": {"areas": ["box", "door", "table"]},
    "case": {"what/options": ["burn", "seal"]},
}


def other_key(kind: str) -> dict[str, Any]:
    """The same question with another answer that is right."""
    body = deepcopy(question_body(kind))
    for part in [*body.get("options", []), *body.get("areas", [])]:
        part["right"] = part["id"] in ("c", "table") or (kind == "multiple" and part["id"] == "b")
    if kind == "true-false":
        body["answer"] = True
    if kind == "ordering":
        body["items"] = body["items"][::-1]
    if kind == "matching":
        rights = [pair["right"] for pair in body["pairs"]]
        for pair, right in zip(body["pairs"], rights[1:] + rights[:1], strict=True):
            pair["right"] = right
    if kind == "number":
        body["answer"] = 12
    if kind == "short-text":
        body["answers"] = texts("nobody")
        body["answers"] = {language: [said] for language, said in body["answers"].items()}
    if kind == "gap-text":
        body["gaps"][0]["choices"] = [{**one, "right": one["id"] == "police"} for one in body["gaps"][0]["choices"]]
        body["gaps"][1]["number"]["answer"] = 11
        body["gaps"][2]["answers"] = {"kk": ["екі"], "ru": ["два"], "en": ["two"]}
    if kind == "case":
        body["steps"][0]["answer"], body["steps"][1]["answer"] = 100, 88
        body["steps"][2]["options"] = [{**one, "right": one["id"] == "burn"} for one in body["steps"][2]["options"]]
    return body


@pytest.mark.parametrize("kind", _ORDERS)
def test_whatever_is_right_the_paper_is_the_same(app: Flask, kind: str) -> None:
    body, other = question_body(kind), other_key(kind)
    rules = get_kind(kind).rules
    assert rules.right_response(body) != rules.right_response(other) or kind == "short-text"
    assert html(kind, body) == html(kind, other)


def test_a_leak_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """First seen to fail: with a planted fault the words of an option say that it is right."""
    from lms.questions.kinds.single import fields

    plain = fields.fields

    def leaking(body: Any, *args: Any) -> Any:
        found = plain(body, *args)
        right = {part["id"] for part in body["options"] if part.get("right")}
        for choice in found["choices"]:
            choice["text"] += "." if choice["value"] in right else ""
        return found

    monkeypatch.setattr(fields, "fields", leaking)
    assert html("single", question_body("single")) != html("single", other_key("single"))


def test_every_kind_has_room_for_its_answer(village: Village) -> None:
    sheet = print_every_kind(village)
    (listed,) = printing.queries.list_of_print(db.session.query(PaperPrint).one())
    paper = printing.read_paper(listed)
    said = text_of(printing.render_paper(paper))
    for words in (sheet.shown, village.account.person.full_name, "№ 17", "беті", "What is right? (kk)"):
        assert words in said
    assert "Because the act says so" not in said, "explanations tell the key"
    assert not re.search(r"835|\b847\b", said.replace("(kk)", "")), "figures that are to be found out"
    assert re.search(r"\bA\b", said)
    body = printing.html_of(paper)
    assert body.count('<section class="question') == len(KIND_NAMES)
    for screen in ("<input", "<select", "{{", "foreignObject"):
        assert screen not in body


@pytest.mark.parametrize(("wrong", "credit"), [(False, WHOLE), (True, 0)])
def test_every_kind_is_keyed_in_for_full_and_for_no_credit(village: Village, wrong: bool, credit: int) -> None:
    sheet = print_every_kind(village)
    answers = right_answers(sheet)
    if wrong:
        for position, kind in enumerate(KIND_NAMES, start=1):
            answers[position] = WRONG.get(kind) or turned(answers[position])
    attempt = key_in(sheet, village.trainer, answers)
    assert {one.credit for one in queries.list_paper(attempt.id)} == {credit}


def turned(right: dict[str, Any]) -> dict[str, Any]:
    """Pairs turned round; of a protocol one line that is wrong."""
    if "lines" in right:
        return {"lines": {next(iter(right["lines"])): "123456"}}
    pairs = right
    rights = list(pairs["pairs"].values())
    return {"pairs": dict(zip(pairs["pairs"], rights[1:] + rights[:1], strict=True))}


def test_each_paper_begins_on_the_front_of_a_sheet(village: Village) -> None:
    _account, second = make_learner(village.country.precinct, village.version, surname="Екіншиева", language="ru")
    asked = print_sheets(
        wanted=wanted(village, village.enrolment, second, spare=1, language="en"), by=scope(village.trainer)
    )
    db.session.commit()
    queue.call_worker()
    db.session.refresh(asked)
    assert asked.document_id is not None
    content = storage.read(asked.document_id)[1]
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) % 2 == 0
    firsts = []
    for sheet in (db.session.get_one(PaperSheet, one) for one in asked.sheets):
        own = [number for number, text in enumerate(pages, start=1) if sheet.shown in text]
        assert own[0] == 1, "the list names it"
        firsts.append(own[1])
    assert all(number % 2 for number in firsts)
    assert "Екіншиева" in pages[0]
    assert "Страница 1 из" in pages[firsts[1] - 1]
    assert "Page 1 of" in pages[firsts[2] - 1]


def test_large_print_is_larger(village: Village) -> None:
    sheet = print_every_kind(village)
    (listed,) = printing.queries.list_of_print(db.session.query(PaperPrint).one())
    usual = len(PdfReader(io.BytesIO(printing.render_paper(printing.read_paper(listed)))).pages)
    sheet.large = True
    assert len(PdfReader(io.BytesIO(printing.render_paper(printing.read_paper(listed)))).pages) > usual
