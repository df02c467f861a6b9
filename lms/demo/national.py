"""Load the whole country in the campaign of 2022: one region told in full, the others as imported history. The
installation keeps the day on which the story stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select, text

from lms.campaigns.actions import mark_installation, open_campaign
from lms.campaigns.models import Campaign
from lms.campaigns.names import election_names
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_commission_by_code
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.bulk import reserve_ids, write_rows
from lms.core.errors import Refused
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_modules
from lms.demo import nation, settling
from lms.demo.campaign_story import CampaignTeller, stop
from lms.demo.certificates import issue_certificates
from lms.demo.country import REGION_CODE, REGION_NUMBER
from lms.demo.filling import Filler, Held
from lms.demo.history import CALLED_ON, ELECTION_ON, PUBLISHED_AT, Historian, Way
from lms.demo.loading import PACK, SHORT_PACK, Loaded, Progress, check_may_load, count_anew
from lms.demo.nation import Place
from lms.demo.seating import TRAINER_SEATS
from lms.demo.settling import Settled, counted
from lms.demo.sign_ins import SHOWN, give_passwords
from lms.demo.story import Seated, Tale
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import module_activity
from lms.packs.actions import load_pack, publish_pack

LAST_DAY = date(2022, 11, 18)
"""The day on which everyone has finished: the story has no more to tell."""
FIRST_DAY = PUBLISHED_AT.date() + timedelta(days=1)
LISTED_AT = PUBLISHED_AT - timedelta(hours=20)
"""When the lists of the commissions were brought in."""
IMPORTED = {"imported": True}


@dataclass(frozen=True)
class Told:
    """The region told in full: its territorial commissions, each with its precincts, and the tale of each; the tale of
    the territorial commissions themselves comes first."""

    tops: Sequence[Place]
    precincts: Sequence[Sequence[Place]]
    tales: Sequence[Tale]


def load_country(*, seed: int, until: date, abroad_under: str, progress: Progress) -> Loaded:
    """Make the country as it was when `until` began, and have the installation keep that day. Refused where anything is
    loaded already; nothing is done then."""
    if _check_free(until) is Loaded.EARLIER:
        return Loaded.EARLIER
    places = nation.plan_country(seed, abroad_under=abroad_under)
    campaign, version = _prepare(until)
    progress("course", 1, 1)
    settled = settling.reserve(places)
    settling.found(settled, lambda done: progress("commissions", done, len(places)))
    rng = Random(f"{seed}:people")
    settling.seat_people(
        settled, rng=rng, now=LISTED_AT, step=lambda done: progress("people", done, settled.people)
    )  # fmt: skip
    stop_at = clock.start_of(until)
    activities = [module_activity(module.code) for module in list_modules(version.id)]
    ways = _tell_history(settled, Historian(seed, activities, stop_at))
    told = _tell_region(settled, Random(f"{seed}:story"), len(activities), stop_at)
    settling.open_accounts(
        settled,
        logins=_logins(settled, told),
        seen=[way.seen_at if way else None for way in ways],
        rng=rng,
        now=LISTED_AT,
        step=lambda done: progress("accounts", done, settled.people),
    )
    settling.grant_roles(settled, now=LISTED_AT)
    enrolments = _enrol(settled, ways, campaign, version, stop_at, progress)
    _write_region(settled, told, campaign, version, enrolments, seed)
    db.session.execute(text("ANALYZE"))  # the planner learns of so many new rows at once
    db.session.expire_all()
    issue_certificates(campaign.id, version, lambda done, total: progress("certificates", done, total))
    count_anew(campaign.id)
    _finish(campaign, version, settled, until, progress)
    return Loaded.NOW


def _check_free(until: date) -> Loaded:
    if not FIRST_DAY <= until <= ELECTION_ON:
        raise Refused(
            f"The story of the country can stop on a day from {FIRST_DAY} to {ELECTION_ON}; {until} is none of them. "
            "Nothing has changed."
        )
    installation = check_may_load()
    if installation is not None and installation.standing_day == until:
        return Loaded.EARLIER
    if installation is not None and installation.standing_day is not None:
        raise Refused(
            f"The country is loaded here already and stands on {installation.standing_day}. Another day needs an "
            "installation of its own: set INSTANCE, and DATABASE_URL on PostgreSQL. Nothing has changed."
        )
    if find_commission_by_code(REGION_CODE) is not None:
        raise Refused(
            "The demo region is loaded here. The whole country needs an installation of its own: set INSTANCE, and "
            "DATABASE_URL on PostgreSQL. Nothing has changed."
        )
    if installation is not None or db.session.scalar(select(Commission.id).limit(1)) is not None:
        raise Refused(
            "This installation is set up already, and the country brings its own campaign with it. Load it into an "
            "empty one: set INSTANCE, and DATABASE_URL on PostgreSQL. Nothing has changed."
        )
    return Loaded.NOW


def _prepare(until: date) -> tuple[Campaign, CourseVersion]:
    """The campaign of 2022 with its course, published on its day."""
    with clock.pretending(clock.start_of(CALLED_ON) + timedelta(hours=18)):
        mark_installation(demo=True, standing_day=until, by=SYSTEM)
        campaign = open_campaign(
            code=f"election-{ELECTION_ON.isoformat()}",
            names=election_names(ELECTION_ON.year),
            called_on=CALLED_ON,
            election_on=ELECTION_ON,
            by=SYSTEM,
        )
    with clock.pretending(PUBLISHED_AT):
        version = publish_pack(pack=load_pack(PACK), by=SYSTEM).version
        publish_pack(pack=load_pack(SHORT_PACK), by=SYSTEM)
    return campaign, version


def _tell_history(settled: Settled, historian: Historian) -> list[Way | None]:
    """The way of every person, by their place among the ids; None for the centre and the region told in full."""
    ways: list[Way | None] = [None for _ in settling.CENTRAL_STAFF]
    for branch in settled.branches():
        if branch[0].region == REGION_NUMBER:
            ways.extend(None for place in branch for _ in range(place.members))
        else:
            ways.extend(historian.tell_branch(branch[0].code, branch))
    return ways


def _tell_region(settled: Settled, rng: Random, modules: int, stop_at: datetime) -> Told:
    own = [branch for branch in settled.branches() if branch[0].region == REGION_NUMBER]
    teller = CampaignTeller(rng, modules)
    tales = [teller.tell_officers([settled.seated(branch[0]) for branch in own])]
    tales.extend(teller.tell_precincts([settled.seated(place) for place in branch[1:]]) for branch in own[1:])
    for tale in tales:
        stop(tale, stop_at)
    return Told([branch[0] for branch in own], [branch[1:] for branch in own[1:]], tales)


def _logins(settled: Settled, told: Told) -> dict[int, str]:
    """Logins in words: the staff, and of the region told in full the people whom a visitor meets."""
    logins = settling.staff_of(settled)
    region, first = told.tops[0], told.tops[1]
    places, tale = [settled.seated(place) for place in told.precincts[0]], told.tales[1]
    logins[settled.person_id(region, 2)] = SHOWN["territorial_officer"]
    logins[settled.person_id(first, TRAINER_SEATS[0])] = SHOWN["trainer"]
    logins[_choose_chair(places, tale)] = SHOWN["chair"]
    logins[_choose_member(places, tale)] = SHOWN["member"]
    return logins


def _choose_chair(places: Sequence[Seated], tale: Tale) -> int:
    """A chair who has finished in a precinct that has not; the first one when there is none."""
    for place in places:
        finished = [tale.journeys[person].finished for person in place.people]
        if finished[0] and not all(finished):
            return place.people[0]
    return places[0].people[0]


def _choose_member(places: Sequence[Seated], tale: Tale) -> int:
    """A member on the way; the first one when there is none."""
    members = [person for place in places for person in place.people[3:]]
    journeys = (tale.journeys[person] for person in members)
    return next((one.person_id for one in journeys if one.has_begun and not one.finished), members[0])


def _enrol(
    settled: Settled,
    ways: Sequence[Way | None],
    campaign: Campaign,
    version: CourseVersion,
    stop_at: datetime,
    progress: Progress,
) -> int:
    """Enrol everyone in a seat, with what they had done where it is imported; the first id of an enrolment."""
    skipped = len(settling.CENTRAL_STAFF)
    first = reserve_ids(Enrolment, settled.people - skipped)
    common = (campaign.id, version.course_id, version.id, PUBLISHED_AT)

    def rows() -> Iterator[settling.Row]:
        for number, way in enumerate(ways[skipped:]):
            begun = (way.started_at, way.completed_at, stop_at) if way and way.steps else (None, None, None)
            yield (first + number, settled.person + skipped + number, *common, *begun)

    def steps() -> Iterator[settling.Row]:
        for number, way in enumerate(ways[skipped:]):
            for activity, at in way.steps if way else ():
                yield first + number, activity, at, IMPORTED

    columns = (
        "id", "person_id", "campaign_id", "course_id", "version_id", "enrolled_at", "started_at", "completed_at",
        "imported_at",
    )  # fmt: skip
    write_rows(Enrolment, columns, rows())
    total = sum(len(way.steps) for way in ways if way)
    write_rows(
        CompletedActivity,
        ("enrolment_id", "activity", "completed_at", "details"),
        counted(steps(), lambda done: progress("history", done, total)),
    )
    return first


def _write_region(
    settled: Settled, told: Told, campaign: Campaign, version: CourseVersion, first_enrolment: int, seed: int
) -> None:
    """Workshops, attendance, tests and answers of the region told in full."""
    skipped = settled.person + len(settling.CENTRAL_STAFF)
    enrolments = {person: first_enrolment + person - skipped for tale in told.tales for person in tale.journeys}
    filler = Filler(campaign, version, enrolments, f"{seed}:filling", settled.person)
    region = told.tops[0]
    trainers = [settled.person + 1, settled.person_id(region, TRAINER_SEATS[0])]
    filler.hold_workshops(Held(settled.commission_id(region), region.code, Level.TEC, trainers, told.tales[0]))
    for place, tale in zip(told.tops[1:], told.tales[1:], strict=True):
        trainers = [settled.person_id(place, seat) for seat in TRAINER_SEATS]
        filler.hold_workshops(Held(settled.commission_id(place), place.code, Level.PEC, trainers, tale))
    for tale in told.tales:
        filler.walk(list(tale.journeys.values()))


def _finish(campaign: Campaign, version: CourseVersion, settled: Settled, until: date, progress: Progress) -> None:
    """Passwords of the sign-ins shown to visitors, one record of it all, and the day that stands from now on."""
    give_passwords()
    db.session.execute(text("ANALYZE"))
    clock.stand_on(until)
    record(
        "demo.loaded", by=SYSTEM, subject=f"campaign:{campaign.id}", people=settled.people,
        version=version.id, scale="national", standing_day=until.isoformat(),
    )  # fmt: skip
    progress("sign-ins", 1, 1)
