"""One question as an item of QTI."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from decimal import Decimal

from lms.exchange.formats.making import exact
from lms.exchange.formats.markup import Markup, el
from lms.exchange.formats.qti.item import identifier_of
from lms.exchange.formats.qti.versions import Version
from lms.exchange.formats.shapes import Raw
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.kinds.true_false.rules import WORDS

RESPONSE = "RESPONSE"
_GAP = re.compile(r"\{\{([a-z0-9-]+)\}\}")


def item_of(raw: Raw, language: str, version: Version) -> Markup:
    """The item."""
    return _Writer(raw, language, version).item()


def picture_of(raw: Raw) -> tuple[str, bytes]:
    """The name and the content of the picture of a question."""
    picture = raw["picture"]
    if "png" in picture:
        return f"{raw['id']}.png", base64.b64decode(picture["png"])
    return f"{raw['id']}.svg", picture["svg"].encode()


class _Writer:
    """Writes one item; every text in one language."""

    def __init__(self, raw: Raw, language: str, version: Version) -> None:
        self.raw, self.language, self.version = raw, language, version
        self.el = version.el
        self.kind = raw["kind"]
        self.parts = raw.get("marking") == "parts"

    def item(self) -> Markup:
        """The whole item."""
        title = self.raw["text"][self.language].partition("\n")[0]
        return self.el(
            "assessmentItem",
            *self.declarations(),
            self.outcome("SCORE", "float", "0"),
            *([self.outcome("FEEDBACK", "identifier", "EXPLANATION")] if "explanation" in self.raw else []),
            self.el("itemBody", *self.body()),
            self.processing(),
            *self.explanation(),
            xmlns=self.version.space,
            identifier=identifier_of(self.raw["id"]),
            title=title[:120],
            adaptive="false",
            timeDependent="false",
            xml__lang=self.language,
        )

    def text(self, texts: dict[str, str]) -> str:
        """A text in the language of the file."""
        return texts[self.language]

    def outcome(self, name: str, base: str, value: str) -> Markup:
        """The declaration of an outcome."""
        default = self.el("defaultValue", self.el("value", value))
        return self.el("outcomeDeclaration", default, identifier=name, cardinality="single", baseType=base)

    def explanation(self) -> list[Markup]:
        """What is said afterwards."""
        if "explanation" not in self.raw:
            return []
        lines = self.lines(self.text(self.raw["explanation"]))
        inside = [self.el("contentBody", *lines)] if self.version.kebab else lines
        return [
            self.el("modalFeedback", *inside, outcomeIdentifier="FEEDBACK", identifier="EXPLANATION", showHide="show")
        ]

    def lines(self, text: str) -> list[Markup]:
        """A paragraph for each line."""
        return [el("p", line) for line in text.split("\n")]

    def inline(self, text: str) -> list[str]:
        """The lines of a text with breaks between them."""
        lines = text.split("\n")
        return [part for place, line in enumerate(lines) for part in ((el("br"), line) if place else (line,))]

    def declarations(self) -> list[Markup]:
        """What is asked for, and what is right."""
        raw = self.raw
        if self.kind in ("single", "multiple", "hotspot"):
            parts = raw["areas" if self.kind == "hotspot" else "options"]
            right = [identifier_of(part["id"]) for part in parts if part.get("right")]
            single = self.kind == "single" or (self.kind == "hotspot" and len(right) == 1)
            return [self.declared("single" if single else "multiple", "identifier", right, self.mapping(right, -1))]
        if self.kind == "true-false":
            return [self.declared("single", "identifier", ["true" if raw["answer"] else "false"])]
        if self.kind == "ordering":
            return [self.declared("ordered", "identifier", [identifier_of(part["id"]) for part in raw["items"]])]
        if self.kind == "matching":
            pairs = [f"{identifier_of(pair['id'])} r-{place}" for place, pair in enumerate(raw["pairs"], start=1)]
            return [self.declared("multiple", "directedPair", pairs, self.mapping(pairs, 0))]
        if self.kind == "gap-text":
            return [self.gap_declared(gap) for gap in raw["gaps"]]
        return [self.field_declared(RESPONSE, raw)]

    def declared(
        self, cardinality: str, base: str, right: Sequence[str], *more: Markup | None, name: str = RESPONSE
    ) -> Markup:
        """The declaration of a response."""
        values = self.el("correctResponse", *(self.el("value", one) for one in right))
        mapping = [one for one in more if one is not None]
        return self.el("responseDeclaration", values, *mapping, identifier=name, cardinality=cardinality, baseType=base)

    def mapping(self, right: Sequence[str], wrong: int) -> Markup | None:
        """What each right answer is worth where parts count; a wrong one takes as much away, or nothing."""
        if not self.parts:
            return None
        share = (Decimal(1) / len(right)).quantize(Decimal("0.00001"))
        entries = [self.el("mapEntry", mapKey=one, mappedValue=str(share)) for one in right]
        return self.el("mapping", *entries, lowerBound="0", upperBound="1", defaultValue=str(share * wrong))

    def gap_declared(self, gap: Raw) -> Markup:
        """The declaration of one gap."""
        name = f"{RESPONSE}_{gap['id']}"
        if "choices" in gap:
            right = [identifier_of(part["id"]) for part in gap["choices"] if part.get("right")]
            return self.declared("single", "identifier", right, name=name)
        return self.field_declared(name, gap.get("number", gap))

    def field_declared(self, name: str, field: Raw) -> Markup:
        """The declaration of a field to write in: a number, or words."""
        if "answer" in field:
            return self.declared("single", "float", [f"{exact(field['answer']):f}"], name=name)
        answers = field["answers"][self.language]
        entries = [self.el("mapEntry", mapKey=one, mappedValue="1", caseSensitive="false") for one in answers]
        return self.declared("single", "string", answers[:1], self.el("mapping", *entries, defaultValue="0"), name=name)

    def body(self) -> list[Markup]:
        """What is shown: the words of the question, then what is to be answered."""
        if self.kind == "gap-text":
            return [el("p", *self.with_gaps(line)) for line in self.text(self.raw["text"]).split("\n")]
        words = el("div", *self.lines(self.text(self.raw["text"])))
        if self.kind in ("number", "short-text"):
            field = self.el("textEntryInteraction", responseIdentifier=RESPONSE)
            unit = [el("span", self.text(self.raw["unit"]), class_="unit")] if "unit" in self.raw else []
            return [words, el("p", field, *unit)]
        return [words, self.interaction()]

    def with_gaps(self, line: str) -> list[str]:
        """A line with its gaps."""
        gaps = {gap["id"]: gap for gap in self.raw["gaps"]}
        parts = _GAP.split(line)
        return [self.gap(gaps[part]) if place % 2 else part for place, part in enumerate(parts)]

    def gap(self, gap: Raw) -> Markup:
        """One gap."""
        name = f"{RESPONSE}_{gap['id']}"
        if "choices" not in gap:
            return self.el("textEntryInteraction", responseIdentifier=name)
        choices = [
            self.el("inlineChoice", self.text(part["text"]), identifier=identifier_of(part["id"]))
            for part in gap["choices"]
        ]
        return self.el("inlineChoiceInteraction", *choices, responseIdentifier=name, shuffle="true")

    def interaction(self) -> Markup:
        """What is to be answered, of kinds that have a block of their own."""
        raw, given = self.raw, {"responseIdentifier": RESPONSE}
        if self.kind == "true-false":
            words = WORDS if self.language in LANGUAGES else {}
            parts = [self.el("simpleChoice", pick[self.language], identifier=value) for value, pick in words.items()]
            return self.el("choiceInteraction", *parts, **given, shuffle="false", maxChoices="1")
        if self.kind == "hotspot":
            return self.hotspot()
        if self.kind == "matching":
            return self.match()
        name = "orderInteraction" if self.kind == "ordering" else "choiceInteraction"
        limit = {} if self.kind == "ordering" else {"maxChoices": "1" if self.kind == "single" else "0"}
        parts = [
            self.el("simpleChoice", *self.inline(self.text(part["text"])), identifier=identifier_of(part["id"]))
            for part in self.mixed(raw.get("options") or raw["items"])
        ]
        return self.el(name, *parts, **given, shuffle="true", **limit)

    def mixed(self, parts: Sequence[Raw]) -> Sequence[Raw]:
        """Steps in the order of their ids, which is not the right one; options as they are."""
        return sorted(parts, key=lambda part: str(part["id"])) if self.kind == "ordering" else parts

    def match(self) -> Markup:
        """Two lists to match."""
        lefts = [self.side(identifier_of(pair["id"]), self.text(pair["left"])) for pair in self.raw["pairs"]]
        rights = [
            self.side(f"r-{place}", self.text(pair["right"])) for place, pair in enumerate(self.raw["pairs"], start=1)
        ]
        sets = [self.el("simpleMatchSet", *side) for side in (lefts, rights)]
        return self.el(
            "matchInteraction",
            *sets,
            responseIdentifier=RESPONSE,
            shuffle="true",
            maxAssociations=str(len(lefts)),
        )

    def side(self, name: str, text: str) -> Markup:
        """One entry of a list to match."""
        return self.el("simpleAssociableChoice", *self.inline(text), identifier=name, matchMax="1")

    def hotspot(self) -> Markup:
        """A picture with places on it."""
        picture, areas = self.raw["picture"], self.raw["areas"]
        name, _content = picture_of(self.raw)
        kind = "image/png" if name.endswith(".png") else "image/svg+xml"
        size = {key: str(picture[key]) for key in ("width", "height") if key in picture}
        shown = el("object", self.text(picture["alt"]), data=name, type_=kind, **size)
        right = sum(bool(area.get("right")) for area in areas)
        return self.el(
            "hotspotInteraction",
            shown,
            *(self.area(area) for area in areas),
            responseIdentifier=RESPONSE,
            maxChoices="1" if right == 1 else "0",
        )

    def area(self, area: Raw) -> Markup:
        """One place on the picture."""
        left, top = exact(area["x"]), exact(area["y"])
        edges = (left, top, left + exact(area["width"]), top + exact(area["height"]))
        return self.el(
            "hotspotChoice",
            identifier=identifier_of(area["id"]),
            shape="rect",
            coords=",".join(f"{edge:f}" for edge in edges),
            hotspotLabel=self.text(area["label"]),
        )

    def processing(self) -> Markup:
        """How the answer is marked."""
        if self.kind == "gap-text":
            return self.el("responseProcessing", *(self.gap_marked(gap) for gap in self.raw["gaps"]))
        if self.kind == "number" and self.raw.get("tolerance"):
            return self.el("responseProcessing", self.marked(RESPONSE, self.raw, "1"))
        name = "map_response" if self.parts or self.kind == "short-text" else "match_correct"
        suffix = ".xml" if self.version.kebab else ""
        return self.el("responseProcessing", template=f"{self.version.templates}{name}{suffix}")

    def gap_marked(self, gap: Raw) -> Markup:
        """How one gap is marked: its share is added to the score."""
        share = str((Decimal(1) / len(self.raw["gaps"])).quantize(Decimal("0.00001")))
        return self.marked(f"{RESPONSE}_{gap['id']}", gap.get("number", gap), share)

    def marked(self, name: str, field: Raw, share: str) -> Markup:
        """If the field is right, the score grows by its share."""
        response = self.el("variable", identifier=name)
        if "answers" in field:
            # any of the words counts: what they are worth is mapped
            test = self.el("gt", self.el("mapResponse", identifier=name), self.el("baseValue", "0", baseType="float"))
        else:
            test = self.compared(response, self.el("correct", identifier=name), field)
        score = self.el("sum", self.el("variable", identifier="SCORE"), self.el("baseValue", share, baseType="float"))
        then = self.el("setOutcomeValue", score, identifier="SCORE")
        return self.el("responseCondition", self.el("responseIf", test, then))

    def compared(self, response: Markup, right: Markup, field: Raw) -> Markup:
        """Whether the response is the right one, or near enough."""
        if "answer" not in field or not field.get("tolerance"):
            return self.el("match", response, right)
        size = f"{exact(field['tolerance']):f}"
        return self.el("equal", response, right, toleranceMode="absolute", tolerance=f"{size} {size}")
