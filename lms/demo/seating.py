"""The demo region's commissions, the invented people in their seats, and who of them holds a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.commissions.actions import NewAppointment, appoint, create_commission, grant_role
from lms.commissions.models import Commission
from lms.commissions.names import precinct_names
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Level, Office, Role, Territory
from lms.core.database.base import db
from lms.core.database.bulk import insert_many, reserve_ids
from lms.core.errors import Refused
from lms.demo import country
from lms.demo.country import DISTRICTS, District
from lms.demo.keys import SIGNED_IN, sealed_totp
from lms.demo.people import Invented, write_people
from lms.demo.story import Seated
from lms.people.models import Person

OFFICES = (Office.CHAIR, Office.DEPUTY_CHAIR, Office.SECRETARY)
OFFICER_SEAT, TRAINER_SEATS = 2, (3, 4)
"""Places among the members of a territorial commission: its secretary is the officer, two members are trainers."""
Step = Callable[[int], None]


@dataclass
class Place:
    """A commission with the people who sit in it."""

    commission: Commission
    seats: int
    people: list[int] = field(default_factory=list)

    @property
    def seated(self) -> Seated:
        """As the story needs it."""
        return Seated(self.commission.id, self.people)


@dataclass
class Branch:
    """A territorial commission with its precincts; `district` is None for the region itself."""

    place: Place
    district: District | None = None
    precincts: list[Place] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Part of the logins of its officers."""
        return self.district.key if self.district else "region"

    @property
    def trainers(self) -> list[int]:
        """The people who train here."""
        return [self.place.people[seat] for seat in TRAINER_SEATS]


@dataclass
class Region:
    """Everything that was seated."""

    branches: list[Branch]
    """The region first, then its districts."""
    central: list[int]
    """The administrator and the methodologist of the centre."""

    def places(self) -> Iterator[Place]:
        """Every commission."""
        for branch in self.branches:
            yield branch.place
            yield from branch.precincts


def build_commissions(central: Commission, since: date, step: Step) -> list[Branch]:
    """The region, its districts and their precincts, numbered through."""
    top = create_commission(
        parent=central, level=Level.TEC, territory=Territory.REGION, names=country.REGION_NAMES, seats=country.SEATS,
        number=country.REGION_NUMBER, time_zone=country.ZONE, since=since, by=SYSTEM,
    )  # fmt: skip
    branches = [Branch(Place(top, country.SEATS))]
    number = 0
    for district in DISTRICTS:
        own = create_commission(
            parent=top, level=Level.TEC, territory=district.territory, names=district.names, seats=country.SEATS,
            since=since, by=SYSTEM,
        )  # fmt: skip
        branches.append(Branch(Place(own, country.SEATS), district))
        for _ in range(district.precincts):
            number += 1
            branches[-1].precincts.append(_build_precinct(own, number, since))
            step(1)
    return branches


def _build_precinct(parent: Commission, number: int, since: date) -> Place:
    seats = country.SMALL if number % 61 == 30 else country.LARGE if number % 41 == 11 else country.SEATS
    commission = create_commission(
        parent=parent, level=Level.PEC, territory=Territory.PRECINCT, number=number,
        names=precinct_names(number, abroad=False), seats=seats, since=since, by=SYSTEM,
    )  # fmt: skip
    return Place(commission, seats)


def members_of(place: Place) -> int:
    """How many seats are taken: one stands empty in a few precincts."""
    precinct = place.commission.level == Level.PEC
    return place.seats - (1 if precinct and place.commission.number % 53 == 20 else 0)


def seat_people(region: Region, people: list[Invented], *, rng: Random, since: date, now: datetime) -> None:
    """Write the people, open their accounts and give them their seats: chair, deputy chair, secretary, members."""
    first = reserve_ids(Person, len(people))
    write_people(people, first=first, now=now)
    ids = list(range(first, first + len(people)))
    region.central.extend(ids[:2])
    left = iter(ids[2:])
    appointments = []
    for place in region.places():
        place.people = [next(left) for _ in range(members_of(place))]
        for seat, person in enumerate(place.people):
            office = OFFICES[seat] if seat < len(OFFICES) else Office.MEMBER
            level = Level(place.commission.level)
            party = rng.choice(country.PARTIES)
            appointments.append(NewAppointment(person, place.commission.id, level, office, nominated_by=party))
    appoint(appointments=appointments, since=since, by=SYSTEM)


def open_accounts(region: Region, *, rng: Random, now: datetime) -> None:
    """An account for everyone, without a password; officers and trainers have a login in words and a second step."""
    staff = staff_logins(region)
    taken = set(db.session.scalars(select(Account.login)))
    clash = taken & set(staff.values())
    if clash:
        raise Refused(f"The login {min(clash)} is taken already. Start the demo on an empty installation.")
    everyone = [*region.central, *(person for place in region.places() for person in place.people)]
    digits = iter(_new_logins(len(everyone), rng, taken))
    rows: list[dict[str, Any]] = []
    for person in everyone:
        login = staff.get(person)
        rows.append(
            {
                "person_id": person,
                "login": login or next(digits),
                "password_hash": SIGNED_IN if login else None,
                "totp_encrypted": sealed_totp(login) if login else None,
                "created_at": now,
                "session_version": 1,
                "totp_last_step": 0,
            }
        )
    insert_many(Account, rows)


def staff_logins(region: Region) -> dict[int, str]:
    """Logins of those who hold a role, by person."""
    found = dict(zip(region.central, ("cec", "methodologist"), strict=True))
    for branch in region.branches:
        officer = branch.place.people[OFFICER_SEAT]
        found[officer] = "officer" if branch.district is None else f"officer-{branch.key}"
        for number, trainer in enumerate(branch.trainers, start=1):
            found[trainer] = f"trainer-{branch.key}-{number}"
    found[region.branches[1].trainers[0]] = "trainer"
    return found


def _new_logins(count: int, rng: Random, taken: set[str]) -> list[str]:
    drawn = rng.sample(range(10_000_000, 100_000_000), count + 10 + len(taken))
    return [str(number) for number in drawn if str(number) not in taken][:count]


def grant_roles(region: Region, central: Commission) -> None:
    """Give the roles: two people at the centre, an officer and two trainers in every territory."""
    accounts = {
        account.person_id: account
        for account in db.session.scalars(select(Account).where(Account.person_id.in_(staff_logins(region))))
    }
    administrator, methodologist = (accounts[person] for person in region.central)
    grant_role(account=administrator, role=Role.CEC_ADMINISTRATOR, commission=central, by=SYSTEM)
    for role in (Role.METHODOLOGIST, Role.TRAINER):
        grant_role(account=methodologist, role=role, commission=central, by=SYSTEM)
    for branch in region.branches:
        where = branch.place.commission
        officer = accounts[branch.place.people[OFFICER_SEAT]]
        grant_role(account=officer, role=Role.TERRITORIAL_OFFICER, commission=where, by=SYSTEM)
        for trainer in branch.trainers:
            grant_role(account=accounts[trainer], role=Role.TRAINER, commission=where, by=SYSTEM)
