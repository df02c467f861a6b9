"""A room as plain data for its pages: who has begun and how far, who is expected, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from lms.assessment.branch import count_answered
from lms.assessment.models import Attempt
from lms.assessment.rules import State, is_up, seconds_left
from lms.commissions.permissions import OVERSEERS, Scope, may_reach
from lms.core import clock
from lms.core.web.languages import pick
from lms.sittings import queries
from lms.sittings.models import Sitting, SittingRemark
from lms.sittings.permissions import may_run
from lms.sittings.queries import Begun
from lms.sittings.rules import End
from lms.workshops.listing import Row as Invited
from lms.workshops.listing import list_rows
from lms.workshops.queries import course_titles


@dataclass(frozen=True)
class Row:
    """Somebody who began in the room."""

    begun: Begun
    end: End
    answered: int
    """Questions with an answer that counts; counted while they write."""
    minutes_left: int
    """Whole minutes left, rounded up; 0 when the time is up."""
    remarks: Sequence[SittingRemark]


@dataclass(frozen=True)
class Counts:
    """How many began, and how far they are. `passed` is not told while anybody writes or may still begin."""

    begun: int
    writing: int
    sent: int
    ran_out: int
    passed: int | None


def show_page(scope: Scope, sitting: Sitting) -> dict[str, Any]:
    """Everything that the page of a room tells."""
    now = clock.now()
    is_open = sitting.window.is_open(now)
    rows = list_people(sitting, now)
    expected = list_expected(sitting, [row.begun.person.id for row in rows])
    return {
        "sitting": sitting,
        "title": title_of(sitting),
        "is_open": is_open,
        "runs": may_run(scope, sitting),
        "looks_after": may_reach(scope, sitting.commission_id, *OVERSEERS),
        "rows": rows,
        "counts": count(rows, is_open=is_open),
        "expected": expected,
        "unread": queries.list_unread(sitting, [one.person.id for one in expected]) if is_open else set(),
        "failed": queries.list_failed(sitting, [one.person.id for one in expected]) if is_open else {},
        "address": short_address(),
        "now": now,
    }


def list_people(sitting: Sitting, now: datetime) -> list[Row]:
    """Who began in the room, by name, with how far they are."""
    begun = queries.list_begun(sitting.id)
    ends = {one.attempt.id: end_of(one.attempt, now) for one in begun}
    answered = count_answered([one for one, end in ends.items() if end is End.WRITING])
    remarks = queries.list_remarks(list(ends))
    return [
        Row(
            one,
            ends[one.attempt.id],
            answered.get(one.attempt.id, 0),
            -(-seconds_left(one.attempt.deadline, now) // 60),
            remarks.get(one.attempt.id, ()),
        )
        for one in begun
    ]


def end_of(attempt: Attempt, now: datetime) -> End:
    """How an attempt stands."""
    if attempt.state == State.SUBMITTED:
        return End.SENT
    over = attempt.state == State.TIMED_OUT or is_up(attempt.started_at, attempt.deadline, now)
    return End.RAN_OUT if over else End.WRITING


def count(rows: Sequence[Row], *, is_open: bool) -> Counts:
    """How many began, and how far they are."""
    ends = Counter(row.end for row in rows)
    told = not is_open and not ends[End.WRITING]
    passed = sum(bool(row.begun.attempt.passed) for row in rows) if told else None
    return Counts(len(rows), ends[End.WRITING], ends[End.SENT], ends[End.RAN_OUT], passed)


def list_expected(sitting: Sitting, begun: Sequence[int]) -> list[Invited]:
    """Who is invited to the room's workshop and has not begun there, but for those who need not."""
    invited = list_rows(sitting.workshop) if sitting.workshop is not None else []
    settled = queries.list_settled(sitting, [one.person.id for one in invited]) | set(begun)
    return [one for one in invited if one.person.id not in settled and one.person.id != sitting.supervisor_id]


def title_of(sitting: Sitting) -> str:
    """The title of the room's course, in the reader's language."""
    return pick(course_titles([sitting.course_id]).get(sitting.course_id, {}))


def short_address() -> str:
    """The address of the installation as somebody types it."""
    return whole_address().removeprefix("https://").removeprefix("http://")


def whole_address() -> str:
    """The address of the installation, with its scheme."""
    address: str = current_app.extensions["settings"].public_url
    return address
