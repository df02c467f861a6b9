"""Everything that is kept of a person, for that person, as one file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from lms.accounts.browsers import list_sessions
from lms.accounts.models import Account, LinkedIdentity, Passkey
from lms.accounts.queries import factors_of
from lms.assessment.models import (
    Accommodation,
    AnswerStep,
    Attempt,
    AttemptExtension,
    AttemptGrant,
    LateDecision,
    RescueFile,
)
from lms.bank.models import FieldCase
from lms.campaigns.models import Campaign
from lms.certificates.models import Certificate
from lms.commissions.models import Commission, ReserveEntry, RoleGrant
from lms.commissions.names import name_of
from lms.commissions.queries import list_appointments
from lms.core.audit.models import AuditEntry
from lms.core.database.base import Model, db
from lms.core.web.languages import _, pick
from lms.curriculum.words import title_of
from lms.fairness.models import Dispute, IntegritySign, RegradeChange
from lms.home.models import ContactAttempt
from lms.home.record import Line, about_oneself, lines_of, origins_in_words
from lms.home.record_details import change_words, field_words
from lms.home.record_words import act_words
from lms.learning.models import CompletedActivity, Enrolment
from lms.papertests.models import PaperSheet
from lms.people.models import Person
from lms.people.vault import open_text
from lms.questions.kinds.shapes import plain, points_of
from lms.sittings.models import SittingRemark
from lms.sittings.queries import list_rooms
from lms.sittings.words import remark_words
from lms.workshops.models import Attendance, Workshop
from lms.workshops.queries import OwnWorkshop, list_ever
from lms.workshops.rules import State

PERSON = ("surname", "given_name", "patronymic", "phone", "email", "language", "created_at")
ACCOUNT = ("login", "created_at", "last_seen_at")
PASSKEY = ("name", "backed_up", "created_at", "last_used_at")
LINK = ("issuer", "linked_at", "last_used_at")
SEAT = ("office", "kind", "nominated_by", "act", "act_on", "starts_on", "ends_on", "end_act", "end_act_on")
ENROLMENT = ("enrolled_at", "started_at", "completed_at", "imported_at")
ATTEMPT = ("kind", "number", "state", "started_at", "deadline", "submitted_at", "credit", "total", "passed")
HELP = ("percent", "minutes", "helps", "reason", "note", "starts_on", "ends_on", "given_at", "withdrawn_at")
LONGER = ("minutes", "reopens", "reason", "given_at")
LATE = ("counts", "reason", "decided_at")
FILE = ("made_at", "answers", "brought_at")
GRANT = ("attempts", "source", "reason", "given_at")
PAPER = ("number", "language", "printed_at", "written_on", "draft", "keyed_at", "voided_at", "voided_because")
STEP = ("position", "response", "stale", "late", "received_at", "language")
CERTIFICATE = ("number", "issued_on", "valid_until", "withdrawn_at", "withdrawn_because", "facts")
DISPUTE = ("words", "made_at")
REGRADED = ("credits", "credit_before", "credit_after", "total_before", "total_after", "passed_before", "passed_after")
SIGN = ("kind", "seen", "found_at")
REMARK = ("kind", "note", "made_at")
ATTENDANCE = ("present", "category", "recorded_at")
WORKSHOP = ("starts_at", "ends_at", "time_zone", "place", "link", "state")
SESSION = ("created_at", "last_seen_at", "address", "browser")
ROLE = ("role", "granted_at", "valid_from", "valid_until", "revoked_at")
RESERVE = ("nominated_by", "turn", "valid_from", "valid_until", "act", "act_on", "ended_on", "end")
CASE = ("language", "happened", "done", "question", "sent_at", "state", "answer", "answered_at")
CALL = ("at", "outcome", "until", "note")
BY_TERM = ("identity_number", "phone", "email", "nominated_by")
"""What is erased when its term is over (`lms.retention`)."""
ON_REQUEST = (
    *BY_TERM,
    "notes of calls",
    "words of cases sent",
    "words about tests",
    "papers of tests with the name",
    "rosters",
    "values in the record",
    "sessions",
    "password",
    "name",
)
"""What is erased on request; the name only where no certificate needs it."""
ENTRY = ("at", "action", "subject", "details")


def gather(account: Account) -> dict[str, Any]:
    """What is kept of the account's person: plain values, moments in UTC, the identity number in full."""
    return gather_of(account.person, account)


