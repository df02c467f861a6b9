"""An item of QTI as it is read: its declarations by name, its words as lines, what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lms.core.web.languages import _
from lms.exchange.formats.making import Making, check_length, number_in, tidy
from lms.exchange.intake.html import QUIET
from lms.exchange.intake.xml import Node, squeeze
from lms.exchange.naming import is_key

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "ul", "ol", "table", "blockquote", "prompt", "itemBody", "contentBody", "pre"}
    | {f"h{level}" for level in range(1, 7)}
)
_QUIET = QUIET | {"itemBody", "prompt", "contentBody", "modalFeedback", "simpleChoice", "simpleAssociableChoice"}
_FEEDBACK = ("feedbackInline", "feedbackBlock", "rubricBlock", "templateInline", "templateBlock", "stylesheet")
_SILENT = ("script", "style", "math", "svg", "audio", "video", "iframe", "printedVariable")
_PICTURES = ("img", "object", "picture", "include")
Replace = Callable[[Node], str | None]
"""What stands for an element among the words; None when it is read as any other."""


@dataclass(frozen=True)
class Mapped:
    """What answers are worth, by answer, and what all others are."""

    values: Mapping[str, float]
    default: float = 0


@dataclass
class Item:
    """One item: its element, the files beside it, and the question on its way in."""

    node: Node
    making: Making
    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def declared(self) -> dict[str, Node]:
        """The declarations of responses by their names."""
        return {node.get("identifier"): node for node in self.node.children("responseDeclaration")}

    @cached_property
    def template(self) -> str:
        """The name of the template by which it is marked; empty when it has a way of its own."""
        processing = self.node.find("responseProcessing")
        return processing.get("template").rpartition("/")[2].removesuffix(".xml") if processing else ""

    def declaration(self, interaction: Node) -> Node:
        """The declaration of what an interaction answers; the question is skipped when there is none."""
        found = self.declared.get(interaction.get("responseIdentifier"))
        if found is None:
            self.making.skip(_("It does not declare what it asks for."))
        return found

    def right(self, interaction: Node) -> list[str]:
        """The right answers in their order: those that are said to be, else those that are worth something."""
        declared = self.declaration(interaction)
        correct = declared.find("correctResponse")
        values = [tidy(node.words()) for node in correct.children("value")] if correct else []
        if not values:
            values = [key for key, worth in self.mapped(interaction).values.items() if worth > 0]
        if not values:
            self.making.skip(_("It does not say which answer is right."))
        return values

    def mapped(self, interaction: Node) -> Mapped:
        """What each answer is worth, where the item says so."""
        node = self.declaration(interaction).find("mapping")
        if node is None:
            return Mapped({})
        entries = {
            tidy(entry.get("mapKey")): float(number_in(entry.get("mappedValue")) or 0)
            for entry in node.children("mapEntry")
        }
        return Mapped(entries, float(number_in(node.get("defaultValue", "0")) or 0))

    def words(self, node: Node, replace: Replace | None = None) -> str:
        """The words of an element in lines; what is dropped of them is said."""
        parts: list[str] = []
        for part in self._pieces(node, replace or (lambda _node: None)):
            parts.append(part)
        return check_length(self.making, tidy("".join(parts)))

    def _pieces(self, node: Node, replace: Replace) -> Iterator[str]:
        for part in node.inside:
            if isinstance(part, str):
                yield squeeze(part)
                continue
            instead = replace(part)
            if instead is not None:
                yield instead
            elif part.name in _PICTURES:
                self.making.dropped((), [part.get("src") or part.get("data") or part.get("href") or part.name])
            elif part.name in _FEEDBACK:
                self.making.say(_("Remarks inside its text were left out."))
            elif part.name in _SILENT:
                self.making.dropped([part.name], ())
            else:
                yield from self._element(part, replace)

    def _element(self, node: Node, replace: Replace) -> Iterator[str]:
        if node.name not in _QUIET and not node.name.endswith("Interaction"):
            self.making.dropped([node.name], ())
        edge = "\n" if node.name in _BLOCKS else " " if node.name in ("td", "th") else ""
        yield edge
        yield from self._pieces(node, replace)
        yield edge

    def asked(self, interactions: Sequence[Node]) -> str:
        """The words of the question: its body without what is to be answered, then what the interaction asks."""
        body = self.node.find("itemBody")
        text = self.words(body, lambda node: "" if node in interactions else None) if body else ""
        prompts = [self.words(prompt) for one in interactions for prompt in one.children("prompt")]
        return "\n".join(part for part in (text, *prompts) if part)

    def explanation(self) -> str:
        """What is said afterwards: our own explanation, else what is said to whoever is right."""
        told = self.node.children("modalFeedback")
        kept = next((node for node in told if node.get("identifier") == "EXPLANATION"), None)
        kept = kept or next(
            (node for node in told if node.get("identifier").lower().startswith(("correct", "right"))), None
        )
        kept = kept or (told[0] if len(told) == 1 else None)
        if len(told) > (kept is not None):
            self.making.say(_("What was said to single answers was left out."))
        return self.words(kept) if kept else ""

    def say_fixed(self, interaction: Node) -> None:
        """Say that an order that was fixed is not."""
        if interaction.get("shuffle", "false") != "true":
            self.making.say(_("Its answers had a fixed order; here they are mixed on each paper."))


def own_ids(identifiers: Sequence[str]) -> list[str]:
    """The identifiers as ids of parts; none when they cannot all be ids."""
    ids = [id_of(identifier) for identifier in identifiers]
    return ids if all(map(is_key, ids)) and len(set(ids)) == len(ids) else []


def id_of(identifier: str) -> str:
    """The id that was written as this identifier."""
    return identifier[1:] if identifier[:1] == "_" and identifier[1:2].isdigit() else identifier


def identifier_of(key: str) -> str:
    """An id as an identifier of QTI, which does not begin with a digit."""
    return f"_{key}" if key[:1].isdigit() else key
