"""The Markdown of module texts: CommonMark with tables and the blocks of a course, no raw HTML, no images."""

from __future__ import annotations

import functools
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin


class Block(StrEnum):
    """Parts of a module that are set apart, written `::: aim` … `:::`."""

    AIM = "aim"
    REMEMBER = "remember"
    MISTAKE = "mistake"
    CHECKLIST = "checklist"
    SOURCES = "sources"


@functools.cache
def parser(*, raw_html: bool = False) -> MarkdownIt:
    """The parser of module texts. With `raw_html` it reads HTML as HTML, only so that it can be found and refused."""
    markdown = MarkdownIt("commonmark", {"html": raw_html}).enable("table")
    for block in Block:
        container_plugin(markdown, block.value)
    return markdown


def plain(token: Token) -> str:
    """The words of an inline token, without marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or [] if child
    )
