"""Plan the commissions that a file names and that do not exist yet: names, numbers, time zones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lms.campaigns.queries import this_country
from lms.commissions.founding import NewCommission
from lms.commissions.names import constituency_names, precinct_names
from lms.commissions.rules import Level, Territory, level_of
from lms.commissions.sizes import least_seats
from lms.rosters.gazetteer import find_region, names_of
from lms.rosters.packing import KeptPlace
from lms.rosters.placing import UPPER

FIRST_UNLISTED = 51
"""Commissions directly under the central one that are in no list of regions are numbered from here."""


def plan_commissions(places: Sequence[KeptPlace], taken: set[int], since: date) -> list[NewCommission]:
    """The new commissions among `places` that are needed, parents first, with no fewer seats than the country's rules
    ask for on `since`. `taken`: numbers used directly under the file's commission."""
    used = set(taken)
    return [
        _plan(place, places, used, since)
        for place in places
        if place.present_id is None and place.parent is not None and place.needed
    ]


def _plan(place: KeptPlace, places: Sequence[KeptPlace], used: set[int], since: date) -> NewCommission:
    level = level_of(place.territory)
    region = find_region(place.name, this_country()) if place.territory in UPPER else None
    parent = place.parent or 0
    number = place.number
    if level is Level.TEC and places[parent].territory is Territory.COUNTRY:
        number = _number_under_central(region.number if region else None, used)
    if place.number is not None and level is Level.PEC:
        names = precinct_names(place.number, abroad=place.territory is Territory.PRECINCT_ABROAD)
    elif place.number is not None and level is Level.CONSTITUENCY:
        names = constituency_names(place.number)
    else:
        names = names_of(place.name, this_country())
    return NewCommission(
        key=place.index,
        parent_key=parent,
        level=level,
        territory=place.territory,
        number=number,
        names=names,
        seats=max(place.seats, least_seats(level, since)),
        time_zone=place.time_zone or (region.zone if region else ""),
    )


def _number_under_central(listed: int | None, used: set[int]) -> int:
    number = listed if listed and listed not in used else max([FIRST_UNLISTED - 1, *used]) + 1
    used.add(number)
    return number
