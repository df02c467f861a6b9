"""Three languages by the address, and figures and dates as each writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from babel.messages.pofile import read_po
from flask import Flask

from lms.core.web import languages
from tests.conftest import Client


def test_the_prefix_decides_and_links_keep_it(client: Client) -> None:
    for language, words in {"kk": "Кіру", "ru": "Войти", "en": "Sign in"}.items():
        page = client.get(f"/{language}/sign-in").text
        assert f'<html lang="{language}">' in page
        assert f"<h1>{words}</h1>" in page
        assert f'href="/{language}/"' in page


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("ru-RU,ru;q=0.9", "ru"), ("en-GB", "en"), ("kk-KZ", "kk"), ("de-DE", "kk"), ("", "kk"), ("de, en;q=0.5", "en")],
)
def test_without_a_prefix_the_browser_is_asked(client: Client, accepted: str, language: str) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}">' in page


def test_the_last_language_is_kept_for_addresses_without_one(client: Client) -> None:
    client.get("/ru/sign-in")
    assert '<html lang="ru">' in client.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_a_page_leads_to_itself_in_the_other_languages(client: Client) -> None:
    page = client.get("/en/sign-in?next=/courses").text
    assert 'href="/kk/sign-in?next=/courses"' in page
    assert 'href="/ru/sign-in?next=/courses"' in page


def test_a_language_can_be_forced(app: Flask) -> None:
    with languages.speaking("ru"):
        assert languages._("Sign in") == "Войти"
        with languages.speaking("kk"):
            assert str(languages.lazy("Sign in")) == "Кіру"
        assert languages.current_language() == "ru"


def test_what_is_filled_into_a_later_message_is_said_in_the_language_of_then(app: Flask) -> None:
    later = languages.lazy("%(name)s is on the list again.") % {"name": "Ли"}
    with languages.speaking("en"):
        assert str(later) == "Ли is on the list again."
    with languages.speaking("ru"):
        assert str(later) == languages._("%(name)s is on the list again.", name="Ли") != "Ли is on the list again."


@pytest.mark.parametrize(("value", "shown"), [(7, "7"), (1765, "1\u202f765"), (70957, "70\u202f957")])
def test_numbers_have_thin_spaces(value: int, shown: str) -> None:
    assert languages.number(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 0, "0"), (999, 1000, "99"), (1000, 1000, "100"), (1, 1000, "0"), (3, 7, "42")]
)
def test_all_of_it_only_when_nothing_is_missing(part: int, whole: int, shown: str) -> None:
    assert languages.percent(part, whole) == f"{shown}\u202f%"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("kk", "8 қараша, жексенбі"), ("ru", "воскресенье, 8 ноября"), ("en", "Sunday, 8 November")],
)
def test_days_come_with_the_weekday(language: str, shown: str) -> None:
    with languages.speaking(language):
        assert languages.day(date(2026, 11, 8)) == shown


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_a_date_can_end_a_sentence(language: str) -> None:
    with languages.speaking(language):
        assert not languages.date_in_full(date(2026, 11, 8)).endswith(".")
    for catalogue in languages.ROOMS.glob(f"**/translations/{language}.po"):
        for message in read_po(BytesIO(catalogue.read_bytes())):
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            assert not any(re.search(r"(?<!\.)\.\.(?!\.)", form) for form in forms), message.id


def test_a_day_of_another_year_says_which() -> None:
    with languages.speaking("en"), time_machine.travel(datetime(2026, 11, 7, tzinfo=UTC)):
        assert languages.day_of_any_year(date(2026, 11, 8)) == "8 November"
        assert languages.day_of_any_year(date(2024, 11, 8)) == "8 November 2024"


def test_moments_are_shown_where_the_reader_is() -> None:
    moment = datetime(2026, 11, 7, 20, 30, tzinfo=UTC)
    assert languages.clock_time(moment, "Asia/Almaty") == "01:30"
    with languages.speaking("en"):
        assert languages.day(moment, "Asia/Almaty") == "Sunday, 8 November"
        assert languages.day(moment, "Europe/London") == "Saturday, 7 November"


def test_texts_fall_back_to_another_language() -> None:
    with languages.speaking("en"):
        assert languages.pick({"kk": "қ", "ru": "р", "en": "e"}) == "e"
        assert languages.pick({"kk": "", "ru": "р"}) == "р"
        assert languages.pick({}) == ""
