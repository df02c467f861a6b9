"""Recognise offices, languages and time zones as officers write them."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from lms.commissions.rules import Office
from lms.core.text import tidy
from lms.rosters.reading.words import vocabulary

find_office = vocabulary(
    {
        Office.CHAIR: (
            "председатель | председатель комиссии | председатель избирательной комиссии | председатель уик | "
            "председатель тик | төрага | төрагасы | төраға | төрағасы | комиссия төрағасы | комиссияның төрағасы | "
            "сайлау комиссиясының төрағасы | chair | chairperson | chairman | chairwoman | "
            "chair of the commission"
        ),
        Office.DEPUTY_CHAIR: (
            "заместитель председателя | зам председателя | зампредседателя | зам пред | заместитель | "
            "заместитель председателя комиссии | зам председателя комиссии | төраға орынбасары | "
            "төрағаның орынбасары | комиссия төрағасының орынбасары | төрағасының орынбасары | орынбасар | "
            "төр орынбасары | deputy chair | deputy | vice chair | vice-chair | deputy chairperson | "
            "deputy chairman"
        ),
        Office.SECRETARY: (
            "катчы | катчысы | секретарь | секретарь комиссии | секретарь избирательной комиссии | хатшы | хатшысы | "
            "комиссия хатшысы | комиссияның хатшысы | secretary | secretary of the commission"
        ),
        Office.MEMBER: (
            "мүчө | мүчөсү | член | член комиссии | член избирательной комиссии | член уик | член тик | мүше | "
            "мүшесі | комиссия мүшесі | комиссияның мүшесі | member | commission member | member of the commission | "
            "member of commission"
        ),
    }
)

find_language = vocabulary(
    {
        "kk": (
            "каз | қаз | казахский | казахский язык | на казахском | казақша | қазақ | қазақша | қазақ тілі | "
            "мемлекеттік | государственный | kk | kz | kaz | kazakh"
        ),
        "ru": "рус | русский | русский язык | на русском | орыс | орысша | орыс тілі | ru | rus | russian",
        "en": ("англ | английский | английский язык | ағыл | ағылшын | ағылшынша | ағылшын тілі | en | eng | english"),
    }
)


@lru_cache(maxsize=512)
def find_time_zone(text: str) -> str | None:
    """The IANA name of a time zone, or None when there is no such zone."""
    return _zones().get(tidy(text).replace(" ", "_").casefold())


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone}
