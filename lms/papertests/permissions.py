"""Who prints and keys in papers, who may have one, and the words for what stands in the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from lms.assessment.permissions import find_chance
from lms.assessment.queries import list_attempts
from lms.assessment.rules import Hindrance
from lms.campaigns.queries import find_open_campaign
from lms.commissions.permissions import Scope, may_reach
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web.languages import _, day_and_time, day_of_any_year
from lms.learning.models import Enrolment
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.roles import CORRECTORS, HANDLERS
from lms.papertests.rules import DayFault, State, find_day_fault


def get_sheet(scope: Scope, sheet_id: int, *roles: Role) -> PaperSheet:
    """The sheet, if one of these roles reaches the commission for which it was printed; NotFound otherwise."""
    sheet = db.session.get(PaperSheet, sheet_id)
    if sheet is None or not may_reach(scope, sheet.commission_id, *roles):
        raise NotFound
    return sheet


def get_print(scope: Scope, paper_print_id: int) -> PaperPrint:
    """The document, if the reader may print there; NotFound otherwise."""
    asked = db.session.get(PaperPrint, paper_print_id)
    if asked is None or not may_reach(scope, asked.commission_id, *HANDLERS):
        raise NotFound
    return asked


def check_may_open(scope: Scope, asked: PaperPrint) -> None:
    """Raise Forbidden when the reader's own paper is in the document."""
    own = (
        select(PaperSheet.id)
        .join(Enrolment, Enrolment.id == PaperSheet.enrolment_id)
        .where(PaperSheet.id.in_(asked.sheets), Enrolment.person_id == scope.person_id)
    )
    if db.session.scalar(own.limit(1)) is not None:
        raise Forbidden(_("Your own paper is in this document. Ask another trainer or officer to print it."))


def may_handle(scope: Scope, sheet: PaperSheet) -> bool:
    """Whether the reader may key the sheet in or declare it void: a trainer or officer of the branch, not its owner."""
    return may_reach(scope, sheet.commission_id, *HANDLERS) and not is_own(scope, sheet.enrolment)


def may_correct(scope: Scope, sheet: PaperSheet) -> bool:
    """Whether the reader may correct what was keyed in: an officer of the branch, not its owner, while the campaign is
    open."""
    campaign = find_open_campaign()
    if sheet.state is not State.KEYED or campaign is None or campaign.id != sheet.campaign_id:
        return False
    return may_reach(scope, sheet.commission_id, *CORRECTORS) and not is_own(scope, sheet.enrolment)


def check_may_key(scope: Scope, sheet: PaperSheet) -> None:
    """Raise unless the reader may key the sheet in, or correct what was keyed in: Forbidden for one's own, Refused when
    it was keyed in or declared void."""
    check_not_own(scope, sheet.enrolment)
    if not may_correct(scope, sheet):
        check_waiting(sheet)


def is_own(scope: Scope, enrolment: Enrolment | None) -> bool:
    """Whether it is the reader's own."""
    return enrolment is not None and enrolment.person_id == scope.person_id


def check_not_own(scope: Scope, enrolment: Enrolment | None) -> None:
    """Raise Forbidden when somebody would print, see or key in their own paper."""
    if is_own(scope, enrolment):
        raise Forbidden(_("Nobody prints their own paper or keys it in. Ask another trainer or officer."))


def check_waiting(sheet: PaperSheet) -> None:
    """Raise Refused unless the sheet was neither keyed in nor declared void."""
    if sheet.state is State.KEYED:
        raise Refused(_("Paper No. %(number)s has been keyed in already. Nothing has changed.", number=sheet.shown))
    if sheet.state is State.VOID:
        raise Refused(
            _(
                "Paper No. %(number)s was declared void, so it cannot be keyed in. Compare its number.",
                number=sheet.shown,
            )
        )


def check_day(sheet: PaperSheet, written_on: date, zone: str) -> None:
    """Raise Refused unless somebody can have written on the sheet that day."""
    printed_on = clock.day_of(sheet.printed_at, zone)
    fault = find_day_fault(written_on, printed_on, clock.today(zone))
    if fault is DayFault.AHEAD:
        raise Refused(_("This day is yet to come. Type the day that stands on the paper."))
    if fault is DayFault.BEFORE_PRINT:
        raise Refused(
            _(
                "The paper was printed on %(day)s, so nobody can have written on it earlier. Compare the day.",
                day=day_of_any_year(printed_on),
            )
        )


def end_of(written_on: date, zone: str) -> datetime:
    """The latest moment at which somebody can have written that day; now, when it is today."""
    return min(clock.now(), clock.start_of(written_on + timedelta(days=1), zone))


def find_named_hindrance(enrolment: Enrolment, zone: str, at: datetime | None = None) -> str:
    """What `find_hindrance` says, with the name of the person before it."""
    hindrance = find_hindrance(enrolment, zone, at)
    return f"{enrolment.person.full_name}: {hindrance}" if hindrance else ""


def find_hindrance(enrolment: Enrolment, zone: str, at: datetime | None = None) -> str:
    """Why the person may not have an attempt at `at`, and what to do; empty when nothing stands in the way."""
    chance = find_chance(enrolment, list_attempts(enrolment.id), at=at, on_paper=True)
    opens = day_and_time(chance.opens_at, zone) if chance.opens_at else ""
    return {
        None: "",
        Hindrance.PASSED: _("the test is passed already. A paper is not needed; declare it void."),
        Hindrance.OPEN: _("a test on the screen is going on. Wait until it is sent or its time is up, then try again."),
        Hindrance.USED_UP: _(
            "every attempt is used. An officer can give another one on the page of this person’s tests."
        ),
        Hindrance.WAIT: _(
            "the next attempt opens on %(when)s. A paper written before that day does not count.", when=opens
        ),
        Hindrance.OVER: _("the campaign of this test is over."),
    }.get(chance.hindrance, "")
