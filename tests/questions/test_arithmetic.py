"""The arithmetic of questions: what it comes to, and what it refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questions.kinds.arithmetic import evaluate, names_in

NAMES = {"a": Decimal(847), "b": Decimal(12), "rate": Decimal("0.5")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a - b", "835"),
        (" a - b ", "835"),
        ("a-b*2", "823"),
        ("(a - b) * 2", "1670"),
        ("a / 2", "423.5"),
        ("a // 2", "423"),
        ("-a // 2", "-424"),
        ("- -b", "12"),
        ("+b", "12"),
        ("b * rate", "6.0"),
        ("0.1 + 0.2", "0.3"),
        ("1.5", "1.5"),
        ("+".join(["a"] * 100), "84700"),
        ("(" * 30 + "a" + ")" * 30, "847"),
    ],
)
def test_a_formula_comes_to_its_value(text: str, value: str) -> None:
    assert evaluate(text, NAMES) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a -", "cannot be read"),
        ("a b", "cannot be read"),
        ("a ** b", "only numbers"),
        ("a % b", "only numbers"),
        ("a == b", "only numbers"),
        ("a, b", "only numbers"),
        ("a.real", "only numbers"),
        ("f(a)", "only numbers"),
        ("(lambda)", "cannot be read"),
        ("a if b else a", "only numbers"),
        ("True", "only numbers"),
        ("None", "only numbers"),
        ("__import__('os')", "only numbers"),
        ("1e9", "only numbers"),
        ("0x1f", "only numbers"),
        ("1and 2", "only numbers"),
        ("012", "cannot be read"),
        ("қ + 1", "only numbers"),
        ("a\n", "only numbers"),
        ("c + 1", "no value for 'c'"),
        ("a / (b - 12)", "divides by nought"),
        ("a // 0", "divides by nought"),
        ("0 / 0", "divides by nought"),
        ("9" * 30, "larger than"),
        ("a" + "*999999999" * 3, "larger than"),
        ("a" * 301, "301 characters"),
        ("(" * 60 + "a" + ")" * 60, "brackets"),
        ("-" * 60 + "a", "brackets"),
    ],
)
def test_a_faulty_formula_is_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        evaluate(text, NAMES)


def test_the_names_come_in_the_order_they_stand() -> None:
    assert names_in("b - (a + b) / rate") == ["b", "a", "rate"]
    assert names_in("1 + 2") == []


@given(st.text(alphabet="ab12.+-*/() _e", max_size=40))
def test_nothing_but_a_value_or_a_sentence_comes_out(text: str) -> None:
    try:
        value = evaluate(text, NAMES)
    except ValueError:
        return
    assert value.is_finite()
