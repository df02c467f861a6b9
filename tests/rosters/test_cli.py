"""`lms rosters import`: the answer that programs rely on, refusals as a sentence, nothing half done."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from lms.cli import main
from lms.commissions.models import Appointment
from lms.core.database.base import db
from lms.operations.actions import init_installation
from lms.rosters.models import RosterImport
from tests.factories.commissions import make_country, make_officer
from tests.factories.rosters import DATA, RUSSIAN, commission_rows, sample, workbook

EXPECTED = json.loads(sample("mangystau-roster.expected.json"))
REGION = str(DATA / "mangystau-roster.xlsx")


def bring(*words: str) -> Result:
    """The answer of `lms rosters import`."""
    return CliRunner().invoke(main, ["rosters", "import", *words])


def told(*words: str) -> Any:
    """The JSON answer of a command that succeeds."""
    result = bring(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def count(table: type[Any]) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def head(app: Flask) -> str:
    """The login of the administrator of an empty installation."""
    init_installation(login="head", name="Head One", demo=True)
    db.session.commit()
    return "head"


def test_the_sample_region(head: str) -> None:
    data = told(REGION, "--by", head)
    assert {key: data[key] for key in ("commissions", "rows", "problems", "normalised")} == {
        key: EXPECTED[key] for key in ("commissions", "rows", "problems", "normalised")
    }
    assert data["outcomes"] == {"new": 1751, "unchanged": 0, "changed": 0, "leaving": 0, "problem": 14}
    assert Counter(one["kind"] for one in data["findings"]) == {**EXPECTED["problems"], **EXPECTED["normalised"]}
    for finding in data["findings"]:
        assert set(finding) == {"sheet", "row", "column", "kind", "message"}
        for part in ("sheet", "row", "column"):
            assert str(finding[part]) in finding["message"]
    assert count(Appointment) == 0

    refused = bring(REGION, "--by", head, "--apply", "--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert "14 rows have problems" in refused.stderr
    assert (count(Appointment), count(RosterImport)) == (0, 1)

    assert told(REGION, "--by", head, "--apply", "--leave-out-problems")["applied"] is True
    assert count(Appointment) == 1751
    again = told(REGION, "--by", head, "--apply", "--leave-out-problems")
    assert again["outcomes"] == {"new": 0, "unchanged": 1751, "changed": 0, "leaving": 0, "problem": 14}
    assert count(Appointment) == 1751


def test_in_words(head: str) -> None:
    result = bring(str(DATA / "mangystau-roster-cp1251.csv"), "--by", head)
    assert result.exit_code == 0
    assert result.stdout.startswith("84 rows of 12 commissions: 8 new, 0 unchanged, 0 changed, 0 leaving, 76 problem.")
    assert "Row 2, column “Фамилия”: a letter of “Ж?мабаева” was lost" in result.stdout
    assert "Nothing has changed yet" in result.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a file of another kind (PDF), not a table."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"no table\n", "No table was found"),
        (workbook(("A", [["Комиссия", "Фамилия", "Имя", "Должность"]])), "lacks “Identity number”"),
    ],
)
def test_bad_files(head: str, tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(content)
    result = bring(str(file), "--by", head, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert count(RosterImport) == 0


def test_a_huge_file_is_not_even_read(head: str, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    with file.open("wb") as sparse:
        sparse.truncate(200 * 1024 * 1024)
    result = bring(str(file), "--by", head)
    assert result.exit_code == 1
    assert "The file is too large: 200 MB, at most 50 MB" in result.stderr


def test_who_and_where(app: Flask, tmp_path: Path) -> None:
    country = make_country()
    officer = make_officer(country.district)
    db.session.commit()
    file = tmp_path / "roster.xlsx"
    file.write_bytes(workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 17", [1, 2])])))
    assert told(str(file), "--by", officer.login)["outcomes"]["new"] == 2
    assert told(str(file), "--by", "head", "--commission", country.district.code)["outcomes"]["new"] == 2
    assert told(str(file), "--by", "head")["problems"] == {"territory of the commission not known": 2}
    for words, sentence in (
        (("--by", "nobody"), "no account with the login nobody"),
        (("--by", "head", "--commission", "KZ-99"), "no commission with the code KZ-99"),
        (("--by", officer.login, "--commission", country.sister_district.code), "not in your branch"),
    ):
        result = bring(str(file), *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert sentence in result.stderr


def test_many_leave_only_when_told(app: Flask, tmp_path: Path) -> None:
    officer = make_officer(make_country().district)
    db.session.commit()
    file = tmp_path / "roster.xlsx"

    def write(seeds: range) -> tuple[str, ...]:
        file.write_bytes(workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 17", seeds)])))
        return (str(file), "--by", officer.login)

    assert told(*write(range(1, 11)), "--apply")["applied"] is True
    words = write(range(1, 6))
    assert "5 of 10 members leave their seats. None of those leaving holds a role." in bring(*words).stdout
    refused = bring(*words, "--apply")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "5 of 10 members leave their seats. Say that this is meant" in refused.stderr
    assert told(*words, "--apply", "--let-leave")["outcomes"]["leaving"] == 5
    assert told(*words, "--apply")["outcomes"]["unchanged"] == 5


def test_wrong_use(app: Flask) -> None:
    assert bring().exit_code == 2
    assert bring(REGION).exit_code == 2
    assert bring("/absent.xlsx", "--by", "head").exit_code == 2


def test_undo(head: str) -> None:
    data = told(REGION, "--by", head, "--apply", "--leave-out-problems")
    assert count(Appointment) == 1751
    number = str(data["import"])
    look = CliRunner().invoke(main, ["rosters", "undo", number, "--by", head])
    assert "people whom it added are taken out again" in look.output
    assert "Nothing has changed yet. Add --really to do it." in look.output
    assert count(Appointment) == 1751
    assert CliRunner().invoke(main, ["rosters", "undo", number, "--by", head, "--really"]).exit_code == 0
    assert count(Appointment) == 0
    refused = CliRunner().invoke(main, ["rosters", "undo", number, "--by", head, "--really"])
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert CliRunner().invoke(main, ["rosters", "undo", "999", "--by", head]).exit_code == 1
