"""Who hears which news, in the same transaction. One readable table, nothing else."""

from __future__ import annotations

from lms.certificates.actions import issue_for_completion
from lms.commissions.events import AppointmentsMade
from lms.core.events import Handler
from lms.curriculum.events import CourseRequired, VersionPublished
from lms.learning.actions import enrol_in_required_courses, enrol_where_required, take_over_version
from lms.learning.events import CourseCompleted

SUBSCRIPTIONS: dict[type, tuple[Handler, ...]] = {
    AppointmentsMade: (enrol_in_required_courses,),
    VersionPublished: (take_over_version,),
    CourseRequired: (enrol_where_required,),
    CourseCompleted: (issue_for_completion,),
}
