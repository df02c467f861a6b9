"""SVG as figures use it: read without entities or doctype, into plain nodes, and written again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

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
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise BadSvg(error.lineno, f"this is not XML: {expat.ErrorString(error.code)}") from error
    assert reader.root is not None  # noqa: S101 - XML without a root is an ExpatError
    return reader.root


def write_svg(node: Node) -> str:
    """The element as text."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    inside = "".join(escape(part) if isinstance(part, str) else write_svg(part) for part in node.inside)
    return f"<{node.name}{attributes}>{inside}</{node.name}>" if inside else f"<{node.name}{attributes}/>"


class _Reader:
    """Builds nodes from what the parser tells."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.ProcessingInstructionHandler = self.refuse

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, plain = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        if space != NAMESPACE:
            raise BadSvg(line, f"the element '{plain}' is not SVG; begin with <svg xmlns=\"{NAMESPACE}\" viewBox=...>")
        self.count += 1
        if self.count > MOST or len(self.open) >= DEEPEST:
            raise BadSvg(line, f"more than {MOST} elements, or more than {DEEPEST} inside each other; draw it simply")
        node = Node(plain, dict(attributes), line)
        if self.open:
            self.open[-1].inside.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def say(self, text: str) -> None:
        if self.open:
            self.open[-1].inside.append(text)

    def refuse(self, *_told: object) -> None:
        line = self.parser.CurrentLineNumber
        raise BadSvg(line, "a doctype, an entity or a processing instruction is not allowed; remove it")
