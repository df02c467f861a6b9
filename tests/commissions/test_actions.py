"""The tree, its seats and its roles: what is done, and what the database forbids."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.commissions import queries
from lms.commissions.actions import NewAppointment, appoint, end_appointments, grant_role, revoke_role
from lms.commissions.models import Appointment, Commission, CommissionClosure, RoleGrant, Seat, SeatNumber
from lms.commissions.permissions import scope_of
from lms.commissions.rules import Level, Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.factories.commissions import (
    SYSTEM,
    make_account,
    make_country,
    make_member,
    make_officer,
    make_person,
    precinct,
    seat,
)


def new(person_id: int, where: Commission, office: Office = Office.MEMBER) -> NewAppointment:
    """An appointment to be made."""
    return NewAppointment(person_id, where.id, Level(where.level), office)


def seats_of(where: Commission) -> list[tuple[int, bool]]:
    """(number of seats, still so) through time."""
    rows = db.session.scalars(select(SeatNumber).where(SeatNumber.commission_id == where.id).order_by(SeatNumber.id))
    return [(row.seats, row.valid_to is None) for row in rows]


def test_a_new_commission_has_its_place_seats_and_names(app: Flask) -> None:
    country = make_country()
    made = precinct(country.district, 40)
    above = [commission.id for commission in queries.list_way_up(made.id)]
    assert above == [country.central.id, country.region.id, country.district.id, made.id]
    assert made.code == f"{country.district.code}-P40"
    assert {name.language for name in made.names} == {"kk", "ru", "en"}
    assert len(db.session.scalars(select(Seat).where(Seat.commission_id == made.id)).all()) == 7
    assert seats_of(made) == [(7, True)]


def test_the_closure_holds_every_pair_once(app: Flask) -> None:
    country = make_country()
    depths = db.session.execute(
        select(CommissionClosure.ancestor_id, CommissionClosure.depth).where(
            CommissionClosure.descendant_id == country.precinct.id
        )
    ).all()
    order = [country.precinct, country.district, country.region, country.central]
    assert sorted(map(tuple, depths)) == sorted((commission.id, depth) for depth, commission in enumerate(order))


def test_two_precincts_cannot_have_one_number(app: Flask) -> None:
    country = make_country()
    with pytest.raises(Refused, match="KZ-01-01-P17 already"):
        precinct(country.district, country.precinct.number)


def test_people_are_seated_in_free_seats(app: Flask) -> None:
    where = make_country().precinct
    people = [make_person() for _ in range(7)]
    offices = [Office.CHAIR, Office.SECRETARY, *[Office.MEMBER] * 5]
    pairs = zip(people, offices, strict=True)
    appoint(appointments=[new(one.id, where, office) for one, office in pairs], since=clock.today(), by=SYSTEM)
    members = queries.list_members(where.id)
    assert [row[0].office for row in members] == offices
    assert len({row[0].seat_id for row in members}) == 7
    assert seats_of(where) == [(7, True)]


def test_a_seat_is_added_when_all_are_taken_and_the_old_number_is_kept(app: Flask) -> None:
    where = make_country().precinct
    tomorrow = clock.today() + timedelta(days=1)
    appoint(appointments=[new(make_person().id, where) for _ in range(7)], since=clock.today(), by=SYSTEM)
    appoint(appointments=[new(make_person().id, where)], since=tomorrow, by=SYSTEM)
    assert seats_of(where) == [(7, False), (8, True)]
    appoint(appointments=[new(make_person().id, where)], since=tomorrow, by=SYSTEM)
    assert seats_of(where) == [(7, False), (9, True)]
    appoint(appointments=[new(make_person().id, where)], since=clock.today(), by=SYSTEM)
    assert seats_of(where) == [(7, False), (10, True)]
    dated = db.session.scalars(select(SeatNumber).where(SeatNumber.commission_id == where.id))
    assert all(one.valid_to is None or one.valid_to >= one.valid_from for one in dated)


def test_the_database_forbids_a_second_chair(app: Flask) -> None:
    where = make_country().precinct
    seat(make_person(), where, Office.CHAIR)
    with pytest.raises(IntegrityError):
        seat(make_person(), where, Office.CHAIR)


def test_the_database_forbids_two_seats_for_one_person(app: Flask) -> None:
    country = make_country()
    person = make_person()
    seat(person, country.precinct)
    with pytest.raises(IntegrityError):
        seat(person, country.second_precinct)


def test_the_database_forbids_two_people_in_one_seat(app: Flask) -> None:
    where = make_country().precinct
    seat(make_person(), where)
    taken = db.session.scalars(select(Appointment)).one()
    row = {"commission_id": where.id, "office": Office.MEMBER, "starts_on": clock.today(), "nominated_by": ""}
    with pytest.raises(IntegrityError):
        db.session.execute(
            Appointment.__table__.insert(),  # type: ignore[attr-defined]
            [{**row, "seat_id": taken.seat_id, "person_id": make_person().id, "kind": "elected", "act": ""}],
        )


def test_who_leaves_frees_the_seat_and_nothing_is_deleted(app: Flask) -> None:
    where = make_country().precinct
    leaving = make_person()
    seat(leaving, where, Office.CHAIR)
    appointment = queries.find_seat_of(leaving.id)
    assert appointment is not None
    end_appointments(appointments=[appointment], on=clock.today(), by=SYSTEM)
    assert queries.find_seat_of(leaving.id) is None
    coming = make_person()
    seat(coming, where, Office.CHAIR)
    assert db.session.scalars(select(Appointment.seat_id)).all() == [appointment.seat_id] * 2
    assert [row[1].id for row in queries.list_members(where.id)] == [coming.id]


def test_nobody_leaves_before_they_came(app: Flask) -> None:
    where = make_country().precinct
    person = make_person()
    seat(person, where)
    appointment = queries.find_seat_of(person.id)
    assert appointment is not None
    end_appointments(appointments=[appointment], on=clock.today() - timedelta(days=30), by=SYSTEM)
    assert appointment.ends_on == appointment.starts_on


def test_appointments_leave_a_record_without_names(app: Flask) -> None:
    where = make_country().precinct
    person = make_person(surname="Unmistakable")
    seat(person, where)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "commissions.appointed")).one()
    assert (entry.subject, entry.details) == (f"commission:{where.id}", {"people": [person.id]})


def test_granting_twice_changes_nothing(app: Flask) -> None:
    country = make_country()
    account, by = make_account(), scope_of(country.head)
    first = grant_role(account=account, role=Role.TRAINER, commission=country.district, by=by)
    assert grant_role(account=account, role=Role.TRAINER, commission=country.district, by=by) is first
    assert first.granted_by_id == country.head.id


def test_a_revoked_role_is_gone_and_can_be_given_again(app: Flask) -> None:
    country = make_country()
    account, by = make_account(), scope_of(country.head)
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=by)
    revoke_role(account=account, role=Role.TRAINER, commission=country.district, by=by)
    assert not scope_of(account).grants
    with pytest.raises(Refused, match="does not hold that role"):
        revoke_role(account=account, role=Role.TRAINER, commission=country.district, by=by)
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=by)
    assert scope_of(account).grants == {(Role.TRAINER, country.district.id)}
    assert len(db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == account.id)).all()) == 2


def test_a_role_stands_at_the_right_level_only(app: Flask) -> None:
    country = make_country()
    by = scope_of(country.head)
    with pytest.raises(Refused, match="right level"):
        grant_role(account=make_account(), role=Role.TRAINER, commission=country.precinct, by=by)
    with pytest.raises(Refused, match="right level"):
        grant_role(account=make_account(), role=Role.METHODOLOGIST, commission=country.region, by=by)


def test_the_last_administrator_stays(app: Flask) -> None:
    country = make_country()
    by = scope_of(country.head)
    with pytest.raises(Refused, match="last CEC administrator"):
        revoke_role(account=country.head, role=Role.CEC_ADMINISTRATOR, commission=country.central, by=by)
    second = make_account()
    grant_role(account=second, role=Role.CEC_ADMINISTRATOR, commission=country.central, by=by)
    revoke_role(account=country.head, role=Role.CEC_ADMINISTRATOR, commission=country.central, by=by)


def test_only_those_above_give_roles(app: Flask) -> None:
    country = make_country()
    account = make_member(country.precinct)
    strangers = [
        make_member(country.precinct, Office.CHAIR),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.sister_district),
        make_officer(country.central, Role.METHODOLOGIST),
    ]
    for stranger in strangers:
        with pytest.raises(Forbidden):
            grant_role(account=account, role=Role.TRAINER, commission=country.district, by=scope_of(stranger))
    officer = scope_of(make_officer(country.region))
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=officer)
    with pytest.raises(Forbidden):
        grant_role(account=account, role=Role.CEC_ADMINISTRATOR, commission=country.central, by=officer)
