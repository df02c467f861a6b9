"""WeasyPrint: known only here, loaded only when something is printed; it can fetch nothing but our own fonts."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

FONT_PACKAGES = ("fontpkg_pt_sans", "fontpkg_pt_serif")
INSIDE = ("data:image/png;base64,", "data:image/svg+xml;base64,")
"""Images that a page carries with it; a drawing can fetch nothing either, it asks here."""
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class _OurFilesOnly(URLFetcher):  # type: ignore[misc]  # the library ships no types
    """Refuses every address that is not one of our font files or an image inside the page itself."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith(INSIDE) or url in {path.as_uri() for path in font_files()}:
            return super().fetch(url, headers)
        raise ValueError(f"A document may not fetch {url}")


def render(html: str, css: str, *, accessible: bool, attachments: Mapping[str, str]) -> bytes:
    """The PDF of a whole HTML page; see `pdf.render_pdf`."""
    page = weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=_OurFilesOnly())
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1"} if accessible else {}
    if attachments:
        options["attachments"] = [weasyprint.Attachment(string=text, name=name) for name, text in attachments.items()]
    content: bytes = page.write_pdf(stylesheets=[_style(css)], font_config=_fonts(), **options)
    return content


@functools.cache
def font_files() -> tuple[Path, ...]:
    """Font files of the packages we ship with."""
    found: list[Path] = []
    for package in FONT_PACKAGES:
        root = Path(str(files(package)))
        found += [path for path in sorted(root.rglob("*")) if path.suffix.lower() in {".ttf", ".otf"}]
    return tuple(found)


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
