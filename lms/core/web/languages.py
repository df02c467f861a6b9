"""Three languages: the address says which one, each room keeps its own catalogues.

`/ru/sign-in` is the page `/sign-in` read in Russian: the prefix becomes the script name, so every link keeps it.
An address without a prefix is read in the language of the reader's cookie or browser, Kazakh otherwise.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from lms.core import clock

LANGUAGES = ("kk", "ru", "en")
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
COOKIE = "language"
SAID = "cascade.said"
"""Where a request keeps what was said in it."""
ROOMS = Path(__file__).resolve().parents[2]
_forced: ContextVar[str | None] = ContextVar("language", default=None)
"""Each request (thread) has its own: a document made in Kazakh changes nobody else's page."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """WSGI layer that turns a language prefix into the script name."""

    def __init__(self, app: WsgiApp) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        first, _, rest = path.lstrip("/").partition("/")
        if first in LANGUAGES:
            environ["PATH_INFO"] = "/" + rest
            language = first
        else:
            language = _preferred(environ)
        environ["SCRIPT_NAME"] = "/" + language
        environ["cascade.language"] = language
        return self.app(environ, start_response)


def _preferred(environ: dict[str, Any]) -> str:
    kept = parse_cookie(environ).get(COOKIE, "")
    if kept in LANGUAGES:
        return kept
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept)
    return accepted.best_match(LANGUAGES, "kk") or "kk"


def current_language() -> str:
    """The reader's language: kk, ru or en."""
    forced = _forced.get()
    if forced is not None:
        return forced
    try:  # asked for every word of a page: no second look whether there is a request
        language: str = request.environ.get("cascade.language", "kk")
    except RuntimeError:
        return "en"
    return language


class speaking:  # noqa: N801 - reads as a statement
    """`with speaking("kk"):` has everything inside said in that language (documents, commands)."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __enter__(self) -> None:
        self.token = _forced.set(self.language)

    def __exit__(self, *_details: object) -> None:
        _forced.reset(self.token)


def keep_language(response: Response) -> Response:
    """Remember the language of the address in a cookie, for addresses without one."""
    language = current_language()
    if request.cookies.get(COOKIE) != language and request.method == "GET" and response.mimetype == "text/html":
        response.set_cookie(COOKIE, language, max_age=31536000, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


class _Country:
    """What this process knows of the words of the country."""

    find_words: Callable[[], Mapping[str, Mapping[str, str]]] | None = None


class _Said(dict[str, str]):
    """The messages of one request in its language, in the country's words: a page says the same word for each row."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, message: str) -> str:
        text = self[message] = _look_up(message, self.language)
        return text


def ask_own_words(find: Callable[[], Mapping[str, Mapping[str, str]]]) -> None:
    """From now on `find` says which words the country has in place of the catalogues' ones (see `Country.words`)."""
    _Country.find_words = find


def in_own_words(text: str, language: str) -> str:
    """A text of the catalogues with the words that the country has in place of some."""
    own = _Country.find_words() if _Country.find_words else {}
    for usual, word in own.get(language, {}).items():
        text = text.replace(usual, word)
    return text


def _(message: str, **values: Any) -> str:
    """`message` in the reader's language, with `%(name)s` filled in."""
    text = _in_request(message) if _forced.get() is None else _look_up(message, current_language())
    return text % values if values else text


def _in_request(message: str) -> str:
    try:
        environ = request.environ
    except RuntimeError:
        return _look_up(message, current_language())
    said: _Said | None = environ.get(SAID)
    if said is None:
        said = environ[SAID] = _Said(current_language())
    return said[message]


def _look_up(message: str, language: str) -> str:
    return in_own_words(catalogue(language).ugettext(message), language)


def _n(one: str, many: str, n: int, **values: Any) -> str:
    """The form of the message that fits `n` in the reader's language; `%(n)s` is the number, grouped."""
    text = catalogue(current_language()).ungettext(one, many, n)
    return text % {"n": number(n), **values}


