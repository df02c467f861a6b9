"""From one campaign to the next: what is asked is asked again, and what counts again is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, insert, select, update
from sqlalchemy.orm import aliased

from lms.campaigns.actions import archive_campaign, open_campaign
from lms.campaigns.models import Campaign
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level, Role
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Forbidden
from lms.core.web.languages import _
from lms.curriculum.actions import require_course
from lms.curriculum.models import Course, CourseVersion, Requirement
from lms.curriculum.rules import Change
from lms.learning.models import CompletedActivity, Enrolment


@dataclass(frozen=True)
class NextElection:
    """What is known of the next election."""

    code: str
    names: Mapping[str, str]
    """By language."""
    called_on: date
    election_on: date


def check_may_run_campaigns(by: Scope) -> None:
    """Raise Forbidden unless `by` administers the central commission."""
    if not by.holds(Role.CEC_ADMINISTRATOR):
        raise Forbidden(_("Campaigns are opened and closed by the central commission."))


def set_counts_again(*, course: Course, counts: bool, by: Scope) -> None:
    """Say whether completing the course in one campaign counts in the next."""
    check_may_run_campaigns(by)
    if course.counts_again != counts:
        course.counts_again = counts
        db.session.flush()
        record("learning.counts_again_set", by=by, subject=f"course:{course.id}", counts=counts)


def open_next_campaign(*, before: Campaign, election: NextElection, knowing: bool = False, by: Scope) -> Campaign:
    """Archive a campaign and open the next one with the same requirements: everyone seated is enrolled anew, and who
    has finished a course that counts again has finished it there too. Attempts, certificates and workshops stay where
    they were earned. Refused until election day is over, when dates or code do not fit, and, unless `knowing`, while
    something in the campaign is left undone."""
    check_may_run_campaigns(by)
    archive_campaign(campaign=before, knowing=knowing, by=by)
    campaign = open_campaign(
        code=election.code,
        names=dict(election.names),
        called_on=election.called_on,
        election_on=election.election_on,
        by=by,
    )
    campaign.ready_percent = before.ready_percent
    for one in db.session.scalars(
        select(Requirement).where(Requirement.campaign_id == before.id).order_by(Requirement.id)
    ):
        level = Level(one.level)
        require_course(course=one.course, campaign=campaign, level=level, late_days=one.late_days, by=by)
    carried = _carry_over(before.id, campaign.id)
    record(
        "learning.campaign_carried_over", by=by, subject=f"campaign:{campaign.id}", before=before.id, carried=carried
    )
    return campaign


def _carry_over(before_id: int, campaign_id: int) -> int:
    """How many enrolments are completed by what was done in the campaign before."""
    earlier = aliased(Enrolment)
    theirs = _finished(earlier, before_id)
    columns = ("version_id", "started_at", "completed_at", "imported_at")
    done = db.session.execute(
        update(Enrolment)
        .where(Enrolment.campaign_id == campaign_id, Enrolment.completed_at.is_(None), theirs.exists())
        .values(
            carried_from_id=theirs.with_only_columns(earlier.id).scalar_subquery(),
            **{name: theirs.with_only_columns(getattr(earlier, name)).scalar_subquery() for name in columns},
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        insert(CompletedActivity).from_select(
            ["enrolment_id", "activity", "completed_at", "details"],
            select(Enrolment.id, CompletedActivity.activity, CompletedActivity.completed_at, CompletedActivity.details)
            .join(CompletedActivity, CompletedActivity.enrolment_id == Enrolment.carried_from_id)
            .where(Enrolment.campaign_id == campaign_id),
        )
    )
    db.session.expire_all()
    return int(getattr(done, "rowcount", 0))


def _finished(earlier: type[Enrolment], before_id: int) -> Select[tuple[int]]:
    """The finished enrolment of the same person on the same course in a campaign, if the course counts again and
    nothing material has changed since."""
    newer, its = aliased(CourseVersion), aliased(CourseVersion)
    changed = exists().where(
        newer.course_id == earlier.course_id, newer.change == Change.MATERIAL, newer.number > its.number
    )
    return (
        select(earlier.id)
        .join(Course, Course.id == earlier.course_id)
        .join(its, its.id == earlier.version_id)
        .where(
            earlier.campaign_id == before_id,
            earlier.person_id == Enrolment.person_id,
            earlier.course_id == Enrolment.course_id,
            earlier.completed_at.is_not(None),
            Course.counts_again,
            ~changed,
        )
        .correlate(Enrolment)
    )
