"""When a workshop may stand, who would have to be in two places, and what local time means: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.core.clock import AHEAD

LONGEST = timedelta(hours=12)
MOST_SEATS = 500
LIST_OPENS = timedelta(hours=12)
"""So long before the start the page of attendance shows the list: a trainer who goes where there is no link takes the
open page along, and it opens for ticks by itself."""
ATTENDANCE_OPENS = timedelta(minutes=15)
"""So long before the start people may be ticked: they come a little early and sign at the door. A tick may issue a
certificate at once, so earlier ones would say of people that they were where nobody has been yet."""
MISTAKE_SEEN = timedelta(days=1)
"""So long whoever ticked may take a tick back with the certificate that it brought: a mistake is seen at the end of the
workshop or on the next morning."""
CALENDAR_KEEPS = timedelta(days=60)
"""So long after its end a workshop stays in the calendar."""


class State(StrEnum):
    """Whether a workshop takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Category(StrEnum):
    """What a person was on the day of the workshop."""

    CEC = "cec"
    CONSTITUENCY = "con"
    TEC = "tec"
    PEC = "pec"
    OTHER = "other"


class Way(StrEnum):
    """Why a person stands on the list of a workshop."""

    INVITED = "invited"
    """As a member of a commission invited."""
    GUEST = "guest"
    """With a seat of their own."""
    CAME = "came"
    """Uninvited: they came, and were ticked."""


class Fault(StrEnum):
    """What keeps a workshop from being scheduled."""

    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"
    BEFORE_CALL = "before_call"
    AFTER_ELECTION = "after_election"
    NO_PLACE = "no_place"
    NOBODY = "nobody"
    FEW_SEATS = "few_seats"
    MANY_SEATS = "many_seats"


class Doubt(StrEnum):
    """What is asked before a workshop is scheduled on a day."""

    PAST = "past"
    ELECTION_DAY = "election_day"


@dataclass(frozen=True)
class Plan:
    """What a trainer decides: everything about a workshop, in local time."""

    course_id: int
    trainer_id: int
    day: date
    starts: time
    ends: time
    time_zone: str
    place: str
    link: str
    seats: int
    language: str
    commission_ids: frozenset[int]


@dataclass(frozen=True)
class Slot:
    """Who is bound from when to when."""

    trainer_id: int
    commission_ids: frozenset[int]
    starts_at: datetime
    ends_at: datetime
    workshop_id: int | None = None


@dataclass(frozen=True)
class Clash:
    """A workshop at the same time, and who would have to be at both."""

    workshop_id: int | None
    trainer: bool
    commission_ids: frozenset[int]


class Seen(StrEnum):
    """What a page showed of a person when they were ticked on it, as the page says it."""

    UNSAID = "unsaid"
    """The page says nothing of it."""
    NOTHING = ""
    """They were not ticked yet."""
    HERE = "1"
    AWAY = "0"


@dataclass(frozen=True)
class Mark:
    """One person was there, or was not, as ticked at a moment."""

    person_id: int
    present: bool
    at: datetime
    rest: bool = False
    """Ticked by the button for all others: it holds only while nobody has ticked the person by name."""
    seen: Seen = Seen.UNSAID


class NoSuchTime(ValueError):
    """The clock skips this local time (summer time begins)."""


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment of a naive local time in `zone` (IANA name). Of an hour that comes twice, the first. Raises NoSuchTime
    for a time that the clock skips."""
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if to_local(moment, zone) != local:
        raise NoSuchTime(local.isoformat())
    return moment


def to_local(moment: datetime, zone: str) -> datetime:
    """The naive local time in `zone` of a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def utc_offset(moment: datetime, zone: str) -> str:
    """How far `zone` is from UTC at that moment, as `UTC+05:00`."""
    offset = ZoneInfo(zone).utcoffset(moment.astimezone(ZoneInfo(zone))) or timedelta()
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def slot_of(plan: Plan, workshop_id: int | None = None) -> Slot:
    """The plan's moments in UTC, as those of a workshop that is being changed or of a new one. Raises NoSuchTime."""
    return Slot(
        trainer_id=plan.trainer_id,
        commission_ids=plan.commission_ids,
        starts_at=to_utc(datetime.combine(plan.day, plan.starts), plan.time_zone),
        ends_at=to_utc(datetime.combine(plan.day, plan.ends), plan.time_zone),
        workshop_id=workshop_id,
    )


