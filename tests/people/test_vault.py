"""Identity numbers at rest: unreadable without the key, found by keyed hash."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from flask import Flask

from lms.people import vault
from lms.people.models import Person

NUMBER = "991231500006"


def test_what_is_sealed_opens_again_and_hides_the_number(app: Flask) -> None:
    sealed = vault.seal_text(NUMBER)
    assert NUMBER.encode() not in sealed
    assert vault.open_text(sealed) == NUMBER
    assert vault.seal_text(NUMBER) != sealed


def test_a_changed_byte_is_noticed(app: Flask) -> None:
    sealed = bytearray(vault.seal_text(NUMBER))
    sealed[20] ^= 1
    with pytest.raises(InvalidToken):
        vault.open_text(bytes(sealed))


def test_a_hash_belongs_to_one_purpose(app: Flask) -> None:
    assert vault.keyed_hash("a", NUMBER) == vault.keyed_hash("a", NUMBER)
    assert vault.keyed_hash("a", NUMBER) != vault.keyed_hash("b", NUMBER)
    assert NUMBER not in vault.number_hash(NUMBER)


def test_sealing_in_bulk_gives_the_same(app: Flask) -> None:
    sealed, digest = vault.bulk_sealer()(NUMBER)
    assert vault.open_text(sealed) == NUMBER
    assert digest == vault.number_hash(NUMBER)


@pytest.mark.parametrize(
    ("parts", "full", "polite"),
    [
        (("Серікова", "Айгүл", "Маратқызы"), "Серікова Айгүл Маратқызы", "Айгүл Маратқызы"),
        (("Ли", "Анна", ""), "Ли Анна", "Анна"),
    ],
)
def test_names_as_written_and_as_greeted(parts: tuple[str, str, str], full: str, polite: str) -> None:
    person = Person(surname=parts[0], given_name=parts[1], patronymic=parts[2], number_last4="0006")
    assert (person.full_name, person.polite_name) == (full, polite)
    assert person.masked_number == "•••• •••• 0006"
