"""HTML from outside as plain lines: nothing of it is ever shown as HTML."""

from __future__ import annotations

import re
from collections import Counter
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
_SECTION = re.compile(r"<!\[(?:CDATA\[|(?:end)?if\b[^<>-]*\]>)", re.IGNORECASE)
"""What programs write into HTML that HTML has not; the words between stay."""
_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
_ANY = re.compile(r"<[^<>]*>")
_SHORT = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "option", "br", "hr", "img", "input", "col", "wbr", "meta"}
)
"""Elements that need no end."""
DEEPEST = 200
"""Elements inside each other; of what is deeper the tags are dropped before it is cleaned, for that takes long."""


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
    html = _OPEN.sub("&lt;", _SECTION.sub("", html).replace("<![", "&lt;!["))
    names, depth = _tags(html)
    if depth > DEEPEST:
        html = _ANY.sub("\n", html)
    clean = nh3.clean(
        html, tags=set(_KEPT), clean_content_tags=_SILENT, attributes={"img": {"src", "alt"}}, link_rel=None
    )
    reader = _Lines()
    reader.feed(clean)  # only of what is clean: its time would grow with the square of what has no end
    reader.close()
    pictures = reader.pictures or ([""] if "img" in names else [])
    return Plain(reader.text(), sorted(names - QUIET - {"img"}), pictures)


def _tags(html: str) -> tuple[set[str], int]:
    """The names of all tags but for those in comments, and how deep they stand inside each other at most."""
    names: set[str] = set()
    opened: Counter[str] = Counter()
    depth = deepest = 0
    first, *rest = html.split("<!--")
    for end, name in _NAME.findall(first + "".join(part.partition("-->")[2] for part in rest)):
        name = name.lower()
        if not end:
            names.add(name)
            opened[name] += name not in _SHORT
            depth += name not in _SHORT
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return names, deepest


class _Lines(HTMLParser):
    """The words, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures: list[str] = []
        self.level = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in ("sub", "sup"):
            self.level = tag
        elif tag == "img":
            self.pictures.append(str(dict(attrs).get("src") or "")[:120])

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
