"""Questions as a manual prints them: every kind with room for its answer and without what only a screen needs."""

from __future__ import annotations

from random import Random

import pytest

from lms.core.web.languages import speaking
from lms.manuals.templating import open_template
from lms.questions.kinds.registry import get_kind
from lms.questions.showing import show
from tests.factories.questions import KIND_NAMES, question_body

SAID = {
    "single": ["early (en)", 'class="boxes round"'],
    "short-text": ["Your answer"],
    "gap-text": ["(1) ____ opens at (2) ____", "(1) the chair (en) / the police (en)"],
    "hotspot": ['<img src="data:image/svg+xml;base64,', 'alt="A room with a table', "A. "],
    "case": ["Step 1 of 3", "How many were issued? (en)", "Seal (en)"],
}


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_is_printed(kind: str) -> None:
    body = question_body(kind)
    order = {name: sorted(ids) for name, ids in get_kind(kind).rules.shuffle(body, Random(1)).items()}
    with speaking("en"):
        printed = str(open_template("parts.html").module.question(show(kind, body, language="en", order=order), 1))  # type: ignore[attr-defined]
    for said in ["1) ", *SAID.get(kind, [])]:
        assert said in printed
    assert "{{" not in printed
    for screen in ("<input", "<select", "<label", "foreignObject"):
        assert screen not in printed
