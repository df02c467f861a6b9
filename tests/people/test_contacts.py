"""Phone numbers and e-mail addresses, read as people write them."""

from __future__ import annotations

import pytest

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
    assert find_phone(text) == phone


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
