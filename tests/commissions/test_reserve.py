"""The reserve of a commission: who may wait, whose turn it is, who comes from it, and where no reserve is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.commissions import reserve
from lms.commissions.coming import OtherName
from lms.commissions.errors import NotInReserve, NotSeated
from lms.commissions.models import Commission, ReserveEntry
from lms.commissions.permissions import SYSTEM
from lms.commissions.reserve import Waiting, put_into_reserve, withdraw
from lms.commissions.rules import Act, ReserveFault, SeatFault, last_day_of_reserve
from lms.commissions.seating import fill_seat, replace_member
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.people.actions import NewPerson
from tests.factories.commissions import (
    WITH_RESERVE,
    Country,
    make_country,
    make_member,
    make_officer,
    make_person,
    precinct,
    scope,
    seat,
)
from tests.factories.rosters import demo_number
from tests.factories.seats import newcomer, seat_of, terms

DAY = timedelta(days=1)
PARTY = "Партия А"


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade, in a country that keeps reserves and takes one member of a party."""
    return make_country(own_file=WITH_RESERVE)


def waiting(nominated_by: str = PARTY, **more: Any) -> Waiting:
    """On usual terms, from today on."""
    since = more.pop("since", clock.today())
    return Waiting(nominated_by, since, Act("5", more.pop("act_on", since)), **more)


def put(where: Commission, coming: NewPerson | None = None, **terms: Any) -> ReserveEntry:
    """Somebody new, or `coming`, waits."""
    coming = coming or newcomer()
    return put_into_reserve(commission=where, coming=coming, waiting=waiting(**terms), by=SYSTEM)


def test_who_is_put_in_waits_last_and_as_long_as_the_rule_lets(country: Country) -> None:
    by = scope(make_officer(country.district))
    first = put_into_reserve(commission=country.precinct, coming=newcomer(), waiting=waiting(), by=by)
    second = put(country.precinct, nominated_by="Партия Б")
    urgent = put(country.precinct, nominated_by="Партия В", turn=1)
    assert (first.turn, second.turn) == (1, 2)
    assert first.valid_until == last_day_of_reserve(clock.today(), 5)
    assert [one.id for one in reserve.list_waiting(country.precinct)] == [first.id, urgent.id, second.id]
    assert reserve.list_waiting(country.second_precinct) == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "commissions.reserve_entered")).first()
    assert entry is not None
    assert "nominated_by" not in entry.details
    aside = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry.id)).one()
    assert PARTY in str((aside.before, aside.after))


def test_a_leap_day_has_no_anniversary() -> None:
    assert last_day_of_reserve(date(2024, 2, 29), 5) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (lambda today: {"since": today + DAY}, ReserveFault.FUTURE),
        (lambda today: {"act_on": today + DAY}, ReserveFault.ACT_AFTER),
        (lambda today: {"valid_until": today - DAY}, ReserveFault.OVER),
        (lambda today: {"since": today - 9 * DAY, "valid_until": today - DAY}, ReserveFault.OVER),
        (lambda today: {"valid_until": last_day_of_reserve(today, 5) + DAY}, ReserveFault.LONG),
    ],
)
def test_what_cannot_be_is_refused(
    country: Country, terms: Callable[[date], dict[str, Any]], fault: ReserveFault
) -> None:
    with pytest.raises(NotInReserve) as caught:
        put(country.precinct, **terms(clock.today()))
    assert caught.value.fault is fault
    assert reserve.list_entries(country.precinct.id) == []


def test_who_waits_or_sits_at_this_level_already_is_refused(country: Country) -> None:
    coming = newcomer()
    put(country.precinct, coming)
    with pytest.raises(NotInReserve) as twice:
        put(country.precinct, coming)
    assert twice.value.fault is ReserveFault.WAITS
    put(country.second_precinct, coming)
    fill_seat(commission=country.sister_precinct, coming=coming, terms=terms(), by=SYSTEM)
    other = country.sister_district
    with pytest.raises(NotInReserve) as sits:
        put(precinct(country.district, 19), coming)
    assert sits.value.fault is ReserveFault.SITS
    assert put(other, coming).commission_id == other.id


def test_a_closed_commission_has_no_reserve_and_a_strange_name_is_not_taken(country: Country) -> None:
    coming = newcomer()
    put(country.precinct, coming)
    with pytest.raises(OtherName):
        put(country.second_precinct, newcomer(number=coming.number, surname="Ким", given_name="Олег"))
    country.precinct.closed_on = clock.today()
    with pytest.raises(NotInReserve) as closed:
        put(country.precinct)
    assert closed.value.fault is ReserveFault.CLOSED


