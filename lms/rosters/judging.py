"""Judge one row by itself: read its cells, put right what needs no guess, name the first thing that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.people import identity_number
from lms.rosters.findings import Finding, Normalised, Outcome, Problem
from lms.rosters.meanings import find_email, find_language, find_office, find_phone, find_time_zone
from lms.rosters.reading.cells import CellValue, text_of, tidy
from lms.rosters.reading.headings import Field
from lms.rosters.reading.table import SourceRow
from lms.rosters.spelling import spell

_INSIDE_NUMBER = re.compile(r"[\s.-]")
_NAME_PARTS = (Field.SURNAME, Field.GIVEN_NAME, Field.PATRONYMIC)
_MISSING = {Field.SURNAME: Problem.SURNAME_MISSING, Field.GIVEN_NAME: Problem.GIVEN_NAME_MISSING}
_PROBLEM_ORDER = (Problem.FORMULA, Problem.SURNAME_MISSING, Problem.GIVEN_NAME_MISSING, Problem.NO_NAME, Problem.TWO_ALPHABETS)


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
    office: str = ""
    nominated_by: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    time_zone: str = ""
    seats: int = 0
    territory: str = ""
    problem: Finding | None = None
    normalised: Finding | None = None
    lost_letter: Finding | None = None
    """Set while letters of the name are lost; the comparison may still tell who it is by the identity number."""
    raw: dict[str, str] | None = None
    """The cells as they stood, kept while the row is or may become a problem."""
    hash: str = ""
    place: int = -1
    outcome: Outcome = Outcome.NEW
    changed: tuple[str, ...] = ()

    def fail(self, finding: Finding) -> None:
        """Make the row a problem; what was put right no longer counts."""
        self.problem = finding
        self.normalised = None
        self.outcome = Outcome.PROBLEM


class Judge:
    """Judges the rows of one file."""

    def __init__(self, *, typed: bool, demo: bool) -> None:
        self.typed = typed
        self.demo = demo

    def judge(self, source: SourceRow, headings: Mapping[Field, str]) -> Entry:
        """The entry of one row, with at most one problem and one thing put right."""
        entry = Entry(source.sheet, source.number, source.commission)
        cells = source.cells
        problems: list[Finding] = []
        done: list[Finding] = []
        if not source.commission:
            problems.append(Finding(Problem.COMMISSION_MISSING, headings[Field.COMMISSION]))
        number_at = len(done)
        self._read_name(entry, cells, headings, problems, done)
        self._read_number(entry, cells, headings, problems, done, number_at)
        _read_rest(entry, cells, headings, problems, done)
        entry.normalised = done[0] if done else None
        if problems:
            entry.fail(problems[0])
        if problems or entry.lost_letter:
            entry.raw = {field.value: text_of(value) for field, value in cells.items()}
        return entry

    def _read_name(
        self,
        entry: Entry,
        cells: Mapping[Field, CellValue],
        headings: Mapping[Field, str],
        problems: list[Finding],
        done: list[Finding],
    ) -> None:
        parts = _name_parts(cells)
        found: dict[Problem, Finding] = {}
        for field in _NAME_PARTS:
            column = headings.get(field) or headings.get(Field.FULL_NAME, "")
            spelling = spell(parts[field])
            setattr(entry, _ATTRIBUTE[field], spelling.text)
            problem = spelling.problem or (None if spelling.text else _MISSING.get(field))
            if problem is Problem.LOST_LETTER:
                entry.lost_letter = entry.lost_letter or Finding(problem, column, {"value": spelling.text})
            elif problem:
                found.setdefault(problem, Finding(problem, column, {"value": spelling.text[:60]}))
            if spelling.normalised:
                done.append(Finding(spelling.normalised, column, {"value": spelling.text}))
        problems.extend(found[kind] for kind in _PROBLEM_ORDER if kind in found)

    def _read_number(
        self,
        entry: Entry,
        cells: Mapping[Field, CellValue],
        headings: Mapping[Field, str],
        problems: list[Finding],
        done: list[Finding],
        number_at: int,
    ) -> None:
        column = headings[Field.NUMBER]
        number, problem, normalised = read_number(cells.get(Field.NUMBER), typed=self.typed, demo=self.demo)
        entry.number = number
        if problem:
            problems.append(Finding(problem, column))
        if normalised:
            done.insert(number_at, Finding(normalised, column))


_ATTRIBUTE = {Field.SURNAME: "surname", Field.GIVEN_NAME: "given_name", Field.PATRONYMIC: "patronymic"}


def read_number(value: CellValue, *, typed: bool, demo: bool) -> tuple[str, Problem | None, Normalised | None]:
    """The identity number in a cell, what is wrong with it, and what was put right."""
    text = tidy(text_of(value)).lstrip("'")
    digits = _INSIDE_NUMBER.sub("", text.removesuffix(".0"))
    if not digits:
        return "", Problem.NUMBER_MISSING, None
    may_have_lost_zeros = not typed or not isinstance(value, str)
    if may_have_lost_zeros and digits.isascii() and digits.isdigit():
        restored = identity_number.restore_zeros(digits, demo=demo)
        if restored:
            return restored, None, Normalised.LEADING_ZERO
    if not identity_number.has_shape(digits):
        return "", Problem.NUMBER_SHAPE, None
    if not identity_number.check_digit_holds(digits, demo=demo):
        return "", Problem.CHECK_DIGIT, None
    if identity_number.names_no_real_day(digits):
        return "", Problem.NO_SUCH_DAY, None
    return digits, None, Normalised.SPACED_NUMBER if digits != text else None


def _name_parts(cells: Mapping[Field, CellValue]) -> dict[Field, str]:
    if Field.FULL_NAME not in cells or Field.SURNAME in cells:
        return {field: text_of(cells.get(field)) for field in _NAME_PARTS}
    words = tidy(text_of(cells[Field.FULL_NAME])).split(" ", maxsplit=2)
    return dict(zip(_NAME_PARTS, (*words, "", "", ""), strict=False))


def _read_rest(
    entry: Entry,
    cells: Mapping[Field, CellValue],
    headings: Mapping[Field, str],
    problems: list[Finding],
    done: list[Finding],
) -> None:
    texts = {field: text_of(cells[field]) for field in _REST if field in cells}
    office = find_office(texts.get(Field.OFFICE, ""))
    if office is None:
        problems.append(Finding(Problem.OFFICE_UNKNOWN, headings[Field.OFFICE], {"value": texts.get(Field.OFFICE, "")[:60]}))
    entry.office = office.value if office else ""
    entry.nominated_by = tidy(texts.get(Field.NOMINATED_BY, ""))[:200]
    entry.territory = tidy(texts.get(Field.TERRITORY, ""))
    seats = tidy(texts.get(Field.SEATS, ""))
    entry.seats = int(seats) if seats.isascii() and seats.isdigit() and len(seats) < 3 else 0
    for field, find, left_out in _OPTIONAL:
        if field in texts:
            found = find(texts[field])
            setattr(entry, field.value.replace("-", "").replace(" ", "_"), found or "")
            if not found:
                done.append(Finding(left_out, headings[field], {"value": texts[field][:60]}))
    if Field.TIME_ZONE in texts:
        entry.time_zone = find_time_zone(texts[Field.TIME_ZONE]) or ""
        if not entry.time_zone:
            value = {"value": texts[Field.TIME_ZONE][:60]}
            problems.append(Finding(Problem.TIME_ZONE_UNKNOWN, headings[Field.TIME_ZONE], value))


_REST = (
    Field.OFFICE,
    Field.NOMINATED_BY,
    Field.PHONE,
    Field.EMAIL,
    Field.LANGUAGE,
    Field.TIME_ZONE,
    Field.SEATS,
    Field.TERRITORY,
)
_OPTIONAL = (
    (Field.PHONE, find_phone, Normalised.PHONE_LEFT_OUT),
    (Field.EMAIL, find_email, Normalised.EMAIL_LEFT_OUT),
    (Field.LANGUAGE, find_language, Normalised.LANGUAGE_LEFT_OUT),
)
