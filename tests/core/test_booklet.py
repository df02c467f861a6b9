"""Booklets: folded sheets read in the right order."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from lms.core.documents.booklet import Side, impose, sides_of
from lms.core.documents.pdf import render_pdf


@pytest.mark.parametrize(
    ("pages", "sides"),
    [
        (1, [(None, 1), (None, None)]),
        (4, [(4, 1), (2, 3)]),
        (6, [(None, 1), (2, None), (6, 3), (4, 5)]),
        (8, [(8, 1), (2, 7), (6, 3), (4, 5)]),
    ],
)
def test_the_sides_of_one_signature(pages: int, sides: list[tuple[int | None, int | None]]) -> None:
    assert sides_of(pages) == [Side(*side) for side in sides]


@pytest.mark.parametrize("pages", [1, 31, 32, 33, 64, 70, 146])
def test_folded_signatures_laid_one_on_another_read_in_order(pages: int) -> None:
    sides = sides_of(pages, signature=32)
    assert len(sides) % 2 == 0
    read: list[int | None] = []
    for first in range(0, len(sides), 16):
        sheets = list(zip(sides[first : first + 16 : 2], sides[first + 1 : first + 16 : 2], strict=True))
        before = [page for front, back in sheets for page in (front.right, back.left)]
        behind = [page for front, back in reversed(sheets) for page in (back.right, front.left)]
        read += before + behind
    assert read[:pages] == list(range(1, pages + 1))
    assert set(read[pages:]) <= {None}
    assert len(read[pages:]) < 4


def test_the_pages_stand_two_on_a_side() -> None:
    html = "".join(f"<p style='break-after:page'>leaf{number}</p>" for number in range(1, 6))
    pages = render_pdf(
        f"<html lang='en'><head><title>Leaves</title></head><body>{html}</body></html>", "@page{size:A5}"
    )
    booklet = impose(pages, title="Кітапша", language="kk")
    reader = PdfReader(BytesIO(booklet.content))
    said = [page.extract_text().split() for page in reader.pages]
    assert said == [["leaf1"], ["leaf2"], ["leaf3"], ["leaf4", "leaf5"]]
    assert booklet.pages == 4
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [839, 595]
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/DuplexFlipShortEdge"
    assert reader.metadata is not None
    assert reader.metadata.title == "Кітапша"
