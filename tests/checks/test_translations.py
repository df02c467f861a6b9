"""Every word of the interface is there in Kazakh and in Russian, with the same figures in it."""

from __future__ import annotations

import functools
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from lms.core.web import languages
from tools import translations
from tools.translations import is_whole, room_folders

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
ROOMS = room_folders()
PLURALS = {"kk": 2, "ru": 3}


def catalogue_of(room: Path, language: str) -> Catalog:
    """A room's words in one language; empty when there is no file."""
    path = room / "translations" / f"{language}.po"
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)


def messages_of(room: Path, language: str) -> list[Message]:
    """The messages of a room's catalogue."""
    return [message for message in catalogue_of(room, language) if message.id]


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_string_has_words(room: Path, language: str) -> None:
    said = {message.id for message in messages_of(room, language) if is_whole(message.string)}
    wanted = {message.id for message in template_of(room) if message.id}
    assert wanted - said == set(), f"run: .venv/bin/python -m tools.translations {room.name}"


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_nothing_is_doubtful_or_left_over(room: Path, language: str) -> None:
    catalogue = catalogue_of(room, language)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []
    wanted = {message.id for message in template_of(room)}
    assert {message.id for message in catalogue if message.id} - wanted == set()


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_figures_stand_in_every_form(room: Path, language: str) -> None:
    wrong = [
        (message.id, form)
        for message in messages_of(room, language)
        for form in forms_of(message.string)
        if placeholders_of(form) != placeholders_of(forms_of(message.id)[-1])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_plurals_have_all_their_forms(room: Path, language: str) -> None:
    counts = {
        len(forms_of(message.string)) for message in messages_of(room, language) if not isinstance(message.id, str)
    }
    assert counts <= {PLURALS[language]}


def test_two_rooms_never_say_the_same_thing_differently() -> None:
    for language in PLURALS:
        said: dict[str, set[str]] = {}
        for room in ROOMS:
            for message in filter(lambda found: is_whole(found.string), messages_of(room, language)):
                said.setdefault(str(message.id), set()).add(str(message.string))
        assert {words: ways for words, ways in said.items() if len(ways) > 1} == {}


def test_the_reader_gets_them() -> None:
    with languages.speaking("kk"):
        assert languages._("Sign in") == "Кіру"
    with languages.speaking("ru"):
        assert languages._("Sign in") == "Войти"
    assert languages._("There are no such words.") == "There are no such words."


def forms_of(words: str | tuple[str, ...] | list[str]) -> list[str]:
    """Every form of a message."""
    return [words] if isinstance(words, str) else list(words)


def placeholders_of(form: str) -> set[str]:
    """The figures and names that are filled in."""
    return set(PLACEHOLDER.findall(form))


@functools.cache
def template_of(room: Path) -> Catalog:
    """Every string that a room says."""
    return translations.template_of(room)
