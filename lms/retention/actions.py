"""Set terms, erase what is due, a batch at a time, and take data out for somebody: change and record together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.accounts.queries import find_account_of
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.due import Due, Keys
from lms.core.errors import Refused
from lms.core.web.languages import _, speaking
from lms.home.own_data import gather_of
from lms.people.actions import SHORTEST_REASON, tidy_reason
from lms.people.models import Person
from lms.retention.errors import WrongTerm
from lms.retention.models import RetentionTerm
from lms.retention.permissions import check_may_give_out, check_may_set_terms
from lms.retention.queries import begun_before, find_days
from lms.retention.schedule import BY_CODE, Category


def set_terms(*, days: Mapping[str, int], by: Scope) -> list[str]:
    """Set how many days categories are kept (code -> days); the codes of those that were changed. Raises WrongTerm
    outside the bounds, and sets none then."""
    check_may_set_terms(by)
    for code, wanted in days.items():
        if not BY_CODE[code].term.allows(wanted):
            raise WrongTerm(code, BY_CODE[code].term)
    changed = [code for code, wanted in days.items() if find_days(BY_CODE[code]) != wanted]
    for code in changed:
        before = find_days(BY_CODE[code])
        _row_of(code).days = days[code]
        db.session.flush()
        record("retention.term_set", by=by, subject=f"retention:{code}", before=before, after=days[code])
    return changed


def note_begun(*, category: Category) -> None:
    """Write down that a run over a category begins."""
    row = _row_of(category.code)
    row.run_at, row.erased = clock.machine_time(), 0
    db.session.flush()


def erase_batch(*, category: Category, due: Due, keys: Keys, by: Scope) -> int:
    """Erase those of these things whose term is over still, and record how many."""
    days = find_days(category)
    erased = due.erase(keys, begun_before(due, days))
    if erased:
        row = _row_of(category.code)
        row.erased, row.total = row.erased + erased, row.total + erased
        db.session.flush()
        record("retention.erased", by=by, subject=f"retention:{category.code}", count=erased, days=days)
    return erased


def give_out(*, person: Person, reason: str, by: Scope) -> dict[str, Any]:
    """What the person would get as the file of their own data, for somebody who cannot take it themselves; in the
    person's language. Who took it and why is recorded, and stands in it. Raises Refused without a reason."""
    check_may_give_out(by)
    reason = tidy_reason(reason)
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Say in a few words why the data is taken out: who asked for it, and how."))
    record("retention.given_out", by=by, subject=f"person:{person.id}", values={"reason": ("", reason)})
    with speaking(person.language):
        return gather_of(person, find_account_of(person.id))


def _row_of(code: str) -> RetentionTerm:
    found = db.session.get(RetentionTerm, code)
    if found is None:
        found = RetentionTerm(category=code, erased=0, total=0)
        db.session.add(found)
        db.session.flush()
    return found
