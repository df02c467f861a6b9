"""What each person has yet to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from lms.core.database.base import db
from lms.learning.models import CompletedActivity, Enrolment
from lms.reporting.required import list_newest_versions, list_required_by_version
from lms.reporting.rules import Missing, missing_of

NOTHING = Missing()


class Needs:
    """What people of one campaign have yet to do; what courses ask for is looked up once."""

    def __init__(self, campaign_id: int) -> None:
        self.campaign_id = campaign_id
        self._left: dict[tuple[int, frozenset[str]], Missing] = {}

    def of(self, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Missing]]:
        """Each row (person_id, level, finished) with what is missing."""
        missing = self._by_person([row.person_id for row in rows if not row.finished])
        for row in rows:
            yield row, NOTHING if row.finished else missing.get(row.person_id) or self._everything[row.level]

    @cached_property
    def _required(self) -> dict[int, list[str]]:
        return list_required_by_version()

    @cached_property
    def _everything(self) -> dict[str, Missing]:
        """What people have to do who are not enrolled yet, by level of their commission."""
        return {
            level: sum((self._left_of(version, ()) for version in versions), NOTHING)
            for level, versions in list_newest_versions(self.campaign_id).items()
        }

    def _left_of(self, version_id: int, done: Iterable[str]) -> Missing:
        key = (version_id, frozenset(done))
        if key not in self._left:
            self._left[key] = missing_of(self._required[version_id], key[1])
        return self._left[key]

    def _by_person(self, person_ids: list[int]) -> dict[int, Missing]:
        if not person_ids:
            return {}
        theirs = [Enrolment.person_id.in_(person_ids), Enrolment.campaign_id == self.campaign_id]
        done = defaultdict(set)
        for enrolment_id, activity in db.session.execute(
            select(CompletedActivity.enrolment_id, CompletedActivity.activity)
            .join(Enrolment, Enrolment.id == CompletedActivity.enrolment_id)
            .where(*theirs, Enrolment.completed_at.is_(None))
        ):
            done[enrolment_id].add(activity)
        found: dict[int, Missing] = {}
        for enrolment_id, person_id, version_id, ended in db.session.execute(
            select(Enrolment.id, Enrolment.person_id, Enrolment.version_id, Enrolment.completed_at).where(*theirs)
        ):
            left = self._left_of(version_id, self._required[version_id] if ended else done[enrolment_id])
            found[person_id] = found[person_id] + left if person_id in found else left
        return found
