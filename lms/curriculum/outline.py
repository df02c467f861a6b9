"""What a module text is made of: headings, tables, blocks, words, and what must not be in it, with line numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lms.curriculum.markdown import FIGURE, MARK, Block, find_figure, mark_of, parser, plain

if TYPE_CHECKING:
    from markdown_it.token import Token

WORD = re.compile(r"[^\W_]+(?:[-\u2019'][^\W_]+)*")
_FENCE = re.compile(r"^ {0,3}(:{3,})\s*(\S*)\s*(.*)$")
_CODE = re.compile(r"^ {0,3}(```|~~~)")


class Heading(NamedTuple):
    """A heading of the text: level 2 or 3, words, the id it has on a page, its line (from 1)."""

    level: int
    words: str
    id: str
    line: int


class Fault(NamedTuple):
    """Something that must not be in a module text: the line (from 1) and a sentence."""

    line: int
    sentence: str


class Said(NamedTuple):
    """Something a text names: what, in which section (0 before the first heading), its line (from 1)."""

    what: str
    section: int
    line: int


@dataclass
class Outline:
    """The make-up of one module text."""

    headings: list[Heading] = field(default_factory=list)
    tables: int = 0
    drawings: int = 0
    """Drawings in letters, in a code fence."""
    blocks: Counter[str] = field(default_factory=Counter)
    marks: list[Said] = field(default_factory=list)
    """Source marks, as law:40."""
    figures: list[Said] = field(default_factory=list)
    """Ids of figures."""
    links: list[Said] = field(default_factory=list)
    """Where links lead, as module:count."""
    words: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def shape(self) -> dict[str, int]:
        """What must be equal in all languages, with its number."""
        found = {"headings of the second level": sum(heading.level == 2 for heading in self.headings)}
        found |= {"tables": self.tables, "drawings in letters": self.drawings}
        return found | {f"'{block}' blocks": self.blocks[block.value] for block in Block}

    def places(self) -> dict[str, Counter[str]]:
        """What must be the same in all languages, by the place where it must be."""
        found = {"figures": Counter(said.what for said in self.figures)}
        found["links"] = Counter(said.what for said in self.links)
        for section in range(self.sections + 1):
            said = [said.what for said in self.marks if said.section == section]
            found[section_name(section)] = Counter(part for what in said for part in _apart(what))
        return found

    @property
    def sections(self) -> int:
        """The number of headings of the second level."""
        return sum(heading.level == 2 for heading in self.headings)

    @property
    def unmarked(self) -> list[Heading]:
        """The headings of sections without a source mark."""
        marked = {said.section for said in self.marks}
        sections = [heading for heading in self.headings if heading.level == 2]
        return [heading for number, heading in enumerate(sections, start=1) if number not in marked]


def read_outline(text: str) -> Outline:
    """The make-up of a module text, with every fault that can be seen in it alone."""
    outline = Outline(faults=_fence_faults(text))
    tokens = parser(raw_html=True).parse(text)
    for position, token in enumerate(tokens):
        _count(outline, token, tokens[position + 1] if position + 1 < len(tokens) else token)
    outline.faults.sort()
    return outline


def heading_id(number: int) -> str:
    """The id of the text's heading with this number (from 1): the same in every language."""
    return f"section-{number}"


def section_name(number: int) -> str:
    """What a section is called in a fault."""
    return f"source marks in section {number}" if number else "source marks before the first heading"


def _apart(mark: str) -> list[str]:
    """A source mark as one mark for each article, so that `law:20,41` is the same as `law:20` and `law:41`."""
    source, colon, articles = mark.partition(":")
    return [f"{source}:{article}" for article in articles.split(",")] if colon else [source]


def _count(outline: Outline, token: Token, following: Token) -> None:
    line = token.map[0] + 1 if token.map else 0
    kind = token.type
    if kind == "heading_open":
        _count_heading(outline, token, following, line)
    elif kind == "table_open":
        outline.tables += 1
    elif kind == "fence":
        outline.drawings += 1
    elif kind.startswith("container_") and kind.endswith("_open"):
        outline.blocks[kind.removeprefix("container_").removesuffix("_open")] += 1
        if kind == f"container_{Block.SOURCES}_open":
            outline.faults.append(Fault(line, "the list of sources is made from the source marks; remove this block"))
    elif kind == "html_block":
        outline.faults.append(Fault(line, "raw HTML is not allowed; write it in Markdown"))
    elif kind == "inline":
        if following.type == "heading_close" and any(child.type == MARK for child in token.children or []):
            outline.faults.append(Fault(line, "a source mark does not belong in a heading; put it after a statement"))
        outline.words += len(WORD.findall(plain(token)))
        _look_inside(outline, token, line)


def _count_heading(outline: Outline, token: Token, inline: Token, line: int) -> None:
    level = int(token.tag[1])
    if level not in (2, 3):
        outline.faults.append(Fault(line, f"a heading of level {level}; use '##' or '###', the title is not repeated"))
    if level == 3 and not outline.headings:
        outline.faults.append(Fault(line, "a heading of level 3 before any of level 2"))
    outline.headings.append(Heading(level, plain(inline), heading_id(len(outline.headings) + 1), line))


def _look_inside(outline: Outline, token: Token, line: int) -> None:
    if figure := find_figure(token):
        outline.figures.append(Said(figure, outline.sections, line))
        return
    at = line
    for child in token.children or []:
        if child.type == "html_inline":
            outline.faults.append(Fault(at, f"raw HTML '{child.content}' is not allowed; write it in Markdown"))
        elif child.type == "image":
            outline.faults.append(Fault(at, f"an image is a figure alone in its paragraph: ![]({FIGURE}its-id)"))
        elif child.type == MARK:
            _look_at_mark(outline, child, at)
        elif child.type == "link_open":
            _look_at_link(outline, str(child.attrs.get("href", "")), at)
        elif child.type in ("softbreak", "hardbreak"):
            at += 1


def _look_at_mark(outline: Outline, token: Token, line: int) -> None:
    if mark_of(token) is None:
        outline.faults.append(Fault(line, f"'{token.markup}' is not a source mark; write it as in [^law:20,41]"))
    else:
        outline.marks.append(Said(token.content, outline.sections, line))


def _look_at_link(outline: Outline, address: str, line: int) -> None:
    if not address.startswith(("https://", "#", "module:", "form:")):
        said = f"the link '{address}' must begin with https://, #, module: or form:"
        outline.faults.append(Fault(line, said))
    outline.links.append(Said(address, outline.sections, line))


def _fence_faults(text: str) -> list[Fault]:
    """Blocks of unknown name, blocks inside blocks, blocks not closed."""
    faults: list[Fault] = []
    opened = 0
    in_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        in_code ^= bool(_CODE.match(line))
        fence = None if in_code else _FENCE.match(line)
        if fence is None:
            continue
        _colons, name, more = fence.groups()
        if not name:
            faults += [] if opened else [Fault(number, "':::' closes a block that was not opened")]
            opened = 0
            continue
        if name not in list(Block) or more:
            known = ", ".join(block for block in Block if block is not Block.SOURCES)
            faults.append(Fault(number, f"the block '{name} {more}'".rstrip("' ") + f"' is not known; use {known}"))
        if opened:
            faults.append(Fault(number, f"a block begins inside the block of line {opened}; close that one first"))
        opened = number
    if opened:
        faults.append(Fault(opened, "this block is not closed; end it with ':::' on a line of its own"))
    return faults
