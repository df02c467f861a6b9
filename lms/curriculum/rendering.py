"""Module texts as HTML, one source for the web page and the printed manual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import nh3

from lms.curriculum.markdown import MARK, Block, find_figure, mark_of, parser, plain
from lms.curriculum.outline import heading_id
from lms.questions.marks import in_order

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    *("a", "blockquote", "br", "code", "div", "em", "h2", "h3", "hr", "li", "ol", "p", "pre", "section", "strong"),
    *("figure", "figcaption", "img", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "aria-label"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "section": {"class", "id"},
    "table": {"class"},
    "td": {"class", "data-label"},
    "th": {"class", "scope"},
}
NARROW_COLUMNS = 3
"""From so many columns a table becomes a list of its rows on a narrow screen."""
TABLE, SOURCE = "table", "source"
"""Keys of the words that name a table and a source mark to those who cannot see them, beside the blocks' labels."""


@dataclass(frozen=True)
class Picture:
    """A figure as a page shows it."""

    address: str
    width: int
    height: int
    alt: str
    title: str


def _no_address(_kind: str, _code: str) -> str:
    return ""


@dataclass(frozen=True)
class Surroundings:
    """What a text points to, in the reader's language."""

    say_source: Callable[[str, Sequence[str]], str] = lambda code, _articles: code
    """The line of a source, by its code and the articles named in the text."""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """Figures by their ids."""
    find_address: Callable[[str, str], str] = _no_address
    """Where a link to a `module` or a `form` leads, by its code; empty when it leads nowhere."""


ALONE = Surroundings()


def render(
    text: str,
    labels: Mapping[str, str],
    around: Surroundings = ALONE,
    *,
    id_prefix: str = "",
    stacked: bool = True,
) -> str:
    """The HTML fragment of a module text, with the list of its sources at the end.

    `labels` holds the words over each block, by its name, and the words for a table and a source, in the language of
    the text. `id_prefix` keeps the ids of several texts in one document apart. `stacked`: wide tables become lists on a
    narrow screen.
    """
    markdown = parser()
    tokens = markdown.parse(text)
    own = {picture.address for picture in around.pictures.values()}
    _prepare(tokens, labels, id_prefix, stacked=stacked)
    _place_figures(tokens, around)
    named = _number_marks(tokens, labels, id_prefix)
    _lead_links(tokens, around)
    html = markdown.renderer.render(tokens, markdown.options, {}) + _source_list(named, labels, around, id_prefix)

    def keep(tag: str, name: str, value: str) -> str | None:
        """Nothing is fetched but our own figures, and nothing but them is inside the page."""
        foreign = value not in own if (tag, name) == ("img", "src") else value.startswith("data:")
        return None if foreign else value

    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=keep, url_schemes={"https", "data"})


def _prepare(tokens: list[Token], labels: Mapping[str, str], id_prefix: str, *, stacked: bool) -> None:
    """Give headings their ids, blocks their labels and tables their frame."""
    headings = 0
    position = 0
    while position < len(tokens):
        token = tokens[position]
        kind = token.type
        if kind == "heading_open":
            headings += 1
            token.attrSet("id", id_prefix + heading_id(headings))
        elif kind == "table_open":
            _prepare_cells(tokens[position:], stacked=stacked)
            word = labels.get(TABLE, "")
            tokens.insert(position, _raw(_tag("div", {"class": "table-wrap", "role": "group", "tabindex": "0"}, word)))
            position += 1
        elif kind == "table_close":
            tokens.insert(position + 1, _raw("</div>\n"))
        elif kind.startswith("container_") and kind.endswith("_open"):
            _prepare_block(tokens, position, kind.removeprefix("container_").removesuffix("_open"), labels)
        elif kind.startswith("container_"):
            token.tag = "section"
        position += 1


def _prepare_cells(tokens: list[Token], *, stacked: bool) -> None:
    """Tell each cell of the table that begins here its column, for screens on which a row becomes a list."""
    columns: list[str] = []
    place = 0
    for token, content in pairwise(tokens):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            place = 0
        if token.type == "th_open":
            columns.append(plain(content))
            token.attrSet("scope", "col")
        elif token.type == "td_open":
            token.attrSet("data-label", columns[place])
            place += 1
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "r")
    if stacked and len(columns) >= NARROW_COLUMNS:
        tokens[0].attrSet("class", "stack")


