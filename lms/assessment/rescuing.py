"""Bring in a rescue file: its answers become steps like any other, once, by the server's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import rescue, saving
from lms.assessment.models import AnswerStep, Attempt, RescuedStep, RescueFile
from lms.assessment.papers import find_asked
from lms.assessment.permissions import get_attempt_in_care
from lms.assessment.rescue import Opened
from lms.assessment.rules import State
from lms.assessment.saving import Carried, Fate, Step
from lms.assessment.sent import read_client, read_fields, read_whole
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.core.errors import CascadeError, NotFound, Refused
from lms.core.web.languages import _


@dataclass(frozen=True)
class Brought:
    """What became of the answers of a file, each counted once."""

    attempt: Attempt
    again_since: datetime | None
    """When this very file was brought before; None the first time."""
    saved: int
    late: int
    known: int
    """Had been received already."""
    elsewhere: int
    """Answered on another device meanwhile: kept, and not counted."""
    unfit: tuple[int, ...]
    """Questions whose answer could not be read."""


def bring_file(*, content: bytes, by: Scope) -> Brought:
    """Insert every answer of a rescue file exactly once: in time while the server's deadline has not passed, late after
    it. Refused, with a sentence each, when it cannot be opened, belongs neither to the reader nor to their branch, or
    when the test was sent already."""
    settings: Settings = current_app.extensions["settings"]
    opened = rescue.open_file(content, settings.secrets.rescue)
    attempt = _get_reached(opened, by)
    db.session.refresh(attempt, with_for_update=True)
    before = db.session.scalar(
        select(RescueFile).where(RescueFile.attempt_id == attempt.id, RescueFile.digest == opened.digest)
    )
    if before is not None:
        return Brought(attempt, before.brought_at, 0, 0, before.answers, 0, ())
    if attempt.state == State.SUBMITTED:
        raise Refused(
            _("This test was sent before this file came, so nothing can be added to it. Nothing has changed.")
        )
    brought = _insert(opened, attempt, by)
    record(
        "assessment.rescue_brought",
        by=by,
        subject=f"person:{attempt.person_id}",
        attempt=attempt.id,
        saved=brought.saved,
        late=brought.late,
        known=brought.known,
        elsewhere=brought.elsewhere,
        unfit=list(brought.unfit),
    )
    return brought


def _get_reached(opened: Opened, by: Scope) -> Attempt:
    """The attempt of the file, if it is the reader's own or of their branch, and of the account in the file."""
    attempt = db.session.get(Attempt, opened.attempt_id)
    account = db.session.get(Account, opened.account_id)
    foreign = Refused(
        _("This file belongs to a test that is neither yours nor of your branch. Give it to whoever looks after it.")
    )
    if attempt is None or account is None or attempt.person_id != account.person_id:
        raise foreign
    if attempt.person_id != by.person_id:
        try:
            get_attempt_in_care(by, attempt.id)
        except NotFound as absent:
            raise foreign from absent
    return attempt


def _insert(opened: Opened, attempt: Attempt, by: Scope) -> Brought:
    now, unfit, fates = clock.now(), [], []
    had, new = _names_of(attempt.id, opened.client), []
    for position, said in sorted(opened.items.items(), key=lambda item: str(item[0]).zfill(9)):
        step = _read_step(attempt.id, opened.client, position, said)
        if step is None:
            unfit.append(int(position) if str(position).isdecimal() else 0)
            continue
        fate = saving.save(db.session.connection(), step, Carried(opened.account_id), now).fate
        fates.append("known" if step.seq in had else fate)
        new += [step.seq] if step.seq not in had else []
    db.session.add(
        kept := RescueFile(
            attempt_id=attempt.id,
            digest=opened.digest,
            made_at=opened.made_at,
            answers=len(fates),
            brought_by_id=by.account_id,
            brought_at=now,
        )
    )
    db.session.flush()
    insert_many(RescuedStep, [{"step_id": one, "rescue_id": kept.id} for one in _ids_of(attempt.id, opened, new)])
    db.session.refresh(attempt)
    return Brought(
        attempt,
        None,
        saved=fates.count(Fate.SAVED),
        late=fates.count(Fate.LATE),
        known=fates.count("known"),
        elsewhere=fates.count(Fate.STALE),
        unfit=tuple(unfit),
    )


def _read_step(attempt_id: int, client: str, position: str, said: Any) -> Step | None:
    """An answer of the file as a step; None when it is none, or does not fit its question."""
    try:
        asked = find_asked(attempt_id, int(position))
        name = read_client(client)
        if asked is None or name is None or not isinstance(said, dict):
            return None
        seq, base = read_whole(said, "seq", 1), read_whole(said, "base", 0)
        return Step(attempt_id, asked.position, name, seq, base, read_fields(asked, said.get("fields")))
    except (CascadeError, ValueError):
        return None


def _names_of(attempt_id: int, client: str) -> set[int]:
    """Numbers of this client's steps that are there already."""
    found = select(AnswerStep.client_seq).where(AnswerStep.attempt_id == attempt_id, AnswerStep.client == client)
    return set(db.session.scalars(found))


def _ids_of(attempt_id: int, opened: Opened, numbers: list[int]) -> Iterator[int]:
    """The steps with these numbers."""
    yield from db.session.scalars(
        select(AnswerStep.id).where(
            AnswerStep.attempt_id == attempt_id,
            AnswerStep.client == opened.client,
            AnswerStep.client_seq.in_(numbers),
        )
    )
