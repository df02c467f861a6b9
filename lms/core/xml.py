"""XML from outside as a tree: without a document type, without entities, nothing fetched, bounded in size and depth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, Protocol, TypeVar
from xml.parsers import expat


class Holder(Protocol):
    """What a tree is built of."""

    inside: list[Any]
    """Elements and text, in order."""


E = TypeVar("E", bound=Holder)


class TreeReader(ABC, Generic[E]):
    """Builds a tree from what the parser tells. Whoever reads says what an element becomes, and in which words a
    document is refused."""

    most: int
    """Elements of one document."""
    deepest: int
    """Elements inside each other."""

    encoding: str | None = None
    """What the text is taken to be in, whatever it says of itself; None: as it says."""

    def __init__(self) -> None:
        self.root: E | None = None
        self.open: list[E] = []
        self.count = 0
        self.parser = expat.ParserCreate(self.encoding, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def read(self, text: str) -> E:
        """The root element; ExpatError when the text is no XML, and what `make`, `too_large` and `forbidden` say."""
        self.parser.Parse(text.encode(), True)
        assert self.root is not None  # noqa: S101 - XML without a root is an ExpatError
        return self.root

    @abstractmethod
    def make(self, space: str, name: str, attributes: dict[str, str], line: int) -> E:
        """What an element becomes: its namespace, its name, its attributes as `namespace name`, its line from 1. Raises
        for one that may not be there."""

    @abstractmethod
    def too_large(self, line: int) -> Exception:
        """What to raise for one element too many, or too deep inside others."""

    @abstractmethod
    def forbidden(self, line: int) -> Exception:
        """What to raise for a document type or an entity."""

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _between, plain = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        element = self.make(space, plain, attributes, line)
        self.count += 1
        if self.count > self.most or len(self.open) >= self.deepest:
            raise self.too_large(line)
        if self.open:
            self.open[-1].inside.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _say(self, text: str) -> None:
        if self.open:
            self.open[-1].inside.append(text)

    def _refuse(self, *_told: object) -> None:
        raise self.forbidden(self.parser.CurrentLineNumber)