def _prepare_block(tokens: list[Token], position: int, name: str, labels: Mapping[str, str]) -> None:
    token = tokens[position]
    token.tag = "section"
    token.attrs = {"class": f"block block-{name}"}
    token.type = "block_open"
    tokens.insert(position + 1, _raw(_label(labels.get(name, name))))


def _place_figures(tokens: list[Token], around: Surroundings) -> None:
    """Put each figure where its paragraph stands; images of any other kind become their words."""
    for position, token in enumerate(tokens):
        if token.type != "inline":
            continue
        picture = around.pictures.get(find_figure(token) or "")
        if picture is not None:
            tokens[position - 1], tokens[position], tokens[position + 1] = _raw(""), _raw(_figure(picture)), _raw("")
            continue
        for child in token.children or []:
            if child.type == "image":
                child.type, child.tag = "text", ""


def _figure(picture: Picture) -> str:
    told = {"src": picture.address, "alt": picture.alt, "width": picture.width, "height": picture.height}
    attributes = "".join(f' {name}="{nh3.clean_text(str(value))}"' for name, value in told.items() if name != "src")
    image = f'<img src="{picture.address}"{attributes} loading="lazy">'
    return f"<figure>{image}<figcaption>{nh3.clean_text(picture.title)}</figcaption></figure>\n"


def _number_marks(tokens: list[Token], labels: Mapping[str, str], id_prefix: str) -> dict[str, set[str]]:
    """Put a number for each source mark, counted by source in the order of the text; source -> articles named."""
    named: dict[str, set[str]] = {}
    for token in tokens:
        if token.children:
            token.children = list(_numbered(token.children, named, labels, id_prefix))
    return named


def _numbered(
    children: list[Token], named: dict[str, set[str]], labels: Mapping[str, str], id_prefix: str
) -> Iterator[Token]:
    for marks, group in groupby(children, key=lambda child: child.type == MARK):
        if not marks:
            yield from group
            continue
        places: dict[str, int] = {}
        for mark in filter(None, map(mark_of, group)):
            named.setdefault(mark.source, set()).update(mark.articles)
            places[mark.source] = list(named).index(mark.source) + 1
        word = nh3.clean_text(labels.get(SOURCE, ""))
        links = ", ".join(
            f'<a href="#{id_prefix}source-{source}" aria-label="{word} {number}">{number}</a>'
            for source, number in places.items()
        )
        yield _raw(f"<sup>{links}</sup>", "html_inline")


def _source_list(named: dict[str, set[str]], labels: Mapping[str, str], around: Surroundings, id_prefix: str) -> str:
    """The sources that the text names, in the order of their numbers."""
    lines = "".join(
        f'<li id="{id_prefix}source-{source}">{nh3.clean_text(around.say_source(source, in_order(articles)))}</li>\n'
        for source, articles in named.items()
    )
    label = _label(labels.get(Block.SOURCES, Block.SOURCES))
    return f'<section class="block block-sources">\n{label}<ol>\n{lines}</ol>\n</section>\n' if lines else ""


def _lead_links(tokens: list[Token], around: Surroundings) -> None:
    """Lead links to modules and forms to their pages; what leads nowhere here stays as words."""
    for token in tokens:
        for child in token.children or []:
            kind, colon, code = str(child.attrs.get("href", "")).partition(":")
            if child.type == "link_open" and colon and kind in ("module", "form"):
                child.attrSet("href", around.find_address(kind, code))
                if not child.attrs["href"]:
                    del child.attrs["href"]


def _label(words: str) -> str:
    return f'<p class="block-label">{nh3.clean_text(words)}</p>\n'


def _tag(name: str, attributes: Mapping[str, str], label: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{name}{said} aria-label="{nh3.clean_text(label)}">\n'


def _raw(html: str, kind: str = "html_block") -> Token:
    from markdown_it.token import Token  # only here: most commands render no texts

    return Token(kind, "", 0, content=html)


def block_names() -> Sequence[str]:
    """The names that `labels` must have words for."""
    return [*(block.value for block in Block), TABLE, SOURCE]
