"""A commission is closed when it is empty, and moved with everything below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.commissions.actions import create_commission, end_appointments
from lms.commissions.models import Commission, CommissionClosure, CommissionParent, SeatNumber
from lms.commissions.permissions import SYSTEM, may_reach
from lms.commissions.queries import find_above_on, list_children, list_closed_below, list_way_up
from lms.commissions.reshaping import (
    close_commission,
    move_commission,
    rename_commission,
    reopen_commission,
    set_seats,
)
from lms.commissions.rules import Level, Territory
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.factories.commissions import (
    Country,
    found_earlier,
    make_country,
    make_member,
    make_officer,
    precinct,
    scope,
)
from tests.factories.seats import seat_of

DAY = timedelta(days=1)


@pytest.fixture
def country(app: Flask) -> Country:
    """The small country."""
    return make_country()


def pairs() -> set[tuple[int, int, int]]:
    """The closure as the parents of today would have it."""
    parents = {one.id: one.parent_id for one in db.session.scalars(select(Commission))}
    found = set()
    for place in parents:
        above, depth = place, 0
        while above is not None:
            found.add((above, place, depth))
            above, depth = parents[above], depth + 1
    return found


def closure() -> set[tuple[int, int, int]]:
    """The closure as it stands."""
    return {(one.ancestor_id, one.descendant_id, one.depth) for one in db.session.scalars(select(CommissionClosure))}


def test_a_district_moves_with_its_precincts(country: Country) -> None:
    officer = make_officer(country.sister_region)
    move_commission(commission=country.district, parent=country.sister_region, since=clock.today(), by=SYSTEM)
    assert closure() == pairs()
    assert [one.id for one in list_way_up(country.precinct.id)] == [
        country.central.id, country.sister_region.id, country.district.id, country.precinct.id,
    ]  # fmt: skip
    assert country.district.code == f"{country.region.code}-01"
    assert country.precinct.code == f"{country.district.code}-P17"
    assert may_reach(scope(officer), country.precinct.id)
    dated = db.session.scalars(
        select(CommissionParent).where(CommissionParent.commission_id == country.district.id)
    ).all()
    assert [(one.parent_id, one.valid_to is None) for one in sorted(dated, key=lambda one: one.id)] == [
        (country.region.id, False), (country.sister_region.id, True),
    ]  # fmt: skip


def test_nothing_is_put_below_itself_or_what_lies_below_it(country: Country) -> None:
    for commission, parent, sentence in (
        (country.district, country.district, "below itself"),
        (country.district, country.precinct, "lies below this commission"),
        (country.region, country.district, "Beineu district lies below this commission"),
        (country.region, country.precinct, "lies below this commission"),
    ):
        with pytest.raises(Refused, match=sentence):
            move_commission(commission=commission, parent=parent, since=clock.today(), by=SYSTEM)


def test_a_number_that_is_taken_there_is_refused(country: Country) -> None:
    precinct(country.sister_district, 17)
    with pytest.raises(Refused, match="already"):
        move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today(), by=SYSTEM)
    assert closure() == pairs()


def test_who_does_not_look_after_both_is_refused(country: Country) -> None:
    officer = scope(make_officer(country.district))
    with pytest.raises(Forbidden):
        move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today(), by=officer)


def test_only_an_empty_commission_is_closed(country: Country) -> None:
    for full in (country.district, country.central):
        with pytest.raises(Refused, match="nobody sits"):
            close_commission(commission=full, on=clock.today(), by=SYSTEM)
    make_member(country.precinct)
    with pytest.raises(Refused, match="nobody sits"):
        close_commission(commission=country.precinct, on=clock.today(), by=SYSTEM)
    close_commission(commission=country.second_precinct, on=clock.today(), by=SYSTEM)
    assert [one.id for one in list_children(country.district.id)] == [country.precinct.id]


def changes(country: Country) -> dict[str, Callable[[date], None]]:
    """Everything that is said to hold from a day on, of the second precinct, which nobody sits in."""
    place = country.second_precinct
    return {
        "move": lambda on: move_commission(commission=place, parent=country.sister_district, since=on, by=SYSTEM),
        "close": lambda on: close_commission(commission=place, on=on, by=SYSTEM),
        "seats": lambda on: set_seats(commission=place, seats=9, since=on, by=SYSTEM),
    }


CHANGES = pytest.mark.parametrize("change", ["move", "close", "seats"])


@CHANGES
def test_a_change_is_entered_on_its_day_or_later_and_not_before_the_commission_was_there(
    country: Country, change: str
) -> None:
    today = clock.today()
    found_earlier(today - 30 * DAY)
    make = changes(country)[change]
    for wrong, sentence in (
        (today + DAY, "Come back on that day; until then everything stays as it is"),
        (date(2099, 1, 1), "Come back on that day"),
        (today - 31 * DAY, "Choose that day or a later one"),
        (date(1900, 1, 1), "Choose that day or a later one"),
    ):
        with pytest.raises(Refused, match=sentence):
            make(wrong)
    place = country.second_precinct
    assert (place.parent_id, place.closed_on) == (country.district.id, None)
    make(today - 30 * DAY)


@CHANGES
def test_the_day_is_that_of_the_commission(country: Country, change: str) -> None:
    country.second_precinct.time_zone = "Pacific/Kiritimati"
    there = clock.today("Pacific/Kiritimati")
    found_earlier(there - DAY)
    with pytest.raises(Refused, match="Come back"):
        changes(country)[change](there + DAY)
    changes(country)[change](there)


def test_a_commission_stands_under_one_other_on_every_day(country: Country) -> None:
    today, place = clock.today(), country.precinct
    found_earlier(today - 30 * DAY)
    move_commission(commission=place, parent=country.sister_district, since=today - 10 * DAY, by=SYSTEM)
    with pytest.raises(Refused, match="has stood where it stands since"):
        move_commission(commission=place, parent=country.district, since=today - 11 * DAY, by=SYSTEM)
    move_commission(commission=place, parent=country.district, since=today - 10 * DAY, by=SYSTEM)
    move_commission(commission=place, parent=country.sister_district, since=today, by=SYSTEM)
    dated = db.session.scalars(
        select(CommissionParent).where(CommissionParent.commission_id == place.id).order_by(CommissionParent.id)
    ).all()
    assert all(one.valid_to is None or one.valid_to >= one.valid_from for one in dated)
    assert [one.valid_to for one in dated] == [one.valid_from for one in dated[1:]] + [None]
    for on, above in (
        (today - 11 * DAY, country.district),
        (today - 10 * DAY, country.district),
        (today - DAY, country.district),
        (today, country.sister_district),
    ):
        assert find_above_on(place.id, on) == above.id
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "commissions.moved").order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    assert entry.details == {
        "before": country.district.id,
        "after": country.sister_district.id,
        "since": today.isoformat(),
    }


def test_what_was_entered_for_a_far_day_is_mended_by_the_next_move(country: Country) -> None:
    today, place = clock.today(), country.precinct
    for one in db.session.scalars(select(CommissionParent).where(CommissionParent.commission_id == place.id)):
        one.valid_from, one.valid_to = today - 9 * DAY, date(2099, 1, 1)
    far = CommissionParent(commission_id=place.id, parent_id=country.district.id, valid_from=date(2099, 1, 1))
    db.session.add(far)
    db.session.flush()
    move_commission(commission=place, parent=country.sister_district, since=today, by=SYSTEM)
    assert far.valid_to == far.valid_from
    assert find_above_on(place.id, today) == country.sister_district.id
    assert find_above_on(place.id, today - DAY) == country.district.id


def test_nothing_is_put_under_one_that_was_not_there_yet_or_is_closed(country: Country) -> None:
    today, newer = clock.today(), country.sister_district
    found_earlier(today - 30 * DAY)
    for number in db.session.scalars(select(SeatNumber).where(SeatNumber.commission_id == newer.id)):
        number.valid_from = today - 5 * DAY
    for parent in db.session.scalars(select(CommissionParent).where(CommissionParent.commission_id == newer.id)):
        parent.valid_from = today - 5 * DAY
    with pytest.raises(Refused, match="Aktau has been here since"):
        move_commission(commission=country.precinct, parent=newer, since=today - 6 * DAY, by=SYSTEM)
    close_commission(commission=country.sister_precinct, on=today, by=SYSTEM)
    close_commission(commission=newer, on=today, by=SYSTEM)
    with pytest.raises(Refused, match="Aktau is closed, so nothing can stand below it"):
        move_commission(commission=country.precinct, parent=newer, since=today, by=SYSTEM)
    with pytest.raises(Refused, match="Aktau is closed, so nothing can stand below it"):
        create_commission(
            parent=newer, level=Level.PEC, territory=Territory.PRECINCT, names={"en": "x"}, seats=7, by=SYSTEM
        )


def test_a_commission_is_not_closed_before_the_last_person_or_the_last_one_below_left(country: Country) -> None:
    today = clock.today()
    found_earlier(today - 30 * DAY)
    member = make_member(country.precinct)
    seat = seat_of(member)
    seat.starts_on = today - 20 * DAY
    end_appointments(appointments=[seat], on=today - 4 * DAY, by=SYSTEM)
    with pytest.raises(Refused, match="Somebody sat in it until"):
        close_commission(commission=country.precinct, on=today - 5 * DAY, by=SYSTEM)
    close_commission(commission=country.precinct, on=today - 4 * DAY, by=SYSTEM)
    move_commission(
        commission=country.second_precinct, parent=country.sister_district, since=today - 2 * DAY, by=SYSTEM
    )
    with pytest.raises(Refused, match="One below it was there until"):
        close_commission(commission=country.district, on=today - 3 * DAY, by=SYSTEM)
    close_commission(commission=country.district, on=today - 2 * DAY, by=SYSTEM)
    assert country.district.closed_on == today - 2 * DAY


def test_what_is_closed_is_neither_closed_again_nor_changed(country: Country) -> None:
    today, place = clock.today(), country.precinct
    found_earlier(today - 30 * DAY)
    close_commission(commission=place, on=today - DAY, by=SYSTEM)
    names = {"kk": "А", "ru": "Б", "en": "C"}
    for change in (
        lambda: close_commission(commission=place, on=today, by=SYSTEM),
        lambda: move_commission(commission=place, parent=country.sister_district, since=today, by=SYSTEM),
        lambda: set_seats(commission=place, seats=9, since=today, by=SYSTEM),
        lambda: rename_commission(commission=place, names=names, by=SYSTEM),
    ):
        with pytest.raises(Refused, match="is closed since"):
            change()
    assert place.closed_on == today - DAY


def test_a_closed_commission_is_opened_again_by_those_who_may_close_it(country: Country) -> None:
    today = clock.today()
    sister, own, above = (make_officer(one) for one in (country.sister_district, country.district, country.region))
    for place in (country.precinct, country.second_precinct, country.district):
        close_commission(commission=place, on=today, by=SYSTEM)
    assert {one.id for one in list_closed_below(country.region.id)} == {country.district.id}
    with pytest.raises(Refused, match="Beineu district, the commission above it, is closed"):
        reopen_commission(commission=country.precinct, by=SYSTEM)
    for stranger in (sister, own):
        with pytest.raises(Forbidden):
            reopen_commission(commission=country.district, by=scope(stranger))
    reopen_commission(commission=country.district, by=scope(above))
    reopen_commission(commission=country.precinct, by=scope(own))
    assert [one.id for one in list_children(country.district.id)] == [country.precinct.id]
    entry = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.action == "commissions.reopened", AuditEntry.subject == f"commission:{country.precinct.id}"
        )
    ).one()
    assert entry.details == {"closed_on": today.isoformat()}
    with pytest.raises(Refused, match="is open"):
        reopen_commission(commission=country.precinct, by=SYSTEM)
    make_member(country.precinct)


def test_the_number_of_seats_is_not_changed_back_in_time(country: Country) -> None:
    today, place = clock.today(), country.precinct
    found_earlier(today - 30 * DAY)
    set_seats(commission=place, seats=9, since=today - 10 * DAY, by=SYSTEM)
    with pytest.raises(Refused, match="The number of seats has been as it is since"):
        set_seats(commission=place, seats=8, since=today - 11 * DAY, by=SYSTEM)
    set_seats(commission=place, seats=8, since=today - 10 * DAY, by=SYSTEM)
    set_seats(commission=place, seats=7, since=today, by=SYSTEM)
    rows = db.session.scalars(select(SeatNumber).where(SeatNumber.commission_id == place.id).order_by(SeatNumber.id))
    assert [(one.seats, one.valid_from, one.valid_to) for one in rows] == [
        (7, today - 30 * DAY, today - 10 * DAY),
        (8, today - 10 * DAY, today),
        (7, today, None),
    ]


def test_a_commission_is_made_from_a_day_on_which_the_one_above_was_there(country: Country) -> None:
    today = clock.today()
    found_earlier(today - 30 * DAY)

    def make(number: int, since: date | None) -> Commission:
        return create_commission(
            parent=country.district,
            level=Level.PEC,
            territory=Territory.PRECINCT,
            names={"en": "x"},
            seats=7,
            number=number,
            since=since,
            by=SYSTEM,
        )

    for wrong, sentence in ((today + DAY, "Come back"), (today - 31 * DAY, "has been here since")):
        with pytest.raises(Refused, match=sentence):
            make(91, wrong)
    assert find_above_on(make(91, today - 3 * DAY).id, today - 3 * DAY) == country.district.id
    assert find_above_on(make(92, None).id, today - DAY) is None


@pytest.mark.parametrize(
    ("territory", "zone", "kept"),
    [
        (Territory.PRECINCT, None, "Asia/Aqtau"),
        (Territory.PRECINCT, "Asia/Aqtau", "Asia/Aqtau"),
        (Territory.PRECINCT, "Asia/Almaty", None),
        (Territory.PRECINCT, "America/New_York", None),
        (Territory.PRECINCT_ABROAD, "America/New_York", "America/New_York"),
        (Territory.PRECINCT_ABROAD, None, "Asia/Aqtau"),
        (Territory.CITY, "Asia/Almaty", "Asia/Almaty"),
        (Territory.CITY, "America/New_York", None),
    ],
)
def test_only_a_precinct_abroad_has_a_time_that_is_not_the_countrys(
    country: Country, territory: Territory, zone: str | None, kept: str | None
) -> None:
    parent = country.region if territory is Territory.CITY else country.district
    parent.time_zone = "Asia/Aqtau"
    level = Level.TEC if territory is Territory.CITY else Level.PEC

    def make() -> Commission:
        return create_commission(
            parent=parent,
            level=level,
            territory=territory,
            names={"en": "x"},
            seats=7,
            number=90,
            time_zone=zone,
            by=SYSTEM,
        )

    if kept is None:
        with pytest.raises(Refused, match="time"):
            make()
    else:
        assert make().time_zone == kept


def test_a_number_that_is_borne_under_the_same_commission_is_not_given_twice(country: Country) -> None:
    move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today(), by=SYSTEM)
    with pytest.raises(Refused, match="There is a commission KZ-01-01-P17 already"):
        precinct(country.sister_district, 17)
    close_commission(commission=country.precinct, on=clock.today(), by=SYSTEM)
    with pytest.raises(Refused, match="The commission KZ-01-01-P17 has this number and is closed"):
        precinct(country.sister_district, 17)
    with pytest.raises(Refused, match="The commission KZ-01-01-P17 has this number and is closed"):
        precinct(country.district, 17)
