"""An identity number that was typed wrongly is put right: by whoever looks after the person, for a reason."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.accounts.queries import find_account_of
from lms.commissions import queries
from lms.commissions.coming import day_of_age, was_in_branch
from lms.commissions.duplicates import check_may_merge, get_person_of_branch
from lms.commissions.errors import NumberTaken
from lms.commissions.permissions import Scope, check_may_renumber, get_person_in_care
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web.languages import _, date_in_full
from lms.people.actions import SHORTEST_REASON, correct_number, swap_numbers, tidy_reason
from lms.people.models import Person
from lms.people.queries import find_entry_numbered, list_entries_of
from lms.people.vault import number_hash


class WrongNumber(Refused):
    """A number that cannot be this person's."""

    field = "number"


def renumber_person(*, person: Person, number: str, reason: str, by: Scope) -> None:
    """Have a person be known by the right identity number (plain digits, good by the country's scheme). Raises Refused
    when nothing would change, the person would have been too young for the seat or no reason is given, NumberTaken when
    somebody else is known by it, Forbidden when `by` may not correct it. A number that stands with an entry joined to
    this person becomes theirs, and that entry keeps the earlier one: so it can be parted again."""
    get_person_in_care(by, person.id)
    check_may_renumber(by, person.id)
    db.session.refresh(person, with_for_update={"key_share": True})
    if person.erased_at is not None:
        raise Refused(_("The data of this person was erased for good. Nothing is entered about them any more."))
    if len(tidy_reason(reason)) < SHORTEST_REASON:
        if person.number_hash is None:
            raise Refused(_("Say in a few words where the number is known from."))
        raise Refused(_("Say in a few words why the number is corrected."))
    if person.number_hash == number_hash(number):
        raise WrongNumber(_("This is the number that is known. Nothing has changed."))
    entry = find_entry_numbered(number)
    _check_nobodys(person, entry, by)
    _check_age(person, number)
    if entry is not None:
        db.session.refresh(entry, with_for_update={"key_share": True})
        swap_numbers(kept=person, merged=entry, reason=reason, by=by)
        return
    try:
        with db.session.begin_nested():
            correct_number(person=person, number=number, reason=reason, by=by)
    except IntegrityError as overtaken:
        raise NumberTaken from overtaken


def _check_nobodys(person: Person, entry: Person | None, by: Scope) -> None:
    """Raise NumberTaken when the entry with the number is not one of this person's."""
    if entry is None or entry.id in {one.id for one in list_entries_of(person)}:
        return
    other = list_entries_of(entry)[0]
    if not was_in_branch(other, by):
        raise NumberTaken
    raise NumberTaken(other, _merges(person, other, by))


def _merges(person: Person, other: Person, by: Scope) -> tuple[int, int] | None:
    """Which of the two can stand for both, and the other one: whoever holds a seat; None when they cannot be joined."""
    for kept, merged in ((person, other), (other, person)):
        try:
            for one in (kept, merged):
                get_person_of_branch(by, one.id)
            check_may_merge(kept, merged)
        except (NotFound, Forbidden, Refused):
            continue
        return kept.id, merged.id
    return None


def _check_age(person: Person, number: str) -> None:
    seat, of_age = queries.find_seat_of(person.id), day_of_age(number)
    if seat is not None and of_age is not None and of_age > seat.starts_on:
        raise WrongNumber(
            _(
                "By this number the person was not old enough for the seat on %(day)s, the first day in it. Check each "
                "digit.",
                day=date_in_full(seat.starts_on),
            )
        )


def came_by_number(person_id: int) -> Account | None:
    """The account of the person, if somebody has signed in to it through a provider, which may have found it by the
    identity number: by a wrong one that is somebody else's."""
    account = find_account_of(person_id)
    if account is None:
        return None
    entries = select(AuditEntry.details).where(
        AuditEntry.subject == f"account:{account.id}", AuditEntry.action == "accounts.signed_in"
    )
    through: Sequence[dict[str, object]] = db.session.scalars(entries).all()
    return account if any(one.get("through") for one in through) else None
