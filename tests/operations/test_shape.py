"""A database older or newer than the code, away, full or read-only is told in a sentence by every command."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from lms.core.config import ROOT
from lms.core.database import shape
from lms.core.database.shape import Shape, known_revisions, newest_revision, shape_of
from lms.operations import cli
from tests.factories.installations import Operator, database_url, numbers
from tests.postgres import Server


@pytest.fixture(scope="module")
def operator(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator with a migrated installation."""
    instance = tmp_path_factory.mktemp("shape")
    url = database_url(postgres_server, instance, next(numbers))
    made = Operator({"INSTANCE": str(instance), "DATABASE_URL": url})
    assert made.types("db", "upgrade").exit_code == 0
    return made


@pytest.fixture
def revision(operator: Operator) -> Iterator[None]:
    """The database gets its revision back after the test."""
    yield
    operator.does(f"UPDATE alembic_version SET version_num = '{newest_revision()}'")  # noqa: S608


COMMANDS = (["serve", "--port", "1"], ["worker"], ["init", "--login", "head"], ["demo", "sign-ins"])


def test_the_revisions_are_those_of_alembic() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert set(known_revisions()) == {script.revision for script in scripts.walk_revisions()}
    assert [newest_revision()] == scripts.get_heads()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_newer_database_is_refused_by_every_command(operator: Operator, revision: None, command: list[str]) -> None:
    operator.does("UPDATE alembic_version SET version_num = 'tomorrow'")
    answer = operator.types(*command)
    assert answer.exit_code == 1
    assert "from newer code (revision tomorrow" in answer.stderr
    assert "restore a backup" in answer.stderr


def test_an_upgrade_refuses_a_newer_database(operator: Operator, revision: None) -> None:
    operator.does("UPDATE alembic_version SET version_num = 'tomorrow'")
    answer = operator.types("db", "upgrade")
    assert answer.exit_code == 1
    assert "from newer code" in answer.stderr


def test_an_older_database_is_refused_and_can_still_be_backed_up(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {**known_revisions(), "next": (newest_revision(),)}
    monkeypatch.setattr(shape, "known_revisions", lambda: known)
    answer = operator.types("worker")
    assert answer.exit_code == 1
    assert "older than the code" in answer.stderr
    assert "lms db upgrade" in answer.stderr
    assert operator.types("backup", str(tmp_path / "before")).exit_code == 0


def test_shapes() -> None:
    assert shape_of(None) is Shape.NONE
    assert shape_of(newest_revision()) is Shape.CURRENT
    assert shape_of("tomorrow") is Shape.NEWER


@pytest.mark.parametrize("command", [["worker"], ["serve", "--port", "1"], ["init", "--login", "head"]])
def test_an_empty_database_is_told(tmp_path: Path, command: list[str]) -> None:
    empty = Operator({"INSTANCE": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'cascade.db'}"})
    answer = empty.types(*command)
    assert answer.exit_code == 1
    assert answer.stderr == "The database has no tables yet. Run: lms db upgrade\n"


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    away = Operator({"INSTANCE": str(tmp_path), "DATABASE_URL": "postgresql://somebody:hidden@127.0.0.1:1/none"})
    for command in (["init", "--login", "head"], ["backup", str(tmp_path / "x")], ["db", "upgrade"]):
        answer = away.types(*command)
        assert answer.exit_code == 1, command
        assert "cannot be reached" in answer.stderr
        assert "hidden" not in answer.stderr


def test_a_damaged_file_is_told_and_can_be_restored_over(operator: Operator, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    assert operator.types("backup", str(backup)).exit_code == 0
    (tmp_path / "cascade.db").write_bytes(b"not a database at all" * 1000)
    broken = Operator({"INSTANCE": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'cascade.db'}"})
    assert "file is damaged" in broken.types("init", "--login", "head").stderr
    refused = broken.types("restore", str(backup), "--without-secrets")
    assert "damaged database" in refused.stderr
    restored = broken.types("restore", str(backup), "--without-secrets", "--over", "--json")
    assert restored.exit_code == 0, restored.stderr
    assert broken.types("init", "--login", "head").exit_code == 0
    (before,) = tmp_path.glob("cascade.db.before-*")
    assert before.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("attempt to write a readonly database", "takes no writes"),
        ("database or disk is full", "disk of the database is full"),
        ("database is locked", "is busy"),
    ],
)
def test_troubles_are_told_as_a_sentence(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    def fail(**_named: object) -> str:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError(said))

    monkeypatch.setattr(cli, "init_installation", fail)
    answer = operator.types("init", "--login", "other")
    assert answer.exit_code == 1
    assert sentence in answer.stderr