def test_the_database_refuses_a_second_entry(country: Country) -> None:
    first = put(country.precinct)
    values = {"turn": 2, "act": "1", "act_on": clock.today(), "nominated_by": ""}
    again = ReserveEntry(
        commission_id=first.commission_id,
        person_id=first.person_id,
        valid_from=clock.today(),
        valid_until=clock.today(),
        **values,
    )
    db.session.add(again)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_next_is_the_first_who_may_come(country: Country) -> None:
    sits = make_member(country.precinct)
    seat_of(sits).nominated_by = PARTY
    blocked = put(country.precinct)
    gone = put(country.precinct, nominated_by="Партия Б", since=clock.today() - 9 * DAY)
    gone.valid_until = clock.today() - DAY
    elsewhere = newcomer()
    put(country.precinct, elsewhere, nominated_by="Партия В")
    fill_seat(commission=country.second_precinct, coming=elsewhere, terms=terms(), by=SYSTEM)
    council = put(country.precinct, nominated_by="Қалалық мәслихат")
    next_one = reserve.find_next(country.precinct)
    assert next_one is not None
    assert next_one.id == council.id
    in_place = reserve.find_next(country.precinct, leaving=seat_of(sits))
    assert in_place is not None
    assert in_place.id == blocked.id


def test_whoever_comes_from_the_reserve_no_longer_waits_there(country: Country) -> None:
    coming = newcomer()
    here, there = put(country.precinct, coming), put(country.second_precinct, coming)
    came = fill_seat(commission=country.precinct, coming=coming, terms=terms(nominated_by=PARTY), by=SYSTEM)
    assert (here.ended_on, here.end) == (came.starts_on, "entered")
    assert there.end == ""
    assert reserve.find_next(country.second_precinct) is None
    with pytest.raises(Refused, match="no longer waits"):
        reserve.check_waits(here)
    with pytest.raises(Refused, match="no longer waits"):
        withdraw(entry=here, act=Act("9", clock.today()), reason="by own wish", by=SYSTEM)


def test_who_was_merged_into_another_waits_as_that_one(country: Country) -> None:
    coming, known = newcomer(), make_person()
    entry = put(country.precinct, coming)
    entry.person.merged_into_id = known.id
    fill_seat(
        commission=country.precinct,
        coming=newcomer(number=coming.number, surname=known.surname, given_name=known.given_name),
        terms=terms(),
        by=SYSTEM,
    )
    assert entry.end == "entered"


def test_a_roster_that_seats_them_ends_the_wait_too(country: Country) -> None:
    person = make_person()
    entry = put(country.precinct)
    entry.person_id = person.id
    db.session.flush()
    seat(person, country.precinct)
    assert entry.end == "entered"


def test_a_party_with_a_member_here_sends_no_second_one(country: Country) -> None:
    first, second = make_member(country.precinct), make_member(country.precinct)
    seat_of(first).nominated_by = 'партия "А"'
    with pytest.raises(NotSeated) as caught:
        replace_member(leaving=seat_of(second), coming=newcomer(), terms=terms(nominated_by=PARTY), by=SYSTEM)
    assert caught.value.fault is SeatFault.PARTY_TWICE
    assert caught.value.field == "nominated_by"
    with pytest.raises(NotSeated):
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(nominated_by=PARTY), by=SYSTEM)
    replace_member(leaving=seat_of(first), coming=newcomer(), terms=terms(nominated_by=PARTY), by=SYSTEM)


def test_what_is_over_says_until_when_it_was(country: Country) -> None:
    entry = put(country.precinct, since=clock.today() - 9 * DAY)
    entry.valid_until = clock.today() - DAY
    with pytest.raises(Refused, match="That time is over"):
        reserve.check_waits(entry)
    assert reserve.list_waiting(country.precinct) == []


def test_another_branch_puts_nobody_in_and_takes_nobody_off(country: Country) -> None:
    entry = put(country.precinct)
    stranger = scope(make_officer(country.sister_district))
    with pytest.raises(Forbidden):
        put_into_reserve(commission=country.precinct, coming=newcomer(), waiting=waiting(), by=stranger)
    with pytest.raises(Forbidden):
        withdraw(entry=entry, act=Act("9", clock.today()), reason="by own wish", by=stranger)
    withdraw(entry=entry, act=Act("9", clock.today()), reason="by own wish", by=scope(make_officer(country.district)))
    assert (entry.end, entry.ended_on) == ("withdrawn", clock.today())
    put(country.precinct, NewPerson(number=newcomer().number, surname="Кім", given_name="Ли"))


def test_a_country_without_reserves_keeps_none(app: Flask) -> None:
    country = make_country()
    assert not reserve.is_kept()
    assert reserve.find_next(country.precinct) is None
    with pytest.raises(NotFound):
        put(country.precinct)


def test_nobody_waits_who_is_not_old_enough_for_a_seat(country: Country) -> None:
    born = f"{clock.today():%y%m%d}"
    with pytest.raises(NotInReserve, match="old enough for a seat only from") as caught:
        put(country.precinct, newcomer(number=demo_number(1, born, century="5")))
    assert caught.value.field == "since"
