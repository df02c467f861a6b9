"""The menu: what each kind of person goes to often."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from lms.bank.permissions import SENDERS, WRITERS
from lms.commissions.permissions import INSPECTORS, WATCHERS, scope_of_account
from lms.core.web.identity import Identity
from lms.core.web.languages import _
from lms.curriculum.permissions import COURSE_READERS
from lms.fairness.permissions import READERS, RULERS, may_read


@dataclass(frozen=True)
class Item:
    """A line of the menu."""

    title: str
    endpoint: str


def searches(identity: Identity) -> bool:
    """Whether the search box stands on every page: for those who watch a branch, once their first steps are done."""
    return not identity.first_step and bool(identity.duties & set(WATCHERS))


def menu_of(identity: Identity) -> list[Item]:
    """The menu of a signed-in person; nothing while first steps are open."""
    if identity.first_step:
        return []
    duties = identity.duties
    watches = duties & set(WATCHERS)
    items = [Item(_("Today") if watches else _("My training"), "home.start")]
    if duties & {"cec_administrator", "territorial_officer"}:
        items.append(Item(_("Desk"), "home.desk_start"))
    if watches:
        items += [Item(_("Completion"), "reporting.start"), Item(_("Workshops"), "workshops.schedule_list")]
    elif "chair" in duties:
        items += [Item(_("My commission"), "reporting.start")]
    if duties & set(INSPECTORS):
        items += [Item(_("Rosters"), "rosters.imports"), Item(_("Commissions"), "commissions.start")]
    items += _of_tests(identity)
    if "cec_administrator" in duties:
        items += [Item(_("Campaigns"), "home.campaigns")]
    if duties & {"cec_administrator", "auditor"}:
        items += [Item(_("Personal data"), "retention.schedule")]
    items.append(Item(_("My account"), "home.account"))
    return [item for item in items if item.endpoint in current_app.view_functions]


def _of_tests(identity: Identity) -> list[Item]:
    """Courses, the questions of their tests, and how those did."""
    duties, items = identity.duties, []
    if duties & set(COURSE_READERS):
        items += [Item(_("Courses"), "curriculum.courses"), Item(_("Question bank"), "bank.start")]
    if duties & set(SENDERS) and not duties & set(WRITERS):  # whoever answers cases finds them in the bank
        items.append(Item(_("Cases from the field"), "bank.own_cases"))
    if duties & set(RULERS) or (duties & set(READERS) and may_read(scope_of_account(identity.account_id))):
        items.append(Item(_("Fairness of tests"), "fairness.start"))
    return items
