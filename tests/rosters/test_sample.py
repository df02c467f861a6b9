"""The sample rosters give exactly what the specification says."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from lms.rosters.comparison import Comparison
from lms.rosters.findings import Outcome, Problem
from lms.rosters.judging import Usage
from lms.rosters.reading.table import read
from lms.rosters.rules import add_hashes, compare, judge_all
from tests.factories.rosters import present, sample

EXPECTED = json.loads(sample("mangystau-roster.expected.json"))


def compared(name: str) -> Comparison:
    table = read(sample(name))
    entries = judge_all(table, usage=Usage(demo=True))
    add_hashes(entries, str)
    return compare(entries, table.sheets, table.subtotals, present(), full=True)


@pytest.fixture(scope="module")
def region() -> Comparison:
    return compared("mangystau-roster.xlsx")


def test_rows_and_commissions(region: Comparison) -> None:
    assert len(region.entries) == EXPECTED["rows"]
    assert len(region.named_places) == EXPECTED["commissions"]
    assert not region.notes
    assert len({entry.hash for entry in region.entries if entry.hash}) == 1761 - 3


def test_outcomes(region: Comparison) -> None:
    outcomes = Counter(entry.outcome for entry in region.entries)
    assert outcomes == {Outcome.NEW: EXPECTED["seats_valid"], Outcome.PROBLEM: sum(EXPECTED["problems"].values())}
    assert not region.leaving


def test_problems(region: Comparison) -> None:
    assert Counter(entry.problem.kind.value for entry in region.entries if entry.problem) == EXPECTED["problems"]


def test_normalised(region: Comparison) -> None:
    kinds = Counter(entry.normalised.kind.value for entry in region.entries if entry.normalised)
    assert kinds == EXPECTED["normalised"]


def test_later_row_is_the_problem(region: Comparison) -> None:
    found = {
        (region.places[entry.place].number, entry.row): (entry.problem.kind, entry.problem.params["row"])
        for entry in region.entries
        if entry.problem and "row" in entry.problem.params
    }
    assert found == {
        (67, 67): (Problem.TWICE_IN_ONE, "66"),
        (200, 109): (Problem.TWICE_IN_ONE, "107"),
        (159, 17): (Problem.IN_TWO, "157"),
        (193, 50): (Problem.IN_TWO, "91"),
        (110, 93): (Problem.SECOND_CHAIR, "87"),
        (183, 214): (Problem.SECOND_CHAIR, "209"),
    }


def test_the_tree(region: Comparison) -> None:
    assert Counter(place.territory.value for place in region.named_places) == {
        "region": 1,
        "city": 2,
        "district": 5,
        "precinct": 243,
    }
    assert sum(place.seats for place in region.named_places) == EXPECTED["rows"]
    assert Counter(place.seats for place in region.named_places) == {7: 243, 8: 8}


def test_demo_numbers_are_refused_by_a_real_installation() -> None:
    table = read(sample("mangystau-roster-abroad.csv"))
    entries = judge_all(table, usage=Usage(demo=False))
    assert {entry.problem.kind for entry in entries if entry.problem} == {Problem.CHECK_DIGIT}
    assert all(entry.problem for entry in entries)


def test_old_code_page_loses_letters() -> None:
    found = compared("mangystau-roster-cp1251.csv")
    assert len(found.entries) == 84
    assert len(found.named_places) == 12
    assert Counter(entry.problem.kind for entry in found.entries if entry.problem) == {Problem.LOST_LETTER: 76}
    assert Counter(entry.outcome for entry in found.entries) == {Outcome.PROBLEM: 76, Outcome.NEW: 8}
    assert {entry.number for entry in found.entries if " " in (entry.raw or {}).get("identity number", "")} == {
        "760627454155"
    }


def test_precincts_abroad_are_clean() -> None:
    found = compared("mangystau-roster-abroad.csv")
    assert Counter(entry.outcome for entry in found.entries) == {Outcome.NEW: 340}
    assert not [entry for entry in found.entries if entry.normalised]
    assert {place.territory.value for place in found.named_places} == {"precinct_abroad"}
    assert len(found.named_places) == 68
    assert all(place.seats == 5 and "/" in place.time_zone for place in found.named_places)
