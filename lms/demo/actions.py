"""Load the demo region: an invented region on its way to an election in three weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select, text, update

from lms.accounts.models import Account
from lms.campaigns.actions import mark_installation, open_campaign
from lms.campaigns.models import Campaign
from lms.campaigns.names import election_names
from lms.campaigns.queries import find_open_campaign
from lms.commissions.actions import create_commission
from lms.commissions.models import Appointment, Commission
from lms.commissions.names import demo_central_names
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_central, find_commission_by_code
from lms.commissions.rules import Level, Territory
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.curriculum.models import CourseVersion
from lms.demo import country, seating
from lms.demo.certificates import issue_certificates
from lms.demo.filling import Filler, Held, list_enrolled
from lms.demo.loading import PACK, SHORT_PACK, Loaded, Progress, check_may_load, count_anew
from lms.demo.people import invent_people
from lms.demo.seating import Branch, Region
from lms.demo.sign_ins import give_passwords
from lms.demo.story import BEGAN, Journey, Meeting, Tale, Teller
from lms.packs.actions import load_pack, publish_pack

DAYS_TO_ELECTION = 21
DAYS_OF_CAMPAIGN = 59
SEATED_SINCE = timedelta(days=700)
NEWCOMERS = 24


def load_region(*, seed: int, progress: Progress) -> Loaded:
    """Make the demo region, unless it is there already. Refused on an installation with real people."""
    installation = check_may_load()
    if installation is not None and installation.standing_day is not None:
        raise Refused(
            "The whole country is loaded here, and the demo region is a part of it. The region alone needs an "
            "installation of its own: set INSTANCE, and DATABASE_URL on PostgreSQL. Nothing has changed."
        )
    if find_commission_by_code(country.REGION_CODE) is not None:
        return Loaded.EARLIER
    now = clock.now()
    campaign, central = _prepare(now, is_new=installation is None)
    region = _seat(central, now, Random(f"{seed}:people"), progress)
    with clock.pretending(now - timedelta(days=BEGAN + 1)):
        version = publish_pack(pack=load_pack(PACK), by=SYSTEM).version
        publish_pack(pack=load_pack(SHORT_PACK), by=SYSTEM)
    progress("course", 1, 1)
    tales = _tell(region, now, Random(f"{seed}:story"), len(version.modules))
    _choose_shown(region, tales[1], now)
    filler = Filler(campaign, version, list_enrolled(campaign, version), f"{seed}:filling", min(region.central))
    _write(region, tales, filler, progress)
    db.session.expire_all()
    issue_certificates(campaign.id, version, lambda done, total: progress("certificates", done, total))
    _finish(campaign, version, tales, now, progress)
    return Loaded.NOW


def _prepare(now: datetime, *, is_new: bool) -> tuple[Campaign, Commission]:
    """The central commission and an open campaign: those that are there, or new ones."""
    today = clock.today(country.ZONE)
    election = today + timedelta(days=DAYS_TO_ELECTION)
    called = election - timedelta(days=DAYS_OF_CAMPAIGN)
    with clock.pretending(now - (today - called)):
        if is_new:
            mark_installation(demo=True, by=SYSTEM)
        campaign = find_open_campaign() or open_campaign(
            code=f"election-{election.isoformat()}",
            names=election_names(election.year),
            called_on=called,
            election_on=election,
            by=SYSTEM,
        )
        central = find_central() or create_commission(
            parent=None, level=Level.CEC, territory=Territory.COUNTRY, names=demo_central_names(), seats=7, by=SYSTEM,
            since=_since(now),
        )  # fmt: skip
    return campaign, central


def _since(now: datetime) -> date:
    return (now - SEATED_SINCE).date()


def _seat(central: Commission, now: datetime, rng: Random, progress: Progress) -> Region:
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress("commissions", done, country.PRECINCTS)

    with clock.pretending(now - timedelta(days=BEGAN + 2)):
        region = Region(seating.build_commissions(central, _since(now), step), [])
        count = 2 + sum(seating.members_of(place) for place in region.places())
        people = list(invent_people(count, rng=rng, today=clock.today()))
        progress("people", 0, count)
        seating.seat_people(region, people, rng=rng, since=_since(now), now=clock.now())
        seating.open_accounts(region, rng=rng, now=clock.now())
        seating.grant_roles(region, central)
    progress("people", count, count)
    return region


def _tell(region: Region, now: datetime, rng: Random, modules: int) -> list[Tale]:
    """What happened: first among the territorial commissions, then in each district."""
    teller = Teller(rng, now, modules)
    tales = [teller.tell_officers([branch.place.seated for branch in region.branches])]
    for branch in region.branches:
        if branch.district is not None:
            tales.append(teller.tell_district(branch.district, [place.seated for place in branch.precincts]))
    return tales


def _write(region: Region, tales: list[Tale], filler: Filler, progress: Progress) -> None:
    top = region.branches[0]
    own = top.place.commission
    filler.hold_workshops(Held(own.id, own.code, Level.TEC, [region.central[1], top.trainers[0]], tales[0]))
    for branch, tale in zip(region.branches[1:], tales[1:], strict=True):
        own = branch.place.commission
        filler.hold_workshops(Held(own.id, own.code, Level.PEC, branch.trainers, tale))
    for done, tale in enumerate(tales, start=1):
        filler.walk(list(tale.journeys.values()))
        progress("progress", done, len(tales))


def _choose_shown(region: Region, tale: Tale, now: datetime) -> None:
    """The chair and the member whom a visitor meets first: a chair who has finished in a precinct that has not; a
    member in the middle of the course, with a workshop soon."""
    branch = region.branches[1]
    member = _choose_member(branch, tale, now)
    member.read, member.tries = [now - timedelta(days=2, hours=3), now - timedelta(days=1, hours=2)], []
    _rename(_choose_chair(branch, tale), "chair")
    _rename(member.person_id, "member")


def _choose_member(branch: Branch, tale: Tale, now: datetime) -> Journey:
    def soon(meeting: Meeting) -> bool:
        return timedelta(days=1) < meeting.starts_at - now < timedelta(days=7)

    places = {place for meeting in tale.meetings if soon(meeting) for place in meeting.commissions}
    people = [person for place in branch.precincts if place.commission.id in places for person in place.people[3:]]
    return tale.journeys[people[0]]


def _choose_chair(branch: Branch, tale: Tale) -> int:
    def is_shown(place: seating.Place) -> bool:
        finished = [tale.journeys[person].finished for person in place.people]
        return finished[0] and not all(finished)

    return next((place.people[0] for place in branch.precincts if is_shown(place)), branch.precincts[0].people[0])


def _rename(person_id: int, login: str) -> None:
    if db.session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise Refused(f"The login {login} is taken already. Start the demo on an empty installation.")
    db.session.execute(update(Account).where(Account.person_id == person_id).values(login=login))


def _finish(campaign: Campaign, version: CourseVersion, tales: list[Tale], now: datetime, progress: Progress) -> None:
    """Some came only days ago; the sign-ins shown to visitors get their passwords; one record of it all."""
    journeys = [journey for tale in tales for journey in tale.journeys.values()]
    new = [journey.person_id for journey in journeys if not journey.has_begun][::7][:NEWCOMERS]
    db.session.execute(
        update(Appointment).where(Appointment.person_id.in_(new)).values(starts_on=(now - timedelta(days=4)).date())
    )
    count_anew(campaign.id)
    give_passwords()
    db.session.execute(text("ANALYZE"))  # the planner learns of so many new rows at once
    record("demo.loaded", by=SYSTEM, subject=f"campaign:{campaign.id}", people=len(journeys), version=version.id)
    progress("sign-ins", 1, 1)
