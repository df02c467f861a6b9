"""A workshop for tests: in a week at 15:00 in Aqtau, for the precinct of a small country."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any

from lms.accounts.models import Account
from lms.commissions.rules import Role
from lms.core import clock
from lms.curriculum.models import CourseVersion
from lms.workshops.actions import schedule_workshop
from lms.workshops.models import Workshop
from lms.workshops.rules import Mark, Plan
from tests.factories.commissions import Country, make_country, make_officer, scope
from tests.factories.curriculum import make_course

ZONE = "Asia/Aqtau"


@dataclass
class Setting:
    """A country with a course and a trainer of the first district."""

    country: Country
    version: CourseVersion
    trainer: Account


def make_setting(**course: Any) -> Setting:
    """The country, its course (asks for a workshop unless told otherwise), a trainer of the first district."""
    country = make_country()
    return Setting(country, make_course(**course), make_officer(country.district, Role.TRAINER))


def plan_of(setting: Setting, **changes: Any) -> Plan:
    """A plan that can be scheduled, with `changes` laid over it."""
    plan = Plan(
        course_id=setting.version.course_id,
        trainer_id=setting.trainer.person_id,
        day=clock.today(ZONE) + timedelta(days=7),
        starts=time(15),
        ends=time(17),
        time_zone=ZONE,
        place="№ 3 мектеп",
        link="",
        seats=30,
        language="kk",
        commission_ids=frozenset({setting.country.precinct.id}),
    )
    return replace(plan, **changes)


def make_workshop(setting: Setting, by: Account | None = None, **changes: Any) -> Workshop:
    """A scheduled workshop."""
    return schedule_workshop(plan=plan_of(setting, **changes), by=scope(by or setting.trainer))


def make_workshop_today(setting: Setting, **changes: Any) -> Workshop:
    """A workshop that may be attended now: it was held a day ago."""
    return make_workshop(setting, **{"day": clock.today(ZONE) - timedelta(days=1), **changes})


def here(account: Account, present: bool = True, ago: timedelta = timedelta()) -> Mark:
    """The tick of one person, made a while ago."""
    return Mark(account.person_id, present, clock.now() - ago)
