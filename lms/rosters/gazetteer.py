"""Territories by their names in three languages, as the country's file lists them.

Where a territory is not listed, its commission keeps the name that the roster gives, in the language of the roster.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.commissions.rules import Territory
from lms.rosters.naming import territory_key

if TYPE_CHECKING:
    from lms.countries.schema import Country


@dataclass(frozen=True, slots=True)
class Region:
    """A region, or a city of republican significance."""

    number: int
    names: Mapping[str, str]
    """The name in each language."""
    zone: str
    territory: Territory


_KAZAKH = re.compile("[әғқңөұүһ]|аудан|облыс|қала", re.I)
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_LISTS: dict[int, tuple[Country, dict[str, Region], dict[str, Mapping[str, str]]]] = {}
"""Regions and lower territories by key, for each country that was asked for."""


def find_region(name: str, country: Country) -> Region | None:
    """The region or republican city of the country that `name` means, in whichever language, or None."""
    return _lists_of(country)[1].get(territory_key(name))


def names_of(name: str, country: Country) -> dict[str, str]:
    """The names of a territory by language: all three if it is listed, else the one given."""
    _country, regions, lower = _lists_of(country)
    key = territory_key(name)
    found = regions[key].names if key in regions else lower.get(key)
    return dict(found) if found else {language_of(name): name}


def language_of(name: str) -> str:
    """The language a territory's name is written in: kk, ru or en."""
    if _KAZAKH.search(name):
        return "kk"
    return "ru" if _CYRILLIC.search(name) else "en"


def _lists_of(country: Country) -> tuple[Country, dict[str, Region], dict[str, Mapping[str, str]]]:
    known = _LISTS.get(id(country))
    if known is None or known[0] is not country:
        known = _LISTS[id(country)] = (country, _regions_of(country), _lower_of(country))
    return known


def _regions_of(country: Country) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for one in country.regions:
        kind = Territory.REPUBLICAN_CITY if one.is_city else Territory.REGION
        region = Region(one.number, one.names, one.time_zone or country.time_zone, kind)
        found.update({territory_key(name): region for name in one.names.values()})
    return found


def _lower_of(country: Country) -> dict[str, Mapping[str, str]]:
    return {territory_key(name): one.names for one in country.districts for name in one.names.values()}
