"""Names that are written alike."""

from __future__ import annotations

import pytest

from lms.people.likeness import are_alike, fold_name


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
