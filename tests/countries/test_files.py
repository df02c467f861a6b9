"""Countries' files: those that are shipped, and what is said of one that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.core.errors import Refused
from lms.countries.reading import FILES, find_chosen, list_shipped, read_country, shipped
from lms.countries.rules import find_level, get_size, is_party, is_represented, strength_of
from lms.people.identity_number import SCHEMES

KZ = (FILES / "kz.yaml").read_text(encoding="utf-8")


def test_two_countries_are_shipped_and_their_schemes_are_known() -> None:
    assert list_shipped() == ["kg", "kz"]
    for code in list_shipped():
        country = shipped(code)
        assert country.code == code
        assert country.identity_number in SCHEMES
        assert all(size.source for size in country.sizes)


@pytest.mark.parametrize(
    ("level", "on", "bounds"),
    [
        ("cec", date(2022, 1, 1), (12, 12)),
        ("cec", date(2026, 5, 31), (12, 12)),
        ("cec", date(2026, 6, 1), (8, 8)),
        ("tec", date(2026, 6, 1), (11, 30)),
        ("pec", date(2026, 6, 1), (7, 30)),
    ],
)
def test_kyrgyz_sizes(level: str, on: date, bounds: tuple[int, int]) -> None:
    size = get_size(shipped("kg"), level, on)
    assert (size.least, size.most) == bounds


@pytest.mark.parametrize(
    ("code", "level", "seats", "on", "needed"),
    [
        ("kg", "cec", 8, date(2026, 6, 1), (6, 6)),
        ("kg", "cec", 12, date(2026, 5, 31), (8, 0)),
        ("kg", "tec", 11, date(2026, 6, 1), (8, 0)),
        ("kg", "pec", 7, date(2026, 6, 1), (5, 0)),
        ("kz", "pec", 7, date(2026, 6, 1), (0, 5)),
        ("kz", "pec", 5, date(2026, 6, 1), (0, 4)),
    ],
)
def test_how_many_seats_have_to_be_filled(code: str, level: str, seats: int, on: date, needed: tuple[int, int]) -> None:
    found = strength_of(shipped(code), level, seats, on)
    assert (found.to_start, found.to_meet) == needed


@pytest.mark.parametrize(
    ("body", "party"),
    [
        ("Партия «Ата-Журт»", True),
        ("Бир Бол", True),
        ("Бишкекский городской кенеш", False),
        ("Ош шаардык кеңеши", False),
        ("Local council of Naryn", False),
        ("", False),
    ],
)
def test_which_bodies_are_parties(body: str, party: bool) -> None:
    assert is_party(shipped("kg"), body) is party
    assert not is_party(shipped("kz"), body)


def test_a_party_is_the_same_in_other_quotes_and_a_council_may_send_several() -> None:
    country = shipped("kg")
    assert is_represented(country, "партия «Бир Бол»", ['Партия "Бир Бол"'])
    assert not is_represented(country, "Бир Бол", ["Ата-Журт"])
    assert not is_represented(country, "Ошский кенеш", ["Ошский кенеш"])


def test_constituencies_are_a_level_where_the_file_lists_it() -> None:
    assert shipped("kz").has_constituencies
    assert not shipped("kg").has_constituencies
    assert find_level(shipped("kg"), "con") is None


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("code: kz", "code: Kazakhstan", "code"),
        ("identity_number: iin", "identity_number: passport", "identity_number"),
        ("time_zone: Asia/Almaty\n", "time_zone: Asia/Almatty\n", "'Asia/Almatty' is no time zone"),
        ("meet_share: 2/3", "meet_share: 3/2", "not between 0 and 1"),
        ("meet_share: 2/3", "meet_share: two thirds", "no share"),
        (
            "offices: [chair, deputy_chair, secretary, member]",
            "offices: [chair, secretary]",
            "office member is missing",
        ),
        ("  - level: tec\n    usual: 7\n", "  - level: tec\n    usual: 7\n    least: 9\n", "between least and most"),
        (
            "  - level: tec\n    usual: 7\n",
            "  - level: tec\n    usual: 7\n    valid_to: 2026-01-01\n",
            "without an end",
        ),
        ("many_members: 11", "many_members: 11\nkings: 1", "kings"),
        ("names: {kk: Қазақстан, ru: Казахстан, en: Kazakhstan}", "names: {kk: Қазақстан}", "ru, en is missing"),
        ("format: 1", "format: [", "no YAML"),
        ("{number: 2, names", "{number: 1, names", "stands twice"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(before: str, after: str, sentence: str) -> None:
    assert before in KZ
    with pytest.raises(Refused) as caught:
        read_country(KZ.replace(before, after, 1), "own.yaml")
    assert "own.yaml" in caught.value.sentence
    assert sentence in caught.value.sentence


def test_sizes_follow_one_another_without_a_gap() -> None:
    kg = (FILES / "kg.yaml").read_text(encoding="utf-8")
    with pytest.raises(Refused, match="without a gap"):
        read_country(kg.replace("valid_from: 2026-06-01", "valid_from: 2026-07-01"), "own.yaml")


def test_an_operator_chooses_by_code_or_by_path(tmp_path: Path) -> None:
    assert find_chosen("KG") == (shipped("kg"), "")
    own = tmp_path / "own.yaml"
    own.write_text(KZ.replace("code: kz", "code: xx"), encoding="utf-8")
    country, text = find_chosen(str(own))
    assert (country.code, text) == ("xx", own.read_text(encoding="utf-8"))
    for wrong in ("uz", str(tmp_path / "none.yaml"), str(tmp_path) + "/"):
        with pytest.raises(Refused):
            find_chosen(wrong)
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(Refused, match="cannot be read"):
        find_chosen(str(own))
    own.write_text("x" * 200_001)
    with pytest.raises(Refused, match="larger"):
        find_chosen(str(own))
