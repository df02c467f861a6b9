"""Take a roster in: keep the file, read it, apply what it would do. Nothing changes before applying."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete

from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import write_rows
from lms.core.documents import storage
from lms.core.errors import Refused
from lms.core.jobs.queue import ask_for
from lms.core.web.languages import _, current_language
from lms.people.vault import open_bytes, seal_bytes
from lms.rosters.comparing import Compared, compare_content
from lms.rosters.erasing import forget_content
from lms.rosters.errors import Erased, NotReady
from lms.rosters.findings import Outcome
from lms.rosters.messages import fault_sentence
from lms.rosters.models import RosterImport, RosterRow
from lms.rosters.packing import pack_entry, pack_leaving, pack_place
from lms.rosters.permissions import check_may_import
from lms.rosters.reading.faults import UnreadableFile
from lms.rosters.reading.kinds import check_size
from lms.rosters.states import ImportState

READ = "rosters.read"
APPLY = "rosters.apply"
COLUMNS = ("import_id", "sheet", "number", "outcome", "problem", "normalised", "number_hash", "payload")
"""What is kept of a row."""
LONGEST_NAME = 120
MOST_FILES = 20
"""Files taken at once."""
SETTLED = (ImportState.APPLIED, ImportState.DISCARDED)
"""Files in these states are not read any more."""


def upload_all(
    *, files: Sequence[tuple[str, bytes]], commission: Commission, full: bool, by: Scope
) -> tuple[list[RosterImport], list[str]]:
    """An import of each file (name, content), asked to be read, and why others were not taken: empty or too large.
    Raises Refused when none is left, or when there are too many."""
    check_may_import(by, commission.id)
    if len(files) > MOST_FILES:
        raise Refused(_("At most %(n)s files are taken at once. Choose fewer of them.", n=MOST_FILES))
    made: list[RosterImport] = []
    refused: list[str] = []
    for name, content in files:
        try:
            made.append(upload(content=content, file_name=name, commission=commission, full=full, by=by))
        except Refused as refusal:
            refused.append(refusal.sentence if len(files) == 1 else f"{_last_part(name)}: {refusal.sentence}")
    if not made:
        raise Refused(" ".join(refused))
    for one in made:
        ask_to_read(roster_import=one, by=by)
    return made, refused


def upload(*, content: bytes, file_name: str, commission: Commission, full: bool, by: Scope) -> RosterImport:
    """A new import of a file for the branch of `commission`, kept encrypted, not yet read.

    `full`: the file lists whole commissions. Raises Refused for a file that is empty or too large.
    """
    check_may_import(by, commission.id)
    campaign = get_open_campaign()
    try:
        check_size(len(content))
    except UnreadableFile as refusal:
        raise Refused(fault_sentence(refusal.fault, refusal.params)) from refusal
    name = _last_part(file_name)
    file = storage.store(seal_bytes(content), name=name, media_type="application/octet-stream")
    made = RosterImport(
        file_id=file.id,
        file_name=name,
        checksum=hashlib.sha256(content).hexdigest(),
        campaign_id=campaign.id,
        commission_id=commission.id,
        account_id=by.account_id,
        full=full,
        state=ImportState.UPLOADED,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    record("rosters.uploaded", by=by, subject=f"roster_import:{made.id}", commission=commission.id, size=len(content))
    return made


def _last_part(file_name: str) -> str:
    return file_name.replace("\\", "/").rsplit("/", maxsplit=1)[-1][-LONGEST_NAME:] or "roster"


def ask_to_read(*, roster_import: RosterImport, by: Scope) -> None:
    """Have the worker read the file (again)."""
    check_may_import(by, roster_import.commission_id)
    if roster_import.state in SETTLED:
        raise NotReady
    if roster_import.erased_at is not None:
        raise Erased(roster_import.erased_at)
    params = {"import_id": roster_import.id, "account_id": by.account_id, "language": current_language()}
    job = ask_for(READ, by=by, **params)
    roster_import.job_id = job.id
    db.session.flush()


def ask_to_apply(*, roster_import: RosterImport, leave_out_problems: bool, let_leave: bool = False, by: Scope) -> None:
    """Have the worker apply the import. `let_leave`: many members may leave, that was said a second time."""
    check_may_import(by, roster_import.commission_id)
    if roster_import.state != ImportState.READ:
        raise NotReady
    params = {"import_id": roster_import.id, "account_id": by.account_id, "language": current_language()}
    job = ask_for(APPLY, by=by, leave_out_problems=leave_out_problems, let_leave=let_leave, **params)
    roster_import.job_id = job.id
    db.session.flush()


def discard(*, roster_import: RosterImport, by: Scope) -> None:
    """Set a list aside that is not to be applied: what was read of it is deleted, and the file leaves the disk. Raises
    NotReady when it is applied, or is being applied or undone."""
    check_may_import(by, roster_import.commission_id)
    db.session.refresh(roster_import, with_for_update={"key_share": True})
    job = roster_import.job
    at_work = job is not None and job.kind != READ and job.state in ("queued", "running")
    if roster_import.state in SETTLED or at_work:
        raise NotReady
    db.session.execute(delete(RosterRow).where(RosterRow.import_id == roster_import.id))
    forget_content(roster_import)
    roster_import.state, roster_import.places = ImportState.DISCARDED, []
    record("rosters.discarded", by=by, subject=f"roster_import:{roster_import.id}")


def note_download(*, roster_import: RosterImport, by: Scope) -> None:
    """Record that rows with personal data left the house."""
    record("rosters.problems_downloaded", by=by, subject=f"roster_import:{roster_import.id}")


def compare_import(roster_import: RosterImport) -> Compared:
    """What applying the import would do now. Only reads. Raises UnreadableFile."""
    if roster_import.file_id is None:
        raise Erased(roster_import.erased_at)
    _row, sealed = storage.read(roster_import.file_id)
    return compare_content(open_bytes(sealed), base=roster_import.commission, full=roster_import.full)


def keep_comparison(*, roster_import: RosterImport, compared: Compared, by: Scope) -> None:
    """Keep what was found: every row with its outcome, ready to be looked at and applied."""
    check_may_import(by, roster_import.commission_id)
    if roster_import.state in SETTLED:
        raise NotReady
    db.session.execute(delete(RosterRow).where(RosterRow.import_id == roster_import.id))
    write_rows(RosterRow, COLUMNS, _rows(roster_import.id, compared))
    roster_import.counts = counts_of(compared)
    notes = [*compared.table.notes, *compared.comparison.notes]
    roster_import.notes = [[note.kind.value, note.params] for note in notes]
    roster_import.places = [pack_place(place) for place in compared.comparison.places]
    roster_import.full = compared.full
    roster_import.mends_id = compared.mends_id
    roster_import.mark = compared.present.mark()
    roster_import.state = ImportState.READ
    roster_import.read_at = clock.now()
    record("rosters.read", by=by, subject=f"roster_import:{roster_import.id}", counts=roster_import.counts)


def keep_fault(*, roster_import: RosterImport, refusal: UnreadableFile, by: Scope) -> None:
    """Keep why the file cannot be read."""
    roster_import.state = ImportState.FAILED
    roster_import.fault = refusal.fault.value
    roster_import.fault_params = refusal.params
    record("rosters.unreadable", by=by, subject=f"roster_import:{roster_import.id}", fault=refusal.fault.value)


def read_import(*, roster_import: RosterImport, by: Scope) -> None:
    """Read the file and keep what was found, or why it cannot be read."""
    try:
        compared = compare_import(roster_import)
    except UnreadableFile as refusal:
        keep_fault(roster_import=roster_import, refusal=refusal, by=by)
        return
    keep_comparison(roster_import=roster_import, compared=compared, by=by)


def counts_of(compared: Compared) -> dict[str, Any]:
    """The figures of a comparison: commissions, rows, outcomes, problems by kind, normalised by kind."""
    found = compared.comparison
    outcomes = Counter(entry.outcome.value for entry in found.entries)
    outcomes[Outcome.LEAVING.value] = len(found.leaving)
    return {
        "commissions": len(found.named_places),
        "new_commissions": sum(place.is_new for place in found.named_places),
        "rows": len(found.entries),
        "outcomes": {outcome.value: outcomes[outcome.value] for outcome in Outcome},
        "problems": dict(Counter(entry.problem.kind.value for entry in found.entries if entry.problem)),
        "normalised": dict(Counter(entry.normalised.kind.value for entry in found.entries if entry.normalised)),
    }


def _rows(import_id: int, compared: Compared) -> Iterator[Sequence[Any]]:
    found, people = compared.comparison, compared.present.people
    for entry in found.entries:
        person = people.get(entry.hash)
        if person and person.appointment and not person.appointment.visible:
            person = None
        problem = entry.problem.kind.value if entry.problem else ""
        normalised = entry.normalised.kind.value if entry.normalised else ""
        found_is = (entry.outcome.value, problem, normalised, entry.hash, pack_entry(entry, person))
        yield (import_id, compared.table.sheets[entry.sheet].name, entry.row, *found_is)
    named = {entry.place: entry.commission for entry in found.entries}
    for one in found.leaving:
        number_hash = one.hash if len(one.hash) == 64 else ""
        payload = pack_leaving(people[one.hash], one.place, named[one.place])
        yield (import_id, "", None, Outcome.LEAVING.value, "", "", number_hash, payload)
