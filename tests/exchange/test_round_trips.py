"""What a format says it carries comes back just so; our own YAML comes back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.core.yaml import read_yaml
from lms.exchange.formats.registry import FORMATS
from lms.exchange.formats.shapes import Format, Raw, Status
from lms.exchange.giving_out import export, weigh_all
from lms.exchange.losses import weigh
from lms.exchange.taking_in import find_format, read_questions
from lms.questions.kinds.registry import KINDS
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import load_question
from tests.exchange.inventing import BODIES, questions

COURSES = sorted(Path("courses").glob("*/questions/*.yaml"))


def check_back(raws: list[Raw], form: Format, language: str) -> int:
    """Write what can be written, read it, and compare; how many questions that were."""
    weighed = weigh_all(raws, form=form, language=language)
    if not weighed.written:
        return 0
    content = export("questions", [weighed]).content
    reading = read_questions(content, language=language, form=form.name)
    assert find_format(content).family == form.family
    assert [item.sentences for item in reading.items] == [[] for _item in reading.items]
    assert [item.question for item in reading.items] == weighed.written
    assert all(item.status is Status.IMPORTED for item in reading.items)
    return len(weighed.written)


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_invented_questions_come_back(kind: str, data: st.DataObject) -> None:
    raw, language = data.draw(questions(kind)), data.draw(st.sampled_from(LANGUAGES))
    for form in FORMATS.values():
        check_back([raw], form, language)


@pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
def test_questions_of_the_courses_come_back(form: Format) -> None:
    raws = list({raw["id"]: raw for path in COURSES for raw in read_yaml(path.read_text(encoding="utf-8"))[0]}.values())
    assert len(raws) > 250
    written = {language: check_back(raws, form, language) for language in LANGUAGES}
    kinds = {raw["kind"] for raw in raws if weigh(raw, form, "kk").remains}
    assert set(written.values()) == {max(written.values())}
    assert max(written.values()) > 100
    assert kinds <= set(KINDS)


def test_our_own_keeps_every_question_of_the_courses() -> None:
    form = FORMATS["cascade"]
    for path in COURSES:
        raws = read_yaml(path.read_text(encoding="utf-8"))[0]
        reading = read_questions(form.write(raws, "kk"), language="kk")
        before = [load_question(raw).checksum for raw in raws]
        assert [load_question(item.question or {}).checksum for item in reading.items] == before
        assert all(weigh(raw, form, "kk").losses == [] for raw in raws)
