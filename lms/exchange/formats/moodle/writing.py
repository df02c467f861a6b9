"""Write Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lms.exchange.formats.gift.writing import STAR, share_of
from lms.exchange.formats.making import exact
from lms.exchange.formats.markup import Markup, document, el
from lms.exchange.formats.moodle.gaps import write_gap
from lms.exchange.formats.shapes import Raw

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true-false": "truefalse",
    "matching": "matching",
    "ordering": "ordering",
    "number": "numerical",
    "short-text": "shortanswer",
    "gap-text": "cloze",
}
GRADED = {"parts": "RELATIVE_NEXT_EXCLUDE_LAST", "whole": "ALL_OR_NOTHING"}
"""How Moodle calls our two ways of marking an order."""
NEWLINE = Markup("\n")


def write(questions: Sequence[Raw], language: str) -> bytes:
    """The file: questions by topic, each with its id as its name and its number."""
    parts: list[str] = [NEWLINE]
    topic = ""
    for raw in questions:
        if raw.get("topic", "") != topic:
            topic = raw.get("topic", "")
            parts += [el("question", el("category", _text(f"$course$/top/{topic}")), type_="category"), NEWLINE]
        parts += [_question(raw, language), NEWLINE]
    return document(el("quiz", *parts))


def _question(raw: Raw, language: str) -> Markup:
    parts = [
        el("name", _text(raw["id"])),
        _plain("questiontext", _with_gaps(raw, language)),
        _plain("generalfeedback", raw["explanation"][language] if "explanation" in raw else ""),
        el("defaultgrade", "1.0000000"),
        el("penalty", "0.0000000"),
        el("hidden", "0"),
        el("idnumber", raw["id"]),
        *_own(raw, language),
    ]
    return el("question", *(part for one in parts for part in (NEWLINE, one)), NEWLINE, type_=TYPES[raw["kind"]])


def _with_gaps(raw: Raw, language: str) -> str:
    """The text, with its gaps as cloze has them."""
    gaps = {gap["id"]: write_gap(gap, language) for gap in raw.get("gaps", ())}
    return re.sub(r"\{\{([a-z0-9-]+)\}\}", lambda found: gaps.get(found[1], found[0]), raw["text"][language])


def _own(raw: Raw, language: str) -> Iterator[Markup]:
    kind = raw["kind"]
    if kind in ("single", "multiple"):
        yield from _options(raw, language)
    elif kind == "true-false":
        for word in ("true", "false"):
            yield el("answer", _text(word), fraction="100" if (word == "true") is raw["answer"] else "0")
    elif kind == "number":
        yield from _number(raw, language)
    elif kind == "matching":
        yield el("shuffleanswers", "true")
        for pair in raw["pairs"]:
            answer = el("answer", _text(pair["right"][language]))
            yield _plain("subquestion", pair["left"][language], answer)
    elif kind == "ordering":
        yield from _order(raw, language)
    elif kind == "short-text":
        yield el("usecase", "0")
        for text in raw["answers"][language]:
            yield _plain("answer", text.replace("*", STAR), fraction="100")


def _options(raw: Raw, language: str) -> Iterator[Markup]:
    single = raw["kind"] == "single"
    right = sum(bool(option.get("right")) for option in raw["options"])
    wrong = "0" if single else f"-{share_of(right)}"
    yield el("single", "true" if single else "false")
    yield el("shuffleanswers", "true")
    yield el("answernumbering", "abc")
    for option in raw["options"]:
        yield _plain("answer", option["text"][language], fraction=share_of(right) if option.get("right") else wrong)


def _number(raw: Raw, language: str) -> Iterator[Markup]:
    tolerance = el("tolerance", f"{exact(raw.get('tolerance', 0)):f}")
    yield _plain("answer", f"{exact(raw['answer']):f}", tolerance, fraction="100")
    if "unit" in raw:
        unit = raw["unit"][language]
        yield el("units", el("unit", el("multiplier", "1"), el("unit_name", unit)))
        yield el("unitgradingtype", "0")
        yield el("showunits", "0")


def _order(raw: Raw, language: str) -> Iterator[Markup]:
    yield el("layouttype", "VERTICAL")
    yield el("selecttype", "ALL")
    yield el("selectcount", "0")
    yield el("gradingtype", GRADED[raw.get("marking", "whole")])
    for place, item in enumerate(raw["items"], start=1):
        yield _plain("answer", item["text"][language], fraction=f"{place}.0000000")


def _text(text: str) -> Markup:
    return el("text", text)


def _plain(name: str, text: str, *more: Markup, **attributes: str) -> Markup:
    return el(name, _text(text), *more, **attributes, format_="plain_text")
