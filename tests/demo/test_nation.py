"""The plan of the country is the table of 2022, to the last seat."""

from __future__ import annotations

import csv
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from lms.accounts.rules import read_login
from lms.commissions.rules import Level, Territory
from lms.core.errors import Refused
from lms.demo.nation import DATA, FEW_SEATS, SEATS, Place, plan_country, share_out

PLACES = plan_country(2022)
REGIONS = {
    1: (8, 2, 0, 475), 2: (17, 3, 0, 717), 3: (12, 1, 0, 520), 4: (9, 1, 0, 606), 5: (7, 1, 0, 262),
    6: (12, 1, 0, 436), 7: (10, 1, 0, 493), 8: (8, 2, 0, 447), 9: (7, 6, 0, 642), 10: (16, 4, 0, 745),
    11: (7, 1, 0, 370), 12: (5, 2, 0, 243), 13: (10, 3, 0, 528), 14: (13, 1, 0, 640), 15: (14, 3, 0, 919),
    16: (2, 3, 0, 136), 17: (9, 2, 0, 537), 18: (0, 0, 4, 406), 19: (0, 0, 8, 600), 20: (0, 0, 4, 311),
}  # fmt: skip
"""Districts, cities, districts of cities and precincts of each region."""
ABROAD = [place for place in PLACES if place.territory is Territory.PRECINCT_ABROAD]
PRECINCTS = [place for place in PLACES if place.level is Level.PEC]
TERRITORIAL = [place for place in PLACES if place.level is Level.TEC]


def test_there_are_as_many_commissions_and_members() -> None:
    assert Counter(place.level for place in PLACES) == {Level.CEC: 1, Level.TEC: 239, Level.PEC: 10_101}
    assert sum(place.members for place in TERRITORIAL) == 1_673
    assert sum(place.members for place in PRECINCTS) == 69_284
    assert len(ABROAD) == 68


@pytest.mark.parametrize("number", REGIONS)
def test_each_region_has_its_territories_and_precincts(number: int) -> None:
    found = Counter(place.territory for place in PLACES if place.region == number)
    kinds = (Territory.DISTRICT, Territory.CITY, Territory.CITY_DISTRICT, Territory.PRECINCT)
    assert tuple(found[kind] for kind in kinds) == REGIONS[number]
    assert found[Territory.REGION] + found[Territory.REPUBLICAN_CITY] == 1


def test_seats_and_vacancies_are_those_that_give_the_published_sum() -> None:
    assert Counter(place.seats for place in PRECINCTS) == {FEW_SEATS: 700, SEATS: 9_401}
    assert {place.seats for place in ABROAD} == {FEW_SEATS}
    assert sum(place.seats - place.members for place in PRECINCTS) == 23
    small = {
        number: sum(place.seats == FEW_SEATS for place in PRECINCTS if place.region == number) / REGIONS[number][3]
        for number in REGIONS
    }
    assert small[17] > 0.2 > small[12] > 0


def test_parents_stand_before_their_children_and_codes_grow_from_them() -> None:
    for place in PLACES[1:]:
        assert place.parent is not None
        assert place.parent < place.index
        assert place.code.startswith(PLACES[place.parent].code + "-")
    assert len({place.code for place in PLACES}) == len(PLACES)
    numbers = Counter((place.region, place.territory, place.number) for place in PRECINCTS)
    assert set(numbers.values()) == {1}


def test_no_name_is_missing_in_any_language_nor_given_twice_in_a_region() -> None:
    for place in PLACES:
        assert set(place.names) == {"kk", "ru", "en"}
        assert all(name.strip() == name and name for name in place.names.values())
    for language in ("kk", "ru", "en"):
        names = Counter((place.region, place.names[language]) for place in TERRITORIAL)
        assert set(names.values()) == {1}, [name for name, count in names.items() if count > 1]


def test_logins_in_words_are_all_different_and_can_be_typed() -> None:
    keys = [place.key for place in TERRITORIAL]
    assert len(set(keys)) == 239
    assert all(read_login(f"officer-{key}") == f"officer-{key}" and key.isascii() for key in keys)


def test_five_regions_in_the_west_are_an_hour_behind_and_those_abroad_have_their_own_zone() -> None:
    west = {place.region for place in PRECINCTS if ZoneInfo(place.zone).key not in (
        "Asia/Almaty", "Asia/Qostanay") and place not in ABROAD}  # fmt: skip
    assert west == {3, 5, 6, 11, 12}
    assert len({place.zone for place in ABROAD}) > 40
    with (DATA / "abroad.csv").open(encoding="utf-8") as table:
        assert len({row["country"] for row in csv.DictReader(table)}) == 53


def test_those_abroad_stand_where_the_setting_says() -> None:
    def above(places: list[Place]) -> set[str]:
        return {places[place.parent or 0].code for place in places if place.territory is Territory.PRECINCT_ABROAD}

    assert above(PLACES) == {"KZ-18-03"}
    assert above(plan_country(2022, abroad_under="KZ-18-01")) == {"KZ-18-01"}
    with pytest.raises(Refused) as refusal:
        plan_country(2022, abroad_under="KZ-77")
    assert "KZ-77" in refusal.value.sentence


def test_the_same_seed_plans_the_same() -> None:
    assert plan_country(2022) == PLACES
    assert plan_country(7) != PLACES


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(10, [1, 1, 1], [4, 3, 3]), (5, [97, 1, 1, 1], [2, 1, 1, 1]), (6, [3, 2, 1], [3, 2, 1])],
)
def test_a_whole_is_shared_out_without_a_rest(total: int, weights: list[int], parts: list[int]) -> None:
    assert share_out(total, weights) == parts
