"""Module texts as HTML, one source for the web page and the printed manual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import nh3
from markdown_it.token import Token

from lms.curriculum.markdown import Block, parser, plain
from lms.curriculum.outline import heading_id

TAGS = {
    *("a", "blockquote", "br", "code", "div", "em", "h2", "h3", "hr", "li", "ol", "p", "pre", "section", "strong"),
    *("details", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href"},
    "details": {"class"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "section": {"class"},
    "summary": {"class"},
    "table": {"class"},
    "td": {"class", "data-label"},
    "th": {"class", "scope"},
}
NARROW_COLUMNS = 3
"""From so many columns a table becomes a list of its rows on a narrow screen."""
TABLE = "table"
FOLDED = "sources"
"""The block that a page to read shows closed; in print every block is open."""
"""The key of the words that name a table to those who cannot see it, beside the blocks' labels."""


def render(text: str, labels: Mapping[str, str], *, id_prefix: str = "", folded: bool = False) -> str:
    """The HTML fragment of a module text.

    `labels` holds the words over each block, by its name, and the word for a table, in the language of the text.
    `id_prefix` keeps the ids of several texts in one document apart. `folded` closes the sources until they are asked
    for.
    """
    markdown = parser()
    tokens = markdown.parse(text)
    _prepare(tokens, labels, id_prefix)
    if folded:
        _fold(tokens, labels)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"})


def _prepare(tokens: list[Token], labels: Mapping[str, str], id_prefix: str) -> None:
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
            _prepare_cells(tokens[position:])
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


def _prepare_cells(tokens: list[Token]) -> None:
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
    if len(columns) >= NARROW_COLUMNS:
        tokens[0].attrSet("class", "stack")


def _prepare_block(tokens: list[Token], position: int, name: str, labels: Mapping[str, str]) -> None:
    token = tokens[position]
    token.tag = "section"
    token.attrs = {"class": f"block block-{name}"}
    token.type = "block_open"
    tokens.insert(position + 1, _raw(f'<p class="block-label">{nh3.clean_text(labels.get(name, name))}</p>\n'))


def _fold(tokens: list[Token], labels: Mapping[str, str]) -> None:
    """Put the sources behind their label."""
    opened = [place for place, token in enumerate(tokens) if token.attrs.get("class") == f"block block-{FOLDED}"]
    for place in opened:
        closing = next(token for token in tokens[place:] if token.type == f"container_{FOLDED}_close")
        tokens[place].tag = closing.tag = "details"
        label = nh3.clean_text(labels.get(FOLDED, FOLDED))
        tokens[place + 1] = _raw(f'<summary class="block-label">{label}</summary>\n')


def _tag(name: str, attributes: Mapping[str, str], label: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{name}{said} aria-label="{nh3.clean_text(label)}">\n'


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def block_names() -> Sequence[str]:
    """The names that `labels` must have words for."""
    return [*(block.value for block in Block), TABLE]
