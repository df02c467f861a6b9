"""Read Aiken: lines of text, answers that begin with A) or A., a line ANSWER: B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.core.web.languages import _
from lms.exchange.formats.aiken.limits import ANSWER, OPTION
from lms.exchange.formats.making import Making, apart, build, options_of, skipped, take
from lms.exchange.formats.shapes import Raw, Read, Reading
from lms.exchange.intake.decoding import decode


@dataclass
class Asked:
    """A question as far as it is read."""

    line: int
    text: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    """(letter, text)"""
    gap: bool = False
    """Whether an empty line came after what there is."""


def read(content: bytes, language: str) -> Reading:
    """All questions of an Aiken file; lines that belong to none are listed too."""
    decoded = decode(content)
    return Reading(apart(list(_items(decoded.text, language))), decoded.notes)


def count(content: bytes) -> int:
    """How many questions there are: how many lines say which answer is right, and how many runs of lines have none."""
    text = decode(content).text
    kinds = "".join(map(_kind, text.split("\n")))
    return len(re.findall("a", kinds)) + len(re.findall(r"(?<!t)t+(?=_+(?:t|$))", kinds)) + len(_unanswered(kinds))


def _kind(line: str) -> str:
    bare = line.strip()
    return "_" if not bare else "a" if ANSWER.fullmatch(bare) else "o" if OPTION.fullmatch(bare) else "t"


def _unanswered(kinds: str) -> list[str]:
    """Runs of answers after which neither another answer nor the right one comes, but a new text or the end."""
    return re.findall(r"o_*(?:(?=t)|$)", kinds) + re.findall(r"t$", kinds)


def _items(text: str, language: str) -> Iterator[Read]:
    asked: Asked | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        kind = _kind(line)
        if kind == "_":
            if asked:
                asked.gap = True
        elif kind == "t":
            if asked and (asked.options or asked.gap):
                yield _broken(asked, language)
                asked = None
            asked = asked or Asked(number)
            asked.text.append(bare)
        elif kind == "o":
            found = OPTION.fullmatch(bare)
            asked = asked or Asked(number)
            asked.options.append((found[1], found[2]) if found else ("", bare))
        else:
            yield _whole(asked or Asked(number), bare, language)
            asked = None
    if asked:
        yield _broken(asked, language)


def _whole(asked: Asked, answer: str, language: str) -> Read:
    found = ANSWER.fullmatch(answer)
    right = found[1].strip().rstrip(".)") if found else ""
    return take(_making(asked, language), lambda making: _question(making, asked, right))


def _question(making: Making, asked: Asked, right: str) -> Raw:
    if not asked.text:
        making.skip(_("There is no text before its answers."))
    letters = [letter for letter, _text in asked.options]
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        making.skip(_("Its answers are not lettered A, B, C and so on."))
    if right.upper() not in letters:
        making.skip(_("The line ANSWER names '%(right)s', which is none of its answers.", right=right[:20]))
    options = [(text, letter == right.upper()) for letter, text in asked.options]
    return build(making, "single", "\n".join(asked.text), options=options_of(making, options))


def _broken(asked: Asked, language: str) -> Read:
    if asked.options:
        return skipped(_making(asked, language), _("No line ANSWER says which answer is right."))
    return skipped(_making(asked, language), _("These words belong to no question: no answers follow."))


def _making(asked: Asked, language: str) -> Making:
    return Making(asked.line, language, name=" ".join(asked.text) or (asked.options[0][1] if asked.options else ""))
