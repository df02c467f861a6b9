"""Names that are written alike."""

from __future__ import annotations

import pytest

from lms.people.likeness import are_alike, fold_name, may_be_one


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("Серікова", "Айгүл"), ("Серикова", "Айгуль"), True),
        (("Серікова", "Айгүл"), ("СЕРІКОВА", "АЙГҮЛ"), True),
        (("Серікова", "Айгүл"), ("Айгүл", "Серікова"), True),
        (("Қалиева-Сейітова", "Әсел"), ("Калиева Сейитова", "Асель"), True),
        (("Фёдоров", "Семён"), ("Федоров", "Семен"), True),
        (("Серікова", "Айгүл"), ("Серікова", "Айнұр"), False),
        (("Серікова", "Айгүл"), ("Оспанова", "Айгүл"), False),
        (("Ли", "Ан"), ("Ким", "Ан"), False),
        (("Серікова", ""), ("Серікова", ""), True),
        (("Серікова", ""), ("Серікова", "Айгүл"), False),
    ],
)
def test_alike(one: tuple[str, str], other: tuple[str, str], alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


def test_folding() -> None:
    assert fold_name("Қалиева-Сейітова") == "калиевасейитова"


@pytest.mark.parametrize(
    ("known", "written", "may_be"),
    [
        (("Қалдыбекова", "Назгүл"), ("Калдыбекова", "Назгуль"), True),
        (("Серікова", "Айгүл"), ("Serikova", "Aigul"), True),
        (("Серікова", "Айгүл"), ("Ахметова", "АЙГУЛЬ"), True),
        (("Серікова", "Айгүл"), ("Серикова", "Роза"), True),
        (("Серікова", "Айгүл"), ("Айгүл", "Серікова"), True),
        (("Серікова", "Айгүл"), ("Оспанова-Серікова", "Роза"), True),
        (("", ""), ("Оспанова", "Роза"), True),
        (("Бегалиева", "Қарлығаш"), ("Жетпісова", "Зәуре"), False),
        (("Ахметова", "Жанар"), ("Ахметов", "Жандос"), False),
        (("Ким", "А."), ("Пак", "А."), False),
    ],
)
def test_who_may_be_the_person_that_a_number_is_known_of(
    known: tuple[str, str], written: tuple[str, str], may_be: bool
) -> None:
    assert may_be_one(known, written) is may_be
    assert may_be_one(written, known) is may_be
