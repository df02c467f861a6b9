"""The plan of the whole country as it was counted in 2022: every commission with its place, number, names and seats.
Pure: the same for the same seed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from lms.commissions.names import demo_central_names, precinct_names
from lms.commissions.rules import Level, Territory, child_code
from lms.core.clock import CAPITAL
from lms.core.config import ROOT
from lms.core.errors import Refused

DATA = ROOT / "lms" / "demo" / "data"
ABROAD_UNDER = "KZ-18-03"
"""To which territorial commission the precincts abroad answer, unless told otherwise: a district of the capital."""
CENTRAL_CODE = "KZ"
SEATS, FEW_SEATS = 7, 5
VACANCIES = 23
SINCE = date(2020, 12, 1)
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A commission of the plan."""

    index: int
    """Its place in the plan; a parent stands before its children."""
    parent: int | None
    region: int
    """Number of the region or city that it belongs to; 0 for the centre."""
    level: Level
    territory: Territory
    number: int
    code: str
    names: Names
    zone: str
    seats: int
    members: int
    """Seats taken."""
    since: date
    key: str = ""
    """Part of the logins of its officers; territorial commissions only."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A region or territory as the tables in `data` tell it."""

    key: str
    territory: Territory
    names: Names
    numbers: dict[str, int]
    zone: str = ""
    since: date = SINCE


@dataclass
class Country:
    """The plan while it grows."""

    rng: Random
    abroad_under: str
    places: list[Place] = field(default_factory=list)
    abroad_hangs: bool = False

    def build(self) -> None:
        """Every commission: the centre, regions, territories, precincts."""
        self._add(None, Level.CEC, Territory.COUNTRY, 0, demo_central_names())
        territories = list(_read("territories.csv"))
        for region in _read("regions.csv"):
            number = region.numbers["number"]
            self._add_region(region, [row for row in territories if row.numbers["region"] == number])

    def _add_region(self, region: _Row, territories: Sequence[_Row]) -> None:
        number, precincts = region.numbers["number"], region.numbers["precincts"]
        top = self._add(
            self.places[0], Level.TEC, region.territory, number, region.names,
            region=number, zone=region.zone, since=region.since, key=region.key,
        )  # fmt: skip
        small = set(self.rng.sample(range(1, precincts + 1), region.numbers["fives"]))
        counts = share_out(precincts, [row.numbers["weight"] for row in territories])
        last = 0
        for own, (row, count) in enumerate(zip(territories, counts, strict=True), start=1):
            parent = self._add(
                top, Level.TEC, row.territory, own, row.names, since=region.since, key=f"{region.key}-{row.key}"
            )
            for precinct in range(last + 1, last + count + 1):
                seats = FEW_SEATS if precinct in small else SEATS
                names = precinct_names(precinct, abroad=False)
                self._add(parent, Level.PEC, Territory.PRECINCT, precinct, names, seats=seats)
            last += count
            if parent.code == self.abroad_under:
                self._add_abroad(parent)

    def _add_abroad(self, parent: Place) -> None:
        self.abroad_hangs = True
        for number, row in enumerate(_read("abroad.csv"), start=1):
            plain = precinct_names(number, abroad=True)
            names = {language: f"{plain[language]} ({row.names[language]})" for language in plain}
            self._add(
                parent, Level.PEC, Territory.PRECINCT_ABROAD, number, names, seats=FEW_SEATS, zone=row.zone
            )  # fmt: skip

    def _add(
        self, parent: Place | None, level: Level, territory: Territory, number: int, names: Names, *,
        region: int = 0, zone: str = "", seats: int = SEATS, since: date | None = None, key: str = "",
    ) -> Place:  # fmt: skip
        place = Place(
            index=len(self.places),
            parent=parent.index if parent else None,
            region=region or (parent.region if parent else 0),
            level=level,
            territory=territory,
            number=number,
            code=child_code(parent.code, number, territory) if parent else CENTRAL_CODE,
            names=names,
            zone=zone or (parent.zone if parent else CAPITAL),
            seats=seats,
            members=0 if level is Level.CEC else seats,
            since=since or (parent.since if parent else SINCE),
            key=key,
        )
        self.places.append(place)
        return place


def plan_country(seed: int, *, abroad_under: str = ABROAD_UNDER) -> list[Place]:
    """The whole country: 1 + 239 + 10,101 commissions, parents before their children. Refused when there is no
    territorial commission with the code under which the precincts abroad are to stand."""
    rng = Random(f"{seed}:country")
    country = Country(rng, abroad_under)
    country.build()
    if not country.abroad_hangs:
        raise Refused(
            f"No district has the code {abroad_under}, so the precincts abroad cannot stand under it. Take another: "
            f"{ABROAD_UNDER} is a district of the capital. Nothing has changed."
        )
    return _with_vacancies(country.places, rng)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts as the weights say, none of them empty; what is left over goes to the largest rests."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in rests[: total - sum(parts)]:
        parts[place] += 1
    for empty in [place for place, part in enumerate(parts) if not part]:
        parts[parts.index(max(parts))] -= 1
        parts[empty] = 1
    return parts


def _with_vacancies(places: list[Place], rng: Random) -> list[Place]:
    """One seat stands empty in a few precincts of seven."""
    sevens = [place.index for place in places if place.level is Level.PEC and place.seats == SEATS]
    empty = set(rng.sample(sevens, VACANCIES))
    return [_without_one(place) if place.index in empty else place for place in places]


def _without_one(place: Place) -> Place:
    fields = {name: getattr(place, name) for name in Place.__slots__}
    return Place(**{**fields, "members": place.members - 1})


def _read(name: str) -> Iterator[_Row]:
    """Rows of one of the tables in `data`."""
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield _Row(
                key=row.get("key", ""),
                territory=Territory(row.get("territory") or Territory.PRECINCT_ABROAD),
                names={language: row[language] for language in ("kk", "ru", "en")},
                numbers={name: int(value) for name, value in row.items() if value.isdigit()},
                zone=row.get("zone", ""),
                since=date.fromisoformat(row["since"]) if "since" in row else SINCE,
            )
