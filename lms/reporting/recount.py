"""The same figures counted another way, and what does not agree: row by row, up the parents of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.campaigns.models import Campaign
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Level, Office
from lms.core.database.base import db
from lms.curriculum.models import Requirement
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.learning.rules import is_complete
from lms.reporting import counting
from lms.reporting.models import CompletionCounter
from lms.reporting.queries import count_by_child, hour_of
from lms.reporting.required import list_required_by_version
from lms.reporting.rules import Figures, is_ready

Steps = list[tuple[datetime | None, datetime | None]]
"""Begin and end of each course that one person must take."""
Learner = tuple[Steps, bool, str]
"""With whether that person has ever signed in, and the office."""


@dataclass(frozen=True)
class Own:
    """One commission's own seats: what its counter has to say."""

    must: int = 0
    begun: int = 0
    finished: int = 0
    never: int = 0
    leaders: int = 0
    ends: tuple[int, ...] = ()

    def __str__(self) -> str:
        return (
            f"must {self.must}, begun {self.begun}, finished {self.finished}, never signed in {self.never}, "
            f"chair and secretary finished {self.leaders}"
        )


def find_drift(campaign_id: int, *, since: date) -> tuple[int, list[str]]:
    """How many commissions were compared, and a sentence for each thing that does not agree: counters with rows, pages
    with counters, the tree with its closure, ends of courses with what was done. The snapshot has just been made."""
    plain = recount(campaign_id)
    drift = _drifting(campaign_id, plain)
    said = [f"Commission {one}: the counter says {have}; the rows say {plain[one]}." for one, have in drift.items()]
    pages = [] if drift else _unlike(plain, campaign_id, since)  # pages follow their counters
    return len(plain), [*said, *pages, *_misplaced(), *_unproven(campaign_id)]


def count_drift(campaign_id: int) -> tuple[int, int]:
    """How many counters were compared with the rows, and how many of them are wrong."""
    plain = recount(campaign_id)
    return len(plain), len(_drifting(campaign_id, plain))


def recount(campaign_id: int) -> dict[int, Own]:
    """Every commission's own seats, counted plainly."""
    steps = _steps_by_commission(campaign_id)
    rows = db.session.execute(select(Commission.id, Commission.closed_on)).all()
    return {row.id: Own() if row.closed_on else _count(steps.get(row.id, [])) for row in rows}


def _drifting(campaign_id: int, plain: dict[int, Own]) -> dict[int, Own]:
    """Counters that say something else than the rows. Each is looked at twice, the second time held, so that what
    happened between two readings is not taken for drift; `plain` is brought up to date for those."""
    suspects = sorted(one for one, have in _counters(campaign_id, list(plain)).items() if have != plain[one])
    for start in range(0, len(suspects), counting.BATCH):
        counting.hold(db.session(), campaign_id, suspects[start : start + counting.BATCH])
    if not suspects:
        return {}
    plain.update(recount(campaign_id))
    return {one: have for one, have in _counters(campaign_id, suspects).items() if have != plain[one]}


def _counters(campaign_id: int, ids: Sequence[int]) -> dict[int, Own]:
    found = dict.fromkeys(ids, Own())
    for row in db.session.execute(
        select(CompletionCounter.__table__).where(CompletionCounter.campaign_id == campaign_id)
    ):
        if row.commission_id in found:
            found[row.commission_id] = Own(
                row.must, row.begun, row.finished, row.never, row.leaders, tuple(sorted(row.ends))
            )
    return found


def _unlike(plain: Mapping[int, Own], campaign_id: int, since: date) -> list[str]:
    """What pages say otherwise; looked at twice, so that what happened meanwhile is not taken for drift."""
    found = list(_compare_pages(plain, campaign_id, since))
    if not found:
        return []
    again = set(_compare_pages(recount(campaign_id), campaign_id, since))
    return [sentence for sentence in found if sentence in again]


def _compare_pages(plain: Mapping[int, Own], campaign_id: int, since: date) -> Iterator[str]:
    """Every page with rows below, and each of its rows: so precincts are compared too, as rows of the page above."""
    commissions = db.session.scalars(select(Commission).order_by(Commission.id)).all()
    percent = db.session.get_one(Campaign, campaign_id).ready_percent
    branches = _branches(plain, commissions, since, percent)
    for commission in commissions:
        if commission.level == Level.PEC:
            continue
        rows = count_by_child(SYSTEM, commission, campaign_id, since=since).rows
        shown = {row.commission_id: row.figures for row in rows if not row.own}
        shown[commission.id] = sum((row.figures for row in rows), Figures())
        for place, figures in shown.items():
            if figures != branches[place]:
                yield f"Commission {place}: the page of {commission.id} says {figures}, the rows {branches[place]}."


