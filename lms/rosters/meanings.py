"""Recognise offices, languages, phones, e-mail addresses and time zones as officers write them."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from lms.commissions.rules import Office
from lms.rosters.reading.cells import tidy
from lms.rosters.reading.words import vocabulary

find_office = vocabulary(
    {
        Office.CHAIR: (
            "председатель | председатель комиссии | председатель избирательной комиссии | председатель уик | "
            "председатель тик | төраға | төрағасы | комиссия төрағасы | комиссияның төрағасы | "
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
            "секретарь | секретарь комиссии | секретарь избирательной комиссии | хатшы | хатшысы | "
            "комиссия хатшысы | комиссияның хатшысы | secretary | secretary of the commission"
        ),
        Office.MEMBER: (
            "член | член комиссии | член избирательной комиссии | член уик | член тик | мүше | мүшесі | "
            "комиссия мүшесі | комиссияның мүшесі | member | commission member | member of the commission | "
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

_NO_DIGIT = re.compile(r"[\s().\-–+]")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*/=?^_`{|}~+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BETWEEN_PHONES = re.compile(r"[,;/\n]")


def find_phone(text: str) -> str | None:
    """The first phone number in `text` as +77011234567, or None. Ten digits, or eleven with 8 or 7, are Kazakh."""
    first = _BETWEEN_PHONES.split(text.strip(), maxsplit=1)[0]
    digits = _NO_DIGIT.sub("", first)
    if not digits.isascii() or not digits.isdigit():
        return None
    abroad = first.lstrip(" '").startswith("+") and not digits.startswith("7")
    if abroad:
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == 10 and digits[0] in "67" else None


def find_email(text: str) -> str | None:
    """The e-mail address in `text` in small letters, or None. Links (`mailto:`) are understood."""
    address = tidy(text).removeprefix("mailto:").removeprefix("MAILTO:").partition("?subject")[0]
    return address.lower() if len(address) <= 254 and _EMAIL.fullmatch(address) else None


@lru_cache(maxsize=512)
def find_time_zone(text: str) -> str | None:
    """The IANA name of a time zone, or None when there is no such zone."""
    return _zones().get(tidy(text).replace(" ", "_").casefold())


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone}
