"""The commands about completion."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from lms.core import clock
from lms.core.database.base import db
from lms.reporting.cli import reports
from lms.reporting.models import CompletionCounter
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
    db.session.execute(update(CompletionCounter).values(finished=2))
    done = CliRunner().invoke(reports, ["verify"])
    assert done.exit_code == 1
    assert f"Commission {country.precinct.id}: the counter says must 2, begun 0, finished 2" in done.output
    assert "lms reports verify --mend" in done.output
    done = CliRunner().invoke(reports, ["verify", "--mend"])
    assert done.exit_code == 0, done.output
    assert "0 of 8 sentences still hold" in done.output
    assert CliRunner().invoke(reports, ["verify"]).exit_code == 0


def test_what_no_counter_can_mend_is_still_said(country: Country) -> None:
    enrolment_of(make_member(country.precinct)).completed_at = clock.now()
    done = CliRunner().invoke(reports, ["verify", "--mend"])
    assert done.exit_code == 0, done.output
    assert "1 of 1 sentences still hold" in done.output


def test_the_summary_tells_each_region(country: Country) -> None:
    done = CliRunner().invoke(reports, ["summary", "--language", "en", "--json"])
    assert done.exit_code == 0, done.output
    sheet = json.loads(done.output)
    assert (sheet["campaign"], sheet["composition_on"]) == ("Election", clock.today().isoformat())
    total = {name: sheet["total"][name] for name in ("commissions", "members", "must", "begun", "finished", "missing")}
    assert total == {"commissions": 8, "members": 3, "must": 3, "begun": 0, "finished": 1, "missing": 2}
    regions = {one["name"]: one for one in sheet["regions"]}
    region = regions["Mangystau region"]
    assert (region["commissions"], region["members"], region["must"], region["finished"]) == (6, 3, 3, 1)
    for name in ("commissions", "members", "must", "begun", "finished", "precincts"):
        assert sum(one[name] for one in sheet["regions"]) == sheet["total"][name]


def test_the_summary_is_printed(country: Country, tmp_path: Path) -> None:
    for language in ("kk", "ru", "en"):
        file = tmp_path / f"{language}.pdf"
        done = CliRunner().invoke(reports, ["summary", "--language", language, "--pdf", str(file)])
        assert done.exit_code == 0, done.output
        assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("words", [[], ["--json", "--pdf", "x.pdf"], ["--language", "de", "--json"]])
def test_a_summary_asked_for_wrongly_is_refused(country: Country, words: list[str]) -> None:
    assert CliRunner().invoke(reports, ["summary", *words]).exit_code == 2
