"""The commands: read a file, make drafts of it, write a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.bank.models import Draft
from lms.core.database.base import db
from lms.exchange.cli import questions
from lms.exchange.taking_in import read_questions
from tests.exchange.test_actions import GIFT
from tests.factories.bank import make_writer
from tests.factories.commissions import make_country
from tests.factories.curriculum import make_course


@pytest.fixture
def file(tmp_path: Path, app: object) -> Path:
    path = tmp_path / "a.gift"
    path.write_bytes(GIFT)
    return path


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(questions, [str(word) for word in words])
    return result.exit_code, result.output


def test_a_file_is_only_read_when_no_course_is_named(file: Path) -> None:
    status, said = run("import", file, "--language", "en")
    assert status == 0
    assert "line 3: skipped: Two. It asks for free text" in said
    assert said.endswith("3 questions: 2 imported, 0 changed, 1 skipped.\n")
    status, said = run("import", file, "--language", "en", "--json")
    assert [item["status"] for item in json.loads(said)["items"]] == ["imported", "skipped", "imported"]
    assert db.session.scalars(select(Draft)).all() == []


def test_drafts_are_made_for_a_course(file: Path) -> None:
    status, said = run("import", file, "--language", "en", "--course", "small")
    assert (status, "Name a course" in said) == (1, True)
    writer = make_writer(make_country())
    make_course()
    status, said = run("import", file, "--language", "en", "--course", "small", "--by", writer.login)
    assert (status, "Drafts are made" in said) == (0, True), said
    assert len(db.session.scalars(select(Draft)).all()) == 2
    status, said = run("import", file, "--language", "en", "--course", "small", "--by", writer.login)
    assert (status, "very same file" in said) == (1, True)


def test_questions_are_written_and_losses_told(file: Path, tmp_path: Path) -> None:
    writer = make_writer(make_country())
    make_course()
    out = tmp_path / "out.gift"
    words = ("export", "small", "--format", "gift", "--language", "kk", "--out", out, "--by", writer.login)
    status, said = run(*words)
    assert status == 0
    assert "Left out: what the question is for" in said
    assert read_questions(out.read_bytes(), language="kk").count()["skipped"] == 0
    assert run(*words)[0] == 1
    assert run("export", "none", "--format", "gift", "--out", tmp_path / "x", "--by", writer.login)[0] == 1
    assert not (tmp_path / "x").exists()
