"""Compare a kept file with the present state. Only reads: nothing changes here."""

from __future__ import annotations

from dataclasses import dataclass

from lms.campaigns.queries import is_demo, number_scheme, this_country
from lms.commissions.models import Commission
from lms.people.vault import bulk_hasher
from lms.rosters import queries, rules
from lms.rosters.comparison import Comparison
from lms.rosters.judging import Usage
from lms.rosters.models import RosterImport
from lms.rosters.packing import unpack_place
from lms.rosters.reading.headings import Field
from lms.rosters.reading.table import Table, read
from lms.rosters.state import Present


@dataclass(slots=True)
class Compared:
    """A file that was read, beside the state it was compared with."""

    table: Table
    present: Present
    comparison: Comparison
    full: bool
    mends_id: int | None


def compare_content(content: bytes, *, base: Commission, full: bool) -> Compared:
    """What applying this file to the branch of `base` would do. Raises UnreadableFile.

    `full`: the sender says that the file lists whole commissions. Mended rows, which carry the number of their import,
    never do.
    """
    table = read(content, queries.list_columns_said(base.id))
    mends_id = _mended_import(table, base)
    full = full and mends_id is None
    country = this_country()
    usage = Usage(is_demo(), number_scheme(), country.offices, country.least_age, country.phone)
    entries = rules.judge_all(table, usage=usage)
    rules.add_hashes(entries, bulk_hasher())
    present = queries.load_commissions(base)
    present.country = country
    comparison = rules.place(entries, table.sheets, present)
    named = [place.present.id for place in comparison.named_places if place.present]
    queries.load_people(present, {entry.hash for entry in entries if entry.hash}, named)
    rules.settle(comparison, table.sheets, table.subtotals, present, full=full)
    rules.keep_sent_cells(entries, table.rows)
    table.rows.clear()
    return Compared(table, present, comparison, full, mends_id)


def mark_now(roster_import: RosterImport) -> str:
    """The mark of the state as it is now, over the people and commissions that the import was compared with."""
    present = queries.load_commissions(roster_import.commission)
    places = map(unpack_place, roster_import.places)
    named = [place.present_id for place in places if place.rows and place.present_id]
    queries.load_people(present, queries.list_hashes(roster_import.id), named)
    return present.mark()


def _mended_import(table: Table, base: Commission) -> int | None:
    """The import that all rows name in their import column, if there is one for this branch or one above."""
    named = {str(row.cells.get(Field.IMPORT, "")).strip().removesuffix(".0") for row in table.rows}
    value = named.pop() if len(named) == 1 else ""
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return None
    return queries.find_mendable(int(value), base)
