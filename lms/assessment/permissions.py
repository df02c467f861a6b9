"""Who may begin a test now, and the words for what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lms.assessment import queries, rules
from lms.assessment.errors import MayNotStart
from lms.assessment.events import RoomAsked, WorkshopsAsked
from lms.assessment.models import Attempt
from lms.assessment.rules import Chance, Hindrance, Kind, may_start
from lms.campaigns.queries import find_open_campaign
from lms.commissions.permissions import Scope, get_seat_in_care
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound
from lms.core.events import publish
from lms.core.web.languages import _, _n, day_and_time
from lms.curriculum.settings import TestSettings
from lms.learning.models import Enrolment


def find_chance(
    enrolment: Enrolment,
    attempts: Sequence[Attempt],
    *,
    at: datetime | None = None,
    in_room: bool = False,
    on_paper: bool = False,
) -> Chance:
    """Whether the person may begin a test of this enrolment now, after these attempts, and if not, what stands in the
    way. `in_room`: they have shown that they sit in a room that is supervised. `on_paper`: they write where there is no
    link, under a trainer's eyes, so that modules need not have been read before; `at`: when that was, or will be."""
    settings = TestSettings.model_validate(enrolment.version.test)
    earlier = [queries.as_earlier(attempt) for attempt in attempts]
    granted = queries.count_granted(enrolment.id) if len(attempts) >= settings.attempts else 0
    has_read = on_paper or queries.has_read_everything(enrolment)
    chance = may_start(at or clock.now(), earlier, settings, has_read=has_read, granted=granted)
    campaign = find_open_campaign()
    if chance.may and (campaign is None or campaign.id != enrolment.campaign_id):
        return Chance(Hindrance.OVER, chance.left)
    if chance.may and settings.supervised and not (in_room or on_paper):
        return Chance(Hindrance.ROOM, chance.left)
    return chance


def may_begin_in_room(enrolment: Enrolment, chance: Chance) -> bool:
    """Whether the code of a room is asked for: nothing else stands in the way, and the test begins in a room only, or
    one is open for this person just now."""
    if not chance.may:
        return chance.hindrance is Hindrance.ROOM
    asked = RoomAsked(enrolment.person_id, enrolment.course_id, enrolment.campaign_id)
    publish(asked)
    return asked.is_open


def check_may_start(enrolment: Enrolment, attempts: Sequence[Attempt], by: Scope, *, in_room: bool = False) -> None:
    """Raise MayNotStart with a sentence unless a test of this enrolment may begin now, after these attempts."""
    chance = find_chance(enrolment, attempts, in_room=in_room)
    if not chance.may:
        raise MayNotStart(say_hindrance(chance, queries.find_zone(by)))


def get_attempt_in_care(scope: Scope, attempt_id: int) -> Attempt:
    """The attempt at a test, if `scope` looks after the commission in which its person sits; NotFound otherwise."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.kind != Kind.FINAL:
        raise NotFound
    get_seat_in_care(scope, attempt.person_id)
    return attempt


def get_enrolment_in_care(scope: Scope, enrolment_id: int) -> Enrolment:
    """The enrolment, if `scope` looks after the commission in which its person sits; NotFound otherwise."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    get_seat_in_care(scope, enrolment.person_id)
    return enrolment


def check_not_own(scope: Scope, of: Attempt | Enrolment) -> None:
    """Raise Forbidden when somebody would decide about their own test."""
    if of.person_id == scope.person_id:
        raise Forbidden(_("Nobody decides about their own test. Ask another officer, or the commission above."))


def find_entry_hindrance(enrolment: Enrolment) -> Hindrance | None:
    """What stands in the way of the questions before the course; None when nothing does."""
    campaign = find_open_campaign()
    offered = campaign is not None and campaign.id == enrolment.campaign_id and enrolment.version.entry is not None
    asked = queries.find_entry(enrolment.id) is not None
    return rules.find_entry_hindrance(offered=offered, asked=asked, begun=queries.has_begun_reading(enrolment))


def check_may_be_asked(enrolment: Enrolment) -> None:
    """Raise MayNotStart with a sentence unless the questions before the course may be asked now."""
    hindrance = find_entry_hindrance(enrolment)
    if hindrance is not None:
        raise MayNotStart(say_entry_hindrance(hindrance))


def say_entry_hindrance(hindrance: Hindrance | None) -> str:
    """Why the questions before the course are not asked now, and what to do; empty when they are."""
    if hindrance is Hindrance.ASKED:
        return _("You have answered these questions already. They are asked once.")
    if hindrance is Hindrance.BEGUN:
        return _("These questions are for before the first module. You have begun: go on reading.")
    return _("This course has no questions before it just now. Begin with the first module.") if hindrance else ""


def say_ways(enrolment: Enrolment, chance: Chance) -> str:
    """Once every attempt is used: what opens the way again by itself; empty when only an officer does."""
    settings = TestSettings.model_validate(enrolment.version.test)
    if chance.hindrance is not Hindrance.USED_UP or settings.after_attempts != "workshop":
        return ""
    promised = _n(
        "After a workshop of this course you get %(n)s attempt more.",
        "After a workshop of this course you get %(n)s attempts more.",
        settings.more,
    )
    asked = WorkshopsAsked(enrolment.person_id, enrolment.course_id, enrolment.campaign_id)
    publish(asked)
    if not asked.planned:
        return promised + " " + _("No workshop is planned for you yet: ask your trainer.")
    return (
        promised
        + " "
        + _n(
            "%(n)s workshop of your commission is planned.",
            "%(n)s workshops of your commission are planned.",
            len(asked.planned),
        )
    )


def say_hindrance(chance: Chance, zone: str) -> str:
    """What stands in the way, and what to do next, times in `zone`; empty when nothing does."""
    return {
        None: "",
        Hindrance.PASSED: _("You have passed this test. It need not be taken again."),
        Hindrance.OPEN: _("You have begun this test already. Go on with it."),
        Hindrance.USED_UP: _("Every attempt is used. Ask the officer who looks after your commission what to do next."),
        Hindrance.READ_FIRST: _("The test opens when you have read every module of the course."),
        Hindrance.WAIT: _(
            "The next attempt opens on %(when)s. Until then, read again what was difficult.",
            when=day_and_time(chance.opens_at, zone) if chance.opens_at else "",
        ),
        Hindrance.OVER: _("This campaign is over, so its test can no longer be taken."),
        Hindrance.ROOM: _(
            "This test is taken in a room where somebody supervises it. Go there at the time you were told: a code is "
            "shown there. Type it on the page of the test."
        ),
    }.get(chance.hindrance, "")
