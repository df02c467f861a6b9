"""Compare a roster with the present state: each row is new, unchanged, changed or a problem; some people leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lms.core import clock
from lms.people.likeness import may_be_one
from lms.rosters.comparison import Comparison
from lms.rosters.findings import Finding, Outcome, Problem
from lms.rosters.fullness import count_seats, find_full_places, find_leaving
from lms.rosters.judging import Entry, Usage, cells_as_sent, judge
from lms.rosters.placing import Place, Placer
from lms.rosters.reading.headings import Field
from lms.rosters.reading.table import Sheet, SourceRow, Subtotal, Table
from lms.rosters.reading.words import wildcard
from lms.rosters.repeats import find_repeats, find_second_chairs
from lms.rosters.state import Present, PresentPerson
from lms.rosters.unusual import note_unusual

PERSON_FIELDS = ("surname", "given_name", "patronymic", "phone", "email", "language")
APPOINTMENT_FIELDS = ("office", "nominated_by")
Hasher = Callable[[str], str]


def judge_all(table: Table, *, usage: Usage) -> list[Entry]:
    """Every row of the table, judged by itself."""
    return [judge(row, table.sheets[row.sheet].headings, typed=table.typed, usage=usage) for row in table.rows]


def add_hashes(entries: list[Entry], hash_of: Hasher) -> None:
    """Give every entry with an identity number its hash."""
    for entry in entries:
        if entry.number:
            entry.hash = hash_of(entry.number)


def keep_sent_cells(entries: Sequence[Entry], rows: Sequence[SourceRow]) -> None:
    """Give every problem its cells as they stood: one found only beside the other rows has none yet."""
    for entry, row in zip(entries, rows, strict=True):
        if entry.problem and entry.raw is None:
            entry.raw = cells_as_sent(row)


def compare(
    entries: list[Entry],
    sheets: Sequence[Sheet],
    subtotals: Sequence[Subtotal],
    present: Present,
    *,
    full: bool,
) -> Comparison:
    """Give each entry its place and outcome, and find who is leaving: `place`, then `settle`."""
    result = place(entries, sheets, present)
    settle(result, sheets, subtotals, present, full=full)
    return result


def place(entries: list[Entry], sheets: Sequence[Sheet], present: Present) -> Comparison:
    """Give each entry its commission, present or to be made. Needs no people yet."""
    result = Comparison(entries, [])
    _place_all(result, sheets, present)
    return result


def settle(
    result: Comparison, sheets: Sequence[Sheet], subtotals: Sequence[Subtotal], present: Present, *, full: bool
) -> None:
    """Give each placed entry its outcome, and find who is leaving.

    Entries carry the hash of their identity number; `present` knows these people and the members of the commissions
    named. `full`: whether the file lists whole commissions; if not, nobody is leaving.
    """
    _tell_lost_names(result.entries, present)
    _check_people(result, present)
    find_repeats(result.entries, sheets)
    count_seats(result, subtotals, sheets)
    if full:
        find_full_places(result)
        find_leaving(result, present)
    _settle(result, present)
    find_second_chairs(result, sheets, present, full=full)
    _find_needed(result)
    note_unusual(result, present, sheets)


def _place_all(result: Comparison, sheets: Sequence[Sheet], present: Present) -> None:
    placer = Placer(present)
    names = [(sheet.name, *sheet.titles) for sheet in sheets]
    for entry in result.entries:
        if not entry.commission:
            continue
        found = placer.place(entry.sheet, names[entry.sheet], entry.commission, entry.territory)
        if isinstance(found, Problem):
            heading = sheets[entry.sheet].headings[Field.COMMISSION]
            entry.fail(Finding(found, heading, {"value": entry.commission[:60]}))
            continue
        entry.place = found.index
        if not found.rows:
            found.sheet, found.row = entry.sheet, entry.row
        found.rows += 1
        found.time_zone = found.time_zone or entry.time_zone
        found.seats = found.seats or entry.seats
    result.places = placer.places


def _tell_lost_names(entries: list[Entry], present: Present) -> None:
    """Where the identity number is known, a `?` stands for any letter; elsewhere it is a problem, never a guess."""
    for entry in entries:
        if entry.lost_letter is None:
            continue
        person = present.people.get(entry.hash) if not entry.problem else None
        if person and _is_ours(person) and _names_fit(entry, person):
            entry.surname, entry.given_name = person.surname, person.given_name
            entry.patronymic = person.patronymic if entry.patronymic else ""
        elif entry.problem is None or entry.place >= 0:
            entry.fail(entry.lost_letter)


def _check_people(result: Comparison, present: Present) -> None:
    """Nobody is taken for another because of a number, and nobody comes to a seat too young."""
    today = clock.today()
    for entry in result.entries:
        if entry.problem:
            continue
        person = present.people.get(entry.hash)
        if person and not may_be_one((person.surname, person.given_name), (entry.surname, entry.given_name)):
            entry.fail(Finding(Problem.OTHER_NAME, entry.number_column))
        elif (
            entry.of_age_on is not None
            and entry.of_age_on > today
            and not (person and _is_here(person, result.places[entry.place]))
        ):
            entry.fail(Finding(Problem.TOO_YOUNG, entry.number_column, {"day": entry.of_age_on.isoformat()}))


def _is_ours(person: PresentPerson) -> bool:
    return person.appointment is None or person.appointment.visible


def _names_fit(entry: Entry, person: PresentPerson) -> bool:
    pairs = (
        (entry.surname, person.surname),
        (entry.given_name, person.given_name),
        (entry.patronymic, person.patronymic or entry.patronymic),
    )
    return all(not read or wildcard(read).fullmatch(known) for read, known in pairs)


def _settle(result: Comparison, present: Present) -> None:
    leaving = {person.hash for person in result.leaving}
    for entry in result.entries:
        if entry.problem:
            continue
        person = present.people.get(entry.hash)
        if person is None or person.appointment is None:
            entry.outcome = Outcome.NEW
        elif _is_here(person, result.places[entry.place]):
            entry.changed = find_changes(entry, person)
            entry.outcome = Outcome.CHANGED if entry.changed else Outcome.UNCHANGED
        elif entry.hash in leaving:
            entry.outcome = Outcome.NEW
        else:
            entry.fail(Finding(Problem.IN_TWO, entry.number_column, _elsewhere(person, present)))


def _find_needed(result: Comparison) -> None:
    """A commission that only rows with problems name is not made."""
    for entry in result.entries:
        index = None if entry.problem else entry.place
        while index is not None and not result.places[index].needed:
            result.places[index].needed = True
            index = result.places[index].parent


def _is_here(person: PresentPerson, place: Place) -> bool:
    appointment = person.appointment
    return appointment is not None and place.present is not None and appointment.commission_id == place.present.id


def find_changes(entry: Entry, person: PresentPerson) -> tuple[str, ...]:
    """Names of the fields that the file would change. An empty cell changes nothing."""
    changed = [name for name in PERSON_FIELDS if _differs(getattr(entry, name), getattr(person, name))]
    if person.appointment:
        appointment = person.appointment
        changed += [name for name in APPOINTMENT_FIELDS if _differs(getattr(entry, name), getattr(appointment, name))]
    return tuple(changed)


def _differs(read: str, known: str) -> bool:
    if not read or read == known:
        return False
    return "?" not in read or not wildcard(read).fullmatch(known)


def _elsewhere(person: PresentPerson, present: Present) -> dict[str, str]:
    """The other commission's name, if it lies in the branch; of others nothing is told."""
    appointment = person.appointment
    if appointment is None or not appointment.visible or appointment.commission_id not in present.commissions:
        return {}
    return {"present": present.commissions[appointment.commission_id].code}