def _branches(
    plain: Mapping[int, Own], commissions: Sequence[Commission], since: date, percent: int
) -> dict[int, Figures]:
    """The figures of every commission with all below it."""
    parents = {one.id: one.parent_id for one in commissions}
    zones = {one.id: one.time_zone for one in commissions}
    found = dict.fromkeys(parents, Figures())
    for one in commissions:
        own = plain[one.id]
        is_precinct = one.level == Level.PEC and one.closed_on is None
        first = hour_of(since, zones[one.parent_id or one.id] if one.level == Level.PEC else one.time_zone)
        lately = sum(end >= first for end in own.ends)
        ready = is_precinct and is_ready(must=own.must, finished=own.finished, leaders=own.leaders, percent=percent)
        figures = Figures(own.must, own.begun, own.finished, lately, int(is_precinct), int(ready))
        at: int | None = one.id
        while at is not None:
            found[at] += figures
            at = parents[at]
    return found


def _misplaced() -> Iterator[str]:
    """Commissions whose place for permissions is not under their parent of today."""
    placed = select(CommissionClosure.descendant_id, CommissionClosure.ancestor_id).where(CommissionClosure.depth == 1)
    above = placed.subquery()
    rows = db.session.execute(
        select(Commission.id)
        .outerjoin(above, above.c.descendant_id == Commission.id)
        .where(func.coalesce(Commission.parent_id, 0) != func.coalesce(above.c.ancestor_id, 0))
        .order_by(Commission.id)
    )
    for (commission_id,) in rows:
        yield f"Commission {commission_id}: its place for permissions is not under its parent of today."


def _unproven(campaign_id: int) -> Iterator[str]:
    """Enrolments whose end does not agree with the activities done."""
    required = list_required_by_version()
    done = defaultdict(set)
    for enrolment_id, activity in db.session.execute(
        select(CompletedActivity.enrolment_id, CompletedActivity.activity)
        .join(Enrolment, Enrolment.id == CompletedActivity.enrolment_id)
        .where(Enrolment.campaign_id == campaign_id)
    ):
        done[enrolment_id].add(activity)
    for enrolment_id, version_id, completed_at in db.session.execute(
        select(Enrolment.id, Enrolment.version_id, Enrolment.completed_at).where(Enrolment.campaign_id == campaign_id)
    ):
        whole = is_complete(required.get(version_id, []), done[enrolment_id])
        if whole != (completed_at is not None):
            said = "finished, yet activities are missing" if completed_at else "not finished, yet everything is done"
            yield f"Enrolment {enrolment_id} is {said}."


def _steps_by_commission(campaign_id: int) -> dict[int, list[Learner]]:
    courses = defaultdict(list)
    for level, course_id, late_days in db.session.execute(
        select(Requirement.level, Requirement.course_id, Requirement.late_days).where(
            Requirement.campaign_id == campaign_id
        )
    ):
        courses[level, late_days is not None].append(course_id)
    late = {
        (row.person_id, row.level)
        for row in db.session.execute(
            select(LateStart.person_id, LateStart.level).where(LateStart.campaign_id == campaign_id)
        )
    }
    progress = {
        (row.person_id, row.course_id): (row.started_at, row.completed_at)
        for row in db.session.execute(
            select(Enrolment.person_id, Enrolment.course_id, Enrolment.started_at, Enrolment.completed_at).where(
                Enrolment.campaign_id == campaign_id
            )
        )
    }
    steps = defaultdict(list)
    has_way_in = set(db.session.scalars(select(Account.person_id).where(Account.password_hash.is_not(None))))
    for commission_id, person_id, office, level in db.session.execute(
        select(Appointment.commission_id, Appointment.person_id, Appointment.office, Commission.level)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Appointment.ends_on.is_(None))
    ):
        asked = courses[level, (person_id, level) in late]
        if asked:
            own = [progress.get((person_id, course), (None, None)) for course in asked]
            steps[commission_id].append((own, person_id in has_way_in, office))
    return steps


def _count(people: list[Learner]) -> Own:
    begun = 0
    ends: list[int] = []
    led = set()
    for courses, _has_way_in, office in people:
        completed = [end for _started, end in courses if end is not None]
        if len(completed) == len(courses):
            ends.append(int(max(completed).timestamp()) // 3600)
            led.add(office)
        elif any(started for started, _completed in courses):
            begun += 1
    never = sum(not way_in for _courses, way_in, _office in people)
    leaders = len(led & {Office.CHAIR, Office.SECRETARY})
    return Own(len(people), begun, len(ends), never, leaders, tuple(sorted(ends)))
