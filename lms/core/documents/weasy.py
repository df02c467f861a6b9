"""WeasyPrint: known only here, loaded only when something is printed; it can fetch nothing but our own fonts."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from lms.core.documents.pdf import Behind, LaidOut, Printed

FONT_PACKAGES = ("fontpkg_pt_sans", "fontpkg_pt_serif")
INSIDE = ("data:image/png;base64,", "data:image/svg+xml;base64,")
"""Images that a page carries with it; a drawing can fetch nothing either, it asks here."""
ACCESSIBLE = {"pdf_variant": "pdf/ua-1"}
logging.getLogger("weasyprint").setLevel(logging.ERROR)
STEPS = logging.getLogger("weasyprint.progress")
STEPS.setLevel(logging.ERROR)
STEPS.propagate = False


class _OurFilesOnly(URLFetcher):  # type: ignore[misc]  # the library ships no types
    """Refuses every address that is not one of our font files or an image inside the page itself."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith(INSIDE) or url in {path.as_uri() for path in font_files()}:
            return super().fetch(url, headers)
        raise ValueError(f"A document may not fetch {url}")


def render(html: str, css: str, *, accessible: bool, attachments: Mapping[str, str]) -> bytes:
    """The PDF of a whole HTML page; see `pdf.render_pdf`."""
    options: dict[str, Any] = dict(ACCESSIBLE) if accessible else {}
    if attachments:
        options["attachments"] = [weasyprint.Attachment(string=text, name=name) for name, text in attachments.items()]
    content: bytes = _page(html).write_pdf(stylesheets=[_style(css)], font_config=_fonts(), **options)
    return content


def render_book(html: str, css: str, behind: Behind | None, laid_out: LaidOut) -> Printed:
    """The PDF of a long HTML page and what is made of its page numbers; see `pdf.render_book`."""
    with _told(laid_out):
        book = _lay_out(html, css)
    pages = list(book.pages)
    if behind is not None:
        place: dict[str, int] = {}
        for number, page in enumerate(pages, start=1):
            for anchor in page.anchors:
                place.setdefault(anchor, number)
        before = pages[:-1]
        pages = [*before, *_lay_out(*behind(place, len(before))).pages]
    content: bytes = book.copy(pages).write_pdf(**ACCESSIBLE)
    return Printed(content, len(pages))


def _lay_out(html: str, css: str) -> Any:
    return _page(html).render(stylesheets=[_style(css)], font_config=_fonts(), **ACCESSIBLE)


@functools.cache
def font_files() -> tuple[Path, ...]:
    """Font files of the packages we ship with."""
    found: list[Path] = []
    for package in FONT_PACKAGES:
        root = Path(str(files(package)))
        found += [path for path in sorted(root.rglob("*")) if path.suffix.lower() in {".ttf", ".otf"}]
    return tuple(found)


def _page(html: str) -> Any:
    return weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=_OurFilesOnly())


@contextmanager
def _told(laid_out: LaidOut) -> Iterator[None]:
    """The library says in its log which page it lays out; inside, `laid_out` hears it."""
    handler = _Listener(laid_out)
    STEPS.addHandler(handler)
    STEPS.setLevel(logging.INFO)
    try:
        yield
    finally:
        STEPS.setLevel(logging.ERROR)
        STEPS.removeHandler(handler)


class _Listener(logging.Handler):
    """Hears of each page once, by the thread that lays it out."""

    def __init__(self, laid_out: LaidOut) -> None:
        super().__init__()
        self.laid_out, self.thread, self.last = laid_out, threading.get_ident(), 0

    def emit(self, record: logging.LogRecord) -> None:
        page = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if (
            record.thread == self.thread
            and "layout - Page" in record.msg
            and isinstance(page, int)
            and page > self.last
        ):
            self.last = page
            self.laid_out(page)


@functools.cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@functools.lru_cache(maxsize=32)
def _style(css: str) -> weasyprint.CSS:
    return weasyprint.CSS(string=_font_faces() + css, font_config=_fonts(), url_fetcher=_OurFilesOnly())


def _font_faces() -> str:
    faces = []
    for path in font_files():
        name = path.stem.lower()
        family = "PT Serif" if "serif" in name else "PT Sans"
        weight = "bold" if "bold" in name else "normal"
        style = "italic" if "italic" in name else "normal"
        faces.append(
            f"@font-face{{font-family:'{family}';src:url('{path.as_uri()}');font-weight:{weight};font-style:{style}}}"
        )
    return "".join(faces)
