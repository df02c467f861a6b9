"""Names of people, read as officers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.spelling import Mended, NameFault, spell


@pytest.mark.parametrize(
    ("raw", "text", "fault", "mended"),
    [
        ("Серікова", "Серікова", None, None),
        ("ҚАЛИЕВА", "Қалиева", None, Mended.CAPITALS),
        ("ІЗБАСОВА", "Ізбасова", None, Mended.CAPITALS),
        ("ҚАЛИЕВА-СЕЙІТОВА", "Қалиева-Сейітова", None, Mended.CAPITALS),
        ("Қалиева-Сейітова", "Қалиева-Сейітова", None, None),
        ("O'BRIEN", "O'brien", None, Mended.CAPITALS),
        ("Я", "Я", None, None),
        ("  Нұрлан ", "Нұрлан", None, Mended.STRAY_SPACES),
        ("\u00a0Нұрлан", "Нұрлан", None, Mended.STRAY_SPACES),
        ("Анна  Мария", "Анна Мария", None, Mended.STRAY_SPACES),
        ("Анна Мария", "Анна Мария", None, None),
        ("Ғaбитова", "Ғабитова", None, Mended.LOOK_ALIKE),
        ("Iзбасов", "Ізбасов", None, Mended.LOOK_ALIKE),
        ("Cмит", "Смит", None, Mended.LOOK_ALIKE),
        ("Smith", "Smith", None, None),
        ("Smіth", "Smith", None, Mended.LOOK_ALIKE),
        ("Ивaноw", "Ивaноw", NameFault.TWO_ALPHABETS, None),
        ("Ж?мабаева", "Ж?мабаева", NameFault.LOST_LETTER, None),
        ("?мiт", "?міт", NameFault.LOST_LETTER, Mended.LOOK_ALIKE),
        ('=HYPERLINK("http://127.0.0.1/x","Үсенова")', None, NameFault.FORMULA, None),
        ("  =1+1", "=1+1", NameFault.FORMULA, None),
        ("+7 701 123", None, NameFault.FORMULA, None),
        ("@SUM(A1)", None, NameFault.FORMULA, None),
        ("＝1+1", None, NameFault.FORMULA, None),
        ("'=1+1", None, NameFault.FORMULA, None),
        ("\t=1+1", None, NameFault.FORMULA, None),
        ("-Серікова", None, NameFault.FORMULA, None),
        ("Серікова2", "Серікова2", NameFault.NO_NAME, None),
        ("Серікова <b>", None, NameFault.NO_NAME, None),
        ("", "", None, None),
        (" - ", "", None, None),
        ("нет", "", None, None),
        ("Қызы\u200bбай", "Қызыбай", None, Mended.STRAY_SPACES),
    ],
)
def test_spelling(raw: str, text: str | None, fault: NameFault | None, mended: Mended | None) -> None:
    spelling = spell(raw)
    assert text is None or spelling.text == text
    assert (spelling.fault, spelling.mended) == (fault, mended)


@given(st.text(max_size=30))
def test_any_text_is_spelled_and_spelling_is_stable(raw: str) -> None:
    first = spell(raw)
    if first.fault is None and first.text:
        again = spell(first.text)
        assert (again.text, again.fault) == (first.text, None)
        assert not first.text.startswith(("=", "+", "-", "@"))
