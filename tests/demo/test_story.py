"""What the invented people did follows from the seed, hangs together and leads to what a region looks like."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from lms.demo.country import DISTRICTS, PRECINCTS
from lms.demo.names import SAME_FOR_BOTH, invent_name, surname_of
from lms.demo.people import OLDEST, YOUNGEST, invent_people
from lms.demo.story import Seated, Tale, Teller
from lms.people.schemes.iin import check_digit_holds, find_birth_date

NOW = datetime(2026, 11, 8, 9, 20, tzinfo=UTC)
TODAY = date(2026, 11, 8)


def told(place: int = 0, seed: int = 1) -> Tale:
    """The tale of one district of sevens."""
    district = DISTRICTS[place]
    precincts = [Seated(n, list(range(n * 100, n * 100 + 7))) for n in range(1, district.precincts + 1)]
    return Teller(Random(seed), NOW, 4).tell_district(district, precincts)


def test_the_region_has_its_243_precincts() -> None:
    assert PRECINCTS == 243


@pytest.mark.parametrize("place", range(len(DISTRICTS)))
def test_as_many_have_finished_and_begun_as_the_district_says(place: int) -> None:
    tale, district = told(place), DISTRICTS[place]
    people = len(tale.journeys)
    finished = sum(one.finished for one in tale.journeys.values())
    begun = sum(one.has_begun and not one.finished for one in tale.journeys.values())
    assert finished == pytest.approx(district.finished * people, abs=0.06 * people)
    assert begun == pytest.approx(district.begun * people, abs=0.12 * people)
    assert people - finished - begun > 0


@pytest.mark.parametrize("place", range(len(DISTRICTS)))
def test_nobody_finishes_without_everything_and_nothing_lies_in_the_future(place: int) -> None:
    for journey in told(place).journeys.values():
        moments = [*journey.read, *(one.started_at for one in journey.tries)]
        assert moments == sorted(moments)
        assert all(moment < NOW for moment in moments)
        if journey.tries:
            assert len(journey.read) == 4
        whole = len(journey.read) == 4 and any(one.passes for one in journey.tries) and journey.meeting is not None
        assert whole == journey.finished
        if journey.meeting is not None:
            assert journey.meeting.ends_at < NOW


def test_second_tries_come_a_day_later() -> None:
    pairs = [one.tries for one in told().journeys.values() if len(one.tries) == 2]
    assert pairs
    assert all(second.started_at - first.started_at > timedelta(hours=24) for first, second in pairs)
    assert all((first.passes, second.passes) == (False, True) for first, second in pairs)


def test_workshops_lie_behind_and_ahead_one_of_them_today() -> None:
    meetings = told().meetings
    assert any(one.starts_at > NOW + timedelta(days=1) for one in meetings)
    assert [one.starts_at.date() for one in meetings].count(TODAY) == 1
    yesterdays = [one for one in meetings if one.ends_at < NOW and not one.taken]
    assert len(yesterdays) == 1
    slots = [(one.trainer, one.starts_at) for one in meetings]
    assert len(slots) == len(set(slots))


def test_the_same_seed_tells_the_same() -> None:
    first, again, other = told(seed=5), told(seed=5), told(seed=6)
    assert [one.read for one in first.journeys.values()] == [one.read for one in again.journeys.values()]
    assert [one.read for one in first.journeys.values()] != [one.read for one in other.journeys.values()]


def test_people_are_adults_with_demo_numbers_of_their_own() -> None:
    people = list(invent_people(500, rng=Random(1), today=TODAY))
    assert len({one.number for one in people}) == 500
    phones = [one.phone for one in people if one.phone]
    assert len(set(phones)) == len(phones)
    for one in people:
        assert check_digit_holds(one.number, demo=True)
        assert not check_digit_holds(one.number)
        born = find_birth_date(one.number)
        assert born is not None
        assert YOUNGEST <= (TODAY - born).days / 365.25 < OLDEST
        assert (int(one.number[6]) % 2 == 0) == one.name.is_woman


def test_all_parts_of_a_name_belong_together() -> None:
    rng = Random(3)
    for name in (invent_name(rng) for _ in range(800)):
        woman = name.patronymic.endswith(("қызы", "вна", "чна"))
        man = name.patronymic.endswith(("ұлы", "вич", "ич"))
        assert not (woman if not name.is_woman else man), name
        if name.surname not in SAME_FOR_BOTH:
            assert name.surname.endswith("а") == name.is_woman, name


def test_surnames_take_the_form_of_their_bearer() -> None:
    assert surname_of("Омаров", is_woman=True) == "Омарова"
    assert surname_of("Ильин", is_woman=False) == "Ильин"
    assert surname_of("Ким", is_woman=True) == "Ким"
