"""What a commission would look like after applying: offices, sizes and parties that are allowed but seldom meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lms.commissions.rules import Office, level_of
from lms.core import clock
from lms.countries.rules import folded, get_size, is_party
from lms.rosters.comparison import Comparison
from lms.rosters.findings import Note, NoteKind
from lms.rosters.placing import Place
from lms.rosters.reading.table import Sheet
from lms.rosters.state import Present

MOST_NOTES = 200
_ONE_IN_EACH = {Office.DEPUTY_CHAIR: NoteKind.TWO_DEPUTIES, Office.SECRETARY: NoteKind.TWO_SECRETARIES}
Held = dict[str, tuple[str, str]]
"""Who would hold a seat of a commission: office and nominating body."""


def note_unusual(result: Comparison, present: Present, sheets: Sequence[Sheet]) -> None:
    """Note commissions of the file that would have two deputy chairs, two secretaries, more members than is usual or
    allowed in the country, or two of one party where it has one; and identity numbers that should be looked at."""
    notes: list[Note] = []
    held = _held_after(result, present)
    names = {entry.place: entry.commission for entry in reversed(result.entries)}
    for place in result.named_places:
        found = _notes_of(place, held[place.index], present)
        notes += [Note(kind, {"commission": names[place.index], **params}) for kind, params in found]
    result.notes.extend(notes[:MOST_NOTES])
    _note_odd_numbers(result, sheets)


def _notes_of(place: Place, held: Held, present: Present) -> Iterator[tuple[NoteKind, dict[str, str]]]:
    offices = Counter(office for office, _body in held.values())
    for office, kind in _ONE_IN_EACH.items():
        if offices[office] > 1:
            yield kind, {"count": str(offices[office])}
    country = present.country
    most = min(country.many_members, get_size(country, level_of(place.territory), clock.today()).most)
    if len(held) > most:
        yield NoteKind.MANY_MEMBERS, {"count": str(len(held)), "most": str(most)}
    if country.one_per_party:
        bodies = {folded(body): body for _office, body in held.values() if is_party(country, body)}
        counts = Counter(folded(body) for _office, body in held.values())
        for key, body in bodies.items():
            if counts[key] > 1:
                yield NoteKind.PARTY_TWICE, {"count": str(counts[key]), "body": body}


def _note_odd_numbers(result: Comparison, sheets: Sequence[Sheet]) -> None:
    odd = [entry for entry in result.entries if entry.odd_number and not entry.problem]
    if odd:
        first = {"sheet": sheets[odd[0].sheet].name, "row": str(odd[0].row)}
        result.notes.append(Note(NoteKind.ODD_NUMBERS, {"count": str(len(odd)), **first}))


def _held_after(result: Comparison, present: Present) -> dict[int, Held]:
    """Who would sit in each commission: those who stay as they are, then what the good rows say."""
    leaving = {(one.place, one.hash) for one in result.leaving}
    after: dict[int, Held] = {}
    for place in result.named_places:
        members = present.members.get(place.present.id, []) if place.present else []
        seats = ((member, present.people[member].appointment) for member in members)
        after[place.index] = {
            member: (seat.office, seat.nominated_by)
            for member, seat in seats
            if seat and (place.index, member) not in leaving
        }
    for entry in result.entries:
        if not entry.problem:
            known = after[entry.place].get(entry.hash, ("", ""))
            after[entry.place][entry.hash] = (entry.office, entry.nominated_by or known[1])
    return after
