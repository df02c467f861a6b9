"""The shape of a country's file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FORMAT = 1
LANGUAGES = ("kk", "ru", "en")
Day = date
"""The type, where a key of the file has its name."""
LevelName = Literal["cec", "con", "tec", "pec"]
OfficeName = Literal["chair", "deputy_chair", "secretary", "member"]
MOST_SEATS = 30
"""No commission anywhere has more."""


def check_texts(texts: dict[str, str]) -> dict[str, str]:
    """The texts as they are; ValueError names the languages that are missing or unknown."""
    missing = [one for one in LANGUAGES if not texts.get(one, "").strip()]
    unknown = [one for one in texts if one not in LANGUAGES]
    if missing:
        raise ValueError(f"the text in {', '.join(missing)} is missing")
    if unknown:
        raise ValueError(f"the language {', '.join(unknown)} is not one of kk, ru, en")
    return texts


def check_share(text: str) -> str:
    """A share such as 2/3 as it is; ValueError when it is none."""
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"'{text}' is no share; write it as 2/3") from None
    if not 0 < share <= 1:
        raise ValueError(f"'{text}' is not between 0 and 1")
    return text


@cache
def _time_zones() -> set[str]:
    """Names of all time zones, looked up on the disk once."""
    return available_timezones()


def check_zone(name: str) -> str:
    """The name of a time zone as it is; ValueError when there is none of that name."""
    if name not in _time_zones():
        raise ValueError(f"'{name}' is no time zone; write it as Asia/Almaty")
    return name


Texts = Annotated[dict[str, str], AfterValidator(check_texts)]
Share = Annotated[str, AfterValidator(check_share)]
Zone = Annotated[str, AfterValidator(check_zone)]
Seats = Annotated[int, Field(ge=1, le=MOST_SEATS)]


class Piece(BaseModel):
    """A piece of the file: knows every key it may have and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LevelPart(Piece):
    """A level of commissions: what its commissions are called."""

    level: LevelName
    name: Texts
    """In full, as `precinct election commission`."""
    abbreviation: Texts
    kind: Texts
    """The one word that tells it from the others, as it stands on a certificate."""


class SizePart(Piece):
    """How many seats the commissions of a level have, from `valid_from` on and before `valid_to`."""

    level: LevelName
    usual: Seats
    """Offered when a commission is made."""
    least: Seats = 1
    most: Seats = MOST_SEATS
    meets_with: Seats | None = None
    """So many members are needed to meet."""
    starts_with: Seats | None = None
    """So many seats have to be filled before the work starts."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    source: str

    @model_validator(mode="after")
    def _fits_together(self) -> SizePart:
        if not self.least <= self.usual <= self.most:
            raise ValueError("usual lies between least and most")
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("valid_to is later than valid_from")
        return self

    def holds_on(self, on: date) -> bool:
        """Whether it is the rule on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class PartyPart(Piece):
    """At most one member of a commission is nominated by a party."""

    other_bodies: Annotated[list[str], Field(min_length=1)]
    """Beginnings of words by which a nominating body is told to be no party: several members may come from it."""
    source: str


class ReservePart(Piece):
    """A reserve is kept for each commission, out of which free seats are filled in turn."""

    years: Annotated[int, Field(ge=1, le=10)]
    """So long an entry holds at most."""
    source: str


class PhonePart(Piece):
    """How phone numbers of the country are written."""

    code: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")]
    """Of the country, without the plus sign."""
    trunk: Annotated[str, Field(pattern=r"^[0-9]$")]
    """Dialled before a number from within the country."""
    digits: Annotated[int, Field(ge=6, le=12)]
    """Of a number without code and trunk."""
    begins: Annotated[str, Field(pattern=r"^[0-9]+$")]
    """Digits with which a number that is written bare may begin."""
    example: str


class RegionPart(Piece):
    """A territory directly under the central commission."""

    number: Annotated[int, Field(ge=1, le=50)]
    names: Texts
    is_city: bool = False
    """A city of the rank of a region."""
    time_zone: Zone | None = None


class DistrictPart(Piece):
    """A lower territory that rosters may name in any of the languages."""

    names: Texts


class Country(Piece):
    """What differs from country to country."""

    format: Literal[1]
    code: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    """The codes of commissions and the numbers of certificates begin with it."""
    names: Texts
    time_zone: Zone
    """Where nothing nearer is known."""
    identity_number: Literal["iin", "pin"]
    phone: PhonePart
    levels: Annotated[list[LevelPart], Field(min_length=3, max_length=4)]
    """`con` is listed where commissions of constituencies may stand between the central and the territorial ones."""
    offices: Annotated[list[OfficeName], Field(min_length=2)]
    sizes: list[SizePart]
    meet_share: Share | None = None
    """The share of members needed to meet, where no number is said."""
    start_share: Share | None = None
    """The share of seats to be filled before the work starts, where no number is said."""
    many_members: Seats
    """A roster with more members than that in one commission is asked about."""
    one_per_party: PartyPart | None = None
    reserve: ReservePart | None = None
    least_age: Annotated[int, Field(ge=16, le=40)] = 18
    """In years, of whoever takes a seat."""
    words: dict[Literal["kk", "ru", "en"], dict[str, str]] = {}
    """The country's words in place of those of the catalogues: language -> word -> word."""
    regions: list[RegionPart] = []
    districts: list[DistrictPart] = []

    @model_validator(mode="after")
    def _is_whole(self) -> Country:
        levels = [one.level for one in self.levels]
        _check_different(levels, "level")
        if missing := {"cec", "tec", "pec"}.difference(levels):
            raise ValueError(f"the level {', '.join(sorted(missing))} is missing")
        if missing := {"chair", "member"}.difference(self.offices):
            raise ValueError(f"the office {', '.join(sorted(missing))} is missing")
        _check_different(self.offices, "office")
        _check_different([one.number for one in self.regions], "number of a region")
        self._check_sizes()
        return self

    def _check_sizes(self) -> None:
        for level in (one.level for one in self.levels):
            dated = sorted(
                (one for one in self.sizes if one.level == level), key=lambda one: one.valid_from or date.min
            )
            if not dated or dated[-1].valid_to is not None:
                raise ValueError(f"no size of the level {level} is without an end")
            for earlier, later in pairwise(dated):
                if earlier.valid_to is None or earlier.valid_to != later.valid_from:
                    raise ValueError(f"the sizes of the level {level} do not follow one another without a gap")

    @property
    def time_zones(self) -> set[str]:
        """Those of the country, as far as the file names them."""
        return {self.time_zone, *(one.time_zone for one in self.regions if one.time_zone)}

    @property
    def has_constituencies(self) -> bool:
        """Whether commissions of constituencies may be made."""
        return any(one.level == "con" for one in self.levels)


def _check_different(values: Iterable[object], what: str) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {what} {value} stands twice")
        seen.add(value)
