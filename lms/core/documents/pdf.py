"""HTML to PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

Behind = Callable[[Mapping[str, int], int], tuple[str, str]]
LaidOut = Callable[[int], None]
"""Is told the number of each page when it was laid out."""


class Printed(NamedTuple):
    """A PDF, and the number of its pages."""

    content: bytes
    pages: int


def render_pdf(html: str, css: str, *, accessible: bool = True, attachments: Mapping[str, str] | None = None) -> bytes:
    """The PDF of a whole HTML page. `css` is parsed once and kept. `accessible` asks for PDF/UA-1 tags; `attachments`:
    file name -> text that travels inside the PDF.

    The printing library takes half a second to load, so it is loaded by whoever prints first."""
    from lms.core.documents import weasy

    return weasy.render(html, css, accessible=accessible, attachments=attachments or {})


def render_book(
    html: str,
    css: str,
    behind: Behind | None,
    *,
    laid_out: LaidOut = lambda _page: None,
) -> Printed:
    """The PDF/UA-1 of a long HTML page with something at its end that is made of its page numbers, such as an index.

    `behind` is given the page of each id and the number of pages before it, and answers with HTML and CSS. In `html`
    the last page stands for it: it is left out, and what points to it points to the same place. None: nothing behind.
    """
    from lms.core.documents import weasy

    return weasy.render_book(html, css, behind, laid_out)
