"""Stored files are given back whole or not at all; documents fetch nothing from outside."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.core.documents import pdf, storage, weasy
from lms.core.errors import NotFound


def test_what_was_stored_comes_back(app: Flask) -> None:
    row = storage.store(b"a roster", name="roster.csv", media_type="text/csv")
    found, content = storage.read(row.id)
    assert (found.name, found.size, content) == ("roster.csv", 8, b"a roster")


def test_the_same_content_lies_on_disk_once(app: Flask) -> None:
    first = storage.store(b"twice", name="a", media_type="text/plain")
    second = storage.store(b"twice", name="b", media_type="text/plain")
    assert first.id != second.id
    assert storage.path_of(first.sha256) == storage.path_of(second.sha256)
    lying = storage.path_of(first.sha256)
    assert [path.name for path in lying.parent.glob(f"{first.sha256}*")] == [first.sha256]


@pytest.mark.parametrize("damage", [b"damaged", b"", None])
def test_a_damaged_or_missing_file_is_not_given_out(app: Flask, damage: bytes | None) -> None:
    row = storage.store(b"a certificate", name="c.pdf", media_type="application/pdf")
    path = storage.path_of(row.sha256)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with pytest.raises(NotFound, match="damaged or missing"):
        storage.read(row.id)
    path.unlink(missing_ok=True)


def test_an_unknown_file_is_not_there(app: Flask) -> None:
    with pytest.raises(NotFound):
        storage.read(999_999)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:1/", "https://example.org/a.png", "data:text/html,hello", "a.png"],
)
def test_a_document_fetches_nothing_but_our_fonts(address: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        weasy._OurFilesOnly().fetch(address)


def test_a_document_is_rendered_with_our_fonts() -> None:
    content = pdf.render_pdf(
        '<html lang="kk"><head><title>Сертификат</title></head><body><p>ӘәқҚңғүұһі</p></body></html>',
        "body{font-family:'PT Sans'}",
    )
    page = PdfReader(BytesIO(content)).pages[0]
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert len(fonts) == 1
    assert "PT" in fonts[0]
    assert "ӘәқҚңғүұһі" in page.extract_text()
