"""The demo region: its territories with their precincts, as they were counted in 2022, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass

from lms.commissions.rules import Territory

REGION_NUMBER = 12
REGION_NAMES = {"kk": "Маңғыстау облысы", "ru": "Мангистауская область", "en": "Mangystau region"}
REGION_CODE = f"KZ-{REGION_NUMBER}"
ZONE = "Asia/Aqtau"
PARTIES = tuple(f"«{letter}» партиясы" for letter in "АБВГДЕ")
"""Invented, in the language in which the lists of the demo are written."""
SEATS = 7
SMALL, LARGE = 5, 8
"""Seats of the few precincts that have another number of them."""


@dataclass(frozen=True)
class District:
    """A district or city, and the part of its people that is to have finished and begun by now."""

    key: str
    """Part of the logins of its officers."""
    names: dict[str, str]
    territory: Territory
    precincts: int
    finished: float
    begun: float
    lately: float
    """The part of the finished that finished within the last week."""


DISTRICTS = (
    District(
        "aktau",
        {"kk": "Ақтау қаласы", "ru": "г. Актау", "en": "Aktau city"},
        Territory.CITY,
        precincts=60, finished=0.66, begun=0.22, lately=0.26,
    ),
    District(
        "zhanaozen",
        {"kk": "Жаңаөзен қаласы", "ru": "г. Жанаозен", "en": "Zhanaozen city"},
        Territory.CITY,
        precincts=40, finished=0.55, begun=0.26, lately=0.305,
    ),
    District(
        "beineu",
        {"kk": "Бейнеу ауданы", "ru": "Бейнеуский район", "en": "Beineu district"},
        Territory.DISTRICT,
        precincts=28, finished=0.33, begun=0.30, lately=0.30,
    ),
    District(
        "karakiya",
        {"kk": "Қарақия ауданы", "ru": "Каракиянский район", "en": "Karakiya district"},
        Territory.DISTRICT,
        precincts=30, finished=0.42, begun=0.29, lately=0.37,
    ),
    District(
        "mangystau",
        {"kk": "Маңғыстау ауданы", "ru": "Мангистауский район", "en": "Mangystau district"},
        Territory.DISTRICT,
        precincts=30, finished=0.68, begun=0.20, lately=0.28,
    ),
    District(
        "munaily",
        {"kk": "Мұнайлы ауданы", "ru": "Мунайлинский район", "en": "Munaily district"},
        Territory.DISTRICT,
        precincts=35, finished=0.72, begun=0.20, lately=0.25,
    ),
    District(
        "tupkaragan",
        {"kk": "Түпқараған ауданы", "ru": "Тупкараганский район", "en": "Tupkaragan district"},
        Territory.DISTRICT,
        precincts=20, finished=0.78, begun=0.16, lately=0.25,
    ),
)  # fmt: skip
PRECINCTS = sum(district.precincts for district in DISTRICTS)
PLACES = {
    "kk": (
        "№ {} мектеп, мәжіліс залы",
        "№ {} мектеп, кітапхана",
        "Мәдениет үйі, {}-кабинет",
        "Аудандық әкімдік, {}-бөлме",
    ),
    "ru": ("Школа № {}, актовый зал", "Школа № {}, библиотека", "Дом культуры, кабинет {}", "Акимат, кабинет {}"),
}
"""Where workshops are held, by the language they are held in."""
