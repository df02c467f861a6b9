"""Texts with gaps in Moodle XML: cloze, words to choose, words to drag."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.core.web.languages import _
from lms.exchange.formats.choosing import only_whole
from lms.exchange.formats.gift.writing import STAR
from lms.exchange.formats.making import Making, answers_of, build, exact, number_in, options_of, tidy, without_wildcards
from lms.exchange.formats.moodle.kinds import explained, question_text, said
from lms.exchange.formats.shapes import Raw
from lms.exchange.intake.xml import Node

_CLOZE = re.compile(r"(?<!\\)\{(\d*):([A-Z_]+):((?:[^}\\]|\\.)*)\}", re.DOTALL)
_PLACE = re.compile(r"\[\[(\d+)\]\]")
_PART = re.compile(r"(?<!\\)~")
_WEIGHT = re.compile(r"\s*(=|%(-?\d+(?:[.,]\d*)?)%)")
_UNESCAPE = re.compile(r"\\([\\}#~/\"=])")
_CHOICE, _WORDS, _NUMBER = ("MULTICHOICE", "MC"), ("SHORTANSWER", "SA", "MW"), ("NUMERICAL", "NM")
_STRICT = re.compile(r"_C$|(?<=SA)C$|(?<=MW)C$")
"""Ends the kind of a gap whose capital and small letters count."""
_MIXED = re.compile(r"_[HV]?S$|(?<=MC)[HV]?S$")
"""Ends the kind of a gap whose choices are mixed."""
_TAIL = re.compile(r"_(?:H|V|S|HS|VS|C)$|(?<=MC)[VHS]+$|(?<=SA)C$|(?<=MW)C$")


def cloze(making: Making, node: Node) -> Raw:
    """A text with questions inside."""
    text = question_text(making, node)
    gaps = [_gap(making, f"g{place}", found[2], found[3]) for place, found in enumerate(_CLOZE.finditer(text), start=1)]
    if not gaps:
        making.skip(_("It asks nothing: there is no gap in its text."))
    if len({found[1] or "1" for found in _CLOZE.finditer(text)}) > 1:
        making.say(_("Its gaps were worth more and less; here each counts alike."))
    numbers = iter(range(1, len(gaps) + 1))
    text = _CLOZE.sub(lambda _found: f"{{{{g{next(numbers)}}}}}", text)
    return _built(making, node, text, gaps)


def _built(making: Making, node: Node, text: str, gaps: list[Raw]) -> Raw:
    text = tidy(text)
    if "{{" in text.partition("\n")[0]:
        making.say(_("A first line that says what to do was added."))
        text = f"{FIRST.get(making.language, FIRST['en'])}\n{text}"
    return build(making, "gap-text", text, explained(making, node, []), marking="parts", gaps=gaps)


FIRST = {"kk": "Бос орындарды толтырыңыз.", "ru": "Заполните пропуски.", "en": "Fill in the gaps."}
"""The first line of a text with gaps that has none of its own."""


def _gap(making: Making, name: str, kind: str, inside: str) -> Raw:
    if _STRICT.search(kind):
        making.say(_("Capital and small letters were told apart; here they are not."))
    mixed, kind = bool(_MIXED.search(kind)), _TAIL.sub("", kind)
    answers = [_answer(making, part) for part in _PART.split(inside)]
    right = [text for text, weight in answers if weight >= 100]
    if any(0 < weight < 100 for _text, weight in answers):
        making.say(_("Answers that counted in part do not count."))
    if any(weight < 0 for _text, weight in answers):
        making.say(_("Wrong answers that took something away count nothing."))
    if kind in _CHOICE:
        if not mixed:
            making.say(_("Its answers had a fixed order; here they are mixed on each paper."))
        options = [(text, weight >= 100) for text, weight in answers]
        return {"id": name, "choices": options_of(making, options)}
    if kind in _NUMBER:
        return {"id": name, "number": _number(making, right)}
    if kind not in _WORDS:
        making.skip(_("It asks in a way that is not known here: %(kind)s.", kind=kind[:60]))
    return {"id": name, "answers": answers_of(making, without_wildcards(making, right))}


def _answer(making: Making, part: str) -> tuple[str, float]:
    """The words of an answer and what it is worth in per cent; what is said to whoever gives it is left out."""
    weight = _WEIGHT.match(part)
    text, *feedback = re.split(r"(?<!\\)#", part[weight.end() :] if weight else part)
    if any(map(str.strip, feedback)):
        making.say(_("What was said to single answers was left out."))
    worth = 0.0 if not weight else 100.0 if weight[1] == "=" else float(weight[2].replace(",", "."))
    return tidy(_UNESCAPE.sub(r"\1", text)), worth


def _number(making: Making, right: Sequence[str]) -> Raw:
    answer, mark, size = only_whole(making, right).partition(":")
    number, tolerance = number_in(answer), number_in(size) if mark else 0
    if number is None or tolerance is None or tolerance < 0:
        making.skip(_("'%(text)s' is no number with a tolerance.", text=answer[:40]))
    return {"answer": number, **({"tolerance": tolerance} if tolerance else {})}


def words_to_choose(making: Making, node: Node) -> Raw:
    """A text with gaps, for each of which a word is chosen out of its group."""
    text = question_text(making, node)
    boxes = node.children("selectoption", "dragbox")
    words = [(said(making, box), box.said("group") or "1") for box in boxes]
    named = [int(number) for number in _PLACE.findall(text)]
    if not named or any(not 0 < number <= len(words) for number in named):
        making.skip(_("A gap of it names a word that is not there."))
    gaps = []
    for place, number in enumerate(named, start=1):
        group = words[number - 1][1]
        options = [(word, at == number) for at, (word, own) in enumerate(words, start=1) if own == group]
        gaps.append({"id": f"g{place}", "choices": options_of(making, options)})
    numbers = iter(range(1, len(gaps) + 1))
    return _built(making, node, _PLACE.sub(lambda _found: f"{{{{g{next(numbers)}}}}}", text), gaps)


def write_gap(gap: Raw, language: str) -> str:
    """A gap of ours as cloze has it."""
    if "choices" in gap:
        parts = [("=" if part.get("right") else "%0%") + _escaped(part["text"][language]) for part in gap["choices"]]
        return f"{{1:MULTICHOICE_S:{'~'.join(parts)}}}"
    if "number" in gap:
        number = gap["number"]
        return f"{{1:NUMERICAL:={exact(number['answer']):f}:{exact(number.get('tolerance', 0)):f}}}"
    answers = "~".join(f"={_escaped(one.replace('*', STAR))}" for one in gap["answers"][language])
    return f"{{1:SHORTANSWER:{answers}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\}#~=\"/])", r"\\\1", text)