def gather_of(person: Person, account: Account | None) -> dict[str, Any]:
    """The same of a person who may have no account."""
    account_id = account.id if account else 0
    return {
        "person": {
            **_plain(person, PERSON),
            "identity_number": open_text(person.number_encrypted) if person.number_encrypted else None,
        },
        "erased": [
            {"at": _value(at), "what": what}
            for at, what in ((person.contacts_erased_at, BY_TERM), (person.erased_at, ON_REQUEST))
            if at is not None
        ],
        "account": _way_in(account) if account else {},
        "seats": [{**_plain(one, SEAT), **_place(one.commission)} for one in list_appointments(person.id)],
        "roles": [
            {**_plain(one, ROLE), **_place(one.commission)}
            for one in _of(RoleGrant, RoleGrant.account_id == account_id)
        ],
        "reserves": [
            {**_plain(one, RESERVE), **_place(one.commission)}
            for one in _of(ReserveEntry, ReserveEntry.person_id == person.id)
        ],
        "courses": [_course(one) for one in _of(Enrolment, Enrolment.person_id == person.id)],
        "tests": [_attempt(one) for one in _of(Attempt, Attempt.person_id == person.id)],
        "papers": [_plain(one, PAPER) for one in _of(PaperSheet, PaperSheet.enrolment_id.in_(_enrolments(person.id)))],
        "help_at_tests": [_plain(one, HELP) for one in _of(Accommodation, Accommodation.person_id == person.id)],
        "sessions": [_plain(one, SESSION) for one in list_sessions(account_id)],
        "workshops": [_workshop(one) for one in list_ever(person.id)],
        "attendances": [_attendance(one) for one in _of(Attendance, Attendance.person_id == person.id)],
        "certificates": [_plain(one, CERTIFICATE) for one in _of(Certificate, Certificate.person_id == person.id)],
        "field_cases": [_plain(one, CASE) for one in _of(FieldCase, FieldCase.sender_id == person.id)],
        "calls": [_plain(one, CALL) for one in _of(ContactAttempt, ContactAttempt.person_id == person.id)],
        "done_by_you": _done_by(account_id),
        "done_to_you": [_told(one, person.id) for one in lines_of(_done_to(person.id, account_id))],
    }


def _way_in(account: Account) -> dict[str, Any]:
    return {
        **_plain(account, ACCOUNT),
        "authenticator_app": account.totp_encrypted is not None,
        "passkeys": [_plain(one, PASSKEY) for one in _of(Passkey, Passkey.account_id == account.id)],
        "recovery_codes_left": factors_of(account).codes_left,
        "linked_identity": [_link(one) for one in _of(LinkedIdentity, LinkedIdentity.account_id == account.id)],
    }


def _done_by(account_id: int) -> list[dict[str, Any]]:
    """What somebody did, and from where."""
    entries = list(_of(AuditEntry, AuditEntry.account_id == account_id))
    origins = origins_in_words(entries)
    return [
        {**_plain(one, ENTRY), "what": act_words(one.action), "from": origins.get(one.origin or "", "")}
        for one in entries
    ]


def _enrolments(person_id: int) -> Select[tuple[int]]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _done_to(person_id: int, account_id: int) -> list[AuditEntry]:
    """What was done about somebody: to the person and the way in, to their seats, and by others to their courses and
    certificates."""
    about, own = about_oneself(person_id), {f"person:{person_id}", f"account:{account_id}"}
    return [
        one
        for one in _of(AuditEntry, about.condition)
        if one.subject in own or one.id in about.entries or one.account_id not in (None, account_id)
    ]


