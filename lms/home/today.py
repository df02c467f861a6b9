"""What waits for whoever looks after a branch: figures, people without a way in, rosters and workshops to attend to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql import ColumnElement

from lms.bank.permissions import WRITERS
from lms.bank.queries import count_for_review, count_returned, count_waiting_cases
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Commission, CommissionClosure
from lms.commissions.names import name_of
from lms.commissions.permissions import OVERSEERS, Scope, is_commission_in, may_reach
from lms.commissions.rules import Role
from lms.commissions.slips import MOST_SLIPS
from lms.core import clock
from lms.core.database.base import db
from lms.core.web.languages import _, _n, clock_time, day, number
from lms.fairness.permissions import RULERS
from lms.fairness.queries import count_waiting_disputes
from lms.reporting.members import Wanted
from lms.reporting.pages import Branch, Pace, branch_of, count_branch, pace_of
from lms.reporting.paging import count_wanted
from lms.reporting.queries import list_tops
from lms.reporting.rules import Order
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from lms.sittings.permissions import OPENERS
from lms.sittings.queries import list_open_of
from lms.workshops.closing import of_open_campaign
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import State

LATELY = timedelta(days=14)
FEW, MOST = 3, 6
"""Things of one kind that are listed; the pages behind show the rest."""


@dataclass(frozen=True)
class BranchToday:
    """One branch today."""

    commission: Commission
    branch: Branch
    pace: Pace


@dataclass(frozen=True)
class Task:
    """Something to do today: what, and the page on which it is done."""

    words: str
    address: str
    action: str
    """What the link says."""


def list_branches(scope: Scope) -> list[BranchToday]:
    """The branches that the reader watches, with their figures now."""
    campaign = find_open_campaign()
    if campaign is None:
        return []
    found = []
    for top in list_tops(scope):
        pace = pace_of(campaign, top.time_zone)
        counted = count_branch(scope, top, campaign.id, pace)
        shown = branch_of(counted, pace, order=Order.MISSING, down=True, only_not_ready=False)
        found.append(BranchToday(top, shown, pace))
    return found


def list_tasks(scope: Scope) -> list[Task]:
    """What waits for the reader, the most pressing first."""
    return [*_rooms(scope), *_workshops(scope), *_rosters(scope), *_slips(scope), *_bank(scope)]


def _rooms(scope: Scope) -> Iterator[Task]:
    """Rooms in which the reader supervises a test just now: whoever left the page finds it again."""
    if scope.person_id is None or not scope.holds(*OPENERS):
        return
    for one in list_open_of(scope.person_id, clock.now()):
        until = clock_time(one.closes_at, one.time_zone)
        words = _("A test is open in a room until %(time)s: %(place)s", time=until, place=one.place)
        yield Task(words, url_for("sittings.show", sitting_id=one.id), _("To the room"))


def _workshops(scope: Scope) -> Iterator[Task]:
    held_today = list_workshops_today(scope)
    own = [one for one in held_today if one.trainer_id == scope.person_id]
    others = [one for one in held_today if one not in own]
    for one in own + (others if len(others) <= FEW else []):
        hours = f"{clock_time(one.starts_at, one.time_zone)}–{clock_time(one.ends_at, one.time_zone)}"
        place = f"{name_of(one.organiser)}, {one.place or _('online')}"
        words = _("Workshop today, %(hours)s: %(place)s", hours=hours, place=place)
        yield Task(words, url_for("workshops.show", workshop_id=one.id), _("Sign-in sheet and attendance"))
    if len(others) > FEW:
        words = _n("1 workshop is held today", "%(n)s workshops are held today", len(others))
        yield Task(words, url_for("workshops.schedule_list"), _("All workshops"))
    yield from _without_attendance(scope)


def _without_attendance(scope: Scope) -> Iterator[Task]:
    """Each one of the reader's own commission or leading; of those below only how many, by territory."""
    held = list_without_attendance(scope)
    places = scope.places(*OVERSEERS)
    own = [one for one in held if one.organiser_id in places or one.trainer_id == scope.person_id]
    below = [one for one in held if one not in own]
    for one in own[:MOST]:
        words = _(
            "Workshop of %(day)s, %(place)s: attendance is not taken yet",
            day=day(one.starts_at, one.time_zone),
            place=name_of(one.organiser),
        )
        yield Task(words, url_for("workshops.attendance", workshop_id=one.id), _("Take attendance"))
    if below:
        territories = list_territories(scope, {one.organiser_id for one in below})
        counts = Counter(territories.get(one.organiser_id, name_of(one.organiser)) for one in below)
        shown = ", ".join(f"{name}: {number(count)}" for name, count in counts.most_common())
        words = _n(
            "Attendance is not taken yet at 1 workshop below (%(places)s)",
            "Attendance is not taken yet at %(n)s workshops below (%(places)s)",
            len(below),
            places=shown,
        )
        yield Task(words, url_for("workshops.schedule_list", when="past"), _("All workshops"))


