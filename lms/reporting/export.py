"""The completion list as a table: one row a member, written while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select

from lms.commissions.models import Commission, CommissionName
from lms.commissions.names import office_name
from lms.commissions.permissions import Scope, may_see_nomination
from lms.core import clock
from lms.core.audit.actions import Actor
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.database.engine import own_transaction
from lms.core.documents.tables import csv_parts
from lms.core.web.languages import NAMES, _, current_language
from lms.reporting.members import Member, stream_members
from lms.reporting.queries import branch
from lms.reporting.rules import domestic
from lms.reporting.words import state_words

Cells = list[object]


def stream_csv(scope: Scope, commission_id: int, campaign_id: int) -> Iterator[str]:
    """The CSV of a branch in parts, in the reader's language. Nominations only for those who look after the branch."""
    language = current_language()
    nominations = may_see_nomination(scope, commission_id)

    def rows() -> Iterator[Cells]:
        names = _names(commission_id, language)
        yield _headings(nominations=nominations)
        for member in stream_members(scope, commission_id, campaign_id):
            yield _cells(member, *names[member.commission_id], nominations=nominations)

    return csv_parts(rows(), language=language)


def note_export(*, commission_id: int, by: Actor) -> None:
    """Record that a list of people left the house, at once: the list itself is sent after this request's commit."""
    entry: dict[str, Any] = {
        "at": clock.now(),
        "account_id": by.account_id,
        "action": "reporting.exported",
        "subject": f"commission:{commission_id}",
        "details": {},
    }
    with own_transaction() as connection:
        connection.execute(insert(AuditEntry), [entry])


def _headings(*, nominations: bool) -> Cells:
    return [
        _("Code"), _("Commission"), _("Surname"), _("Given name"), _("Patronymic"), _("Identity number"), _("Office"),
        *([_("Nominated by")] if nominations else []),
        _("Phone"), _("Language of learning"), _("Login"), _("Has signed in"), _("State"), _("Finished on"),
        _("Modules left"), _("Test left"), _("Workshop left"),
    ]  # fmt: skip


def _cells(member: Member, code: str, commission: str, *, nominations: bool) -> Cells:
    left = member.missing
    return [
        code, commission, member.surname, member.given_name, member.patronymic,
        f"•••• •••• {member.last4}" if member.last4 else "", office_name(member.office),
        *([member.nominated_by] if nominations else []),
        domestic(member.phone), NAMES.get(member.language, member.language), member.login,
        _yes(member.has_signed_in), state_words(member.state),
        member.finished_at.date() if member.finished_at else None,
        len(left.modules), _yes(left.test), _yes(left.workshop),
    ]  # fmt: skip


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _names(commission_id: int, language: str) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(
        select(Commission.id, Commission.code, CommissionName.name)
        .outerjoin(
            CommissionName, (CommissionName.commission_id == Commission.id) & (CommissionName.language == language)
        )
        .where(Commission.id.in_(branch(commission_id)))
    )
    return {found: (code, name or code) for found, code, name in rows}
