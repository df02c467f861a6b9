"""What can be found about a row, as data. The values are names that programs rely on; people read `messages`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What applying the import would do with a row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    LEAVING = "leaving"
    PROBLEM = "problem"


class Problem(StrEnum):
    """Why a row cannot go in."""

    COMMISSION_MISSING = "commission missing"
    COMMISSION_UNKNOWN = "commission not recognised"
    TERRITORY_UNKNOWN = "territory of the commission not known"
    OUTSIDE_BRANCH = "commission outside your branch"
    FORMULA = "cell begins like a formula"
    SURNAME_MISSING = "surname missing"
    GIVEN_NAME_MISSING = "given name missing"
    LOST_LETTER = "letter lost in a name"
    NO_NAME = "name with signs that no name has"
    TWO_ALPHABETS = "name in two alphabets"
    NUMBER_MISSING = "identity number missing"
    NUMBER_SHAPE = "identity number is not 12 digits"
    CHECK_DIGIT = "identity number fails its check digit"
    NO_SUCH_DAY = "identity number names no real day"
    NOT_14_DIGITS = "identity number is not 14 digits"
    NO_BIRTH_DATE = "identity number names no birth date"
    OFFICE_UNKNOWN = "office not known"
    TIME_ZONE_UNKNOWN = "time zone not known"
    OTHER_NAME = "identity number known with another name"
    TWO_NAMES = "identity number stands beside two names"
    TOO_YOUNG = "not old enough for a seat"
    TWICE_IN_ONE = "same person twice in one commission"
    IN_TWO = "same person in two commissions"
    SECOND_CHAIR = "second chair in one commission"


NUMBER_UNCERTAIN = frozenset(
    {
        Problem.NUMBER_MISSING,
        Problem.NUMBER_SHAPE,
        Problem.CHECK_DIGIT,
        Problem.NO_SUCH_DAY,
        Problem.NOT_14_DIGITS,
        Problem.NO_BIRTH_DATE,
        Problem.OTHER_NAME,
        Problem.TWO_NAMES,
    }
)
"""Problems after which nobody can say who the row is about."""


class Normalised(StrEnum):
    """What was put right in a good row."""

    LEADING_ZERO = "identity number lost its leading zero (restored)"
    CAPITALS = "surname in capitals"
    STRAY_SPACES = "stray spaces"
    LOOK_ALIKE = "Latin look-alike letter in a Cyrillic name"
    SPACED_NUMBER = "identity number written with a space"
    PHONE_LEFT_OUT = "phone number not readable (left out)"
    EMAIL_LEFT_OUT = "e-mail address not readable (left out)"
    LANGUAGE_LEFT_OUT = "language not known (left out)"


class NoteKind(StrEnum):
    """What should be known about the file although no row is at fault."""

    HIDDEN_ROWS = "hidden rows were read"
    HIDDEN_SHEET = "hidden sheet was not read"
    SHEET_WITHOUT_TABLE = "sheet without a table was not read"
    COLUMNS_SAID = "columns were read as an officer said"
    ROW_NOT_READ = "row was not read"
    SUBTOTAL_DIFFERS = "subtotal differs from the rows"
    TWO_DEPUTIES = "more than one deputy chair after applying"
    TWO_SECRETARIES = "more than one secretary after applying"
    MANY_MEMBERS = "more than 11 members after applying"
    PARTY_TWICE = "more than one member of a party after applying"
    ODD_NUMBERS = "identity numbers of a seldom kind"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be known about the file."""

    kind: NoteKind
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one row: a problem, or what was put right."""

    kind: Problem | Normalised
    column: str
    """The heading as written in the file."""
    params: dict[str, str] = field(default_factory=dict)
