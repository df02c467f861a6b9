"""A protocol in a printed manual: blank lines to fill in, and its solution among the answers."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core.web.languages import speaking
from lms.manuals.templating import _environment
from lms.questions.showing import explain, show, steady_order
from tests.factories.questions import question_body


def printed(mode: str) -> tuple[str, list[str]]:
    """What the chapter prints of the exercise, and what the answers at the end say."""
    body = question_body("protocol", mode=mode, faults=["unused-digits"] if mode == "find" else None)
    order = steady_order("protocol", body, seed="count-s1")
    shown = show("protocol", body, language="en", order=order, heading="h3")
    template = _environment().from_string("{% from 'manuals/parts.html' import question %}{{ question(shown, 1) }}")
    with speaking("en"):
        html = template.render(shown=shown)
    return html, explain("protocol", body, None, language="en", order=order).expected


def test_an_exercise_to_fill_in_has_a_blank_for_each_line(app: Flask) -> None:
    html, expected = printed("fill")
    assert "training form" in html
    assert html.count('<td class="figure"></td>') == len(expected) == 18
    assert "Signatures of voters were counted" in html
    assert expected[0].startswith("L1: ")


@pytest.mark.parametrize("words", ["R1. Received = issued + unused + spoiled", "Which line is wrong?"])
def test_an_exercise_to_check_has_its_figures_and_what_to_tick(app: Flask, words: str) -> None:
    html, expected = printed("find")
    assert '<td class="figure"></td>' not in html
    assert words in html
    assert expected == ["Relations that fail: R1", "Wrong line: U"]
