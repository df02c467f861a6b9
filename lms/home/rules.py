"""What a person does next: a pure decision on where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.assessment.rules import Hindrance
from lms.core.text import LOOK_ALIKES_BACK


class Next(StrEnum):
    """The next step of a course."""

    READ = "read"
    TEST = "test"
    GO_ON = "go_on"
    """A test is open: its time runs."""
    WAIT = "wait"
    """The test may be taken again later."""
    USED_UP = "used_up"
    """No attempt is left."""
    COME = "come"
    """A workshop with a date."""
    NO_DATE = "no_date"
    """A workshop that nobody has set yet."""
    DONE = "done"


def next_of(step: str | None, *, hindrance: Hindrance | None, has_date: bool) -> Next:
    """What comes next. `step`: kind of the first open step of the course, None when all are done; `hindrance`: what
    keeps the person from the test; `has_date`: whether a workshop is planned for them."""
    if step is None:
        return Next.DONE
    if step == "module":
        return Next.READ
    if step == "workshop":
        return Next.COME if has_date else Next.NO_DATE
    return {
        Hindrance.OPEN: Next.GO_ON,
        Hindrance.WAIT: Next.WAIT,
        Hindrance.USED_UP: Next.USED_UP,
    }.get(hindrance or Hindrance.PASSED, Next.TEST)


def phone_part(typed: str) -> str:
    """The digits of a phone number, of its beginning or its end, as it is kept (without 8 or +7); empty when `typed` is
    none."""
    digits = re.sub(r"[\s()+.\-–]", "", typed)
    if not digits.isascii() or not digits.isdigit() or len(digits) < 4:
        return ""
    whole = len(digits) == 11 and digits[0] in "78"
    return digits[1:] if whole or typed.lstrip().startswith("+7") else digits


_CODE = re.compile(r"[A-Z]{2,3}(?:-[A-Z]?\d{1,5})+|([PAC])-?(\d{1,5})")


@dataclass(frozen=True)
class Code:
    """What was typed, as a commission's code is written."""

    whole: str
    kind: str
    """Of the last part of one: P, A or C; empty for a whole one."""
    number: int


def code_typed(typed: str) -> Code | None:
    """The commission's code in what was typed, or its last part: `KZ-12-03-P17`, `P17`; Cyrillic letters that look like
    those of a code are taken for them. None when it is something else."""
    whole = typed.strip().upper().translate(LOOK_ALIKES_BACK).replace("З", "Z")
    found = _CODE.fullmatch(whole)
    return Code(whole, found[1] or "", int(found[2] or 0)) if found else None


class Want(StrEnum):
    """Whom of a branch a call list holds, as its address says it."""

    MISSING = "missing"
    """Everyone who has not finished."""
    NEVER = "never"
    """Those who never signed in."""
    WITHOUT_SLIP = "without-slip"
    NOT_BEGUN = "not-begun"
    LATE = "late"
    """Enrolled long ago and not begun."""
    QUIET = "quiet"
    """Begun, and nothing done for days."""
    FAILED = "failed"
    USED_UP = "used-up"
    MISSED = "missed"
    """A workshop was held without them."""
    NO_PHONE = "no-phone"


class Outcome(StrEnum):
    """What came of an attempt to reach somebody."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    PUT_BACK = "put_back"
    """The mark before was a mistake: the person stands on the list again."""


QUIET_AFTER = timedelta(days=5)
"""Who has begun and done nothing for so long is stuck."""
LATE_AFTER = timedelta(days=7)
"""Who was enrolled so long ago should have begun."""
LONGEST_WAIT = timedelta(days=30)
"""A call is not put off for longer."""


def until_of(outcome: Outcome, *, today: date, try_on: date | None) -> date:
    """The first day on which somebody stands on the call list again: the day that was chosen, tomorrow when
    none was; at once when the mark before was a mistake."""
    if outcome is Outcome.PUT_BACK:
        return today
    return try_on or today + timedelta(days=1)


def may_try_on(try_on: date, today: date) -> bool:
    """Whether a call may be put off to that day: today (later on) or within a month."""
    return today <= try_on <= today + LONGEST_WAIT


def is_too_late(try_on: date, election_on: date) -> bool:
    """Whether a call put off to that day would come when nobody can be trained for the election any more."""
    return try_on >= election_on


def proposed_day(today: date, election_on: date) -> date | None:
    """The day that a call list proposes for the next try: tomorrow; None where that would be too late."""
    tomorrow = today + timedelta(days=1)
    return None if is_too_late(tomorrow, election_on) else tomorrow


def is_news(seen: int | None, newest: int) -> bool:
    """Whether a call was noted that a page did not show yet. `seen`: the number of the newest one it showed, 0 for
    none; None when the page says nothing of it. `newest`: the number of the newest there is, 0 for none."""
    return seen is not None and newest > seen


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a call list: so many people of one commission lie before it."""

    commission_id: int
    offset: int

    def __str__(self) -> str:
        return f"{self.commission_id}-{self.offset}"


