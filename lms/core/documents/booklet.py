"""Booklets: pages set two on a sheet, so that sheets printed on both sides and folded make a book."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lms.core.documents.pdf import Printed

if TYPE_CHECKING:
    from pypdf import PageObject

ON_A_SHEET = 4
"""Pages on both sides of a sheet."""
SIGNATURE = 32
"""Pages of sheets folded together: eight sheets, more are too thick to fold."""


class Side(NamedTuple):
    """One side of a sheet: the page numbers (from 1) left and right; None where the page stays empty."""

    left: int | None
    right: int | None


def sides_of(pages: int, signature: int = SIGNATURE) -> list[Side]:
    """Every side in the order of printing, front and back of each sheet in turn, signature after signature."""
    return [
        Side(*(number if number <= pages else None for number in side))
        for first in range(1, pages + 1, signature)
        for side in _folded(first, min(signature, _whole_sheets(pages - first + 1)))
    ]


def impose(content: bytes, *, title: str, language: str, signature: int = SIGNATURE) -> Printed:
    """The pages of a PDF as a booklet: two on each side of a sheet twice as wide. A print dialog that heeds it turns
    the sheet over its short edge."""
    from pypdf import PdfReader, PdfWriter  # only here: commands and pages start without it
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    pages = PdfReader(io.BytesIO(content)).pages
    width, height = float(pages[0].mediabox.width), float(pages[0].mediabox.height)
    writer = PdfWriter()
    sides = sides_of(len(pages), signature)
    for side in sides:
        sheet = writer.add_blank_page(2 * width, height)
        _place(sheet, pages, side.left, 0)
        _place(sheet, pages, side.right, width)
        sheet.compress_content_streams()
    writer.add_metadata({"/Title": title})
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    wishes = {"/Duplex": "/DuplexFlipShortEdge", "/PrintScaling": "/None"}
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject(name): NameObject(wish) for name, wish in wishes.items()}
    )
    writer.compress_identical_objects()
    joined = io.BytesIO()
    writer.write(joined)
    return Printed(joined.getvalue(), len(sides))


def _folded(first: int, count: int) -> list[tuple[int, int]]:
    """(left, right) of each side of a signature of `count` pages that begins with page `first`."""
    last = first + count - 1
    return [(last - at, first + at) if at % 2 == 0 else (first + at, last - at) for at in range(count // 2)]


def _whole_sheets(pages: int) -> int:
    return -(-pages // ON_A_SHEET) * ON_A_SHEET


def _place(sheet: PageObject, pages: Sequence[PageObject], number: int | None, x: float) -> None:
    from pypdf import Transformation

    if number is not None:
        page = pages[number - 1]
        page.pop("/Annots", None)  # links lead nowhere on paper
        sheet.merge_transformed_page(page, Transformation().translate(x, 0))
