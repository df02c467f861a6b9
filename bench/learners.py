"""Learners ready for the test: run inside an installation, `python -m bench.learners N` prints N logins, one a line.

Their modules are marked as read and they get one password (its hash is made once).
"""

from __future__ import annotations

import sys

from sqlalchemy import select

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.accounts.passwords import hash_password
from lms.app import create_app
from lms.assessment.models import Attempt
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.learning import queries
from lms.learning.actions import complete_activity
from lms.learning.models import Enrolment

PASSWORD = "three short words"


def prepare(n: int) -> list[str]:
    """Logins of `n` people who have read everything and taken no test yet."""
    kept = hash_password(PASSWORD)
    tried = select(Attempt.enrolment_id)
    found = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.completed_at.is_(None), Enrolment.id.not_in(tried))
        .order_by(Enrolment.id)
        .limit(n)
    ).all()
    return [_make_ready(enrolment, kept) for enrolment in found]


def _make_ready(enrolment: Enrolment, kept: str) -> str:
    for activity in queries.list_required(enrolment):
        if activity.startswith("module:"):
            complete_activity(enrolment=enrolment, activity=activity, by=SYSTEM)
    account = db.session.scalar(select(Account).where(Account.person_id == enrolment.person_id))
    account = account or open_account(person=enrolment.person, by=SYSTEM)
    account.password_hash, account.totp_encrypted = kept, None
    return account.login


if __name__ == "__main__":
    with create_app().app_context():
        logins = prepare(int(sys.argv[1]))
        db.session.commit()
    print("\n".join(logins))
