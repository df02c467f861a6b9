"""Headings that are not known: an officer says once which column is what."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.commissions.permissions import SYSTEM
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.rosters.actions import read_import
from lms.rosters.models import RosterColumns
from lms.rosters.reading.headings import Field, key_of, texts_of
from lms.rosters.states import ImportState
from lms.rosters.telling import check_columns, find_headings, guess_columns, say_columns
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_officer, scope, sign_in_as
from tests.factories.rosters import demo_number, text_file, workbook
from tests.rosters.test_actions import apply, outcomes, take

HEADINGS = ("Где", "Кто", "Как зовут", "Код", "Кем", "Сот.")
COLUMNS = {0: Field.COMMISSION, 1: Field.SURNAME, 2: Field.GIVEN_NAME, 3: Field.NUMBER, 4: Field.OFFICE, 5: Field.PHONE}


def rows(*seeds: int) -> list[list[Any]]:
    return [["УИК № 17", "Серікова", "Айгүл", demo_number(seed), "член", "87015757395"] for seed in seeds]


@pytest.fixture
def country(app: Flask) -> Country:
    return make_country()


@pytest.mark.parametrize(
    ("row", "is_heading"),
    [
        (HEADINGS, True),
        ((*HEADINGS, None, ""), True),
        (("Список", "", "", ""), False),
        (("Где", "Кто", "Код"), False),
        (("УИК № 17", "Серікова", "Айгүл", "840515412345", "член"), False),
        (("УИК № 17", "Серікова", "Айгүл", 840515412345.0, "член"), False),
        (("Где", "Кто", "Код", "x" * 81), False),
    ],
)
def test_what_may_be_headings(row: tuple[Any, ...], is_heading: bool) -> None:
    assert bool(texts_of(row)) is is_heading


def test_headings_are_known_again_in_spite_of_their_spelling() -> None:
    assert key_of(["Где", "Кто", ""]) == key_of(["где ", "КТО"])
    assert key_of(["Где", "Кто"]) != key_of(["Кто", "Где"])
    assert key_of(["Где", "", "Кто"]) != key_of(["Где", "Кто"])


def test_said_once_and_read_at_once(country: Country) -> None:
    officer = scope(make_officer(country.district))
    first = take(workbook(("Лист1", [["Список"], HEADINGS, *rows(1, 2)])), officer, country.district)
    assert first.state == ImportState.FAILED
    assert find_headings(first) == list(HEADINGS)
    say_columns(roster_import=first, columns=COLUMNS, by=officer)
    read_import(roster_import=first, by=officer)
    assert (first.state, outcomes(first)) == (ImportState.READ, {"new": 2})
    assert find_headings(first) == list(HEADINGS)
    assert guess_columns(first, HEADINGS) == COLUMNS
    apply(first, officer)
    second = take(text_file([HEADINGS, *rows(1, 2, 3)]), officer, country.district)
    assert outcomes(second) == {"new": 1, "unchanged": 2}
    elsewhere = take(text_file([HEADINGS, *rows(1)]), SYSTEM, country.sister_district)
    assert elsewhere.state == ImportState.FAILED
    said = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "rosters.columns_said")).all()
    assert said == [{"fields": {str(place): field.value for place, field in COLUMNS.items()}}]


def test_what_was_said_is_said_anew(country: Country) -> None:
    made = take(text_file([HEADINGS, *rows(1)]), SYSTEM, country.district)
    say_columns(roster_import=made, columns={**COLUMNS, 1: Field.GIVEN_NAME, 2: Field.SURNAME}, by=SYSTEM)
    say_columns(roster_import=made, columns=COLUMNS, by=SYSTEM)
    assert db.session.scalar(select(func.count()).select_from(RosterColumns)) == 1
    assert guess_columns(made, HEADINGS) == COLUMNS


def test_a_heading_row_that_lacks_a_column(country: Country) -> None:
    headings = ("Комиссия", "Фамилия", "Имя", "Код", "Должность")
    made = take(workbook(("Лист1", [headings])), SYSTEM, country.district)
    assert made.fault == "column missing"
    assert find_headings(made) == list(headings)
    assert guess_columns(made, headings) == {
        0: Field.COMMISSION,
        1: Field.SURNAME,
        2: Field.GIVEN_NAME,
        4: Field.OFFICE,
    }


def test_what_is_refused(country: Country) -> None:
    with pytest.raises(Refused, match=r"Two columns cannot both be: Surname"):
        check_columns({**COLUMNS, 5: Field.SURNAME})
    with pytest.raises(Refused, match=r"No column is chosen for: Identity number, Office in the commission"):
        check_columns({0: Field.COMMISSION, 1: Field.FULL_NAME})
    known = take(workbook(("Лист1", [["Список"]])), SYSTEM, country.district)
    with pytest.raises(NotFound):
        say_columns(roster_import=known, columns=COLUMNS, by=SYSTEM)
    made = take(text_file([HEADINGS, *rows(1)]), SYSTEM, country.district)
    with pytest.raises(Forbidden):
        say_columns(roster_import=made, columns=COLUMNS, by=scope(make_officer(country.sister_district)))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page(client: Client, country: Country, language: str) -> None:
    sign_in_as(client, make_officer(country.district))
    file = (io.BytesIO(text_file([HEADINGS, *rows(1, 2)])), "roster.csv")
    data = {"file": file, "commission": country.district.id, "lists": "full"}
    shown = client.post(f"/{language}/rosters/new", data=data, content_type="multipart/form-data").location
    assert f"{shown}/columns" in client.get(shown).text
    page = client.get(f"{shown}/columns").text
    assert "Как зовут" in page
    assert "%(" not in page
    assert demo_number(1) not in page
    sent = {f"column-{place}": field.value for place, field in COLUMNS.items()}
    refused = client.post(f"{shown}/columns", data={**sent, "column-3": ""})
    assert refused.status_code == 422
    assert '<option value="surname" selected>' in refused.text
    assert client.post(f"{shown}/columns", data=sent).status_code == 302
    assert f"{shown}/columns" in client.get(shown).text
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(f"{shown}/columns").status_code == 404
