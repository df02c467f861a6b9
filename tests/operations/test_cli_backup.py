"""What the operator types to keep an installation safe, and what is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lms.operations.backup import sealing
from tests.factories.installations import Operator, database_url, numbers
from tests.postgres import Server


@pytest.fixture(scope="module")
def operator(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator with an installation that was set up."""
    instance = tmp_path_factory.mktemp("kept")
    made = Operator({"INSTANCE": str(instance), "DATABASE_URL": database_url(postgres_server, instance, next(numbers))})
    assert made.types("db", "upgrade").exit_code == 0
    assert made.types("init", "--login", "head").exit_code == 0
    return made


@pytest.fixture
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with a passphrase."""
    monkeypatch.setattr(sealing, "COST", {"time": 1, "memory": 64, "lanes": 1})
    file = tmp_path / "passphrase"
    file.write_text("five words that nobody guesses\n", encoding="utf-8")
    return str(file)


def test_a_backup_is_made_checked_and_restored_elsewhere(
    operator: Operator, passphrase: str, postgres_server: Server | None, tmp_path: Path
) -> None:
    file = str(tmp_path / "whole")
    made = operator.types("backup", file, "--with-secrets", "--passphrase-file", passphrase, "--json")
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["with_secrets"]
    assert told["tables"]["account"] == 1
    checked = operator.types("restore", file, "--check", "--passphrase-file", passphrase, "--json")
    assert json.loads(checked.stdout)["rows"] == told["rows"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    url = database_url(postgres_server, elsewhere, next(numbers))
    other = Operator({"INSTANCE": str(elsewhere), "DATABASE_URL": url})
    restored = other.types("restore", file, "--passphrase-file", passphrase, "--json")
    assert restored.exit_code == 0, restored.stderr
    assert json.loads(restored.stdout)["secrets_restored"]
    assert "set up already" in other.types("init", "--login", "head").stderr
    key = operator.types("certificates", "key").stdout
    assert other.types("certificates", "key").stdout == key


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--with-secrets"], "Name a passphrase"),
        (["--passphrase-file", "none"], "only used with --with-secrets"),
        (["--with-secrets", "--passphrase-file", "/none/at/all"], "cannot be read from"),
    ],
)
def test_a_backup_without_what_it_needs_is_refused(
    operator: Operator, tmp_path: Path, words: list[str], sentence: str
) -> None:
    answer = operator.types("backup", str(tmp_path / "backup"), *words)
    assert answer.exit_code == 1
    assert sentence in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_passphrase_is_refused(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    answer = operator.types(
        "backup", str(tmp_path / "x"), "--with-secrets", "--passphrase-file", str(tmp_path / "empty")
    )
    assert "holds no passphrase" in answer.stderr


def test_a_restore_over_rows_says_what_would_be_lost(operator: Operator, tmp_path: Path) -> None:
    file = str(tmp_path / "backup")
    assert operator.types("backup", file).exit_code == 0
    refused = operator.types("restore", file)
    assert refused.exit_code == 1
    assert "person 1" in refused.stderr
    assert operator.types("restore", file, "--over").exit_code == 0


def test_the_database_is_copied(operator: Operator, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    answer = operator.types("db", "copy", "--to", url, "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)["tables"]["account"]["rows"] == 1
    assert "is not empty" in operator.types("db", "copy", "--to", url).stderr
