"""A results protocol: the fields of the form and what is read back from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.countries.protocol.reading import Form
from lms.countries.protocol.relations import in_signs
from lms.questions.kinds.protocol import words
from lms.questions.kinds.protocol.evening import candidate_keys, in_digits, is_candidate
from lms.questions.kinds.protocol.rules import LONGEST, named_relations, typed_lines
from lms.questions.kinds.protocol.variant import NONE, Variant, variant_of
from lms.questions.kinds.shapes import Body, FormData, Order, Response, pick


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The form's title, the story, and the lines: to fill in, or filled in with what may be ticked and chosen."""
    variant = variant_of(body)
    shown = {
        "mode": variant.mode,
        "title": pick(variant.form.file.title, language),
        "note": pick(variant.form.file.note, language),
        "story": list(variant.story[language]) if language in variant.story else list(variant.story["en"]),
    }
    if variant.mode == "fill":
        return {**shown, "rows": _to_fill(variant, typed_lines(response), language, prefix), "longest": LONGEST}
    rows = [
        {"key": key, "text": text, "figure": in_digits(variant.shown[key], language)}
        for key, text in line_words(variant, language).items()
    ]
    return {**shown, "rows": rows, **_to_choose(variant, response, language, prefix)}


def _to_fill(variant: Variant, lines: Mapping[str, object], language: str, prefix: str) -> list[dict[str, str]]:
    return [
        {"key": key, "text": text, "name": f"{prefix}line-{key}", "value": str(lines.get(key, ""))}
        for key, text in line_words(variant, language).items()
    ]


def _to_choose(variant: Variant, response: Response, language: str, prefix: str) -> dict[str, Any]:
    named, chosen = named_relations(response), str(response.get("line", ""))
    relations = [*relation_words(variant.form, language).items(), (NONE, _capital(pick(words.NONE_FAILS, language)))]
    lines = [(key, f"{key} {text}") for key, text in line_words(variant, language).items()]
    return {
        "relations": {
            "name": f"{prefix}relations",
            "type": "checkbox",
            "choices": [{"value": code, "text": text, "chosen": code in named} for code, text in relations],
            "alone": NONE,
        },
        "line": f"{prefix}wrong",
        "lines": [
            {"value": key, "text": text, "chosen": key == chosen}
            for key, text in [*lines, (NONE, _capital(pick(words.NO_LINE, language)))]
        ],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form, finished or not; None when nothing was filled in or chosen."""
    variant = variant_of(body)
    if variant.mode == "fill":
        sent = {key: "".join(form.getlist(f"{prefix}line-{key}")[:1]).strip()[:LONGEST] for key in variant.right}
        lines = {key: typed for key, typed in sent.items() if typed}
        return {"lines": lines} if lines else None
    named = list(dict.fromkeys(code for code in form.getlist(f"{prefix}relations") if code))
    line = "".join(form.getlist(f"{prefix}wrong")[:1])
    said = {"relations": named, "line": line}
    return {key: value for key, value in said.items() if value} or None


def line_words(variant: Variant, language: str) -> dict[str, str]:
    """line -> its words, in the order of the form."""
    said: dict[str, str] = {}
    candidates = sum(map(is_candidate, variant.right))
    for line in variant.form.file.lines:
        text = pick(line.words, language)
        keys = candidate_keys(candidates) if line.each else [line.key]
        said |= {key: text.replace("{n}", key[1:]) if line.each else text for key in keys}
    return said


def relation_words(form: Form, language: str) -> dict[str, str]:
    """relation -> its code, its words and its comparison."""
    return {
        one.code: f"{one.code}. {pick(one.words, language)}" + (f" ({signs})" if signs else "")
        for one in form.file.relations
        for signs in [pick(one.shown, language) or ("" if one.holds == "whole" else in_signs(one.holds))]
    }
