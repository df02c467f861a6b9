"""What a country's file decides: sizes, who may meet, which nominating bodies are parties. Plain values only."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.countries.schema import Country, LevelPart, SizePart


def find_level(country: Country, level: str) -> LevelPart | None:
    """What the country calls a level; None when it has none such."""
    return next((one for one in country.levels if one.level == level), None)


def get_size(country: Country, level: str, on: date) -> SizePart:
    """The size of a level's commissions on a day; before the first rule that of the first. The file has one for each
    level that it has; of another it is that of the territorial ones."""
    sizes = [one for one in country.sizes if one.level == level] or [one for one in country.sizes if one.level == "tec"]
    holding = [one for one in sizes if one.holds_on(on)]
    return holding[0] if holding else min(sizes, key=lambda one: one.valid_from or date.min)


@dataclass(frozen=True, slots=True)
class Strength:
    """How many members a commission needs."""

    to_start: int
    """0: nothing is said."""
    to_meet: int


def strength_of(country: Country, level: str, seats: int, on: date) -> Strength:
    """How many of so many seats have to be filled."""
    size = get_size(country, level, on)
    return Strength(
        size.starts_with or _part(country.start_share, seats), size.meets_with or _part(country.meet_share, seats)
    )


def _part(share: str | None, seats: int) -> int:
    return math.ceil(Fraction(share) * seats) if share else 0


def is_party(country: Country, body: str) -> bool:
    """Whether a nominating body counts as a party, of which a commission takes one member at most. Never where the
    country has no such rule."""
    rule, words = country.one_per_party, folded(body).split()
    return bool(rule and words) and not any(
        word.startswith(folded(other)) for other in (rule.other_bodies if rule else ()) for word in words
    )


def is_represented(country: Country, body: str, others: Iterable[str]) -> bool:
    """Whether a party has a member already among those nominated by `others`."""
    return is_party(country, body) and folded(body) in map(folded, others)


def folded(body: str) -> str:
    """A nominating body's name as it is compared: quotes, case and blanks do not matter."""
    kept = "".join(sign if sign.isalnum() else " " for sign in body.casefold().replace("ё", "е"))
    return " ".join(kept.split())