def _told(line: Line, person_id: int) -> dict[str, Any]:
    """An act with who did it, by name and without the login, and why, as the record tells it to officers. Of an act on
    a commission nothing is told that may be somebody else's."""
    if line.entry.subject.startswith("commission:"):
        plain = {**_plain(line.entry, ENTRY), "details": {}}
        known = [
            f"{one.label}: {', '.join(own) or one.text}"
            for one in line.details
            if (own := [name for found, name in one.people if found == person_id]) or not one.people
        ]
    else:
        plain = _plain(line.entry, ENTRY)
        known = [f"{field_words(one)}: {change_words(one)}" for one in line.values] + [
            f"{one.label}: {', '.join([*(name for _id, name in one.people), one.text]).strip(', ')}"
            for one in line.details
        ]
    return {
        **plain,
        "what": act_words(line.entry.action),
        "by": line.who.rpartition(" (")[0] or _("the system"),
        "in_words": known,
    }


def _workshop(own: OwnWorkshop) -> dict[str, Any]:
    return {
        **_plain(own.workshop, WORKSHOP),
        "title": pick(own.title),
        "cancelled": own.workshop.state == State.CANCELLED,
        "leads": own.leads,
        "present": own.present,
    }


def _link(link: LinkedIdentity) -> dict[str, Any]:
    return {**_plain(link, LINK), "subject": open_text(link.subject_encrypted)}


def _place(commission: Commission) -> dict[str, str]:
    return {"commission": commission.code, "commission_name": name_of(commission)}


def _course(enrolment: Enrolment) -> dict[str, Any]:
    done = _of(CompletedActivity, CompletedActivity.enrolment_id == enrolment.id)
    return {
        **_plain(enrolment, ENROLMENT),
        "course": enrolment.version.course.code,
        "attempts_given": [_plain(one, GRANT) for one in _of(AttemptGrant, AttemptGrant.enrolment_id == enrolment.id)],
        "title": title_of(enrolment.version),
        "campaign": _campaign(enrolment.campaign_id),
        "done": [_plain(one, ("activity", "completed_at", "details")) for one in done],
    }


def _campaign(campaign_id: int) -> str:
    names = db.session.get_one(Campaign, campaign_id).names
    return pick({one.language: one.name for one in names})


def _attempt(attempt: Attempt) -> dict[str, Any]:
    steps = _of(AnswerStep, AnswerStep.attempt_id == attempt.id)
    of_it = IntegritySign.attempt_id == attempt.id, IntegritySign.other_attempt_id == attempt.id
    return {
        **_plain(attempt, ATTEMPT),
        "credit": None if attempt.credit is None else plain(points_of(attempt.credit)),
        "answers": [_plain(one, STEP) for one in steps],
        "more_time": [_plain(one, LONGER) for one in _of(AttemptExtension, AttemptExtension.attempt_id == attempt.id)],
        "late_decisions": [_plain(one, LATE) for one in _of(LateDecision, LateDecision.attempt_id == attempt.id)],
        "files": [_plain(one, FILE) for one in _of(RescueFile, RescueFile.attempt_id == attempt.id)],
        "disputes": [_plain(one, DISPUTE) for one in _of(Dispute, Dispute.attempt_id == attempt.id)],
        "marked_anew": [_plain(one, REGRADED) for one in _of(RegradeChange, RegradeChange.attempt_id == attempt.id)],
        "signs": [_plain(one, SIGN) for one in _of(IntegritySign, or_(*of_it))],
        **_room(attempt.id),
    }


def _room(attempt_id: int) -> dict[str, Any]:
    """Where a test was taken under somebody who supervised it, and what they remarked."""
    room = list_rooms([attempt_id]).get(attempt_id)
    if room is None:
        return {}
    remarks = list(_of(SittingRemark, SittingRemark.attempt_id == attempt_id))
    return {
        "place": room.place,
        "remarks": [_plain(one, REMARK) for one in remarks],
        "in_words": [remark_words(one) for one in remarks],
    }


def _attendance(row: Attendance) -> dict[str, Any]:
    workshop = db.session.get_one(Workshop, row.workshop_id)
    return {**_plain(row, ATTENDANCE), **_plain(workshop, ("starts_at", "ends_at", "place"))}


def _of(model: type[Model], condition: Any) -> Iterable[Any]:
    keys = list(model.__table__.primary_key)
    return db.session.scalars(select(model).where(condition).order_by(*keys))


def _plain(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in names}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
