"""The receipt of a test: a short code that says what was received, for whoever holds it and for an officer."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.accounts.rules import ALPHABET
from lms.assessment import queries
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.permissions import get_attempt_in_care
from lms.assessment.statements import counts
from lms.commissions.permissions import Scope
from lms.core.database.base import db
from lms.core.errors import CascadeError, Refused
from lms.core.web.languages import _
from lms.people.vault import keyed_hash

SIGNS = 10
"""Of the alphabet's 30: 49 bits, which nobody guesses by asking."""
_TYPED = re.compile(r"(\d{1,9})\D?([0-9A-Z]{5})-?([0-9A-Z]{5})")


@dataclass(frozen=True)
class Received:
    """What was received of a test, as its code says."""

    attempt: Attempt
    code: str
    answers: int
    """Questions with an answer that counts."""
    steps: int
    """Answers and changes of answers that came in time."""
    last_at: datetime | None
    """When the last of them came."""


def find_received(attempt: Attempt) -> Received | None:
    """What was received of a closed attempt, with its code; None while it is going on."""
    if attempt.submitted_at is None:
        return None
    steps = db.session.execute(
        select(AnswerStep.id, AnswerStep.received_at)
        .where(AnswerStep.attempt_id == attempt.id, counts(AnswerStep))
        .order_by(AnswerStep.id)
    ).all()
    given = sum(bool(one.response) for one in queries.list_answers(attempt.id).values())
    code = code_of(attempt.id, [step.id for step in steps], attempt.submitted_at)
    return Received(attempt, code, given, len(steps), steps[-1].received_at if steps else None)


def code_of(attempt_id: int, revisions: list[int], submitted_at: datetime) -> str:
    """The code: the attempt's number and ten signs that follow from it, the answers and the moment, in fives."""
    told = hashlib.sha256(",".join(map(str, revisions)).encode()).hexdigest()
    bits = int(keyed_hash("receipt", f"{attempt_id}|{told}|{submitted_at.isoformat()}"), 16)
    signs = "".join(ALPHABET[bits // len(ALPHABET) ** place % len(ALPHABET)] for place in range(SIGNS))
    return f"{attempt_id}-{signs[:5]}-{signs[5:]}"


def check_code(typed: str, by: Scope) -> Received:
    """What was received under a code that a member of the reader's branch holds. Refused, in the same words whether
    there is such a test elsewhere or not, when the code is none of the branch."""
    read = _TYPED.fullmatch("".join(typed.upper().split()))
    if read is None:
        raise Refused(_("A receipt code looks like 1234-ABCDE-FGHJK: a number, then twice five signs. Type it again."))
    try:
        received = find_received(get_attempt_in_care(by, int(read[1])))
    except CascadeError:
        received = None
    if received is None or received.code != f"{int(read[1])}-{read[2]}-{read[3]}":
        raise Refused(
            _(
                "No test of your branch was received under this code. Compare it sign by sign; "
                "after a test was opened again, its new code counts."
            )
        )
    return received
