"""HTML from outside as plain lines: nothing of it is ever shown as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from lms.exchange.intake.xml import squeeze

QUIET = frozenset({"p", "br", "b", "i", "strong", "em", "span", "div", "html", "body"})
"""What is turned into plain lines without a word about it."""
_BLOCKS = frozenset(
    {
        "p",
        "br",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "pre",
        "blockquote",
        "dt",
        "dd",
    }
)
_KEPT = _BLOCKS | {
    "b",
    "i",
    "strong",
    "em",
    "u",
    "span",
    "sub",
    "sup",
    "td",
    "th",
    "img",
    "code",
    "a",
    "tbody",
    "thead",
}
_SILENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "textarea",
    "audio",
    "video",
}
_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_TAG = re.compile(r"</?[A-Za-z!?]|&[#A-Za-z0-9]{1,31};")

_OPEN = re.compile(r"<(?=[A-Za-z](?:[^<>\"'=]|(?<=\s)=)*(?:<|\Z))")
"""A < that begins no tag, for nothing ends it and it has no attributes: what follows is words, as in 3<x."""


@dataclass
class Plain:
    """The words in lines, the names of what was dropped, and the pictures that were there (as their addresses)."""

    text: str
    dropped: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def looks_like_html(text: str) -> bool:
    """Whether a text of unknown make has a tag or an entity."""
    return bool(_TAG.search(text))


def to_plain(html: str) -> Plain:
    """The words of a piece of HTML. Scripts, styles and whatever else does not speak go with all that is in them."""
    if not looks_like_html(html):
        return Plain(squeeze(html).strip())
    html = _OPEN.sub("&lt;", html)
    seen = _Tags()
    seen.feed(html)
    seen.close()
    clean = nh3.clean(
        html, tags=set(_KEPT), clean_content_tags=_SILENT, attributes={"img": {"src", "alt"}}, link_rel=None
    )
    reader = _Lines()
    reader.feed(clean)
    reader.close()
    dropped = sorted({name for name in seen.names if name not in QUIET and name != "img"})
    return Plain(reader.text(), dropped, seen.pictures)


class _Tags(HTMLParser):
    """Which tags there are, and which pictures."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag == "img":
            self.pictures.append(str(dict(attrs).get("src") or "")[:120])


class _Lines(HTMLParser):
    """The words, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.level = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in ("sub", "sup"):
            self.level = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("sub", "sup"):
            self.level = ""

    def handle_data(self, data: str) -> None:
        text = squeeze(data.replace("\u00a0", " "))
        if self.level == "sup":
            text = text.translate(_RAISED)
        elif self.level == "sub":
            text = text.translate(_LOWERED)
        self.parts.append(text)

    def text(self) -> str:
        return "".join(self.parts)
