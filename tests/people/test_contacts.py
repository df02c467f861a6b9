"""Phone numbers and e-mail addresses, read as people write them."""

from __future__ import annotations

import pytest

from lms.countries.reading import shipped
from lms.people.contacts import find_email, find_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+7 (707) 416-92-90", "+77074169290"),
        ("8 705 103 65 27", "+77051036527"),
        ("87015757395", "+77015757395"),
        ("77015757395", "+77015757395"),
        ("7015757395", "+77015757395"),
        ("+49 30 1234567", "+49301234567"),
        ("8 701 575 73 95, 8 702 111 22 33", "+77015757395"),
        ("нет", None),
        ("12345", None),
        ("=1+1", None),
        ("٨٧٠١٥٧٥٧٣٩٥", None),
        ("", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert find_phone(text, shipped("kz").phone) == phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+996 555 12-34-56", "+996555123456"),
        ("996555123456", "+996555123456"),
        ("0555 123 456", "+996555123456"),
        ("555123456", "+996555123456"),
        ("0312 66 00 00", "+996312660000"),
        ("+7 701 575 73 95", "+77015757395"),
        ("8 701 575 73 95", None),
        ("+996 555 12", None),
        ("12345", None),
    ],
)
def test_kyrgyz_phones(text: str, phone: str | None) -> None:
    assert find_phone(text, shipped("kg").phone) == phone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("A.B@Example.KZ", "a.b@example.kz"),
        ("mailto:a@b.kz", "a@b.kz"),
        ("a@b", None),
        ("=a@b.kz<", None),
        ("x" * 300 + "@b.kz", None),
    ],
)
def test_emails(text: str, email: str | None) -> None:
    assert find_email(text) == email
