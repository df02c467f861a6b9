"""Who writes, who reviews, who sends cases from below."""

from __future__ import annotations

from lms.bank.models import Draft
from lms.commissions.permissions import Scope
from lms.commissions.rules import Role
from lms.core.errors import Forbidden
from lms.core.web.languages import _
from lms.curriculum.permissions import COURSE_READERS, PUBLISHERS

WRITERS = PUBLISHERS
READERS = COURSE_READERS
SENDERS = (Role.TERRITORIAL_OFFICER, Role.TRAINER)


def check_may_write(scope: Scope) -> int:
    """The id of the person who writes; Forbidden unless `scope` may write questions."""
    if scope.person_id is None or not scope.holds(*WRITERS):
        raise Forbidden(_("Only a methodologist or a CEC administrator writes questions. Ask one of them."))
    return scope.person_id


def may_edit(scope: Scope, draft: Draft) -> bool:
    """Whether `scope` may change the draft: only who writes it, so that whoever reads it never reads their own."""
    return scope.holds(*WRITERS) and scope.person_id == draft.author_id


def check_may_edit(scope: Scope, draft: Draft) -> int:
    """The id of the author; Forbidden for everybody else."""
    person = check_may_write(scope)
    if person != draft.author_id:
        raise Forbidden(_("Only its author changes this draft. Return it with a note instead."))
    return person


def may_review(scope: Scope, draft: Draft) -> bool:
    """Whether `scope` may approve the draft: nobody approves what they wrote."""
    return scope.holds(*WRITERS) and scope.person_id is not None and scope.person_id != draft.author_id


def check_may_review(scope: Scope, draft: Draft) -> int:
    """The id of the reviewer; Forbidden for the author and whoever writes no questions."""
    person = check_may_write(scope)
    if person == draft.author_id:
        raise Forbidden(_("Nobody approves their own question. Ask another methodologist."))
    return person


def check_may_send_case(scope: Scope) -> tuple[int, int]:
    """The person who sends a case and the commission in whose name; Forbidden for whoever neither trains nor looks
    after a branch."""
    places = sorted(scope.places(*SENDERS))
    if scope.person_id is None or not places:
        raise Forbidden(_("Cases are sent by territorial officers and trainers. Tell yours what happened."))
    return scope.person_id, places[0]
