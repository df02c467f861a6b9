"""What a commission would look like after applying: offices and sizes that are allowed but seldom meant."""

from __future__ import annotations

from collections import Counter

from lms.commissions.rules import Office
from lms.rosters.comparison import Comparison
from lms.rosters.findings import Note, NoteKind
from lms.rosters.state import Present

MOST_MEMBERS = 11
MOST_NOTES = 200
_ONE_IN_EACH = {Office.DEPUTY_CHAIR: NoteKind.TWO_DEPUTIES, Office.SECRETARY: NoteKind.TWO_SECRETARIES}


def note_unusual(result: Comparison, present: Present) -> None:
    """Note commissions of the file that would have two deputy chairs, two secretaries, or more than 11 members."""
    notes: list[Note] = []
    offices = _offices_after(result, present)
    names = {entry.place: entry.commission for entry in reversed(result.entries)}
    for place in result.named_places:
        held = Counter(offices[place.index].values())
        found = {kind: held[office] for office, kind in _ONE_IN_EACH.items() if held[office] > 1}
        if held.total() > MOST_MEMBERS:
            found[NoteKind.MANY_MEMBERS] = held.total()
        for kind, count in found.items():
            notes.append(Note(kind, {"commission": names[place.index], "count": str(count)}))
    result.notes.extend(notes[:MOST_NOTES])


def _offices_after(result: Comparison, present: Present) -> dict[int, dict[str, str]]:
    """Who would hold which office in each commission: those who stay as they are, then what the good rows say."""
    leaving = {(one.place, one.hash) for one in result.leaving}
    offices: dict[int, dict[str, str]] = {}
    for place in result.named_places:
        members = present.members.get(place.present.id, []) if place.present else []
        seats = ((member, present.people[member].appointment) for member in members)
        staying = {member: seat.office for member, seat in seats if seat and (place.index, member) not in leaving}
        offices[place.index] = staying
    for entry in result.entries:
        if not entry.problem:
            offices[entry.place][entry.hash] = entry.office
    return offices