def find_fault(plan: Plan, slot: Slot, *, called_on: date, election_on: date, expected: int) -> Fault | None:
    """The first thing that keeps the plan from being scheduled; `expected` is the number of people invited."""
    return next(
        (
            fault
            for fault, holds in (
                (Fault.NOBODY, not plan.commission_ids),
                (Fault.ENDS_BEFORE_START, slot.ends_at <= slot.starts_at),
                (Fault.TOO_LONG, slot.ends_at - slot.starts_at > LONGEST),
                (Fault.BEFORE_CALL, plan.day < called_on),
                (Fault.AFTER_ELECTION, plan.day > election_on),
                (Fault.NO_PLACE, not plan.place and not plan.link),
                (Fault.MANY_SEATS, plan.seats > MOST_SEATS),
                (Fault.FEW_SEATS, plan.seats < max(1, expected)),
            )
            if holds
        ),
        None,
    )


def find_doubt(day: date, *, today: date, election_on: date) -> Doubt | None:
    """What is to be asked about the day of a workshop; None when nothing is."""
    if day < today:
        return Doubt.PAST
    return Doubt.ELECTION_DAY if day == election_on else None


def find_clashes(wanted: Slot, others: Iterable[Slot]) -> list[Clash]:
    """Workshops that overlap `wanted` and bind its trainer or one of its commissions; itself left out. One may begin in
    the minute in which another ends."""
    clashes = []
    for other in others:
        if other.workshop_id is not None and other.workshop_id == wanted.workshop_id:
            continue
        if other.starts_at >= wanted.ends_at or wanted.starts_at >= other.ends_at:
            continue
        same_trainer = other.trainer_id == wanted.trainer_id
        shared = other.commission_ids & wanted.commission_ids
        if same_trainer or shared:
            clashes.append(Clash(other.workshop_id, same_trainer, shared))
    return clashes


def may_open_list(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether the list to tick is shown: from half a day before the start, and not for a cancelled workshop."""
    return state == State.SCHEDULED and now >= starts_at - LIST_OPENS


def may_take_attendance(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether people may be ticked: from shortly before the start, and not for a cancelled workshop."""
    return state == State.SCHEDULED and now >= starts_at - ATTENDANCE_OPENS


def counted_from(mark_at: datetime, starts_at: datetime) -> datetime:
    """From when a tick counts. One that seems to be from before the workshop was made by a wrong clock, or too early:
    it counts as one made when ticking begins."""
    return max(mark_at, starts_at - ATTENDANCE_OPENS)


def rest_counts_from(starts_at: datetime) -> datetime:
    """From when a tick by the button for all others counts: from the very beginning. So every tick of the person by
    name stands over it, also one that was made earlier on a device without a link and arrives later."""
    return starts_at - ATTENDANCE_OPENS


def may_fall(*, own: bool, recorded_at: datetime, now: datetime, printed: bool) -> bool:
    """Whether a tick may be taken back together with the certificate that rests on it: by whoever ticked, within a day,
    and while nobody has the certificate on paper or as a file."""
    return own and not printed and now - recorded_at <= MISTAKE_SEEN


def true_moment(claimed: datetime, device_now: datetime, now: datetime) -> datetime:
    """When something happened that a device says was at `claimed` while its clock shows `device_now`: its clock is set
    right by ours, and nothing happened after now."""
    return min(claimed + (now - device_now), now)


def stands(marked_at: datetime | None, mark_at: datetime, now: datetime) -> bool:
    """Whether a mark made at `mark_at` replaces the one made at `marked_at` (None: there is none): the later stands.
    One that lies long after now gives way: the day that the installation keeps has begun anew since."""
    return marked_at is None or mark_at >= marked_at or marked_at > now + AHEAD


def overrules_unseen(seen: Seen, stood: bool) -> bool:
    """Whether a tick against what stood was made on a page that showed something else."""
    return seen is not Seen.UNSAID and seen is not (Seen.HERE if stood else Seen.AWAY)


def category_of(level: str | None) -> Category:
    """What a person was, by the level of the commission in which they sat on the day."""
    return Category(level) if level in set(Category) else Category.OTHER


def day_of_seats(starts_at: datetime, zone: str, today: date) -> date:
    """The day whose members are expected: that of the workshop, or today while it is still to come."""
    return min(to_local(starts_at, zone).date(), today)


def count_by_category(categories: Collection[str]) -> dict[Category, int]:
    """How many people of each category, those without any left out."""
    counted = {category: sum(1 for one in categories if one == category) for category in Category}
    return {category: number for category, number in counted.items() if number}
