"""The law of tests on paper: numbers of sheets, letters of answers, which day may stand on a sheet. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from string import ascii_uppercase
from typing import Any, NamedTuple

from lms.accounts.rules import ALPHABET, fold_code

SIGNS = 7
"""Of a number: six by chance and one that checks them, so that a slip of the pen is noticed."""
FIELD = 31
"""A prime above the number of signs: with a weight of its own for each place, one wrong sign or two that changed places
never give a good number."""
LONGEST_TYPED = 300
"""Signs: an address that a phone read from the square code may be as long."""
MOST_SPARE = 20
MOST_AT_ONCE = 60
"""Sheets in one print."""
LETTERS = ascii_uppercase


class State(StrEnum):
    """Where a sheet stands."""

    WAITING = "waiting"
    KEYED = "keyed"
    VOID = "void"


class Because(StrEnum):
    """Why a sheet will never be keyed in."""

    UNUSED = "unused"
    """Nobody wrote on it."""
    SPOILT = "spoilt"
    LOST = "lost"
    PASSED = "passed"
    """The person had passed meanwhile."""
    OTHER = "other"


class NumberFault(StrEnum):
    """Why what was typed is no number of a sheet."""

    SHAPE = "shape"
    SLIP = "slip"
    """It looks like one, but a sign is wrong or two changed places."""


class DayFault(StrEnum):
    """Why a day cannot stand on a sheet."""

    AHEAD = "ahead"
    BEFORE_PRINT = "before_print"


class Mark(NamedTuple):
    """What stands at one part of an answer: the part's number or letter on paper (empty where there is one part only),
    and what was written there; empty where nothing was."""

    label: str
    said: str


def new_number() -> str:
    """A number that nobody can guess, without its dash."""
    while True:
        signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS - 1))
        check = check_sign(signs)
        if check:
            return signs + check


def check_sign(signs: str) -> str:
    """The sign that belongs behind these; empty where there is none, and the signs are no beginning of a number."""
    place = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1)) * _INVERSE % FIELD
    return ALPHABET[place] if place < len(ALPHABET) else ""


_INVERSE = -pow(SIGNS, -1, FIELD)
"""So that the weighted sum over all signs, the last one too, is nothing."""


def show_number(number: str) -> str:
    """The number as printed: three signs, four signs."""
    return f"{number[:3]}-{number[3:]}"


def fold_number(typed: str) -> str:
    """The signs in what was typed or scanned (see `fold_code`); of an address what stands behind its last sign of
    equality."""
    return fold_code(typed.strip()[:LONGEST_TYPED].rpartition("=")[2])


def find_number_fault(number: str) -> NumberFault | None:
    """What is wrong with folded signs as the number of a sheet."""
    if len(number) != SIGNS or not set(number) <= set(ALPHABET):
        return NumberFault.SHAPE
    return None if check_sign(number[:-1]) == number[-1] else NumberFault.SLIP


def find_day_fault(written_on: date, printed_on: date, today: date) -> DayFault | None:
    """Why nobody can have written on a sheet that day."""
    if written_on > today:
        return DayFault.AHEAD
    return DayFault.BEFORE_PRINT if written_on < printed_on else None


def marks_of(kind: str, fields: Mapping[str, Any]) -> list[Mark]:
    """What was answered, in the letters and figures of the paper. `fields`: as the kind of question shows them on a
    page, with what was answered."""
    return _MARKS[kind](fields)


def _chosen(choices: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(letter for letter, one in zip(LETTERS, choices, strict=False) if one["chosen"])


def _choices(fields: Mapping[str, Any]) -> list[Mark]:
    return [Mark("", _chosen(fields["choices"]))]


def _ordering(fields: Mapping[str, Any]) -> list[Mark]:
    return [Mark(letter, str(one["chosen"])) for letter, one in zip(LETTERS, fields["items"], strict=False)]


def _matching(fields: Mapping[str, Any]) -> list[Mark]:
    letters = {one["value"]: one["letter"] for one in fields["rights"]}
    return [Mark(str(n), letters.get(one["chosen"], "")) for n, one in enumerate(fields["lefts"], start=1)]


def _written(fields: Mapping[str, Any]) -> list[Mark]:
    return [Mark("", str(fields["value"]))]


def _gaps(fields: Mapping[str, Any]) -> list[Mark]:
    gaps = [piece for line in fields["lines"] for piece in line if "name" in piece]
    return [Mark(str(gap["number"]), _gap(gap)) for gap in sorted(gaps, key=lambda gap: int(gap["number"]))]


def _gap(gap: Mapping[str, Any]) -> str:
    if gap["kind"] != "choice":
        return str(gap["value"])
    named = zip(LETTERS, gap["choices"], strict=False)
    return next((letter for letter, one in named if one["value"] == gap["value"]), "")


def _hotspot(fields: Mapping[str, Any]) -> list[Mark]:
    return [Mark("", " ".join(one["letter"] for one in fields["areas"] if one["chosen"]))]


def _protocol(fields: Mapping[str, Any]) -> list[Mark]:
    if fields["mode"] == "fill":
        return [Mark(str(row["key"]), str(row["value"])) for row in fields["rows"]]
    line = next((one for one in fields["lines"] if one["chosen"]), None)
    known = {row["key"] for row in fields["rows"]}
    said = (line["value"] if line["value"] in known else line["text"]) if line else ""
    return [Mark("", _chosen(fields["relations"]["choices"])), Mark("", said)]


def _case(fields: Mapping[str, Any]) -> list[Mark]:
    return [
        Mark(f"{n}.{mark.label}".rstrip("."), mark.said)
        for n, step in enumerate(fields["steps"], start=1)
        for mark in marks_of(step["kind"], step["fields"])
    ]


_MARKS = {
    "single": _choices,
    "multiple": _choices,
    "true-false": _choices,
    "ordering": _ordering,
    "matching": _matching,
    "number": _written,
    "short-text": _written,
    "gap-text": _gaps,
    "hotspot": _hotspot,
    "protocol": _protocol,
    "case": _case,
}