def read_cursor(written: str) -> Cursor | None:
    """The place that an address names; None when it names none."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,6})", written)
    return Cursor(int(found[1]), int(found[2])) if found else None


_MONTHS = (
    ("january", "январ[ьяе]|янв", "қаңтар", "кантар"),
    ("february", "феврал[ьяе]|фев", "ақпан", "акпан"),
    ("march", "март[ае]?|мар", "наурыз"),
    ("april", "апрел[ьяе]|апр", "сәуір", "сауир"),
    ("may", "ма[йяе]", "мамыр"),
    ("june", "июн[ьяе]", "маусым"),
    ("july", "июл[ьяе]", "шілде", "шилде"),
    ("august", "август[ае]?|авг", "тамыз"),
    ("september", "сентябр[ьяе]|сент?", "қыркүйек", "кыркуйек"),
    ("october", "октябр[ьяе]|окт", "қазан", "казан"),
    ("november", "ноябр[ьяе]|ноя", "қараша", "караша"),
    ("december", "декабр[ьяе]|дек", "желтоқсан", "желтоксан"),
)
"""How the months are written: in English (or by their first three letters), in Russian, in Kazakh (with any ending)."""
_ENDINGS = "(?:[дт][ае]н?|[ғқгк][ае]|[ндт][ыі]ң|[дт]?[ыі])?"
"""What a Kazakh month may end with."""


def _forms(names: tuple[str, ...]) -> str:
    english, russian, *kazakh = names
    return "|".join([english, rf"{english[:3]}\.?", rf"(?:{russian})\.?", *(one + _ENDINGS for one in kazakh)])


_MONTH = "|".join(f"(?P<m{number}>{_forms(names)})" for number, names in enumerate(_MONTHS, start=1))
_YEAR = r"(?:\s+(?P<after>\d{4})(?:\s*(?:г\.|года?|ж\.|жыл\w*))?)?"
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>\d{4}))?\b"),
    re.compile(rf"\b(?:(?P<year>\d{{4}})\s*(?:ж\.|жыл\w*)\s+)?(?P<day>\d{{1,2}})\s+(?:{_MONTH})(?!\w){_YEAR}", re.I),
    re.compile(rf"(?<!\w)(?:{_MONTH})\s+(?P<day>\d{{1,2}})\b(?:,?\s+(?P<year>\d{{4}}))?", re.I),
)


def read_day(typed: str, near: date) -> date | None:
    """The day in what was typed: `20.11.2026`, `20.11` or `20 November` (in the year of `near`), `2026-11-20`,
    `20 ноября`, `2026 жылғы 20 қараша`; None if there is none."""
    found = _find_day(typed)
    if found is None:
        return None
    parts = {name: value for name, value in found.groupdict().items() if value}
    month = parts.get("month") or next((name[1:] for name in parts if re.fullmatch(r"m\d+", name)), "0")
    year = parts.get("year") or parts.get("after") or near.year
    return _day(int(year), int(month), int(parts["day"]))


def without_day(typed: str) -> str:
    """What was typed beside a day."""
    found = _find_day(typed)
    return (typed[: found.start()] + typed[found.end() :]).strip() if found else typed


def _find_day(typed: str) -> re.Match[str] | None:
    return next((found for form in _WRITTEN if (found := form.search(typed))), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
