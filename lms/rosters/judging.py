"""Judge one row by itself: read its cells, put right what needs no guess, name all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lms.commissions.rules import Office, of_age_on
from lms.core.text import tidy
from lms.countries.reading import DEFAULT, shipped
from lms.people import identity_number
from lms.people.contacts import find_email, find_phone
from lms.people.schemes.iin import IIN
from lms.people.schemes.shape import Scheme
from lms.people.spelling import Spelling, spell
from lms.rosters.findings import Finding, Normalised, Outcome, Problem
from lms.rosters.meanings import find_language, find_office, find_time_zone
from lms.rosters.reading.cells import text_of
from lms.rosters.reading.headings import Field
from lms.rosters.reading.table import SourceRow

if TYPE_CHECKING:
    from lms.countries.schema import PhonePart

MAX_TEXT = 200
"""Characters kept of a free text."""
_QUOTED = 60
_NAME_PARTS = (Field.SURNAME, Field.GIVEN_NAME, Field.PATRONYMIC)
_MISSING = {Field.SURNAME: Problem.SURNAME_MISSING, Field.GIVEN_NAME: Problem.GIVEN_NAME_MISSING}
_GRAVEST_FIRST = (
    Problem.FORMULA,
    Problem.SURNAME_MISSING,
    Problem.GIVEN_NAME_MISSING,
    Problem.NO_NAME,
    Problem.TWO_ALPHABETS,
)


@dataclass(slots=True)
class Entry:
    """A row of the roster after judging; the comparison adds place, outcome and changes."""

    sheet: int
    row: int
    commission: str
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    number: str = ""
    odd_number: bool = False
    """The number is taken and should be looked at (see `Scheme.is_odd`)."""
    of_age_on: date | None = None
    """The first day on which the person is old enough for a seat, as far as the number says."""
    office: str = ""
    nominated_by: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    time_zone: str = ""
    seats: int = 0
    territory: str = ""
    problem: Finding | None = None
    also: tuple[Finding, ...] = ()
    """What else is wrong in the row itself."""
    normalised: Finding | None = None
    lost_letter: Finding | None = None
    """Set while letters of the name are lost; the comparison may still tell who it is by the identity number."""
    raw: dict[str, str] | None = None
    """The cells as they stood, of a row that is a problem (or may be one, while letters are lost)."""
    number_column: str = ""
    office_column: str = ""
    hash: str = ""
    place: int = -1
    outcome: Outcome = Outcome.NEW
    changed: tuple[str, ...] = ()

    def fail(self, finding: Finding) -> None:
        """Make the row a problem; what was put right no longer counts."""
        self.problem = finding
        self.normalised = None
        self.outcome = Outcome.PROBLEM


@dataclass(frozen=True, slots=True)
class Usage:
    """What is usual in the country whose rosters are read."""

    demo: bool
    """Demo identity numbers only."""
    scheme: Scheme = IIN
    offices: Collection[str] = tuple(Office)
    least_age: int = 18
    """Of whoever takes a seat, in years."""
    phone: PhonePart | None = None
    """None: as in the country that comes by default."""


def judge(source: SourceRow, headings: Mapping[Field, str], *, typed: bool, usage: Usage) -> Entry:
    """The entry of one row, with its gravest problem first, and at most one thing put right."""
    return _Judgement(source, headings, usage).entry(typed=typed)


def cells_as_sent(source: SourceRow) -> dict[str, str]:
    """The cells of a row as they stood, by the name of their field."""
    return {field.value: text_of(value) for field, value in source.cells.items()}


class _Judgement:
    """Collects what is found in one row."""

    def __init__(self, source: SourceRow, headings: Mapping[Field, str], usage: Usage) -> None:
        self.usage = usage
        self.source = source
        self.cells = source.cells
        self.headings = headings
        self.made = Entry(source.sheet, source.number, source.commission)
        self.problems: list[Finding] = []
        self.done: list[Finding] = []

    def entry(self, *, typed: bool) -> Entry:
        made = self.made
        made.number_column = self.headings[Field.NUMBER]
        made.office_column = self.headings[Field.OFFICE]
        if not made.commission:
            self._problem(Problem.COMMISSION_MISSING, Field.COMMISSION)
        self._read_name()
        self._read_number(typed=typed)
        self._read_office()
        self._read_contacts()
        self._read_commission()
        made.normalised = self.done[0] if self.done else None
        if self.problems:
            made.fail(self.problems[0])
            made.also = tuple(self.problems[1:])
        if self.problems or made.lost_letter:
            made.raw = cells_as_sent(self.source)
        return made

    def _read_name(self) -> None:
        parts = self._name_parts()
        made = self.made
        spellings = {field: spell(text) for field, text in parts.items()}
        made.surname = spellings[Field.SURNAME].text
        made.given_name = spellings[Field.GIVEN_NAME].text
        made.patronymic = spellings[Field.PATRONYMIC].text
        found: dict[Problem, Finding] = {}
        for field, spelling in spellings.items():
            self._weigh(field, spelling, found)
        self.problems.extend(found[kind] for kind in _GRAVEST_FIRST if kind in found)
        self.made.lost_letter = found.get(Problem.LOST_LETTER)

    def _weigh(self, field: Field, spelling: Spelling, found: dict[Problem, Finding]) -> None:
        column = self.headings.get(field) or self.headings.get(Field.FULL_NAME, "")
        fault = Problem(spelling.fault) if spelling.fault else None
        problem = fault or (None if spelling.text else _MISSING.get(field))
        if problem:
            found.setdefault(problem, Finding(problem, column, {"value": spelling.text[:_QUOTED]}))
        if spelling.mended:
            self.done.append(Finding(Normalised(spelling.mended), column, {"value": spelling.text}))

    def _name_parts(self) -> dict[Field, str]:
        if Field.FULL_NAME not in self.cells or Field.SURNAME in self.cells:
            return {field: text_of(self.cells.get(field)) for field in _NAME_PARTS}
        words = tidy(text_of(self.cells[Field.FULL_NAME])).split(" ", maxsplit=2)
        return dict(zip(_NAME_PARTS, (*words, "", ""), strict=False))

    def _read_number(self, *, typed: bool) -> None:
        value = self.cells.get(Field.NUMBER)
        may_have_lost_zeros = not typed or not isinstance(value, str)
        read = identity_number.read(
            text_of(value), scheme=self.usage.scheme, demo=self.usage.demo, may_have_lost_zeros=may_have_lost_zeros
        )
        self.made.number, self.made.odd_number = read.number, read.is_odd
        self.made.of_age_on = of_age_on(self.usage.scheme.find_birth_date(read.number), self.usage.least_age)
        if read.fault:
            self._problem(Problem(read.fault), Field.NUMBER)
        if read.mended:
            self.done.insert(0, Finding(Normalised(read.mended), self.headings[Field.NUMBER]))

    def _read_office(self) -> None:
        text = self._text(Field.OFFICE)
        office = find_office(text)
        if office is not None and office.value not in self.usage.offices:
            office = None
        self.made.office = office.value if office else ""
        if office is None:
            self._problem(Problem.OFFICE_UNKNOWN, Field.OFFICE, text)

    def _read_contacts(self) -> None:
        made = self.made
        made.nominated_by = tidy(self._text(Field.NOMINATED_BY))[:MAX_TEXT]
        made.phone = self._read_optional(Field.PHONE, self._find_phone, Normalised.PHONE_LEFT_OUT)
        made.email = self._read_optional(Field.EMAIL, find_email, Normalised.EMAIL_LEFT_OUT)
        made.language = self._read_optional(Field.LANGUAGE, find_language, Normalised.LANGUAGE_LEFT_OUT)

    def _find_phone(self, text: str) -> str | None:
        return find_phone(text, self.usage.phone or shipped(DEFAULT).phone)

    def _read_optional(self, field: Field, find: Callable[[str], str | None], left_out: Normalised) -> str:
        """The meaning of a cell that may be absent; one that cannot be read is left out, and that is told."""
        if field not in self.cells:
            return ""
        text = text_of(self.cells[field])
        found = find(text)
        if found is None:
            self.done.append(Finding(left_out, self.headings[field], {"value": tidy(text)[:_QUOTED]}))
        return found or ""

    def _read_commission(self) -> None:
        made = self.made
        made.territory = tidy(self._text(Field.TERRITORY))
        seats = tidy(self._text(Field.SEATS))
        made.seats = int(seats) if seats.isascii() and seats.isdigit() and len(seats) < 3 else 0
        zone = self._text(Field.TIME_ZONE)
        made.time_zone = find_time_zone(zone) or "" if zone else ""
        if zone and not made.time_zone:
            self._problem(Problem.TIME_ZONE_UNKNOWN, Field.TIME_ZONE, zone)

    def _text(self, field: Field) -> str:
        return text_of(self.cells[field]) if field in self.cells else ""

    def _problem(self, kind: Problem, field: Field, value: str = "") -> None:
        self.problems.append(Finding(kind, self.headings[field], {"value": tidy(value)[:_QUOTED]} if value else {}))
