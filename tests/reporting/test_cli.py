"""The commands about completion."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from lms.core import clock
from lms.reporting.cli import reports
from tests.factories.commissions import Country, make_country, make_member, make_officer
from tests.factories.curriculum import make_course
from tests.factories.progress import enrolment_of, finish


@pytest.fixture
def country(app: Flask) -> Country:
    """Two members in one district, one of whom has finished; one in the other."""
    country = make_country()
    make_course()
    finish(make_member(country.precinct), at=clock.now() - timedelta(days=3))
    make_member(country.precinct)
    make_member(country.sister_precinct)
    return country


def written(file: Path) -> list[list[str]]:
    """The rows of a file, headings left out."""
    text = file.read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def test_the_whole_country_and_one_branch_are_written(country: Country, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    done = CliRunner().invoke(reports, ["completion", "--csv", str(file)])
    assert done.exit_code == 0, done.output
    assert len(written(file)) == 3
    officer = make_officer(country.sister_district)
    done = CliRunner().invoke(reports, ["completion", "--csv", str(file), "--by", officer.login])
    assert done.exit_code == 0, done.output
    assert [row[0] for row in written(file)] == [country.sister_precinct.code]
    assert list(tmp_path.iterdir()) == [file]


def test_who_watches_nothing_is_refused_and_no_file_is_left(country: Country, tmp_path: Path) -> None:
    member = make_member(country.precinct)
    file = tmp_path / "list.csv"
    for login in (member.login, "nobody"):
        done = CliRunner().invoke(reports, ["completion", "--csv", str(file), "--by", login])
        assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_verify_agrees_until_something_drifts(country: Country) -> None:
    done = CliRunner().invoke(reports, ["verify"])
    assert done.exit_code == 0, done.output
    assert "8 commissions agree" in done.output
    enrolment_of(make_member(country.precinct)).completed_at = clock.now()
    assert CliRunner().invoke(reports, ["verify"]).exit_code == 1
