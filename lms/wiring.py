"""Who hears which news, in the same transaction. One readable table, nothing else."""

from __future__ import annotations

from lms.accounts.events import WayInChanged
from lms.assessment.events import RoomAsked, RoomsAsked, WorkshopsAsked
from lms.assessment.granting import grant_after_workshop, take_back_after_workshop
from lms.campaigns.events import CampaignClosed
from lms.certificates.actions import (
    issue_for_completion,
    reinstate_with_completion,
    withdraw_with_completion,
)
from lms.certificates.telling import tell_certificate
from lms.commissions import reserve
from lms.commissions.events import (
    AppointmentsEnded,
    AppointmentsMade,
    CommissionsChanged,
    SeatHeldAgain,
    SeatingTakenBack,
    SeatNeverHeld,
)
from lms.commissions.leaving import ask_to_end_slips
from lms.core.events import Handler
from lms.curriculum.events import CourseRequired, VersionPublished
from lms.home.actions import count_changed as count_waiting_again
from lms.home.actions import forget_removed
from lms.learning.actions import (
    ask_as_before,
    ask_no_short_course,
    enrol_in_required_courses,
    enrol_where_required,
    forget_coming,
    take_over_version,
)
from lms.learning.events import CompletionRestored, CompletionWithdrawn, CourseBegun, CourseCompleted
from lms.people.events import NumberCorrected
from lms.reporting.actions import (
    count_changed,
    count_learner,
    count_left,
    count_required,
    count_seated,
    count_taken_back,
    count_way_in,
)
from lms.rosters.renumbering import follow_number
from lms.sittings.telling import tell_open, tell_rooms
from lms.workshops.closing import end_workshops
from lms.workshops.events import AttendanceTakenBack, CertificateAsked, WorkshopAttended
from lms.workshops.planned import tell_planned

SUBSCRIPTIONS: dict[type, tuple[Handler, ...]] = {
    NumberCorrected: (follow_number,),
    WayInChanged: (count_way_in,),
    CampaignClosed: (end_workshops,),
    CommissionsChanged: (count_changed, count_waiting_again),
    AppointmentsMade: (reserve.end_entered, enrol_in_required_courses, count_seated, count_waiting_again),
    AppointmentsEnded: (count_left, ask_to_end_slips, count_waiting_again),
    SeatingTakenBack: (reserve.wait_again, count_taken_back, forget_removed, count_waiting_again),
    SeatHeldAgain: (ask_as_before,),
    SeatNeverHeld: (forget_coming,),
    VersionPublished: (take_over_version,),
    CourseRequired: (enrol_where_required, count_required),
    CourseBegun: (count_learner,),
    WorkshopAttended: (grant_after_workshop,),
    AttendanceTakenBack: (take_back_after_workshop,),
    CertificateAsked: (tell_certificate,),
    WorkshopsAsked: (tell_planned,),
    RoomAsked: (tell_open,),
    RoomsAsked: (tell_rooms,),
    CourseCompleted: (issue_for_completion, ask_no_short_course, count_learner),
    CompletionWithdrawn: (withdraw_with_completion, count_learner),
    CompletionRestored: (reinstate_with_completion, count_learner),
}
