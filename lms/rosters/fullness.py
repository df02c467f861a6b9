"""Which commissions the file lists in full, how many seats they have, and who is leaving them."""

from __future__ import annotations

from collections.abc import Sequence

from lms.rosters.comparison import Comparison, Leaving
from lms.rosters.findings import NUMBER_UNCERTAIN, Note, NoteKind
from lms.rosters.reading.table import Sheet, Subtotal
from lms.rosters.state import Present


def count_seats(result: Comparison, subtotals: Sequence[Subtotal], sheets: Sequence[Sheet]) -> None:
    """Seats by the file's own column, else by the subtotal where it agrees, else by the rows."""
    for subtotal in subtotals:
        index = result.entries[subtotal.last].place if subtotal.last >= 0 else -1
        if index >= 0:
            place = result.places[index]
            place.said = (place.said or 0) + subtotal.said
    for place in result.named_places:
        place.seats = place.seats or place.rows
        if place.said is not None and place.said != place.rows:
            params = {"sheet": sheets[place.sheet].name, "row": str(place.row)}
            result.notes.append(
                Note(NoteKind.SUBTOTAL_DIFFERS, {**params, "said": str(place.said), "rows": str(place.rows)})
            )


def find_full_places(result: Comparison) -> None:
    """A commission is listed in full unless its subtotal disagrees or a row of it does not say whom it means."""
    for entry in result.entries:
        if entry.place >= 0 and entry.problem and (entry.problem.kind in NUMBER_UNCERTAIN or not entry.hash):
            place = result.places[entry.place]
            place.held_by = place.held_by or (entry.sheet, entry.row)
    for place in result.named_places:
        place.full = place.held_by is None and place.said in (None, place.rows)


def find_leaving(result: Comparison, present: Present) -> None:
    """Note the present members whom the full roster of their commission no longer names."""
    named: dict[int, set[str]] = {}
    for entry in result.entries:
        if entry.place >= 0 and entry.hash:
            named.setdefault(entry.place, set()).add(entry.hash)
    for place in result.named_places:
        if place.full and place.present:
            members = present.members.get(place.present.id, [])
            gone = (member for member in members if member not in named.get(place.index, ()))
            result.leaving.extend(Leaving(place.index, member) for member in gone)
