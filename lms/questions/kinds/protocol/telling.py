"""What a result page says of a protocol: the evening, line by line, relation by relation."""

from __future__ import annotations

from collections.abc import Mapping

from lms.countries.protocol.relations import Figures
from lms.questions.kinds.protocol import words
from lms.questions.kinds.protocol.evening import in_digits, judge
from lms.questions.kinds.protocol.fields import line_words, relation_words
from lms.questions.kinds.protocol.rules import named_relations, read_figures, typed_lines
from lms.questions.kinds.protocol.variant import NONE, Variant, variant_of
from lms.questions.kinds.shapes import Body, Response, Row, Section, pick


def tell(body: Body, response: Response, language: str) -> list[Section]:
    """The sections of the result, in order."""
    variant = variant_of(body)
    evening = Section(pick(words.EVENING, language), [Row(None, sentence) for sentence in variant.story[language]])
    if variant.mode == "fill":
        figures = read_figures(variant, response)
        return [
            evening,
            _lines(variant, figures, typed_lines(response), language),
            _relations(variant, figures, language),
        ]
    return [evening, _fault(variant, response, language), _in_protocol(variant, response, language)]


def _lines(variant: Variant, figures: Figures, typed: Mapping[str, object], language: str) -> Section:
    rows = []
    for key, text in line_words(variant, language).items():
        right = figures[key] == variant.right[key]
        wrote = pick(words.WROTE, language).format(a=typed.get(key)) if typed.get(key) else pick(words.EMPTY, language)
        row = Row(right, f"{key} {text}: {in_digits(variant.right[key], language)}", "" if right else wrote)
        rows.append(row)
    return Section(pick(words.LINES, language), rows)


def _relations(variant: Variant, figures: Figures, language: str) -> Section:
    texts, messages = relation_words(variant.form, language), _messages(variant, language)
    rows = []
    for code, holds in judge(variant.form, figures).items():
        note = {True: "", False: messages[code], None: pick(words.OPEN, language)}[holds]
        rows.append(Row(holds is True, texts[code], note))
    return Section(pick(words.RELATIONS, language), rows)


def _fault(variant: Variant, response: Response, language: str) -> Section:
    chosen = str(response.get("line", ""))
    if variant.fault == NONE:
        return Section(pick(words.FAULT, language), [Row(chosen == NONE, pick(words.NOTHING, language))])
    fault, texts = variant.form.faults[variant.fault], line_words(variant, language)
    unseen = [] if variant.broken else [Row(None, pick(words.UNSEEN, language))]
    rows = [Row(chosen in variant.wrong_lines, pick(fault.words, language), pick(fault.shown_by, language)), *unseen]
    for key in variant.wrong_lines:
        shown, right = (in_digits(figures[key], language) for figures in (variant.shown, variant.right))
        rows.append(Row(None, f"{key} {texts[key]}: {pick(words.STANDS, language).format(a=shown, b=right)}"))
    return Section(pick(words.FAULT, language), rows)


def _in_protocol(variant: Variant, response: Response, language: str) -> Section:
    texts, messages, named = (
        relation_words(variant.form, language),
        _messages(variant, language),
        named_relations(response),
    )
    rows = []
    for code, holds in judge(variant.form, variant.shown).items():
        said = {True: words.HOLDS, False: words.DOES_NOT, None: words.OPEN}[holds]
        right = (code in named) == (holds is False) and bool(named)
        ticked = "" if right else pick(words.NAMED if code in named else words.NOT_NAMED, language)
        note = ". ".join(filter(None, [ticked, messages[code] if holds is False else ""]))
        rows.append(Row(right, f"{texts[code]}: {pick(said, language)}", note))
    return Section(pick(words.IN_PROTOCOL, language), rows)


def _messages(variant: Variant, language: str) -> dict[str, str]:
    return {one.code: pick(one.message, language) for one in variant.form.file.relations}
