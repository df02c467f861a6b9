"""HTML to PDF."""

from __future__ import annotations

from collections.abc import Mapping


def render_pdf(html: str, css: str, *, accessible: bool = True, attachments: Mapping[str, str] | None = None) -> bytes:
    """The PDF of a whole HTML page. `css` is parsed once and kept. `accessible` asks for PDF/UA-1 tags; `attachments`:
    file name -> text that travels inside the PDF.

    The printing library takes half a second to load, so it is loaded by whoever prints first."""
    from lms.core.documents import weasy

    return weasy.render(html, css, accessible=accessible, attachments=attachments or {})
