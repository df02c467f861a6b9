"""What the database refuses of commissions and roles when no rule was asked: two who act at once are held too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Executable, insert, update
from sqlalchemy.exc import IntegrityError

from lms.commissions.models import Appointment, Commission, CommissionParent, RoleGrant, Seat, SeatNumber
from lms.commissions.rules import CENTRAL_ROLES, Role, may_give
from lms.core import clock
from lms.core.database.base import db
from tests.factories.commissions import Country, make_account, make_country, make_member, make_officer, make_person


@pytest.fixture
def country(app: Flask) -> Country:
    """A small country."""
    return make_country()


def is_refused(statement: Executable) -> bool:
    """Whether the database refuses a statement; what it does is taken back."""
    with db.session.begin_nested() as attempt:
        try:
            db.session.execute(statement)
        except IntegrityError:
            return True
        finally:
            attempt.rollback()
    return False


def given(role: Role, where: Commission, by_id: int | None) -> Executable:
    """The row of a role that is given."""
    return insert(RoleGrant).values(
        account_id=make_account().id, role=role, commission_id=where.id, granted_by_id=by_id, granted_at=clock.now()
    )


@pytest.mark.parametrize("held", Role)
def test_the_database_knows_who_gives_what(country: Country, held: Role) -> None:
    """Everyone's roles at their own place, below it, above it and beside it, as the rule has them."""
    central = held in CENTRAL_ROLES
    stands = country.central if central else country.region
    giver = make_officer(stands, held)
    above = {
        country.central: 0 if central else None,
        country.region: 1 if central else 0,
        country.district: 2 if central else 1,
        country.sister_region: 1 if central else None,
    }
    for role in Role:
        for place, depth in above.items():
            may = depth is not None and may_give([(held, depth)], role)
            assert is_refused(given(role, place, giver.id)) is not may, (role, place.code)


def test_nobody_gives_with_a_role_that_is_over_or_taken(country: Country) -> None:
    giver = make_officer(country.region)
    held = update(RoleGrant).where(RoleGrant.account_id == giver.id)
    for over in ("valid_until", "revoked_at"):
        db.session.execute(held.values(**{over: clock.now()}))
        assert is_refused(given(Role.TRAINER, country.district, giver.id))
        db.session.execute(held.values(**{over: None}))
    db.session.execute(held.values(valid_from=clock.now() + timedelta(days=1)))
    assert is_refused(given(Role.TRAINER, country.district, giver.id))
    db.session.execute(held.values(valid_from=None))
    assert not is_refused(given(Role.TRAINER, country.district, giver.id))


def test_what_the_operator_of_the_server_gives_has_no_giver(country: Country) -> None:
    assert not is_refused(given(Role.CEC_ADMINISTRATOR, country.central, None))


def test_nobody_is_seated_in_a_closed_commission(country: Country) -> None:
    seat = db.session.query(Seat).filter_by(commission_id=country.second_precinct.id).first()
    assert seat is not None
    today = clock.today()

    def seated(ends_on: object) -> Executable:
        return insert(Appointment).values(
            seat_id=seat.id, commission_id=seat.commission_id, person_id=make_person().id, office="member",
            nominated_by="", kind="elected", act="", end_act="", starts_on=today - timedelta(days=9), ends_on=ends_on,
        )  # fmt: skip

    assert not is_refused(seated(None))
    db.session.execute(
        update(Commission)
        .where(Commission.id == country.second_precinct.id)
        .values(closed_on=today - timedelta(days=2))
    )
    assert is_refused(seated(None))
    assert is_refused(seated(today))
    assert not is_refused(seated(today - timedelta(days=2)))
    db.session.execute(seated(today - timedelta(days=3)))
    assert is_refused(update(Appointment).where(Appointment.seat_id == seat.id).values(ends_on=None))


def test_a_commission_in_which_people_sit_is_not_closed(country: Country) -> None:
    def closed(one: Commission) -> Executable:
        return update(Commission).where(Commission.id == one.id).values(closed_on=clock.today())

    assert not is_refused(closed(country.precinct))
    make_member(country.precinct)
    assert is_refused(closed(country.precinct))


def dated(
    kind: type[CommissionParent] | type[SeatNumber], place: Commission, first: int, last: int | None
) -> Executable:
    """A period from so many days from now to so many."""
    today = clock.today()
    day = {"valid_from": today + timedelta(days=first)} | (
        {} if last is None else {"valid_to": today + timedelta(days=last)}
    )
    more = {"parent_id": place.parent_id} if kind is CommissionParent else {"seats": 5}
    return insert(kind).values(commission_id=place.id, **day, **more)


@pytest.mark.parametrize("kind", [CommissionParent, SeatNumber])
def test_a_commission_stands_in_one_place_and_has_one_number_of_seats_on_each_day(
    country: Country, kind: type[CommissionParent] | type[SeatNumber]
) -> None:
    """What holds from today on is there already; periods are half open, and one without a day has never been."""
    place = country.precinct
    assert not is_refused(dated(kind, place, -9, 0))
    assert not is_refused(dated(kind, place, 5, 5))
    for first, last in ((5, 4), (-9, 1), (3, 5), (0, 1), (1, None), (-3, None)):
        assert is_refused(dated(kind, place, first, last)), (first, last)
    db.session.execute(dated(kind, place, -9, -5))
    assert not is_refused(dated(kind, place, -5, 0))
    for first, last in ((-6, -5), (-20, -8), (-20, 0), (-8, -7), (-9, -5)):
        assert is_refused(dated(kind, place, first, last)), (first, last)
    mine = update(kind).where(kind.commission_id == place.id)
    earlier, now = mine.where(kind.valid_to.is_not(None)), mine.where(kind.valid_to.is_(None))
    assert is_refused(earlier.values(valid_to=None))
    assert is_refused(earlier.values(valid_to=clock.today() + timedelta(days=1)))
    assert is_refused(earlier.values(valid_to=clock.today() - timedelta(days=10)))
    assert is_refused(now.values(valid_from=clock.today() - timedelta(days=6)))
    assert not is_refused(now.values(valid_from=clock.today() - timedelta(days=5)))
    assert is_refused(
        earlier.values(commission_id=country.second_precinct.id, valid_to=clock.today() + timedelta(days=1))
    )


def test_no_commission_stands_below_itself(country: Country) -> None:
    def put(one: Commission, below: Commission) -> Executable:
        return update(Commission).where(Commission.id == one.id).values(parent_id=below.id)

    assert is_refused(put(country.district, country.district))
    assert is_refused(put(country.region, country.precinct))
    assert not is_refused(put(country.district, country.sister_region))
