"""Sums and comparisons over the lines of a protocol, in whole numbers: `B1 == I + U + P`, `100 * B1 <= 101 * L1 + 99`.

A name that stands for several lines (`C` for C1 to Cn) is their sum. A relation with an empty cell cannot be judged.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

Figures = Mapping[str, int | None]
"""What stands in the cells of a protocol; None: nothing."""

_TERM = re.compile(r"\s*([+-])\s*(?:(\d+)\s*\*\s*)?(?:([A-Za-z][A-Za-z0-9]*)|(\d+))")
_SIDES = re.compile(r"(==|!=|<=|>=)")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
}
SHOWN = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "*": "×", " - ": " − "}
"""How the signs are written for people."""


@dataclass(frozen=True, slots=True)
class Sum:
    """So many times each name, and a number."""

    terms: tuple[tuple[str, int], ...]
    number: int

    def of(self, figures: Figures) -> int | None:
        """Its value; None when a cell that it names is empty. KeyError for a name that there is not."""
        total = self.number
        for name, times in self.terms:
            figure = figures[name]
            if figure is None:
                return None
            total += times * figure
        return total


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side beside the other: what is right of the sign taken from what is left of it, against zero."""

    left: Sum
    sign: str
    right: Sum

    def holds(self, figures: Figures) -> bool | None:
        """Whether it is so; None when a cell is empty."""
        left, right = self.left.of(figures), self.right.of(figures)
        return None if left is None or right is None else _COMPARE[self.sign](left, right)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, in order, each once."""
        return tuple(dict.fromkeys(name for name, _times in self.left.terms + self.right.terms))


@lru_cache(maxsize=512)
def read_sum(text: str) -> Sum:
    """The sum that a text says; ValueError when it is none."""
    rest, terms, number = f"+ {text}", [], 0
    while rest.strip():
        found = _TERM.match(rest)
        if found is None:
            raise ValueError(f"'{text}' is no sum; write it as I1 + I2 or 101 * L1 + 99")
        sign, times, name, alone = found.groups()
        count = int(times or 1) * (1 if sign == "+" else -1)
        if name:
            terms.append((name, count))
        else:
            number += count * int(alone)
        rest = rest[found.end() :]
    return Sum(tuple(terms), number)


@lru_cache(maxsize=512)
def read_comparisons(text: str) -> tuple[Comparison, ...]:
    """The comparisons of a text, `;` between them; ValueError when there is none."""
    return tuple(_read_comparison(part) for part in text.split(";"))


def _read_comparison(text: str) -> Comparison:
    sides = _SIDES.split(text)
    if len(sides) != 3:
        raise ValueError(f"'{text.strip()}' is no comparison; write it as B1 == I + U + P or M + S <= I")
    return Comparison(read_sum(sides[0]), sides[1], read_sum(sides[2]))


def hold(comparisons: tuple[Comparison, ...], figures: Figures) -> bool | None:
    """False when one of them is not so; None when the others leave it open because of an empty cell."""
    answers = [one.holds(figures) for one in comparisons]
    return False if False in answers else None if None in answers else True


def in_signs(text: str) -> str:
    """A relation as people write it: `B1 = I + U + P`."""
    for written, shown in SHOWN.items():
        text = text.replace(written, shown)
    return text
