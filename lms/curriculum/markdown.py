"""The Markdown of module texts: CommonMark with tables, the blocks of a course and source marks; no raw HTML."""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from lms.questions.marks import Mark, find_mark

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MARK = "source_mark"
"""The type of the token that a source mark such as `[^law:40]` becomes."""
FIGURE = "figure:"
"""An image whose address begins so is a figure of the pack."""
_MARK = re.compile(r"\[\^([^\[\]\n]{0,80})\]")


class Block(StrEnum):
    """Parts of a module that are set apart, written `::: aim` … `:::`."""

    AIM = "aim"
    REMEMBER = "remember"
    MISTAKE = "mistake"
    CHECKLIST = "checklist"
    SOURCES = "sources"
    """Only in versions published before the list of sources was made from the marks."""


@functools.cache
def parser(*, raw_html: bool = False) -> MarkdownIt:
    """The parser of module texts. With `raw_html` it reads HTML as HTML, only so that it can be found and refused."""
    from markdown_it import MarkdownIt  # only here: most commands read no texts
    from mdit_py_plugins.container import container_plugin

    markdown = MarkdownIt("commonmark", {"html": raw_html}).enable("table")
    for block in Block:
        container_plugin(markdown, block.value)
    markdown.inline.ruler.before("link", MARK, _read_mark)
    return markdown


def plain(token: Token) -> str:
    """The words of an inline token, without marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or []
        if child.type != MARK
    )


def mark_of(token: Token) -> Mark | None:
    """The source mark of a token of type MARK; None when it cannot be read as one."""
    return find_mark(token.content)


def find_figure(paragraph: Token) -> str | None:
    """The id of the figure that an inline token consists of; None when it is anything else."""
    children = paragraph.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    address = str(children[0].attrs.get("src", ""))
    return address.removeprefix(FIGURE) if address.startswith(FIGURE) else None


def _read_mark(state: StateInline, silent: bool) -> bool:
    found = _MARK.match(state.src, state.pos) if state.src[state.pos] == "[" else None
    if found is None:
        return False
    if not silent:
        token = state.push(MARK, "", 0)
        token.content = found[1]
        token.markup = found[0]
    state.pos = found.end()
    return True
