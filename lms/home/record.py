"""The record as it is read: of one person, one commission, one thing; who did what, when, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from lms.accounts.models import Account
from lms.accounts.rules import read_login
from lms.certificates.models import Certificate
from lms.commissions.models import Appointment, RoleGrant
from lms.commissions.permissions import INSPECTORS, Scope, is_commission_in
from lms.core import clock
from lms.core.audit.erasing import IS_KEPT
from lms.core.audit.models import AuditEntry, AuditOrigin, AuditValue
from lms.core.audit.origins import COMMAND, WORKER
from lms.core.database.base import db
from lms.core.web.languages import _
from lms.home.record_details import Detail, details_of, mentions, name_those_in
from lms.learning.models import Enrolment
from lms.people.models import Person, erased_name

PAGE = 50
CENTRAL_WORK = (
    "analysis",
    "course",
    "draft",
    "field_case",
    "question",
    "question_import",
    "regrade",
    "ruling",
    "search",
)
"""Kinds of things of which only the central commission has any."""


@dataclass(frozen=True)
class Line:
    """One act."""

    entry: AuditEntry
    who: str
    """Name and login; empty for the system itself."""
    origin: str
    """From where, in words; empty when it is not known."""
    values: Sequence[AuditValue]
    """What changed, before and after, unless it was erased."""
    details: Sequence[Detail]
    """What else is known of it, in words."""


@dataclass(frozen=True)
class About:
    """Of which acts a page tells: all that were done to some things (`person:12`), single ones besides, and all that
    were done to every thing of a kind (`draft`)."""

    subjects: Sequence[str]
    entries: Sequence[int] = ()
    kinds: Sequence[str] = ()

    @property
    def condition(self) -> ColumnElement[bool]:
        """The acts, as a condition."""
        of_kinds = [AuditEntry.subject.between(f"{kind}:", f"{kind}:~") for kind in self.kinds]
        return or_(AuditEntry.subject.in_(self.subjects), AuditEntry.id.in_(self.entries), *of_kinds)


@dataclass(frozen=True)
class Everything:
    """All acts of the installation, narrowed down by what is asked for."""

    subject: str = ""
    """Of one thing alone, as `campaign:1`."""
    login: str = ""
    """Of one account alone."""
    action: str = ""
    day: date | None = None
    """In the country's time."""

    @property
    def condition(self) -> ColumnElement[bool]:
        """The acts, as a condition."""
        asked = [AuditEntry.subject == self.subject] if self.subject else []
        if self.login:
            account = select(Account.id).where(Account.login == read_login(self.login))
            asked.append(AuditEntry.account_id == account.scalar_subquery())
        if self.action:
            asked.append(AuditEntry.action == self.action)
        if self.day is not None:
            begin = clock.start_of(self.day)
            asked += [AuditEntry.at >= begin, AuditEntry.at < clock.start_of(self.day + timedelta(days=1))]
        return and_(true(), *asked)


def count_entries(about: About | Everything) -> int:
    """How many acts there are."""
    return db.session.scalar(select(func.count(AuditEntry.id)).where(about.condition)) or 0


def list_entries(about: About | Everything, *, page: int) -> list[Line]:
    """The acts, the latest first, a page of them."""
    entries = db.session.scalars(
        select(AuditEntry).where(about.condition).order_by(AuditEntry.id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    return lines_of(entries, whose=isinstance(about, Everything))


def lines_of(entries: Sequence[AuditEntry], *, whose: bool = False) -> list[Line]:
    """These acts with who did them, what changed and what else is known of them; on asking also about whom."""
    names = _names({one.account_id for one in entries if one.account_id is not None})
    values = defaultdict(list)
    for value in db.session.scalars(
        select(AuditValue).where(IS_KEPT, AuditValue.entry_id.in_([one.id for one in entries])).order_by(AuditValue.id)
    ):
        values[value.entry_id].append(value)
    named, origins = name_those_in(entries, whose=whose), origins_in_words(entries)
    return [
        Line(
            entry=one,
            who=names.get(one.account_id or 0, ""),
            origin=origins.get(one.origin or "", ""),
            values=values[one.id],
            details=details_of(one, named),
        )
        for one in entries
    ]


def origins_in_words(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """From where these acts came, in words, by what the entries keep of it; empty words where it was erased."""
    said = {WORKER: _("in the background"), COMMAND: _("command line")}
    kept = {one.origin for one in entries if one.origin} - said.keys()
    rows = db.session.scalars(select(AuditOrigin).where(AuditOrigin.hash.in_(kept)))
    return said | {row.hash: " · ".join(filter(None, (row.network, row.browser))) for row in rows}


def about_person(person_id: int, scope: Scope) -> About:
    """What acts on a person are recorded under: the person, the account, courses and certificates; and those acts on
    commissions of the reader's branch that are about the person's seats."""
    return _about(person_id, is_commission_in(scope, Appointment.commission_id, *INSPECTORS))


def about_oneself(person_id: int) -> About:
    """The same as the person may read it: with the acts on all commissions in which they sat."""
    return _about(person_id, true())


def _about(person_id: int, reached: ColumnElement[bool]) -> About:
    account = db.session.scalar(select(Account.id).where(Account.person_id == person_id))
    enrolments = db.session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id))
    certificates = db.session.scalars(select(Certificate.id).where(Certificate.person_id == person_id))
    subjects = [
        f"person:{person_id}",
        *([f"account:{account}"] if account else []),
        *(f"enrolment:{one}" for one in enrolments),
        *(f"certificate:{one}" for one in certificates),
    ]
    held = db.session.execute(
        select(Appointment.id, Appointment.commission_id).where(Appointment.person_id == person_id, reached)
    ).all()
    seats, places = {row.id for row in held}, {f"commission:{row.commission_id}" for row in held}
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.subject.in_(places)))
    return About(subjects, [one.id for one in acts if mentions(one, person_id, seats)])


def about_entries(person_ids: Sequence[int], scope: Scope) -> About:
    """The same of all entries of one human being together."""
    found = [about_person(one, scope) for one in person_ids]
    return About([name for one in found for name in one.subjects], [entry for one in found for entry in one.entries])


def about_commission(commission_id: int, *, is_central: bool = False) -> About:
    """What acts on a commission are recorded under, and the roles given and taken there; for the central one also the
    work on courses, questions and rulings, which is nobody else's."""
    holders = db.session.scalars(
        select(RoleGrant.account_id).where(RoleGrant.commission_id == commission_id).distinct()
    )
    acts = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.subject.in_([f"account:{one}" for one in holders]),
            AuditEntry.action.in_(("commissions.role_granted", "commissions.role_revoked")),
        )
    )
    roles = [one.id for one in acts if one.details.get("commission") == commission_id]
    subjects = [f"commission:{commission_id}", *(("questions",) if is_central else ())]
    return About(subjects, roles, CENTRAL_WORK if is_central else ())


def _names(account_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Account.id, Account.login, Person.surname, Person.given_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(account_ids))
    )
    return {row.id: f"{_name(row.surname, row.given_name)} ({row.login})" for row in rows}


def _name(surname: str, given_name: str) -> str:
    return f"{surname} {given_name}" if surname else erased_name()
