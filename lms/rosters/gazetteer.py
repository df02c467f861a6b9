"""Territories by their names in three languages: regions and republican cities; of the reference region all.

Where a territory is not listed, its commission keeps the name that the roster gives, in the language of the roster.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lms.commissions.rules import Territory
from lms.rosters.naming import territory_key

_EAST = "Asia/Almaty"


@dataclass(frozen=True, slots=True)
class Region:
    """A region, or a city of republican significance."""

    number: int
    kk: str
    ru: str
    en: str
    zone: str = _EAST
    territory: Territory = Territory.REGION

    @property
    def names(self) -> dict[str, str]:
        """The name in each language."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}


REGIONS = (
    Region(1, "Абай облысы", "область Абай", "Abai region"),
    Region(2, "Ақмола облысы", "Акмолинская область", "Akmola region"),
    Region(3, "Ақтөбе облысы", "Актюбинская область", "Aktobe region", "Asia/Aqtobe"),
    Region(4, "Алматы облысы", "Алматинская область", "Almaty region"),
    Region(5, "Атырау облысы", "Атырауская область", "Atyrau region", "Asia/Atyrau"),
    Region(6, "Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan region", "Asia/Oral"),
    Region(7, "Жамбыл облысы", "Жамбылская область", "Zhambyl region"),
    Region(8, "Жетісу облысы", "область Жетысу", "Zhetysu region"),
    Region(9, "Қарағанды облысы", "Карагандинская область", "Karaganda region"),
    Region(10, "Қостанай облысы", "Костанайская область", "Kostanay region", "Asia/Qostanay"),
    Region(11, "Қызылорда облысы", "Кызылординская область", "Kyzylorda region", "Asia/Qyzylorda"),
    Region(12, "Маңғыстау облысы", "Мангистауская область", "Mangystau region", "Asia/Aqtau"),
    Region(13, "Павлодар облысы", "Павлодарская область", "Pavlodar region"),
    Region(14, "Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan region"),
    Region(15, "Түркістан облысы", "Туркестанская область", "Turkistan region"),
    Region(16, "Ұлытау облысы", "область Улытау", "Ulytau region"),
    Region(17, "Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan region"),
    Region(18, "Астана қаласы", "г. Астана", "Astana city", territory=Territory.REPUBLICAN_CITY),
    Region(19, "Алматы қаласы", "г. Алматы", "Almaty city", territory=Territory.REPUBLICAN_CITY),
    Region(20, "Шымкент қаласы", "г. Шымкент", "Shymkent city", territory=Territory.REPUBLICAN_CITY),
)


LOWER = (
    ("Ақтау қаласы", "г. Актау", "Aktau city"),
    ("Жаңаөзен қаласы", "г. Жанаозен", "Zhanaozen city"),
    ("Бейнеу ауданы", "Бейнеуский район", "Beineu district"),
    ("Қарақия ауданы", "Каракиянский район", "Karakiya district"),
    ("Маңғыстау ауданы", "Мангистауский район", "Mangystau district"),
    ("Мұнайлы ауданы", "Мунайлинский район", "Munaily district"),
    ("Түпқараған ауданы", "Тупкараганский район", "Tupkaragan district"),
)
_KAZAKH = re.compile("[әғқңөұүһ]|аудан|облыс|қала", re.I)
_CYRILLIC = re.compile("[Ѐ-ӿ]")


def find_region(name: str) -> Region | None:
    """The region or republican city that `name` means, in whichever language, or None."""
    return _by_key().get(territory_key(name))


def names_of(name: str) -> dict[str, str]:
    """The names of a territory by language: all three if it is listed, else the one given."""
    region = find_region(name)
    if region:
        return region.names
    return _lower_by_key().get(territory_key(name)) or {language_of(name): name}


def language_of(name: str) -> str:
    """The language a territory's name is written in: kk, ru or en."""
    if _KAZAKH.search(name):
        return "kk"
    return "ru" if _CYRILLIC.search(name) else "en"


@lru_cache(maxsize=1)
def _by_key() -> dict[str, Region]:
    return {territory_key(name): region for region in REGIONS for name in region.names.values()}


@lru_cache(maxsize=1)
def _lower_by_key() -> dict[str, dict[str, str]]:
    listed = (dict(zip(("kk", "ru", "en"), names, strict=True)) for names in LOWER)
    return {territory_key(name): names for names in listed for name in names.values()}
