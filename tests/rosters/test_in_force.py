"""The empty roster and the present one: what goes out comes back and changes nothing."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_central, find_commission_by_code
from lms.commissions.rules import Office, Role
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden
from lms.core.web.languages import speaking
from lms.operations.actions import init_installation
from lms.rosters.in_force import COLUMNS, empty_roster, note_export, roster_in_force
from lms.rosters.meanings import find_office
from lms.rosters.reading.headings import Field, find_field
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_officer, scope, sign_in_as
from tests.factories.rosters import RUSSIAN, demo_number, person, sample, workbook
from tests.rosters.test_actions import apply, outcomes, take

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def filled(app: Flask) -> Commission:
    """The central commission of an installation with the sample region and the precincts abroad."""
    init_installation(login="head", name="Head One", demo=True)
    apply(take(sample("mangystau-roster.xlsx"), SYSTEM), SYSTEM)
    apply(take(sample("mangystau-roster-abroad.csv"), SYSTEM), SYSTEM)
    central = find_central()
    assert central is not None
    return central


def cells(content: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["KZ", "KZ-12", "KZ-12-03"])
def test_the_present_roster_comes_back_unchanged(filled: Commission, language: str, code: str) -> None:
    base = find_commission_by_code(code)
    assert base is not None
    with speaking(language):
        content, count = roster_in_force(base)
    assert count > 100
    back = take(content, SYSTEM, base)
    assert outcomes(back) == {"unchanged": count}
    assert (back.counts["new_commissions"], back.counts["problems"], back.notes) == (0, {}, [])
    apply(back, SYSTEM, leave_out=False)
    assert cells(roster_in_force(base)[0])[1:] == cells(roster_in_force(base)[0])[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_roster_is_read_and_holds_nothing(app: Flask, language: str) -> None:
    country = make_country()
    with speaking(language):
        content = empty_roster()
    headings = cells(content)[0]
    assert [find_field(heading) for heading in headings] == list(COLUMNS)
    back = take(content, SYSTEM, country.district)
    assert (outcomes(back), back.counts["rows"], back.notes) == ({}, 0, [])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    offered = [found.formula1.strip('"').split(",") for found in sheet.data_validations.dataValidation]
    assert [find_office(words) for words in offered[0]] == list(Office)
    number = list(COLUMNS).index(Field.NUMBER) + 1
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width > 12


def test_a_filled_in_empty_roster_is_taken(app: Flask) -> None:
    country = make_country()
    book = openpyxl.load_workbook(io.BytesIO(empty_roster()))
    book.active.append(["", "PEC No. 17", "Серікова", "Айгүл", "", demo_number(1), "chair", "", "", "", "Русский"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert outcomes(take(buffer.getvalue(), SYSTEM, country.district)) == {"new": 1}


@pytest.fixture
def country(app: Flask) -> Country:
    made = make_country()
    rows = [RUSSIAN, person(1, "Председатель", "УИК № 17", phone="87015757395"), person(2)]
    apply(take(workbook(("Лист1", rows)), SYSTEM, made.district), SYSTEM)
    return made


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    account = make_officer(country.district)
    sign_in_as(client, account)
    return account


def test_the_page_asks_what_for(client: Client, country: Country, officer: Account) -> None:
    assert "Take out the present list" in client.get("/en/rosters/take-out").text
    for reason in ("", "   "):
        refused = client.post("/en/rosters/take-out", data={"commission": country.district.id, "reason": reason})
        assert refused.status_code == 422
        assert "Say what the list is needed for." in refused.text
    answer = client.post(
        "/en/rosters/take-out", data={"commission": country.district.id, "reason": "Letter 17 of the prosecutor"}
    )
    assert answer.status_code == 200
    assert demo_number(2) in str(cells(answer.data))
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "rosters.exported"))
    assert entry is not None
    assert (entry.account_id, entry.subject, entry.details) == (
        officer.id,
        f"commission:{country.district.id}",
        {"count": 2},
    )
    values = db.session.scalars(select(AuditValue.after).where(AuditValue.entry_id == entry.id)).all()
    assert values == ["Letter 17 of the prosecutor"]


def test_only_those_who_look_after_the_branch(client: Client, country: Country, officer: Account) -> None:
    foreign = client.post("/en/rosters/take-out", data={"commission": country.sister_district.id, "reason": "Letter"})
    assert foreign.status_code == 422
    assert demo_number(2) not in foreign.text
    for role in (Role.TRAINER,):
        sign_in_as(client, make_officer(country.district, role))
        assert client.get("/en/rosters/take-out").status_code in (403, 404)
        assert client.get("/en/rosters/template.xlsx").status_code in (403, 404)
    sister: Scope = scope(make_officer(country.sister_district))
    with pytest.raises(Forbidden):
        note_export(commission=country.district, reason="Letter", count=2, by=sister)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_in_every_language(client: Client, country: Country, officer: Account, language: str) -> None:
    assert client.get(f"/{language}/rosters/template.xlsx").status_code == 200
    assert "%(" not in client.get(f"/{language}/rosters/take-out").text
