"""People who may be one: who is found, what merging does, and each refusal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.commissions.actions import end_appointments
from lms.commissions.duplicates import CROWD, Likeness, list_merged, list_pairs, merge_people, part_people
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.people.models import Person
from lms.people.vault import number_hash, seal_text
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_officer, make_person, scope, seat, sign_in_as
from tests.factories.rosters import demo_number


@pytest.fixture
def country(app: Flask) -> Country:
    return make_country()


@pytest.fixture
def officer(country: Country) -> Scope:
    return scope(make_officer(country.district))


def member(where: Commission, seed: int, born: str = "840515", *, left: bool = False, **fields: str) -> Person:
    """Somebody with an identity number, who sits in a commission or did."""
    number = demo_number(seed, born)
    found = make_person(**{name: fields[name] for name in ("surname", "given_name") if name in fields})
    found.number_encrypted, found.number_hash = seal_text(number), number_hash(number)
    found.phone = fields.get("phone", "")
    seat(found, where)
    if left:
        appointment = db.session.scalars(select(Appointment).where(Appointment.person_id == found.id)).one()
        end_appointments(appointments=[appointment], on=clock.today(), by=SYSTEM)
    return found


def pairs(by: Scope) -> list[tuple[Any, ...]]:
    return [(pair.one.id, pair.other.id, *pair.why) for pair in list_pairs(by)]


def test_who_is_found(country: Country, officer: Scope) -> None:
    one = member(country.precinct, 1, phone="+77010000001")
    spelt = member(country.second_precinct, 2, left=True, surname="Серикова", given_name="Айгуль")
    member(country.precinct, 3, born="840516")
    member(country.precinct, 4, surname="Оспанова", given_name="Дина")
    phone = member(country.precinct, 5, born="700101", surname="Ким", given_name="Ан", phone="+77010000001")
    member(country.sister_precinct, 6)
    assert pairs(officer) == [
        (one.id, spelt.id, Likeness.NAME_AND_BIRTH_DATE),
        (one.id, phone.id, Likeness.PHONE),
    ]
    assert len(pairs(scope(country.head))) == 4


def test_the_phone_of_an_office_means_nothing(country: Country, officer: Scope) -> None:
    for seed in range(CROWD + 1):
        member(country.precinct, seed, born=f"8405{seed + 10}", phone="+77010000001")
    assert pairs(officer) == []


def test_merged_and_parted(country: Country, officer: Scope) -> None:
    kept, merged = member(country.precinct, 1), member(country.precinct, 2, left=True)
    merge_people(kept=kept, merged=merged, by=officer)
    assert (merged.merged_into_id, pairs(officer), list_merged(officer)) == (kept.id, [], [merged])
    with pytest.raises(Refused, match="merged already"):
        merge_people(kept=kept, merged=merged, by=officer)
    part_people(merged=merged, by=officer)
    assert (merged.merged_into_id, len(pairs(officer)), list_merged(officer)) == (None, 1, [])
    with pytest.raises(Refused, match="is not merged"):
        part_people(merged=merged, by=officer)
    said = db.session.execute(
        select(AuditEntry.action, AuditEntry.details).where(AuditEntry.subject == f"person:{kept.id}")
    ).all()
    assert [tuple(row) for row in said[-2:]] == [
        ("people.merged", {"merged": merged.id}),
        ("people.parted", {"merged": merged.id}),
    ]


def test_what_is_refused(country: Country, officer: Scope) -> None:
    one, other = member(country.precinct, 1), member(country.precinct, 2)
    gone, foreign = member(country.precinct, 3, left=True), member(country.sister_precinct, 4)
    with pytest.raises(Refused, match="Both hold a seat now"):
        merge_people(kept=one, merged=other, by=officer)
    with pytest.raises(Refused, match="Keep that one"):
        merge_people(kept=gone, merged=one, by=officer)
    with pytest.raises(Refused, match="merged already"):
        merge_people(kept=one, merged=one, by=officer)
    for pair in ((one, foreign), (foreign, one)):
        with pytest.raises(NotFound):
            merge_people(kept=pair[0], merged=pair[1], by=officer)
    merge_people(kept=one, merged=gone, by=officer)
    with pytest.raises(NotFound):
        part_people(merged=gone, by=scope(make_officer(country.sister_district)))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page(client: Client, country: Country, language: str) -> None:
    account = make_officer(country.district)
    sign_in_as(client, account)
    page = client.get(f"/{language}/people/duplicates").text
    assert "%(" not in page
    one = member(country.precinct, 1)
    other, third = member(country.precinct, 2, left=True), member(country.second_precinct, 3)
    page = client.get(f"/{language}/people/duplicates").text
    assert page.count(f"/people/{one.id}/merge") == 1
    assert [f'href="/{language}/people/{address}"' in page for address in (one.id, f"{other.id}/seats")] == [True] * 2
    question = client.get(f"/{language}/people/{one.id}/merge?merged={other.id}").text
    assert [name in question for name in (one.full_name, other.full_name, "1984")] == [True] * 3
    assert demo_number(1) not in question
    assert other.merged_into_id is None
    assert client.get(f"/{language}/people/{one.id}/merge?merged={third.id}").status_code == 422
    assert client.get(f"/{language}/people/{one.id}/merge?merged=x").status_code == 404
    assert f"/people/{other.id}/merge" not in page
    assert demo_number(1) not in page
    assert client.post(f"/{language}/people/{one.id}/merge", data={"merged": other.id}).status_code == 302
    assert f"/people/{other.id}/part" in client.get(f"/{language}/people/duplicates").text
    assert client.post(f"/{language}/people/{one.id}/merge", data={"merged": third.id}).status_code == 422
    assert client.post(f"/{language}/people/{one.id}/merge").status_code == 404
    sign_in_as(client, make_officer(country.sister_district))
    assert client.post(f"/{language}/people/{other.id}/part").status_code == 404
    sign_in_as(client, make_officer(country.district, Role.TRAINER))
    assert client.get(f"/{language}/people/duplicates").status_code in (403, 404)
    sign_in_as(client, account)
    assert client.post(f"/{language}/people/{other.id}/part").status_code == 302
