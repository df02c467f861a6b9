"""Go through the schedule: what is due is looked for without holding up anybody, and erased in batches that are kept
one by one, so that a run that was killed goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lms.commissions.permissions import Scope
from lms.core.database.base import db
from lms.core.database.due import Due, Keys
from lms.core.database.engine import empty_log, only_reading
from lms.retention import ledger
from lms.retention.actions import erase_batch, note_begun
from lms.retention.again import erase_again
from lms.retention.queries import begun_before, find_days
from lms.retention.schedule import SCHEDULE, Category

LISTED = 5_000
"""Keys looked up at once."""
Keep = Callable[[], None]
"""Commits what was done so far."""


def run_schedule(*, by: Scope, keep: Keep) -> dict[str, int]:
    """Erase everything whose term is over, and again whoever was erased before a backup was restored; how many of each
    category."""
    erase_again(by=by)
    keep()
    erased = {category.code: _run(category, by, keep) for category in SCHEDULE}
    ledger.complete()
    db.session.rollback()
    empty_log()
    return erased


def _run(category: Category, by: Scope, keep: Keep) -> int:
    note_begun(category=category)
    keep()
    erased = 0
    for due in category.due:
        for keys in _batches(category, due):
            erased += erase_batch(category=category, due=due, keys=keys, by=by)
            keep()
    return erased


def _batches(category: Category, due: Due) -> Iterator[Keys]:
    after = None
    while True:
        with only_reading():
            keys = due.list(begun_before(due, find_days(category)), LISTED, after)
            db.session.rollback()
        if not keys:
            return
        for start in range(0, len(keys), category.batch):
            yield keys[start : start + category.batch]
        after = keys[-1]
