"""Read GIFT as Moodle does: blocks of lines between empty ones, a pair of braces in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.core.web.languages import _
from lms.exchange.formats.gift.answers import is_judged, read_answers
from lms.exchange.formats.gift.escapes import hide, restore
from lms.exchange.formats.making import LONGEST_HTML, Making, apart, skipped, take
from lms.exchange.formats.shapes import Raw, Read, Reading
from lms.exchange.formats.words import words_of
from lms.exchange.intake.decoding import decode
from lms.exchange.intake.html import to_plain

_CATEGORY = re.compile(r"\$CATEGORY:(.*)", re.IGNORECASE)
_ID = re.compile(r"\[id:([^\]]*)\]")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_MARKER = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_DEPTH = re.compile("[{}]")
_ENDS_LINE = re.compile(r"[^\S\n]*(?:\n|\Z)")
LONGEST = 200
"""Characters of a block that are looked at for the name of its questions."""
_STOPS = " .?!:;\n"
BLANK = "_____"
"""Stands where the missing word was."""


@dataclass
class Block:
    """Lines that belong together, the escapes in them hidden."""

    line: int
    topic: str
    key: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read(content: bytes, language: str) -> Reading:
    """All questions of a GIFT file."""
    decoded = decode(content)
    items = [item for block in _blocks(decoded.text) for item in _questions(block, language)]
    return Reading(apart(items), decoded.notes)


def count(content: bytes) -> int:
    """How many questions there are: for each run of lines its opening braces, or one where it has none."""
    plain = re.sub(r"\\[\\{}]", "x", decode(content).text)
    plain = re.sub(r"(?m)^[^\S\n]*//.*\n?", "", plain)
    plain = re.sub(r"(?mi)^[^\S\n]*\$CATEGORY:.*$", "\n", plain)
    return sum(max(1, _groups(part)) for part in re.split(r"\n\s*\n", plain) if part.strip())


def _groups(text: str) -> int:
    depth = found = 0
    for sign in _DEPTH.findall(text):
        found += sign == "{" and depth == 0
        depth = max(0, depth + (1 if sign == "{" else -1))
    return found


def _blocks(text: str) -> Iterator[Block]:
    topic = key = ""
    block: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        named = _CATEGORY.match(bare)
        if block and (not bare or named):
            yield block
            block = None
        if bare.startswith("//"):
            given = _ID.search(bare)
            key = given[1].strip() if given else key
        elif named:
            topic = named[1].strip().rstrip("/").rpartition("/")[2].strip()
            topic = "" if topic.startswith("$") else topic
        elif bare:
            block = block or Block(number, topic, key)
            block.lines.append(hide(line))
            key = ""
    if block:
        yield block


def _questions(block: Block, language: str) -> Iterator[Read]:
    """The question of a block; of a block with several pairs of braces each: where they end their lines, they are
    questions without an empty line between."""
    text = block.text
    groups = list(_spans(text))
    if len(groups) < 2:
        yield _take(Making(block.line, language, topic=block.topic, key=block.key), text)
        return
    apart_by_lines = all(_ENDS_LINE.match(text, end) for _start, end in groups)
    name = restore(text.strip()[:LONGEST])
    begin, line = 0, block.line
    for start, end in groups:
        own = text[begin:end]
        lead = len(own) - len(own.lstrip())
        making = Making(line + own.count("\n", 0, lead), language, topic=block.topic)
        if apart_by_lines:
            making.say(_("There was no empty line between it and its neighbour."))
            yield _take(making, own)
        else:
            making.name = name
            making.line = line + text.count("\n", begin, start)
            yield skipped(making, _("There are several answer parts { } in one question; GIFT allows one."))
        begin, line = end, line + own.count("\n")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    depth = start = 0
    for found in _DEPTH.finditer(text):
        if found[0] == "{":
            start = found.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, found.end()
    if depth:
        yield start, len(text)  # no brace closes it


def _take(making: Making, text: str) -> Read:
    title = _TITLE.match(text)
    rest = text[title.end() :] if title else text
    making.name = restore(title[1]).strip() if title else ""
    if not making.name:
        making.name = to_plain(restore(_MARKER.sub("", rest, count=1).partition("{")[0])[:LONGEST_HTML]).text.strip()
    return take(making, lambda own: _read(own, rest))


def _read(making: Making, text: str) -> Raw:
    marker = _MARKER.match(text)
    form = marker[1].lower() if marker else ""
    text = text[marker.end() :] if marker else text
    if "{" not in text:
        making.skip(_("It asks nothing: there is no answer part { }."))
    before, _brace, rest = text.partition("{")
    inside, closed, after = rest.rpartition("}")
    if not closed:
        making.skip(_("The answer part is not closed: a } is missing. An empty line ends a question."))
    if "{" in inside or "}" in inside:
        making.skip(_("There are braces inside the answer part; write \\{ and \\} for signs of the text."))
    asked = before.rstrip() + after if is_judged(inside) else _with_blank(before, after)
    return read_answers(making, words_of(making, restore(asked), form), inside, form)


def _with_blank(before: str, after: str) -> str:
    """The text with a blank where a word is missing: where something follows, and no whole sentence stands before."""
    if not after.strip(_STOPS) and (not after.strip() or before.rstrip().endswith(tuple(_STOPS))):
        return before
    return f"{before.rstrip()} {BLANK}{after}"
