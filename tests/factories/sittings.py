"""A room for a test of the small course, opened by a trainer of the first district."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lms.accounts.models import Account
from lms.assessment.models import Attempt
from lms.learning.models import Enrolment
from lms.sittings.actions import Plan, begin_in_room, open_sitting
from lms.sittings.models import Sitting
from tests.factories.commissions import scope
from tests.factories.packs import pack_dict
from tests.factories.workshops import Setting, make_setting

SUPERVISED = {**pack_dict()["test"], "supervised": True}
"""The test of the small course, as one that begins in a room only."""


def make_supervised() -> Setting:
    """A country, a course whose test begins in a room only, a trainer."""
    return make_setting(test=SUPERVISED)


def plan_of(setting: Setting, **changes: Any) -> Plan:
    """A plan with which a room can be opened, with `changes` laid over it."""
    plan = Plan(setting.version.course_id, setting.country.district.id, "№ 3 мектеп, 12-бөлме", 3)
    return replace(plan, **changes)


def make_room(setting: Setting, by: Account | None = None, workshop: Any = None, **changes: Any) -> Sitting:
    """An open room."""
    return open_sitting(plan=plan_of(setting, **changes), workshop=workshop, by=scope(by or setting.trainer))


def begin(learner: tuple[Account, Enrolment], sitting: Sitting) -> Attempt:
    """An attempt begun in the room."""
    account, enrolment = learner
    return begin_in_room(enrolment=enrolment, typed=sitting.code, by=scope(account))
