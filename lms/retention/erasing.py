"""Erase one person's values, at their lawful request or because they were entered by mistake: what goes, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.accounts.erasing import count_sessions, list_accounts, shut_account
from lms.accounts.models import Account
from lms.assessment.erasing import count_helps, erase_helps
from lms.assessment.models import Attempt
from lms.bank.erasing import count_cases, erase_cases
from lms.certificates.erasing import list_certified
from lms.commissions.erasing import count_nominations, erase_nominations, is_nomination_of
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, Scope
from lms.core.audit.actions import record
from lms.core.audit.erasing import count_values, erase_origins_of, erase_values_of
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.jobs.erasing import forget_words_about
from lms.core.web.languages import _
from lms.fairness import erasing as fairness
from lms.home.erasing import count_notes, erase_notes
from lms.home.record import about_entries, count_entries
from lms.learning.models import Enrolment
from lms.papertests.erasing import count_papers, erase_papers
from lms.people.actions import SHORTEST_REASON, tidy_reason
from lms.people.erasing import erase_people
from lms.people.folding import names_in
from lms.people.models import Person
from lms.people.queries import list_entries_of
from lms.retention import ledger, standing
from lms.retention.errors import NotErased
from lms.retention.permissions import check_may_erase
from lms.retention.rules import Facts, Hindrance, find_hindrance
from lms.rosters.erasing import Named, erase_named, find_named
from lms.sittings import erasing as sittings
from lms.workshops.erasing import erase_calendars


@dataclass(frozen=True)
class Found:
    """What is kept of a person, all their entries taken together."""

    people: Sequence[Person]
    """The entry that stands for all first."""
    accounts: Sequence[Account]
    named: Named
    certified: Sequence[int]
    """For each certificate, the entry to which it was given: its name stays."""
    hindrance: Hindrance | None
    goes: dict[str, int]
    """What is erased -> how many; nothing stands there with 0."""
    stays: dict[str, int]

    @property
    def ids(self) -> list[int]:
        """Ids of the entries."""
        return [one.id for one in self.people]

    @property
    def waiting(self) -> str:
        """Numbers of the rosters that wait and name the person."""
        return ", ".join(map(str, self.named.waiting))


def look_at(person: Person, by: Scope = SYSTEM) -> Found:
    """What would be erased of a person, what would stay, and what hinders it. Acts are counted as the page of the
    record counts them for `by`."""
    people = list_entries_of(person)
    ids = [one.id for one in people]
    accounts, named = list_accounts(ids), find_named(people)
    certified = list_certified(ids)
    facts = Facts(
        is_erased=all(one.erased_at is not None for one in people),
        has_seat=standing.is_seated(ids),
        has_role=standing.has_role(ids),
        is_at_test=standing.is_at_test(ids),
        is_in_roster=bool(named.waiting),
    )
    goes = {
        "names": sum(1 for one in people if one.surname and one.id not in certified),
        "numbers": sum(1 for one in people if one.number_encrypted is not None),
        "contacts": sum(1 for one in people for value in (one.phone, one.email) if value),
        "nominations": count_nominations(ids),
        "notes": count_notes(ids),
        "cases": count_cases(ids),
        "helps": count_helps(ids),
        "disputes": fairness.count_words(ids) + sittings.count_words(ids),
        "papers": count_papers(ids),
        "rosters": len(named.settled),
        "values": count_values(_subjects(ids, accounts), is_nomination_of(ids)),
        "sessions": count_sessions([one.id for one in accounts]),
        "accounts": sum(1 for one in accounts if one.disabled_at is None),
    }
    stays = {
        "certificates": len(certified),
        "seats": _count(Appointment.id, Appointment.person_id.in_(ids)),
        "courses": _count(Enrolment.id, Enrolment.person_id.in_(ids)),
        "tests": _count(Attempt.id, Attempt.person_id.in_(ids)),
        "acts": count_entries(about_entries(ids, by)),
    }
    return Found(people, accounts, named, certified, find_hindrance(facts), _some(goes), _some(stays))


def erase_person(*, person: Person, reason: str, by: Scope) -> Found:
    """Erase what is personal about a person and about entries that were merged into theirs; what that was. Raises
    Refused without a reason, NotErased while something hinders it."""
    check_may_erase(by)
    reason = tidy_reason(reason)
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Say in a few words why the data is erased: who asked for it, or what the mistake was."))
    for one in sorted(list_entries_of(person), key=lambda one: one.id):
        db.session.refresh(one, with_for_update=True)
    found = look_at(person, by)
    if any(names_in(reason, (one.surname, one.given_name)) for one in found.people):
        raise Refused(_("The reason names the person, and it is kept. Say it without the name."))
    if found.hindrance is not None:
        raise NotErased(found.hindrance, found.waiting)
    _erase(found)
    first = found.people[0].id
    record(
        "people.erased",
        by=by,
        subject=f"person:{first}",
        values={"reason": ("", reason)},
        entries=found.ids,
        name_kept=bool(found.certified),
        counts=found.goes,
    )
    ledger.note(found.people)
    return found


def _erase(found: Found) -> None:
    ids = found.ids
    erase_named(found.named)
    for one in found.people:
        forget_words_about(one.surname)
    erase_notes(ids)
    erase_cases(ids)
    erase_helps(ids)
    fairness.erase_words(ids)
    sittings.erase_words(ids)
    erase_papers(ids)
    erase_nominations(ids)
    erase_calendars(ids)
    erase_values_of(_subjects(ids, found.accounts), is_nomination_of(ids))
    erase_origins_of([one.id for one in found.accounts])
    for account in found.accounts:
        shut_account(account)
    erase_people(ids, keep_names_of=found.certified)


def _subjects(ids: Sequence[int], accounts: Sequence[Account]) -> list[str]:
    return [*(f"person:{one}" for one in ids), *(f"account:{one.id}" for one in accounts)]


def _count(column: InstrumentedAttribute[int], which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(which)) or 0


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
