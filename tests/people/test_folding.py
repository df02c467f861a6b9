"""Names as they sound: each is found however it was typed."""

from __future__ import annotations

import pytest

from lms.people.folding import after, fold, folded_words, is_near, keys_of, keys_typed_of_phone


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("serikova", ["Серікова", "Серикова", "СЕРИКОВА", "Serikova", "Сepиkoвa"]),
        ("kairat", ["Қайрат", "Кайрат", "Kairat", "Qairat", "Kayrat"]),
        ("abdirov", ["Әбдіров", "Абдиров", "Abdirov", "Äbdirov"]),
        ("gulnar", ["Гүлнәр", "Гулнар", "Gulnar", "Gülnar"]),
        ("gani", ["Ғани", "Гани", "Gani", "Ghani"]),
        ("janibek", ["Жәнібек", "Жанибек", "Zhanibek", "Janibek"]),
        ("omirbek", ["Өмірбек", "Омирбек", "Omirbek", "Ömirbek"]),
        ("ulan", ["Ұлан", "Улан", "Ulan"]),
        ("nurjan", ["Нұржан", "Нуржан", "Nurzhan", "Nurjan"]),
        ("hasenov", ["Хасенов", "Һасенов", "Khasenov", "Hasenov", "Xасенов"]),
        ("dauilbai", ["Дәуілбай", "Дауилбай", "Dauilbay"]),
        ("elkin", ["Ёлкин", "Елкин", "Elkin", "Yelkin"]),
        ("iulia", ["Юлия", "Юлія", "Yuliya", "Yulia"]),
        ("dmitri", ["Дмитрий", "Dmitriy", "Dmitry", "Dmitrii"]),
        ("shukin", ["Щукин", "Shchukin", "Шукин"]),
        ("anuar", ["Әнуар", "Ануар", "Anuar", "Anwar"]),
        ("tanat", ["Таңат", "Танат", "Tanat"]),
        ("", ["17", "№", "—", ""]),
    ],
)
def test_one_name_has_one_key(key: str, spellings: list[str]) -> None:
    assert {fold(one) for one in spellings} == {key}


def test_the_words_of_a_name_are_keys_of_their_own() -> None:
    assert folded_words("Қалиева-Сейітова  Айгүл") == ["kalieva", "seitova", "aigul"]
    assert keys_of("Қалиева-Сейітова", "Айгүл", "", "") == {"kalieva", "seitova", "aigul"}
    assert keys_of("?", "", "", "") == set()


@pytest.mark.parametrize("digits", ["9182", "7014449182", "701444", "44491"])
def test_a_phone_is_found_by_its_end_its_beginning_and_without_the_operator(digits: str) -> None:
    keys = keys_of("", "", "", "+77014449182")
    assert any(key.startswith(one) for key in keys for one in keys_typed_of_phone(digits))
    assert not any(key.startswith(one) for key in keys for one in keys_typed_of_phone("4918"))


@pytest.mark.parametrize("key", ["serikova", "a", "zz", "19"])
def test_what_begins_with_a_word_lies_before_the_next(key: str) -> None:
    assert key <= key + "a" < after(key)
    assert not key <= after(key) < after(key)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("serikova", True),
        ("seri", True),
        ("serkova", True),
        ("serikava", True),
        ("serrikova", True),
        ("sreikova", True),
        ("serikovaa", True),
        ("serkava", False),
        ("serikovaab", False),
        ("kerimova", False),
    ],
)
def test_one_wrong_letter_is_forgiven(typed: str, near: bool) -> None:
    assert is_near(typed, "serikova") is near
