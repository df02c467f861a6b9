"""One person, one seat; one commission, one chair."""

from __future__ import annotations

from collections.abc import Sequence

from lms.commissions.rules import Office
from lms.people.likeness import may_be_one
from lms.rosters.comparison import Comparison
from lms.rosters.findings import Finding, Outcome, Problem
from lms.rosters.judging import Entry
from lms.rosters.placing import Place
from lms.rosters.reading.table import Sheet
from lms.rosters.state import Present


def find_repeats(entries: list[Entry], sheets: Sequence[Sheet]) -> None:
    """Of two rows with one identity number, and of two chairs, the later one is the problem; where the names beside a
    number are different, it cannot be said whose it is, and every such row is one."""
    _find_two_names(entries, sheets)
    people: dict[str, Entry] = {}
    chairs: dict[int, Entry] = {}
    for entry in entries:
        if entry.problem:
            continue
        first = people.setdefault(entry.hash, entry)
        if first is not entry:
            kind = Problem.TWICE_IN_ONE if first.place == entry.place else Problem.IN_TWO
            entry.fail(Finding(kind, entry.number_column, _whereabouts(first, sheets)))
        elif entry.office == Office.CHAIR and (chair := chairs.setdefault(entry.place, entry)) is not entry:
            entry.fail(Finding(Problem.SECOND_CHAIR, entry.office_column, _whereabouts(chair, sheets)))
            del people[entry.hash]


def _find_two_names(entries: list[Entry], sheets: Sequence[Sheet]) -> None:
    people: dict[str, Entry] = {}
    for entry in entries:
        if entry.problem:
            continue
        first = people.setdefault(entry.hash, entry)
        if first is entry:
            continue
        names = (first.surname, first.given_name), (entry.surname, entry.given_name)
        if first.problem or not may_be_one(*names):
            entry.fail(Finding(Problem.TWO_NAMES, entry.number_column, _whereabouts(first, sheets)))
            if not first.problem:
                first.fail(Finding(Problem.TWO_NAMES, first.number_column, _whereabouts(entry, sheets)))


def _whereabouts(entry: Entry, sheets: Sequence[Sheet]) -> dict[str, str]:
    return {"sheet": sheets[entry.sheet].name, "row": str(entry.row), "commission": entry.commission}


def find_second_chairs(result: Comparison, sheets: Sequence[Sheet], present: Present, *, full: bool) -> None:
    """A new chair beside a present one who stays is a problem too."""
    chairs = _staying_chairs(result, present)
    found = [
        entry
        for entry in result.entries
        if not entry.problem
        and entry.office == Office.CHAIR
        and entry.outcome is not Outcome.UNCHANGED
        and chairs.get(entry.place, entry.hash) != entry.hash
    ]
    named = _rows_that_name(result, {chairs[entry.place] for entry in found}) if full else {}
    for entry in found:
        place, chair = result.places[entry.place], chairs[entry.place]
        why = _why_the_chair_stays(place, named.get((place.index, chair)), entry.sheet, sheets) if full else {}
        entry.fail(Finding(Problem.SECOND_CHAIR, entry.office_column, why))


def _rows_that_name(result: Comparison, people: set[str]) -> dict[tuple[int, str], Entry]:
    """The row of each of these people in each commission."""
    return {(entry.place, entry.hash): entry for entry in reversed(result.entries) if entry.hash in people}


def _why_the_chair_stays(place: Place, named: Entry | None, here: int, sheets: Sequence[Sheet]) -> dict[str, str]:
    """What keeps a present chair although the file lists whole commissions: it is to be mended first."""
    if named:
        return {"chair_sheet": sheets[named.sheet].name, "chair_row": str(named.row)}
    if place.held_by:
        sheet, row = place.held_by
        return {"held_sheet": "" if sheet == here else sheets[sheet].name, "held_row": str(row)}
    return {"said": str(place.said), "rows": str(place.rows)}


def _staying_chairs(result: Comparison, present: Present) -> dict[int, str]:
    leaving = {person.hash for person in result.leaving}
    moving = {entry.hash for entry in result.entries if not entry.problem and entry.office != Office.CHAIR}
    chairs: dict[int, str] = {}
    for place in result.named_places:
        for member in present.members.get(place.present.id, []) if place.present else []:
            appointment = present.people[member].appointment
            is_chair = appointment is not None and appointment.office == Office.CHAIR
            if is_chair and member not in leaving and member not in moving:
                chairs[place.index] = member
    return chairs
