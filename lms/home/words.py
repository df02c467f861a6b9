"""Lists and calls as sentences in the reader's language."""

from __future__ import annotations

from datetime import date

from lms.core.web.languages import _, _n, day, day_and_time
from lms.home.models import ContactAttempt
from lms.home.rules import LATE_AFTER, QUIET_AFTER, Outcome, Want
from lms.people.models import Person


def want_name(want: Want) -> str:
    """What a call list is called where one is chosen."""
    return {
        Want.MISSING: _("everyone who has not finished"),
        Want.NEVER: _("never signed in"),
        Want.WITHOUT_SLIP: _("never signed in, no slip"),
        Want.NOT_BEGUN: _("not begun"),
        Want.LATE: _("not begun, enrolled over %(n)s days ago", n=LATE_AFTER.days),
        Want.QUIET: _("begun, nothing done for %(n)s days", n=QUIET_AFTER.days),
        Want.FAILED: _("test not passed, may try again"),
        Want.USED_UP: _("no attempt at the test left"),
        Want.MISSED: _("missed a workshop"),
        Want.NO_PHONE: _("no phone"),
    }[want]


def line(want: Want, count: int) -> str:
    """How many people are on a list, as a line of the desk."""
    return {
        Want.MISSING: _n("1 person has not finished", "%(n)s people have not finished", count),
        Want.NEVER: _n("1 person has never signed in", "%(n)s people have never signed in", count),
        Want.WITHOUT_SLIP: _n("1 of them has no slip", "%(n)s of them have no slip", count),
        Want.NOT_BEGUN: _n("1 person has not begun", "%(n)s people have not begun", count),
        Want.LATE: _n(
            "1 person was enrolled over %(days)s days ago and has not begun",
            "%(n)s people were enrolled over %(days)s days ago and have not begun",
            count,
            days=LATE_AFTER.days,
        ),
        Want.QUIET: _n(
            "1 person has begun and done nothing for %(days)s days",
            "%(n)s people have begun and done nothing for %(days)s days",
            count,
            days=QUIET_AFTER.days,
        ),
        Want.FAILED: _n(
            "1 person did not pass the test and may try again",
            "%(n)s people did not pass the test and may try again",
            count,
        ),
        Want.USED_UP: _n("1 person has no attempt left", "%(n)s people have no attempt left", count),
        Want.MISSED: _n("1 person missed a workshop", "%(n)s people missed a workshop", count),
        Want.NO_PHONE: _n(
            "1 person who has not finished has no phone", "%(n)s people who have not finished have no phone", count
        ),
    }[want]


def noted(outcome: str, name: str, until: date) -> str:
    """What is said after a call was noted."""
    again = day(until, weekday=False)
    return {
        Outcome.REACHED: _("%(name)s: reached. On the list again: %(day)s.", name=name, day=again),
        Outcome.NO_ANSWER: _("%(name)s: no answer. On the list again: %(day)s.", name=name, day=again),
        Outcome.PUT_BACK: _("%(name)s is on the list again.", name=name),
    }[Outcome(outcome)]


def contact_words(contact: ContactAttempt, zone: str) -> str:
    """An earlier attempt to reach somebody, in a few words."""
    on, again = day(contact.at, zone, weekday=False), day(contact.until, weekday=False)
    said = {
        Outcome.REACHED.value: _("%(day)s: reached, again on %(next)s", day=on, next=again),
        Outcome.NO_ANSWER.value: _("%(day)s: no answer, again on %(next)s", day=on, next=again),
        Outcome.PUT_BACK.value: _("%(day)s: put back on the list", day=on),
    }[contact.outcome]
    return f"{said}. {contact.note}" if contact.note else said


def noted_by(contact: ContactAttempt, who: Person | None, zone: str, reader_id: int) -> str:
    """When an attempt was noted and by whom, said to the account `reader_id`."""
    name = who.full_name if who else _("somebody else")
    if contact.by_id == reader_id:
        name = _("you, in another window")
    return f"{name}, {day_and_time(contact.at, zone)}"


def on_the_list(count: int) -> str:
    """How many of those of the headline are among the rows, where some were called and come back later."""
    return _n("of them on the list now: 1", "of them on the list now: %(n)s", count)


def put_off(count: int) -> str:
    """How many were called and are off the list for a while."""
    return _n(
        "1 person was called and comes back on the list later.",
        "%(n)s people were called and come back on the list later.",
        count,
    )


def digits_of(phone: str) -> str:
    """A phone number as an address of a messenger has it: digits only."""
    return phone.lstrip("+")
