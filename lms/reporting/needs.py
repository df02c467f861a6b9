"""What each person has yet to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from lms.core.database.among import is_among
from lms.core.database.base import db
from lms.curriculum.shelf import get_published
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.learning.rules import activities_of
from lms.reporting.required import list_newest_versions
from lms.reporting.rules import Missing, missing_of

NOTHING = Missing()


class Needs:
    """What people of one campaign have yet to do; what courses ask for is looked up once."""

    def __init__(self, campaign_id: int) -> None:
        self.campaign_id = campaign_id
        self._left: dict[tuple[int, frozenset[str]], Missing] = {}
        self._activities: dict[int, list[str]] = {}

    def of(self, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Missing]]:
        """Each row (person_id, level, finished) with what is missing."""
        unfinished = [row.person_id for row in rows if not row.finished]
        late = self._late_of(unfinished)
        left = self._left_by_course(unfinished)
        for row in rows:
            yield row, NOTHING if row.finished else self._of(row, (row.person_id, row.level) in late, left)

    def _of(self, row: Row[Any], is_late: bool, left: dict[tuple[int, int], Missing]) -> Missing:
        asked = self._asked.get((row.level, is_late), {})
        parts = [left.get((row.person_id, course)) or self._left_of(newest, ()) for course, newest in asked.items()]
        return parts[0] if len(parts) == 1 else sum(parts, NOTHING)

    def _required(self, version_id: int) -> list[str]:
        """The activities that a version asks for."""
        if version_id not in self._activities:
            version = get_published(version_id)
            codes = [module.code for module in version.modules]
            self._activities[version_id] = activities_of(codes, workshop=version.workshop)
        return self._activities[version_id]

    @cached_property
    def _asked(self) -> dict[tuple[str, bool], dict[int, int]]:
        return list_newest_versions(self.campaign_id)

    def _left_of(self, version_id: int, done: Iterable[str]) -> Missing:
        key = (version_id, frozenset(done))
        if key not in self._left:
            self._left[key] = missing_of(version_id, self._required(version_id), key[1])
        return self._left[key]

    def _late_of(self, person_ids: list[int]) -> set[tuple[int, str]]:
        """(person, level) of those of whom only the short courses are asked."""
        rows = db.session.execute(
            select(LateStart.person_id, LateStart.level).where(
                LateStart.campaign_id == self.campaign_id, is_among(LateStart.person_id, person_ids)
            )
        )
        return {(row.person_id, row.level) for row in rows} if person_ids else set()

    def _left_by_course(self, person_ids: list[int]) -> dict[tuple[int, int], Missing]:
        """(person, course) -> what is left of it, where they are enrolled."""
        if not person_ids:
            return {}
        theirs = [is_among(Enrolment.person_id, person_ids), Enrolment.campaign_id == self.campaign_id]
        done = defaultdict(set)
        for enrolment_id, activity in db.session.execute(
            select(CompletedActivity.enrolment_id, CompletedActivity.activity)
            .join(Enrolment, Enrolment.id == CompletedActivity.enrolment_id)
            .where(*theirs, Enrolment.completed_at.is_(None))
        ):
            done[enrolment_id].add(activity)
        columns = (Enrolment.id, Enrolment.person_id, Enrolment.course_id, Enrolment.version_id, Enrolment.completed_at)
        return {
            (row.person_id, row.course_id): self._left_of(
                row.version_id, self._required(row.version_id) if row.completed_at else done[row.id]
            )
            for row in db.session.execute(select(*columns).where(*theirs))
        }