def _rosters(scope: Scope) -> Iterator[Task]:
    for one in list_waiting_rosters(scope):
        address = url_for("rosters.show", import_id=one.id)
        problems = int(one.counts.get("outcomes", {}).get("problem", 0))
        if problems:
            words = _n(
                "Roster %(file)s: 1 row has a problem, nothing is applied yet",
                "Roster %(file)s: %(n)s rows have problems, nothing is applied yet",
                problems,
                file=one.file_name,
            )
        else:
            words = _("Roster %(file)s: read without problems, not applied yet", file=one.file_name)
        yield Task(words, address, _("Look through and apply"))


def _slips(scope: Scope) -> Iterator[Task]:
    campaign, never = find_open_campaign(), Wanted(never_signed_in=True)
    if campaign is None:
        return
    for top in list_tops(scope):
        count = count_wanted(scope, top, campaign.id, never) if may_reach(scope, top.id, *OVERSEERS) else 0
        if not count:
            continue
        words = _n(
            "%(place)s and below: 1 member has never signed in",
            "%(place)s and below: %(n)s members have never signed in",
            count,
            place=name_of(top),
        )
        if count <= MOST_SLIPS:
            address = url_for("commissions.print_slips", commission_id=top.id, below=1)
            yield Task(words, address, _("Print sign-in slips"))
        else:
            asked: dict[str, Any] = {"signed-in": "never"}
            address = url_for("reporting.people", commission_id=top.id, **asked)
            yield Task(words, address, _("See who"))


def _bank(scope: Scope) -> Iterator[Task]:
    """Own questions that came back, those of others to review, and cases from the field that nobody has answered."""
    if scope.person_id is None or not scope.holds(*WRITERS):
        return
    drafts, cases = count_for_review(scope.person_id), count_waiting_cases()
    if returned := count_returned(scope.person_id):
        words = _n(
            "1 question came back to you with remarks", "%(n)s questions came back to you with remarks", returned
        )
        yield Task(words, url_for("bank.drafts"), _("Drafts"))
    if drafts:
        words = _n("1 question waits for your review", "%(n)s questions wait for your review", drafts)
        yield Task(words, url_for("bank.drafts", waiting=1), _("Drafts"))
    disputes = count_waiting_disputes() if scope.holds(*RULERS) else 0
    if disputes:
        words = _n(
            "1 dispute about a question waits for a ruling",
            "%(n)s disputes about questions wait for a ruling",
            disputes,
        )
        yield Task(words, url_for("fairness.disputes"), _("Disputes"))
    if cases:
        words = _n("1 case from the field waits for an answer", "%(n)s cases from the field wait for an answer", cases)
        yield Task(words, url_for("bank.all_cases"), _("Cases from the field"))


def list_waiting_rosters(scope: Scope) -> Sequence[RosterImport]:
    """Rosters that were read lately and not applied, the newest first."""
    return db.session.scalars(
        select(RosterImport)
        .where(
            RosterImport.state == ImportState.READ,
            RosterImport.created_at > clock.now() - LATELY,
            is_commission_in(scope, RosterImport.commission_id, *OVERSEERS),
        )
        .order_by(RosterImport.id.desc())
        .limit(MOST)
    ).all()


def list_workshops_today(scope: Scope) -> list[Workshop]:
    """Workshops that the reader looks after or leads and that are held today, where they are held."""
    now = clock.now()
    near = _managed(scope, Workshop.starts_at.between(now - timedelta(days=1), now + timedelta(days=1)))
    return [one for one in near if _is_today(one)]


def list_without_attendance(scope: Scope) -> list[Workshop]:
    """Workshops that the reader looks after or leads, held lately, of which nobody has said who came."""
    now = clock.now()
    held = _managed(
        scope, Workshop.ends_at.between(now - LATELY, now), Workshop.id.not_in(select(Attendance.workshop_id))
    )
    return [one for one in held if not _is_today(one)]


def list_territories(scope: Scope, ids: Collection[int]) -> dict[int, str]:
    """For commissions below those that the reader looks after: the name of the one directly below, to whose branch it
    belongs."""
    top, below = aliased(CommissionClosure), aliased(CommissionClosure)
    rows = db.session.execute(
        select(below.descendant_id, Commission)
        .join(Commission, Commission.id == below.ancestor_id)
        .join(top, and_(top.descendant_id == below.ancestor_id, top.depth == 1))
        .where(top.ancestor_id.in_(scope.places(*OVERSEERS)), below.descendant_id.in_(ids))
        .order_by(below.depth)
    )
    return {place: name_of(territory) for place, territory in rows}


def _is_today(one: Workshop) -> bool:
    return clock.day_of(one.starts_at, one.time_zone) == clock.today(one.time_zone)


def _managed(scope: Scope, *conditions: ColumnElement[bool]) -> Sequence[Workshop]:
    """Workshops of the open campaign whose attendance the reader may take."""
    own = and_(Workshop.trainer_id == scope.person_id, is_commission_in(scope, Workshop.organiser_id, Role.TRAINER))
    return db.session.scalars(
        select(Workshop)
        .where(
            Workshop.state == State.SCHEDULED,
            of_open_campaign(),
            or_(is_commission_in(scope, Workshop.organiser_id, *OVERSEERS), own),
            *conditions,
        )
        .options(joinedload(Workshop.organiser))
        .order_by(Workshop.starts_at, Workshop.id)
    ).all()
