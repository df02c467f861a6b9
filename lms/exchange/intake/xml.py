"""XML from outside as plain nodes with lines: no doctype, no entities, nothing fetched, bounded in size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lms.core.web.languages import _
from lms.core.xml import TreeReader
from lms.exchange.errors import UnreadableFile
from lms.exchange.intake.decoding import Decoded, decode

MOST, DEEPEST = 200_000, 60
"""Elements of one file, and how many inside each other."""
XINCLUDE = "http://www.w3.org/2001/XInclude"
_NONE: dict[str, str] = {}
"""The attributes of all elements without any: fewer things to keep."""
_SPACES = re.compile(r"[ \t\n\f]+")


@dataclass(slots=True)
class Node:
    """An element: its name and attributes without their namespaces, its line (from 1), and what is inside in order."""

    name: str
    attributes: dict[str, str]
    line: int
    space: str = ""
    inside: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This element and every element inside it, in the order of the file."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children())

    def children(self, *names: str) -> list[Node]:
        """The elements directly inside, with one of these names; all when none is named."""
        return [part for part in self.inside if isinstance(part, Node) and (not names or part.name in names)]

    def find(self, *path: str) -> Node | None:
        """The first element on this path of names, or None."""
        found: Node | None = self
        for name in path:
            found = next(iter(found.children(name)), None) if found else None
        return found

    def all(self, *names: str) -> list[Node]:
        """Every element with one of these names, however deep."""
        return [node for node in self.walk() if node.name in names]

    def words(self) -> str:
        """All text inside, as it stands."""
        return "".join(part if isinstance(part, str) else part.words() for part in self.inside)

    def said(self, *path: str) -> str:
        """The text on this path, without spaces around it; empty when it is not there."""
        found = self.find(*path)
        return found.words().strip() if found else ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute, without spaces around it."""
        return self.attributes.get(name, default).strip()


def squeeze(text: str) -> str:
    """A text as XML and HTML mean it: line ends and runs of spaces are one space."""
    return _SPACES.sub(" ", text)


def read_xml(content: bytes) -> tuple[Node, Decoded]:
    """The root element, and the text it was read from; UnreadableFile with the line otherwise."""
    decoded = decode(content)
    try:
        return _Reader().read(decoded.text), decoded
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise UnreadableFile(_("Line %(line)s: this is not XML: %(said)s.", line=error.lineno, said=said)) from error


class _Reader(TreeReader[Node]):
    """Elements of any namespace but of those that read other files."""

    most, deepest = MOST, DEEPEST
    encoding = "utf-8"

    def make(self, space: str, name: str, attributes: dict[str, str], line: int) -> Node:
        if space == XINCLUDE:
            raise UnreadableFile(
                _("Line %(line)s: the file asks to read another file. Put its text in instead.", line=line)
            )
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()} if attributes else _NONE
        return Node(name, said, line, space)

    def too_large(self, line: int) -> UnreadableFile:
        return UnreadableFile(
            _(
                "Line %(line)s: more than %(most)s elements, or more than %(deepest)s inside each other. Divide "
                "the file.",
                line=line,
                most=MOST,
                deepest=DEEPEST,
            )
        )

    def forbidden(self, line: int) -> UnreadableFile:
        return UnreadableFile(
            _(
                "Line %(line)s: the file declares a document type or entities of its own. Remove that and send it "
                "again.",
                line=line,
            )
        )
