"""Recognise a known word in spite of its spelling: case, dots, Latin look-alikes, letters lost in an old code page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from lms.core.text import LOOK_ALIKES, plain

LOST_LETTERS = "әғқңөұүһ"
"""Kazakh letters that the old Windows code page lacks; they arrive as question marks."""
_BRACKETS = re.compile(r"\([^()]*\)")
_NO_WORD = re.compile(r"[^\w?/ -]+")
_CYRILLIC = re.compile("[Ѐ-ӿ]")

Meaning = TypeVar("Meaning")


def fold(text: str) -> str:
    """`text` as it is compared: small letters, no dots or brackets, single spaces; question marks stay."""
    small = _BRACKETS.sub(" ", plain(text).casefold().replace("ё", "е"))
    return " ".join(_NO_WORD.sub(" ", small).split())


def vocabulary(words: Mapping[Meaning, str]) -> Callable[[str], Meaning | None]:
    """A function that tells what a word means, or None. A `?` stands for a lost letter if only one known word fits.

    `words`: for each meaning the known words, with ` | ` between them.
    """
    meanings = {fold(word): meaning for meaning, known in words.items() for word in known.split("|")}

    @lru_cache(maxsize=2048)
    def find(text: str) -> Meaning | None:
        folded = fold(text.translate(LOOK_ALIKES) if _CYRILLIC.search(text) else text)
        if folded in meanings or "?" not in folded:
            return meanings.get(folded)
        return _only_fit(folded, meanings)

    return find


def wildcard(text: str) -> re.Pattern[str]:
    """The pattern of what `text` may have been before letters were lost."""
    return re.compile("".join(f"[{LOST_LETTERS}]" if letter == "?" else re.escape(letter) for letter in text), re.I)


def _only_fit(folded: str, meanings: Mapping[str, Meaning]) -> Meaning | None:
    pattern = wildcard(folded)
    fitting = [word for word in meanings if pattern.fullmatch(word)]
    return meanings[fitting[0]] if len(fitting) == 1 else None
