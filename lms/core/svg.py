"""SVG as figures use it: read without entities or doctype, into plain nodes, and written again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from lms.core.xml import TreeReader

NAMESPACE = "http://www.w3.org/2000/svg"
LARGEST = 200_000
"""Characters of one figure."""
MOST, DEEPEST = 1000, 12
"""Elements of one figure, and how many inside each other."""


class BadSvg(ValueError):
    """A text that is no SVG for us; `line` from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


@dataclass
class Node:
    """An element: its name, its attributes, its line (from 1), and what is inside it in order."""

    name: str
    attributes: dict[str, str]
    line: int
    inside: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This element and every element inside it."""
        yield self
        for part in self.inside:
            if isinstance(part, Node):
                yield from part.walk()

    def number(self, name: str) -> float | None:
        """An attribute as a number."""
        try:
            return float(self.attributes[name])
        except (KeyError, ValueError):
            return None


def read_svg(text: str) -> Node:
    """The root element; BadSvg with line and sentence when it cannot be read or holds what could act."""
    if len(text) > LARGEST:
        raise BadSvg(1, f"this figure has more than {LARGEST} characters; draw it more simply")
    try:
        return _Reader().read(text)
    except expat.ExpatError as error:
        raise BadSvg(error.lineno, f"this is not XML: {expat.ErrorString(error.code)}") from error


def write_svg(node: Node) -> str:
    """The element as text."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    inside = "".join(escape(part) if isinstance(part, str) else write_svg(part) for part in node.inside)
    return f"<{node.name}{attributes}>{inside}</{node.name}>" if inside else f"<{node.name}{attributes}/>"


class _Reader(TreeReader[Node]):
    """Elements of SVG alone, and nothing that the parser would hand on."""

    most, deepest = MOST, DEEPEST

    def __init__(self) -> None:
        super().__init__()
        self.parser.ProcessingInstructionHandler = self._refuse

    def make(self, space: str, name: str, attributes: dict[str, str], line: int) -> Node:
        if space != NAMESPACE:
            raise BadSvg(line, f"the element '{name}' is not SVG; begin with <svg xmlns=\"{NAMESPACE}\" viewBox=...>")
        return Node(name, dict(attributes), line)

    def too_large(self, line: int) -> BadSvg:
        return BadSvg(line, f"more than {MOST} elements, or more than {DEEPEST} inside each other; draw it simply")

    def forbidden(self, line: int) -> BadSvg:
        return BadSvg(line, "a doctype, an entity or a processing instruction is not allowed; remove it")
