"""The law of workshops, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lms.workshops import rules
from lms.workshops.rules import Category, Fault, Plan, Slot

BERLIN, AQTAU, NEW_YORK = "Europe/Berlin", "Asia/Aqtau", "America/New_York"
DAY = date(2026, 11, 10)
PLAN = Plan(1, 7, DAY, time(15), time(17), AQTAU, "School No. 3", "", 30, "kk", frozenset({5}))
HOUR = timedelta(hours=1)
TEN = datetime(2026, 11, 10, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-11-10T15:00", AQTAU, "2026-11-10T10:00"),
        ("2026-11-10T15:00", "Asia/Almaty", "2026-11-10T10:00"),
        ("2026-03-28T15:00", BERLIN, "2026-03-28T14:00"),
        ("2026-03-30T15:00", BERLIN, "2026-03-30T13:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),  # comes twice: the first
        ("2026-11-10T23:30", NEW_YORK, "2026-11-11T04:30"),
    ],
)
def test_local_time_becomes_utc_and_comes_back(local: str, zone: str, utc: str) -> None:
    moment = rules.to_utc(datetime.fromisoformat(local), zone)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert rules.to_local(moment, zone) == datetime.fromisoformat(local)


@pytest.mark.parametrize(
    ("local", "zone"), [("2026-03-29T02:00", BERLIN), ("2026-03-29T02:59", BERLIN), ("2026-03-08T02:30", NEW_YORK)]
)
def test_a_time_that_the_clock_skips_is_no_time(local: str, zone: str) -> None:
    with pytest.raises(rules.NoSuchTime):
        rules.to_utc(datetime.fromisoformat(local), zone)


@pytest.mark.parametrize(
    ("zone", "words"),
    [(AQTAU, "UTC+05:00"), (NEW_YORK, "UTC-05:00"), ("Asia/Kolkata", "UTC+05:30"), ("UTC", "UTC+00:00")],
)
def test_the_offset_is_said_in_hours_and_minutes(zone: str, words: str) -> None:
    assert rules.utc_offset(TEN, zone) == words


@pytest.mark.parametrize(
    ("changes", "expected", "fault"),
    [
        ({}, 7, None),
        ({}, 30, None),
        ({"commission_ids": frozenset()}, 0, Fault.NOBODY),
        ({"ends": time(15)}, 7, Fault.ENDS_BEFORE_START),
        ({"ends": time(14)}, 7, Fault.ENDS_BEFORE_START),
        ({"starts": time(6), "ends": time(18)}, 7, None),
        ({"starts": time(6), "ends": time(18, 1)}, 7, Fault.TOO_LONG),
        ({"day": date(2026, 9, 21)}, 7, None),
        ({"day": date(2026, 9, 20)}, 7, Fault.BEFORE_CALL),
        ({"day": date(2026, 11, 20)}, 7, None),
        ({"day": date(2026, 11, 21)}, 7, Fault.AFTER_ELECTION),
        ({"place": ""}, 7, Fault.NO_PLACE),
        ({"place": "", "link": "https://meet.example"}, 7, None),
        ({}, 31, Fault.FEW_SEATS),
        ({"seats": 0}, 0, Fault.FEW_SEATS),
        ({"seats": 501}, 7, Fault.MANY_SEATS),
    ],
)
def test_what_keeps_a_plan_from_being_scheduled(changes: dict[str, object], expected: int, fault: Fault | None) -> None:
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    found = rules.find_fault(
        plan, rules.slot_of(plan), called_on=date(2026, 9, 21), election_on=date(2026, 11, 20), expected=expected
    )
    assert found is fault


def slot(
    starts: datetime, hours: int, *, trainer: int = 7, commissions: tuple[int, ...] = (5,), number: int = 1
) -> Slot:
    """A slot of some hours."""
    return Slot(trainer, frozenset(commissions), starts, starts + hours * HOUR, number)


@pytest.mark.parametrize(
    ("other", "trainer", "shared"),
    [
        (slot(TEN, 2), True, {5}),
        (slot(TEN + HOUR, 2, trainer=8), False, {5}),
        (slot(TEN - HOUR, 4, commissions=(6,)), True, set()),
        (slot(TEN + timedelta(minutes=119), 1, trainer=8, commissions=(4, 5)), False, {5}),
    ],
)
def test_who_would_have_to_be_in_two_places(other: Slot, trainer: bool, shared: set[int]) -> None:
    clashes = rules.find_clashes(slot(TEN, 2, number=2), [other])
    assert [(one.workshop_id, one.trainer, set(one.commission_ids)) for one in clashes] == [(1, trainer, shared)]


@pytest.mark.parametrize(
    "other",
    [
        slot(TEN + 2 * HOUR, 1),
        slot(TEN - HOUR, 1),
        slot(TEN, 2, trainer=8, commissions=(6,)),
        slot(TEN, 2, number=2),
    ],
    ids=["begins when ours ends", "ends when ours begins", "nobody shared", "itself"],
)
def test_no_clash(other: Slot) -> None:
    assert rules.find_clashes(slot(TEN, 2, number=2), [other]) == []


MINUTE = HOUR / 60


@pytest.mark.parametrize(
    ("state", "before", "listed", "may"),
    [
        ("scheduled", 13 * HOUR, False, False),
        ("scheduled", 12 * HOUR, True, False),
        ("scheduled", 16 * MINUTE, True, False),
        ("scheduled", 15 * MINUTE, True, True),
        ("scheduled", -100 * HOUR, True, True),
        ("cancelled", 0 * HOUR, False, False),
    ],
)
def test_when_attendance_may_be_taken(state: str, before: timedelta, listed: bool, may: bool) -> None:
    assert rules.may_open_list(state, TEN, TEN - before) is listed
    assert rules.may_take_attendance(state, TEN, TEN - before) is may


def test_a_tick_counts_at_the_earliest_when_ticking_begins() -> None:
    assert rules.counted_from(TEN - 3 * HOUR, TEN) == TEN - 15 * MINUTE
    assert rules.counted_from(TEN + HOUR, TEN) == TEN + HOUR


@pytest.mark.parametrize(
    ("own", "after", "printed", "may"),
    [
        (True, HOUR, False, True),
        (True, 25 * HOUR, False, False),
        (True, HOUR, True, False),
        (False, HOUR, False, False),
    ],
)
def test_a_tick_falls_with_its_certificate_for_a_day(own: bool, after: timedelta, printed: bool, may: bool) -> None:
    assert rules.may_fall(own=own, recorded_at=TEN, now=TEN + after, printed=printed) is may


@pytest.mark.parametrize(
    ("claimed", "device_now", "true"),
    [
        (TEN - HOUR, TEN, TEN - HOUR),  # the device's clock is right
        (TEN + HOUR, TEN + 2 * HOUR, TEN - HOUR),  # two hours fast
        (TEN - 4 * HOUR, TEN - 3 * HOUR, TEN - HOUR),  # three hours slow
        (TEN + HOUR, TEN, TEN),  # its clock was put back meanwhile: nothing happens after now
    ],
)
def test_a_wrong_clock_on_the_device_is_set_right(claimed: datetime, device_now: datetime, true: datetime) -> None:
    assert rules.true_moment(claimed, device_now, TEN) == true


@pytest.mark.parametrize(
    ("kept", "new", "stands"), [(None, TEN, True), (TEN, TEN + HOUR, True), (TEN, TEN, True), (TEN, TEN - HOUR, False)]
)
def test_the_later_tick_stands(kept: datetime | None, new: datetime, stands: bool) -> None:
    assert rules.stands(kept, new, TEN + HOUR) is stands


def test_a_tick_from_before_the_day_began_anew_gives_way() -> None:
    assert rules.stands(TEN + 3 * HOUR, TEN, TEN + HOUR)
    assert not rules.stands(TEN + 2 * HOUR, TEN, TEN + HOUR)


@pytest.mark.parametrize(
    ("level", "category"),
    [
        ("pec", Category.PEC),
        ("tec", Category.TEC),
        ("cec", Category.CEC),
        (None, Category.OTHER),
        ("x", Category.OTHER),
    ],
)
def test_the_category_follows_the_seat(level: str | None, category: Category) -> None:
    assert rules.category_of(level) is category


def test_expected_are_the_members_of_the_day_or_of_today() -> None:
    assert rules.day_of_seats(TEN, AQTAU, date(2026, 11, 1)) == date(2026, 11, 1)
    assert rules.day_of_seats(TEN, AQTAU, date(2026, 12, 1)) == date(2026, 11, 10)


def test_people_are_counted_by_category() -> None:
    counted = rules.count_by_category(["pec", "pec", "tec"])
    assert counted == {Category.TEC: 1, Category.PEC: 2}
