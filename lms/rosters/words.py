"""What a page says about an import: where it stands, what will follow, what a row would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lms.commissions.names import constituency_names, name_of, office_name, precinct_names
from lms.commissions.queries import list_named, list_precincts
from lms.commissions.rules import Territory
from lms.core.web.languages import NAMES, _, _n, number, pick
from lms.people.identity_number import masked
from lms.rosters.departures import Departures
from lms.rosters.findings import Outcome
from lms.rosters.messages import field_name, finding_sentence, normalised_name, outcome_name, problem_name
from lms.rosters.models import RosterImport, RosterRow
from lms.rosters.packing import KeptPlace, findings_of, unpack, unpack_place
from lms.rosters.states import ImportState

FEW = 10
"""New commissions that are shown."""
TAGS = {
    Outcome.NEW: "done",
    Outcome.CHANGED: "",
    Outcome.UNCHANGED: "",
    Outcome.LEAVING: "wait",
    Outcome.PROBLEM: "today",
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it."""

    where: str
    commission: str
    name: str
    number: str
    office: str
    outcome: str
    kind: str
    """Kind of the tag."""
    sentence: str
    """The problem, what was put right, or what changes; empty when there is nothing to say."""


def state_words(roster_import: RosterImport) -> tuple[str, str]:
    """Where an import stands, and the kind of its tag."""
    job = roster_import.job
    if job is not None and job.state in ("queued", "running"):
        return (_("at work"), "wait")
    if roster_import.state == ImportState.READ and changes_nothing(roster_import.counts):
        return (_("changes nothing"), "")
    return {
        ImportState.UPLOADED: (_("not read yet"), "wait"),
        ImportState.READ: (_("to be applied"), "wait"),
        ImportState.APPLIED: (_("applied"), "done"),
        ImportState.UNDONE: (_("undone"), "wait"),
        ImportState.DISCARDED: (_("discarded"), ""),
        ImportState.FAILED: (_("cannot be read"), "today"),
    }[ImportState(roster_import.state)]


def list_new_places(roster_import: RosterImport) -> list[str]:
    """The commissions that applying would make, as the file names them, each with the one above: none of them is known,
    so that a misspelt name stands here too."""
    places = [unpack_place(values) for values in roster_import.places]
    new = [one for one in places if one.needed and one.present_id is None and one.parent is not None]
    parents = {one.index: places[one.parent or 0] for one in new}
    known = list_named({above.present_id for above in parents.values() if above.present_id})
    names = {one.index: name_of(known[one.present_id]) if one.present_id in known else one.name for one in places}
    words = [_place_words(one, names[parents[one.index].index]) for one in new]
    words[:FEW] = [_with_same_number(words[at], one, roster_import) for at, one in enumerate(new[:FEW])]
    return words


def _with_same_number(words: str, place: KeptPlace, roster_import: RosterImport) -> str:
    """What a precinct that would be made is called; beside it, where in the branch its number is given already."""
    if place.territory is not Territory.PRECINCT or place.number is None:
        return words
    same = list_precincts(roster_import.commission_id, place.number)
    above = list_named({one.parent_id for one in same})
    where = ", ".join(name_of(above[one.parent_id]) for one in same if one.parent_id in above)
    return f"{words}. " + _("There is one with this number: %(where)s.", where=where) if where else words


def _place_words(place: KeptPlace, above: str) -> str:
    if place.name or place.number is None:
        return place.name
    if place.territory is Territory.CONSTITUENCY:
        name = pick(constituency_names(place.number))
    else:
        name = pick(precinct_names(place.number, abroad=place.territory is Territory.PRECINCT_ABROAD))
    return f"{name}, {above}" if above else name


def changes_nothing(counts: dict[str, Any]) -> bool:
    """Whether applying would change nothing, problems or not."""
    return not what_follows(counts)


def what_follows(counts: dict[str, Any]) -> list[str]:
    """What applying will do, a sentence each; empty when it would change nothing."""
    outcomes = counts["outcomes"]
    said = (
        (counts["new_commissions"], _new_commissions),
        (outcomes[Outcome.NEW], _new_people),
        (outcomes[Outcome.CHANGED], _changed_people),
        (outcomes[Outcome.LEAVING], _leaving_people),
    )
    return [words(count) for count, words in said if count]


def _new_commissions(n: int) -> str:
    return _n("%(n)s commission is made.", "%(n)s commissions are made.", n)


def _new_people(n: int) -> str:
    return _n(
        "%(n)s person takes a seat and is enrolled in what they must learn.",
        "%(n)s people take seats and are enrolled in what they must learn.",
        n,
    )


def _changed_people(n: int) -> str:
    return _n("%(n)s member is corrected.", "%(n)s members are corrected.", n)


def _leaving_people(n: int) -> str:
    return _n(
        "%(n)s member leaves the seat; what they have done is kept.",
        "%(n)s members leave their seats; what they have done is kept.",
        n,
    )


def what_the_file_lists(*, full: bool) -> str:
    """Whether who is not in the file leaves."""
    if full:
        return _("The file lists whole commissions: who is not in it any more leaves.")
    return _("The file only adds and changes: nobody is leaving.")


def many_leave(departures: Departures) -> str:
    """How many members leave, of how many."""
    return _n(
        "%(n)s of %(members)s members leaves the seat",
        "%(n)s of %(members)s members leave their seats",
        departures.leaving,
        members=number(departures.members),
    )


def leaving_with_role(departures: Departures) -> str:
    """How many of the leaving hold a role; empty when nobody is leaving."""
    if not departures.leaving:
        return ""
    if not departures.with_role:
        return _("None of those leaving holds a role.")
    return _n(
        "%(n)s of those leaving holds a role; it stays until it is taken away under Roles.",
        "%(n)s of those leaving hold roles; these stay until they are taken away under Roles.",
        departures.with_role,
    )


def shown(row: RosterRow) -> ShownRow:
    """The row for the page: opened, with its sentence."""
    data = unpack(row.payload)
    number = data.get("number", "")
    return ShownRow(
        where=_place(row),
        commission=data.get("commission", ""),
        name=" ".join(data[part] for part in ("surname", "given_name", "patronymic") if data.get(part)),
        number=masked(number) if number else "",
        office=office_name(data["office"]) if data.get("office") else "",
        outcome=outcome_name(row.outcome),
        kind=TAGS[Outcome(row.outcome)],
        sentence=_sentence(row, data),
    )


def kind_name(kind: str) -> str:
    """A kind of problem, or of what was put right, in a few words."""
    try:
        return problem_name(kind)
    except ValueError:
        return normalised_name(kind)


def _place(row: RosterRow) -> str:
    if row.number is None:
        return ""
    return f"{row.sheet}: {row.number}" if row.sheet else str(row.number)


def _sentence(row: RosterRow, data: dict[str, Any]) -> str:
    findings = findings_of(row.problem, row.normalised, data)
    if findings:
        return " ".join(finding_sentence(row.sheet, row.number or 0, one) for one in findings)
    return "; ".join(_change(name, before, data.get(name, "")) for name, before in data.get("changed", {}).items())


def _change(name: str, before: str, after: str) -> str:
    known = {**NAMES, "": _("nothing")}
    if name == "office":
        before, after = office_name(before), office_name(after)
    shown_before = known.get(before, before) if name == "language" or not before else before
    shown_after = known.get(after, after) if name == "language" else after
    return _("%(field)s: %(before)s → %(after)s", field=field_name(name), before=shown_before, after=shown_after)
