"""The law of certificates, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates import rules, signing
from lms.certificates.rules import Claim, Status

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CLAIM = Claim(
    demo=True,
    kind="qualification",
    number="KZ-2026-PEC-000123",
    holder="А. М. С••••••а",
    course="election-day",
    level="pec",
    issued_on=date(2026, 11, 20),
    digest="AAECAwQFBgcICQoLDA0ODw",
)
WITHDRAWN = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "level", "ordinal", "number"),
    [
        (2026, "pec", 123, "KZ-2026-PEC-000123"),
        (2026, "tec", 1, "KZ-2026-TEC-000001"),
        (2031, "cec", 1_234_567, "KZ-2031-CEC-1234567"),
    ],
)
def test_the_number_is_readable(year: int, level: str, ordinal: int, number: str) -> None:
    assert rules.number_of("KZ", year, level, ordinal) == number


def test_codes_have_128_bits_or_more_and_never_repeat() -> None:
    codes = {rules.new_code() for _one in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) * 5 >= 128 and set(code) <= set(rules.ALPHABET) for code in codes)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0a1b2-c3d4e", "0a1b2c3d4e"),
        (" 0A1B2 C3D4E ", "0a1b2c3d4e"),
        ("OIL", "011"),
        ("", ""),
        ("<script>", "scr1pt"),
        ("қ", ""),
    ],
)
def test_a_typed_code_is_read_kindly(typed: str, read: str) -> None:
    assert rules.read_code(typed) == read


def test_a_shown_code_reads_back() -> None:
    code = rules.new_code()
    assert rules.read_code(rules.show_code(code).upper()) == code
    assert rules.read_code(f"http://127.0.0.1:8000/kk/verify/{rules.show_code(code)}#payload.signature") == code


@pytest.mark.parametrize(
    ("typed", "is_number"), [("KZ-2026-PEC-000239", True), (" kz-2026-tec-1", True), ("0a1b2", False)]
)
def test_a_number_is_not_taken_for_a_code(typed: str, is_number: bool) -> None:
    assert rules.is_number(typed) is is_number


@pytest.mark.parametrize(
    ("parts", "masked"),
    [
        (("Серікова", "Айгүл", "Маратқызы"), "А. М. С••••••а"),
        (("Әли", "нұрлан", ""), "Н. Ә••"),
        (("Ли", "Ольга", ""), "О. Л••"),
        (("Абай", "Б", ""), "Б. А••й"),
        (("", "Айгүл", ""), "А. ••"),
    ],
)
def test_a_stranger_sees_initials_and_two_letters(parts: tuple[str, str, str], masked: str) -> None:
    assert rules.masked_name(*parts) == masked


@pytest.mark.parametrize(
    ("withdrawn", "until", "today", "status"),
    [
        (None, date(2031, 11, 20), date(2026, 11, 20), Status.VALID),
        (None, date(2031, 11, 20), date(2031, 11, 20), Status.VALID),
        (None, date(2031, 11, 20), date(2031, 11, 21), Status.EXPIRED),
        (None, None, date(2099, 1, 1), Status.VALID),
        (WITHDRAWN, date(2031, 11, 20), date(2026, 12, 1), Status.WITHDRAWN),
        (WITHDRAWN, date(2031, 11, 20), date(2032, 1, 1), Status.WITHDRAWN),
    ],
)
def test_whether_it_holds(withdrawn: datetime | None, until: date | None, today: date, status: Status) -> None:
    assert rules.status_of(withdrawn, until, today) is status


@pytest.mark.parametrize(
    ("issued", "until"), [(date(2026, 11, 20), date(2031, 11, 20)), (date(2028, 2, 29), date(2033, 2, 28))]
)
def test_it_holds_for_a_term_of_office(issued: date, until: date) -> None:
    assert rules.valid_until(issued) == until


@pytest.mark.parametrize(("minutes", "hours"), [(0, 1), (45, 1), (67, 1), (68, 2), (183, 4)])
def test_learning_is_counted_in_academic_hours(minutes: int, hours: int) -> None:
    assert rules.academic_hours(minutes) == hours


def test_the_fingerprint_sees_every_fact_and_no_order() -> None:
    facts = {"holder": "Серікова", "hours": 4, "course": {"kk": "a", "ru": "b"}}
    assert rules.digest_of(dict(reversed(list(facts.items())))) == rules.digest_of(facts)
    for name in facts:
        assert rules.digest_of({**facts, name: "x"}) != rules.digest_of(facts)


def test_a_claim_reads_back() -> None:
    for claim in (CLAIM, replace(CLAIM, demo=False, kind="attendance", level="tec")):
        assert signing.read_payload(signing.sign_claim(claim, KEY), KEY.public_key()) == claim


def test_a_payload_fits_a_coarse_qr() -> None:
    assert len(signing.sign_claim(CLAIM, KEY)) < 240


@pytest.mark.parametrize(
    "changes",
    [
        {"demo": False},
        {"kind": "attendance"},
        {"number": "KZ-2026-PEC-000124"},
        {"holder": "Б. М. С••••••а"},
        {"course": "other"},
        {"level": "tec"},
        {"issued_on": date(2026, 11, 21)},
        {"digest": "BAECAwQFBgcICQoLDA0ODw"},
    ],
)
def test_an_edited_claim_under_the_old_signature_is_found(changes: dict[str, object]) -> None:
    signature = signing.sign_claim(CLAIM, KEY).partition(".")[2]
    edited = signing.sign_claim(replace(CLAIM, **changes), KEY).partition(".")[0]  # type: ignore[arg-type]
    with pytest.raises(signing.Forged):
        signing.read_payload(f"{edited}.{signature}", KEY.public_key())


def test_every_single_sign_of_a_payload_counts() -> None:
    payload = signing.sign_claim(CLAIM, KEY)
    for place in range(len(payload)):
        other = "A" if payload[place] != "A" else "B"
        with pytest.raises(signing.Forged):
            signing.read_payload(payload[:place] + other + payload[place + 1 :], KEY.public_key())


def test_another_installations_key_does_not_fit() -> None:
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(signing.Forged):
        signing.read_payload(signing.sign_claim(CLAIM, stranger), KEY.public_key())


@given(st.text(max_size=400))
def test_no_text_is_a_payload_by_chance(text: str) -> None:
    with pytest.raises(signing.Forged):
        signing.read_payload(text, KEY.public_key())


@given(st.binary(min_size=1, max_size=300), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_sealed_file_is_whole_to_the_byte(content: bytes, place: int, change: int) -> None:
    sealed = signing.seal_file(content, KEY)
    assert signing.holds_seal(sealed, KEY.public_key())
    broken = bytearray(sealed)
    broken[place % len(sealed)] ^= change
    assert not signing.holds_seal(bytes(broken), KEY.public_key())
    assert not signing.holds_seal(sealed + b"more", KEY.public_key())
    assert not signing.holds_seal(content, KEY.public_key())