class lazy:  # noqa: N801 - used like a function
    """A message translated when it is shown (labels of forms)."""

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return _(self.message, **self.values)

    def __mod__(self, values: Mapping[str, Any]) -> lazy:
        """The same with more filled in, as validators of forms do it."""
        return lazy(self.message, **{**self.values, **values})

    def __html__(self) -> str:
        from markupsafe import escape

        return escape(str(self))


def pick(texts: Mapping[str, str]) -> str:
    """The text in the reader's language, of a mapping language -> text; Kazakh, Russian or any other when missing."""
    for language in (current_language(), "kk", "ru", "en"):
        if texts.get(language):
            return texts[language]
    return next(iter(texts.values()), "")


@functools.cache
def catalogue(language: str) -> Translations:
    """All rooms' messages in one language (English is the source)."""
    merged = Translations()
    for path in sorted(ROOMS.glob(f"**/translations/{language}.po")):
        buffer = BytesIO()
        with path.open("rb") as file:
            write_mo(buffer, read_po(file, locale=language))
        buffer.seek(0)
        merged.merge(Translations(buffer)) if merged._catalog else (merged := Translations(buffer))
    return merged


def number(value: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def percent(part: int, whole: int) -> str:
    """`part` of `whole` in whole per cent, rounded down: 100 % only when nothing is missing."""
    return f"{part * 100 // whole if whole else 0}\u202f%"


def local_time(moment: datetime, zone: str = "") -> datetime:
    """`moment` where the reader is; in the country's time when no zone is said."""
    return moment.astimezone(ZoneInfo(zone or clock.home_zone()))


def day(moment: Any, zone: str = "", *, weekday: bool = True) -> str:
    """The day in words, with the weekday: `Tuesday, 8 November`. Takes a date or a moment (shown in `zone`)."""
    on = clock.day_of(moment, zone) if isinstance(moment, datetime) else moment
    return _day_in_words(on, current_language(), weekday)


@functools.lru_cache(maxsize=5000)
def _day_in_words(on: date, language: str, weekday: bool) -> str:
    words = "d MMMM"
    if weekday:
        words = "d MMMM, EEEE" if language == "kk" else "EEEE, d MMMM"
    return dates.format_date(on, words, locale=language)


def date_in_full(value: Any) -> str:
    """The date with its year: `8 November 2026`. Ends with no full stop in any language: sentences end with it."""
    language = current_language()
    return dates.format_date(
        value, {"kk": "y 'ж'. d MMMM", "ru": "d MMMM y 'года'", "en": "d MMMM y"}[language], locale=language
    )


def day_of_any_year(value: Any, zone: str = "") -> str:
    """The day in words, with the year when it is not this one: `8 November`, `8 November 2024`."""
    on = clock.day_of(value, zone) if isinstance(value, datetime) else value
    return _day_in_words(on, current_language(), False) if on.year == clock.today(zone).year else date_in_full(on)


def clock_time(moment: datetime, zone: str = "") -> str:
    """Hours and minutes in `zone`: `14:20`."""
    return local_time(moment, zone).strftime("%H:%M")


def clock_seconds(moment: datetime, zone: str = "") -> str:
    """Hours, minutes and seconds in `zone`: `14:20:05`."""
    return local_time(moment, zone).strftime("%H:%M:%S")


def day_and_time(moment: datetime, zone: str = "") -> str:
    """The day in words and the time in `zone`."""
    return f"{day(moment, zone)}, {clock_time(moment, zone)}"


def place_of_zone(zone: str) -> str:
    """The city after which a time zone is named, in the reader's language."""
    return dates.get_timezone_location(zone, locale=current_language(), return_city=True)


def decimal(value: float | Decimal) -> str:
    """A number with the reader's decimal sign."""
    return str(numbers.format_decimal(value, locale=current_language()))
