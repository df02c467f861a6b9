"""Cells that begin like formulas leave as text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from lms.core.documents.tables import BOM, csv_parts, harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+77011234567",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u00a0=1",
        '"=1',
        "'=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
    ],
)
def test_what_begins_like_a_formula_gets_a_sign_before_it(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Әлиев", "Әлиев"),
        ("8 701 123 45 67", "8 701 123 45 67"),
        ("", ""),
        (None, ""),
        (-3, "-3"),
        ("а=б", "а=б"),
        (date(2026, 11, 8), "2026-11-08"),
        (datetime(2026, 11, 8, 14, 20, tzinfo=UTC), "2026-11-08 14:20"),
    ],
)
def test_other_values_stay_as_they_are(value: object, cell: str) -> None:
    assert harmless(value) == cell


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "a",
        "=1",
        " =1",
        "ә",
        "•",
        "a\x00b",
        7,
        -7,
        1.5,
        True,
        date(2026, 1, 2),
        datetime(2026, 1, 2, tzinfo=UTC),
    ],
)
def test_csv_writes_each_cell_as_harmless_does(value: object) -> None:
    text = "".join(csv_parts([[value, "end"]])).removeprefix(BOM)
    assert next(csv.reader(io.StringIO(text))) == [harmless(value), "end"]


def test_a_long_table_is_given_in_parts_and_reads_back() -> None:
    rows = [[number, f"name; {number}", '=cmd|"x"!A1'] for number in range(1200)]
    parts = list(csv_parts(rows, language="ru"))
    assert [part.count("\r\n") for part in parts] == [1, 499, 500, 200]  # the first row leaves at once
    assert parts[0].startswith(BOM)
    back = list(csv.reader(io.StringIO("".join(parts).removeprefix(BOM)), delimiter=";"))
    assert back[1199] == ["1199", "name; 1199", '\'=cmd|"x"!A1']
