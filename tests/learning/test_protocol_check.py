"""A protocol as a self-check: the evening that is shown is the one that is read and explained."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from lms.commissions.permissions import SYSTEM
from lms.core.web.languages import speaking
from lms.curriculum.models import Module
from lms.curriculum.queries import list_modules
from lms.learning.self_check import answered, unanswered
from lms.packs.actions import publish_pack
from lms.questions.kinds.protocol.variant import variant_of
from lms.questions.kinds.registry import get_kind
from lms.questions.rules import load_question
from lms.questions.showing import steady_order
from tests.factories.curriculum import make_pack
from tests.factories.questions import question_body, question_dict


@pytest.fixture
def module(app: Flask, db_session: object) -> Module:
    """A module whose first question is a protocol to fill in."""
    protocol = load_question(question_dict("protocol", id="count-s1", topic="count", use="self-check"))
    pack = make_pack()
    questions = tuple(protocol if one.id == "count-s1" else one for one in pack.questions)
    version = publish_pack(pack=replace(pack, questions=questions), by=SYSTEM).version
    return next(one for one in list_modules(version.id) if one.code == "count")


def typed(**changes: str) -> MultiDict[str, str]:
    """The form with the right figures of the evening that the page shows, some of them written otherwise."""
    body = question_body("protocol")
    evening = variant_of(get_kind("protocol").resolve(body, steady_order("protocol", body, seed="count-s1")))
    figures = {key: str(figure) for key, figure in evening.right.items()} | changes
    return MultiDict({**{f"count-s1-line-{key}": figure for key, figure in figures.items()}, "count-s2-value": "835"})


def test_right_figures_of_the_shown_evening_are_right(app: Flask, module: Module) -> None:
    with app.test_request_context():
        shown = unanswered("small", module).questions[0].fields["story"]
        told = answered("small", module, typed()).explained[0]
    assert told.right
    assert [row.words for row in told.sections[0].rows] == shown


def test_an_open_line_and_a_word_are_asked_for_again(app: Flask, module: Module) -> None:
    with app.test_request_context(), speaking("en"):
        for changes, said in (
            ({"U": ""}, "Something is still empty here"),
            ({"U": "many"}, "Line U: This answer is not"),
        ):
            found = answered("small", module, typed(**changes))
            assert found.errors[0].error.startswith(said)
            assert found.questions[0].fields["rows"][0]["value"] != ""
