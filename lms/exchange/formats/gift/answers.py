"""The answer part of a GIFT question, what stands between its braces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.web.languages import _
from lms.exchange.formats.choosing import WHOLE, multiple_from, only_whole, ordering_from, single_from
from lms.exchange.formats.gift.escapes import restore
from lms.exchange.formats.making import (
    MOST_PARTS,
    Making,
    answers_of,
    build,
    exact,
    number_in,
    pairs_of,
    plain_number,
    without_wildcards,
)
from lms.exchange.formats.shapes import Raw
from lms.exchange.formats.words import words_of

_ANSWER = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_MARKER = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TRUE, _FALSE = ("t", "true"), ("f", "false")
_CLOZE = re.compile(r"\d*:[A-Z_]+:")
_STEPS = re.compile(r">\s*\d{1,4}([ \t][ \tA-Za-z0-9_]*)?\n(.*)", re.DOTALL)
"""As Moodle writes steps to put in order: how many are asked, how, and a step on each line."""
_DRAWN = ("ALL", "EXACT", "RANDOM", "REL", "CONTIGUOUS", "CONTIG")
_MARKED = ("ABS", "REL", "LONGEST")
"""How the words begin that say how steps are marked, but for those of a whole."""


@dataclass(frozen=True)
class Answer:
    """One answer: its words, what it is worth in per cent, what is said to whoever gives it."""

    text: str
    weight: float
    feedback: str


def read_answers(making: Making, text: str, inside: str, form: str) -> Raw:
    """The question with this text and this answer part, its escapes still hidden."""
    given, _marks, general = inside.partition("####")
    explanation = _words(making, general, form)
    given = given.strip()
    steps = _STEPS.fullmatch(given)
    if not given:
        making.skip(_("It asks for free text, which a person must read."))
    if _CLOZE.match(given):
        making.skip(_("Its answers are written as Cloze. Take the question out of Moodle as Moodle XML and send that."))
    if is_judged(given):
        return _true_false(making, text, explanation, given, form)
    if steps:
        return _ordering(making, text, explanation, steps, form)
    if given.startswith("#"):
        return _number(making, text, explanation, given[1:], form)
    if given[0] not in "=~":
        if "=" in given or "~" in given:
            making.skip(_("The answer part begins neither with = nor with ~ nor with #."))
        given = f"={given}"  # one right answer may stand by itself
    return _chosen(making, text, explanation, given.replace("~=", "="), form)


def is_judged(inside: str) -> bool:
    """Whether this answer part says that something is true or false."""
    return inside.split("#")[0].strip().lower() in (*_TRUE, *_FALSE)


def _ordering(making: Making, text: str, explanation: str, found: re.Match[str], form: str) -> Raw:
    """Steps to put in order. The words before them: which are asked, how they lie, how they are marked, and so on."""
    words = (found[1] or "").upper().split()
    drawn = words.pop(0) if words and words[0] in _DRAWN else ""
    graded = next((word for word in words if word in WHOLE or word.startswith(_MARKED)), "")
    steps = [_words(making, line, form) for line in found[2].split("\n") if line.strip()]
    return ordering_from(making, text, explanation, steps, drawn=drawn, graded=graded)


def _true_false(making: Making, text: str, explanation: str, given: str, form: str) -> Raw:
    word, *feedback = given.split("#")
    answer = word.strip().lower() in _TRUE
    said = [_words(making, part, form) for part in feedback]
    explained = explain(making, explanation, said[1:2] or said[:1], len([part for part in said if part]))
    return build(making, "true-false", text, explained) | {"answer": answer}


def _number(making: Making, text: str, explanation: str, given: str, form: str) -> Raw:
    if given.strip().startswith("=") or "~" in given:
        given = given if given.strip()[:1] in ("=", "~") else f"={given}"
        answers = _answers(making, given, form, words=False)
    else:
        span, _mark, feedback = given.partition("#")
        answers = [Answer(restore(span).strip(), 100, _words(making, feedback, form))]
    whole = only_whole(making, [answer for answer in answers if answer.weight >= 100])
    if len([answer for answer in answers if answer.weight > 0]) > 1:
        making.say(_("Other numbers that counted in part do not count."))
    answer, tolerance = _span(making, whole.text)
    explained = explain(making, explanation, [whole.feedback], sum(bool(one.feedback) for one in answers))
    raw = build(making, "number", text, explained) | {"answer": answer}
    return raw | ({"tolerance": tolerance} if tolerance else {})


def _span(making: Making, text: str) -> tuple[int | float, int | float]:
    """The number and how far from it still counts, of `3`, `3:0.1` or `1..5`."""
    first, dots, last = text.partition("..")
    if dots:
        low, high = number_in(first), number_in(last)
        if low is not None and high is not None and low <= high:
            middle = (exact(low) + exact(high)) / 2
            return plain_number(middle), plain_number(exact(high) - middle)
    answer, mark, tolerance = text.partition(":")
    number, distance = number_in(answer), number_in(tolerance) if mark else 0
    if number is None or distance is None or distance < 0:
        making.skip(_("'%(text)s' is no number with a tolerance.", text=text[:40]))
    return number, distance


def _chosen(making: Making, text: str, explanation: str, given: str, form: str) -> Raw:
    if "~" not in given and "->" in given:
        return _pairs(making, text, explanation, given, form)
    answers = _answers(making, given, form)
    count = sum(bool(one.feedback) for one in answers)
    explained = explain(making, explanation, [one.feedback for one in answers if one.weight >= 100][:1], count)
    weighed = [(one.text, one.weight) for one in answers]
    if "~" not in given:
        right = [one.text for one in answers if one.weight >= 100]
        if len(right) < len(answers):
            making.say(_("Answers that counted in part do not count."))
        return build(
            making, "short-text", text, explained, answers=answers_of(making, without_wildcards(making, right))
        )
    if "=" in given:
        return single_from(making, text, explained, weighed)
    return multiple_from(making, text, explained, weighed)


def _pairs(making: Making, text: str, explanation: str, given: str, form: str) -> Raw:
    pairs: list[tuple[str, str]] = []
    for _sign, part in _ANSWER.findall(given):
        pair, _mark, feedback = part.partition("#")
        left, arrow, right = pair.partition("->")
        if feedback.strip():
            making.say(_("What was said to single answers was left out."))
        if not arrow:
            making.skip(_("'%(text)s' has no -> and belongs to no pair.", text=restore(part).strip()[:40]))
        if left.strip():
            pairs.append((_words(making, left, form), _words(making, right, form)))
        else:
            making.say(_("An answer that belongs to nothing was left out: %(text)s.", text=restore(right).strip()[:60]))
    return build(making, "matching", text, explanation, marking="parts", pairs=pairs_of(making, pairs))


def _answers(making: Making, given: str, form: str, *, words: bool = True) -> list[Answer]:
    found: list[Answer] = []
    parts = _ANSWER.findall(given)
    if len(parts) > MOST_PARTS:
        making.skip(_("It has more than %(n)s answers.", n=MOST_PARTS))
    for sign, part in parts:
        weight = _WEIGHT.match(part)
        text, _mark, feedback = (part[weight.end() :] if weight else part).partition("#")
        worth = float(weight[1]) if weight else (100.0 if sign == "=" else 0.0)
        said = _words(making, text, form) if words else restore(text)
        found.append(Answer(said.strip(), worth, _words(making, feedback, form)))
    return found


def _words(making: Making, text: str, form: str) -> str:
    marker = _MARKER.match(text)
    if marker:
        form, text = marker[1].lower(), text[marker.end() :]
    return words_of(making, restore(text).strip(), form).strip()


def explain(making: Making, general: str, of_right: Sequence[str], count: int) -> str:
    """The explanation: what is said to all, else what is said to whoever is right; the rest is said to be left out."""
    if general:
        if count:
            making.say(_("What was said to single answers was left out; the explanation for all stays."))
        return general
    if count and not any(of_right):
        making.say(_("What was said to single answers was left out."))
    elif count:
        making.say(_("What was said to the right answer is the explanation now; what was said to others was left out."))
    return next(iter(of_right), "")
