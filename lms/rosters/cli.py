"""Bring rosters in from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lms.commissions.cli import get_commission_named, scope_named
from lms.commissions.models import Commission
from lms.commissions.permissions import OVERSEERS, Scope
from lms.core.command import answer, in_app
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.errors import Refused
from lms.rosters import actions, queries
from lms.rosters.applying import apply_import
from lms.rosters.comparing import Compared, compare_content
from lms.rosters.findings import Note, NoteKind, Outcome
from lms.rosters.messages import fault_sentence, finding_sentence, note_sentence, outcome_name
from lms.rosters.models import RosterImport
from lms.rosters.packing import findings_of, unpack
from lms.rosters.permissions import check_may_import, get_import
from lms.rosters.reading.faults import UnreadableFile
from lms.rosters.reading.kinds import check_size
from lms.rosters.states import ImportState
from lms.rosters.undo_words import what_undoing_does
from lms.rosters.undoing import check_may_undo, counts_of, undo_import
from lms.rosters.words import leaving_with_role, many_leave

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("rosters")
def rosters() -> None:
    """Lists of commissions and their members."""


@rosters.command("import")
@click.argument("file", type=FILE)
@click.option("--commission", "code", default=None, help="Code of the commission whose branch the file is for.")
@click.option("--by", required=True, help="Login of whoever decides.")
@click.option(
    "--apply", "applied", is_flag=True, help="Do what the file says; without it, only say what would be done."
)
@click.option("--leave-out-problems", is_flag=True, help="Apply the good rows although some rows have problems.")
@click.option("--let-leave", is_flag=True, help="Apply although many (5 or more, over 10 %) would leave their seats.")
@click.option("--additions-only", is_flag=True, help="The file does not list whole commissions: nobody is leaving.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def import_roster(
    file: Path,
    code: str | None,
    by: str,
    applied: bool,
    leave_out_problems: bool,
    let_leave: bool,
    additions_only: bool,
    as_json: bool,
) -> None:
    """Read a roster (CSV or XLSX), compare it with the present commissions, and apply it if told to."""
    with Console(stderr=True).status(f"Reading {file.name}"):
        with only_reading():  # nobody's answer waits for the reading
            scope = scope_named(by)
            commission = get_commission_named(code) if code else own_commission(scope)
            content = _read(file)
            compared = _compare(content, commission, scope, full=not additions_only)
            db.session.commit()
        made = actions.upload(
            content=content, file_name=file.name, commission=commission, full=not additions_only, by=scope
        )
        actions.keep_comparison(roster_import=made, compared=compared, by=scope)
        del compared  # what is applied is what was kept; of a whole country both at once are much
        if applied:
            apply_import(roster_import=made, leave_out_problems=leave_out_problems, let_leave=let_leave, by=scope)
    data = as_data(made)
    answer(data, as_json=as_json, words=_in_words(made, data))


@rosters.command("undo")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Login of whoever decides.")
@click.option("--really", is_flag=True, help="Undo it; without it, only say what would be done.")
@in_app
def undo_roster(number: int, by: str, really: bool) -> None:
    """Undo an applied roster (its NUMBER as `lms rosters import` says it): everything is as it was before."""
    scope = scope_named(by)
    roster_import = get_import(scope, number)
    changes = check_may_undo(roster_import, scope)
    said = what_undoing_does(counts_of(changes)) or ["It has changed nothing."]
    if really:
        undo_import(roster_import=roster_import, by=scope)
    done = f"Import {number} is undone." if really else "Nothing has changed yet. Add --really to do it."
    click.echo("\n".join([*said, done]))


def _compare(content: bytes, commission: Commission, scope: Scope, *, full: bool) -> Compared:
    check_may_import(scope, commission.id)
    try:
        return compare_content(content, base=commission, full=full)
    except UnreadableFile as refusal:
        raise Refused(fault_sentence(refusal.fault, refusal.params)) from refusal


def own_commission(scope: Scope) -> Commission:
    """The one commission whose branch `scope` looks after. Raises Refused when there is none or more than one."""
    places = sorted(scope.places(*OVERSEERS))
    if len(places) != 1:
        raise Refused("Say which commission the file is for: --commission CODE.")
    return db.session.get_one(Commission, places[0])


def as_data(made: RosterImport) -> dict[str, Any]:
    """What the command answers: counts and every finding, problems first to last in the order of the file."""
    counts = made.counts
    findings = []
    for outcome in (Outcome.PROBLEM, Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED):
        if outcome is Outcome.PROBLEM or counts["normalised"]:
            findings.extend(_findings(made.id, outcome))
    return {
        "import": made.id,
        "applied": made.state == ImportState.APPLIED,
        "left_out": made.left_out,
        **counts,
        "notes": [note_sentence(Note(NoteKind(kind), params)) for kind, params in made.notes],
        "findings": findings,
    }


def _findings(import_id: int, outcome: Outcome) -> list[dict[str, Any]]:
    found = []
    for row in queries.iterate_rows(import_id, outcome):
        if not row.problem and not row.normalised:
            continue
        for finding in findings_of(row.problem, row.normalised, unpack(row.payload)):
            message = finding_sentence(row.sheet, row.number or 0, finding)
            place = {"sheet": row.sheet, "row": row.number, "column": finding.column}
            found.append({**place, "kind": finding.kind.value, "message": message})
    return found


def _read(file: Path) -> bytes:
    try:
        check_size(file.stat().st_size)
    except UnreadableFile as refusal:
        raise Refused(fault_sentence(refusal.fault, refusal.params)) from refusal
    return file.read_bytes()


def _in_words(made: RosterImport, data: dict[str, Any]) -> str:
    outcomes = ", ".join(f"{count} {outcome_name(name)}" for name, count in data["outcomes"].items())
    lines = [f"{data['rows']} rows of {data['commissions']} commissions: {outcomes}."]
    lines += [finding["message"] for finding in data["findings"]] + data["notes"]
    if made.state == ImportState.READ:
        departures = queries.count_departures(made)
        if departures.leaving:
            lines.append(f"{many_leave(departures)}. {leaving_with_role(departures)}")
    done = "Applied." if data["applied"] else f"Nothing has changed yet (import {made.id}). Add --apply to do it."
    return "\n".join([*lines, done])


COMMANDS = [rosters]
