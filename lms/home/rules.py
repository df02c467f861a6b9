"""What a person does next: a pure decision on where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from lms.assessment.rules import Hindrance


class Next(StrEnum):
    """The next step of a course."""

    READ = "read"
    TEST = "test"
    GO_ON = "go_on"
    """A test is open: its time runs."""
    WAIT = "wait"
    """The test may be taken again later."""
    USED_UP = "used_up"
    """No attempt is left."""
    COME = "come"
    """A workshop with a date."""
    NO_DATE = "no_date"
    """A workshop that nobody has set yet."""
    DONE = "done"


KAZAKH_LETTERS = str.maketrans("әғқңөұүһіё", "агкноуухие")
"""How Kazakh names are typed where a keyboard has Russian letters only."""


def next_of(step: str | None, *, hindrance: Hindrance | None, has_date: bool) -> Next:
    """What comes next. `step`: kind of the first open step of the course, None when all are done; `hindrance`: what
    keeps the person from the test; `has_date`: whether a workshop is planned for them."""
    if step is None:
        return Next.DONE
    if step == "module":
        return Next.READ
    if step == "workshop":
        return Next.COME if has_date else Next.NO_DATE
    return {
        Hindrance.OPEN: Next.GO_ON,
        Hindrance.WAIT: Next.WAIT,
        Hindrance.USED_UP: Next.USED_UP,
    }.get(hindrance or Hindrance.PASSED, Next.TEST)


def plain(text: str) -> str:
    """`text` in small letters as a Russian keyboard writes it."""
    return text.lower().translate(KAZAKH_LETTERS)


def like_pattern(word: str) -> str:
    """A pattern of SQL's LIKE that fits `word` in either alphabet (and a little more: any letter in those places)."""
    either = {letter for pair in zip("әғқңөұүһіё", "агкноуухие", strict=True) for letter in pair}
    return "".join("_" if ch.lower() in either or ch in "%_\\" else ch for ch in word)


def phone_part(typed: str) -> str:
    """The digits of a phone number, or of its end, as it is kept (without 8 or +7); empty when `typed` is none."""
    digits = re.sub(r"[\s()+.\-–]", "", typed)
    if not digits.isascii() or not digits.isdigit() or len(digits) < 4:
        return ""
    return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits


def sounds_like(names: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each word begins one of the names, whichever of the two alphabets it was typed in."""
    folded = [plain(name) for name in names]
    return all(any(name.startswith(plain(word)) for name in folded) for word in words)
