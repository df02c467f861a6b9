"""A text with gaps: what is a fault, what is right, how an answer reads. `{"gaps": {"opens": "7", "who": "chair"}}`.

A gap with choices holds the id of one, another what was typed. An answer with gaps left open is kept (ADR 0010).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

from lms.questions.errors import BadResponse
from lms.questions.kinds.number.rules import LONGEST as LONGEST_NUMBER
from lms.questions.kinds.number.rules import is_near, read_number
from lms.questions.kinds.shapes import (
    Body,
    Fault,
    Order,
    Response,
    by_id,
    ids_of,
    in_parts,
    is_writing,
    paragraphs,
    parts_of,
    pick,
    repeated,
    text_of,
)
from lms.questions.kinds.short_text.rules import LONGEST, find_answer_faults, first_answer, is_accepted

PLACE = re.compile(r"\{\{\s*([a-z0-9-]+)\s*\}\}")
_WAYS = ("choices", "answers", "number")
_BLANK = "____"


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; faulty shapes are read as far as they go."""
    faults = repeated(body, "gaps") + list(_text_faults(body))
    for index, gap in enumerate(parts_of(body, "gaps")):
        faults += [Fault(("gaps", index, *path), sentence) for path, sentence in _gap_faults(gap)]
    return faults


def _text_faults(body: Body) -> Iterator[Fault]:
    texts, ids = body.get("text"), ids_of(body, "gaps")
    for language, text in texts.items() if isinstance(texts, Mapping) else ():
        lines = paragraphs(str(text))
        found, where = Counter(PLACE.findall(str(text))), ("text", language)
        for name in ids:
            if found[name] != 1:
                said = "is not in this text" if not found[name] else "stands more than once in this text"
                yield Fault(where, f"the gap '{name}' {said}; write {{{{{name}}}}} once")
        for name in found:
            if name not in ids:
                yield Fault(where, f"there is no gap '{name}'; add it to 'gaps' or mend the text")
        if lines and PLACE.search(lines[0]):
            yield Fault(
                where, "the first line is the heading and says what to do; put the gaps into the lines after it"
            )


def _gap_faults(gap: Mapping[str, Any]) -> Iterator[Fault]:
    ways = [way for way in _WAYS if gap.get(way) is not None]
    if len(ways) != 1:
        yield Fault(
            (), f"the gap '{gap.get('id')}' has {' and '.join(ways) or 'nothing'}; give it one of: " + _listed()
        )
    if ways == ["choices"]:
        right = sum(option.get("right") is True for option in parts_of(gap, "choices"))
        yield from repeated(gap, "choices") + repeated(gap, "choices", "text")
        if right != 1:
            yield Fault(("choices",), f"{right} choices of this gap are right; mark exactly one with 'right: true'")
    yield from find_answer_faults(gap)


def _listed() -> str:
    return ", ".join(_WAYS)


def right_response(body: Body) -> Response:
    """An answer that gets the whole credit."""
    return {"gaps": {str(gap["id"]): _right(gap) for gap in parts_of(body, "gaps")}}


def _right(gap: Mapping[str, Any]) -> str:
    if gap.get("choices"):
        return str(next(option["id"] for option in gap["choices"] if option.get("right")))
    return str(gap["number"]["answer"]) if gap.get("number") else first_answer(gap, next(iter(gap["answers"])))


def credit(body: Body, response: Response) -> int:
    """Marked in parts: the gaps that are filled rightly, of all. Whole: only when all are."""
    given, gaps = response.get("gaps"), parts_of(body, "gaps")
    if not isinstance(given, Mapping):
        return 0
    return in_parts(body, sum(_is_right(gap, given.get(gap["id"])) for gap in gaps), len(gaps))


def _is_right(gap: Mapping[str, Any], given: object) -> bool:
    if gap.get("choices"):
        return given == _right(gap)
    if gap.get("answers"):
        return is_accepted(gap, given)
    number: Decimal | None = read_number(given)
    return number is not None and is_near(gap["number"], number)


def is_complete(body: Body, response: Response) -> bool:
    """Whether every gap is filled."""
    given = response.get("gaps") or {}
    return all(given.get(gap) for gap in ids_of(body, "gaps"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer fills some gaps of this question with what fits them."""
    given, ids = response.get("gaps"), ids_of(body, "gaps")
    if set(response) != {"gaps"} or not isinstance(given, dict) or not given or any(name not in ids for name in given):
        raise BadResponse("This answer fills gaps that the question does not have. Fill the gaps again.")
    for number, gap in enumerate(parts_of(body, "gaps"), start=1):
        if gap["id"] in given and (sentence := _refusal(gap, given[gap["id"]])):
            raise BadResponse(sentence, part="gap", number=number)


def _refusal(gap: Mapping[str, Any], given: object) -> str:
    if gap.get("choices"):
        known = isinstance(given, str) and given in ids_of(gap, "choices")
        return "" if known else "This answer is not one of the question's options. Choose again."
    if gap.get("answers"):
        return "" if is_writing(given, LONGEST) else "This answer is not one line of words. Write a shorter one."
    fits = is_writing(given, LONGEST_NUMBER) and read_number(given) is not None
    return "" if fits else "This answer is not a number. Write digits alone, without a word."


def describe(body: Body, response: Response, language: str) -> list[str]:
    """What stands in each gap, a line for each; a dash for one that is open; nothing when all are."""
    given = response.get("gaps")
    if not isinstance(given, Mapping) or not given:
        return []
    return [_said(gap, given.get(gap["id"]), language) or "–" for gap in parts_of(body, "gaps")]


def _said(gap: Mapping[str, Any], given: object, language: str) -> str:
    if gap.get("choices"):
        return "".join(pick(option["text"], language) for option in by_id(gap, "choices", [str(given)]))
    return str(given) if given else ""


def tell(body: Body, language: str) -> list[str]:
    """What belongs into each gap, in the reader's language."""
    return [
        first_answer(gap, language) if gap.get("answers") else _said(gap, _right(gap), language)
        for gap in parts_of(body, "gaps")
    ]


def read(body: Body, language: str) -> list[str]:
    """The text with a numbered line in place of each gap."""
    numbers = {name: number for number, name in enumerate(ids_of(body, "gaps"), start=1)}
    return [
        PLACE.sub(lambda found: f"({numbers.get(found[1], '')}) {_BLANK}", line) for line in text_of(body, language)
    ]


def shuffle(body: Body, rng: Random) -> Order:
    """The choices of each gap in an order of their own for one paper; the gaps stay where they are."""
    choices = {str(gap["id"]): ids_of(gap, "choices") for gap in parts_of(body, "gaps")}
    return {name: rng.sample(ids, len(ids)) for name, ids in choices.items() if ids}
