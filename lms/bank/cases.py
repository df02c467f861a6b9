"""Cases from below: sent by those who were there, answered by those who write."""

from __future__ import annotations

import re

from lms.bank import permissions, queries, rules
from lms.bank.models import FieldCase
from lms.bank.rules import CaseState
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _

_LONG_NUMBER = re.compile(r"\d{10,}|\+7[\d ()-]{10,}")
"""An identity number, a card or a telephone."""


def send_case(*, happened: str, done: str, question: str, language: str, by: Scope) -> FieldCase:
    """The case, which waits for an answer. Refused while one of its parts is empty."""
    person, commission = permissions.check_may_send_case(by)
    said = [part.strip()[: rules.LONGEST_TEXT] for part in (happened, done, question)]
    if not all(said):
        raise Refused(_("Write what happened, what was done and what you ask."))
    if number := next((found[0] for part in said for found in [_LONG_NUMBER.search(part)] if found), ""):
        raise Refused(
            _("A case is told without numbers of people: take %(number)s out.", number=f"{number[:3]}…{number[-2:]}")
        )
    if (same := queries.find_same_case(person, said)) is not None:
        return same
    case = FieldCase(
        sender_id=person,
        commission_id=commission,
        language=language,
        happened=said[0],
        done=said[1],
        question=said[2],
        sent_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    record("bank.case_sent", by=by, subject=f"field_case:{case.id}", commission=commission)
    return case


def answer_case(*, case: FieldCase, answer: str, by: Scope) -> None:
    """The sender reads the answer from now on; one given later stands in its place. Refused without words."""
    person = permissions.check_may_write(by)
    answer = answer.strip()[: rules.LONGEST_TEXT]
    if not answer:
        raise Refused(_("Write the answer: the sender waits for it."))
    case.answer, case.answered_by_id, case.answered_at = answer, person, clock.now()
    if case.state == CaseState.SENT:
        case.state = CaseState.ANSWERED.value
    db.session.flush()
    record("bank.case_answered", by=by, subject=f"field_case:{case.id}")
