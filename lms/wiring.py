"""Who hears which news, in the same transaction. One readable table, nothing else."""

from __future__ import annotations

from lms.certificates.actions import issue_for_completion
from lms.commissions.events import AppointmentsMade
from lms.core.events import Handler
from lms.learning.actions import enrol_in_required_courses
from lms.learning.events import CourseCompleted

SUBSCRIPTIONS: dict[type, tuple[Handler, ...]] = {
    AppointmentsMade: (enrol_in_required_courses,),
    CourseCompleted: (issue_for_completion,),
}
