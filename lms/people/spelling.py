"""Put a person's name right where no guess is needed, and say what is wrong where one would be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lms.core.text import LOOK_ALIKES, tidy

_LATIN_TWINS = str.maketrans("АВЕКМНОРСТХУІасеорхуі", "ABEKMHOPCTXYIaceopxyi")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[?'’ʼ`. -])*|\?(?:[^\W\d_]|[?'’ʼ`. -])*")
_FORMULA_SIGNS = tuple("=+@-＝＋＠－")
_ABSENT = frozenset({"-", "–", "—", "нет", "жоқ", "none", "n/a"})


class NameFault(StrEnum):
    """What is wrong with a part of a name."""

    FORMULA = "cell begins like a formula"
    LOST_LETTER = "letter lost in a name"
    NO_NAME = "name with signs that no name has"
    TWO_ALPHABETS = "name in two alphabets"


class Mended(StrEnum):
    """What was put right in a part of a name."""

    CAPITALS = "surname in capitals"
    STRAY_SPACES = "stray spaces"
    LOOK_ALIKE = "Latin look-alike letter in a Cyrillic name"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as it will be kept, and what was done to it or what is wrong with it."""

    text: str
    fault: NameFault | None = None
    mended: Mended | None = None


@lru_cache(maxsize=4096)
def spell(raw: str) -> Spelling:
    """The spelling of one part of a name. An empty text stays empty and is no problem here."""
    text = tidy(raw)
    if not text or text.casefold() in _ABSENT:
        return Spelling("")
    if text == raw and raw.isalpha() and _all_one_alphabet(raw) and not raw.isupper():
        return Spelling(raw)
    if begins_like_formula(text):
        return Spelling(text, NameFault.FORMULA)
    if not _NAME.fullmatch(text):
        return Spelling(text, NameFault.NO_NAME)
    done = Mended.STRAY_SPACES if text != raw else None
    if _CYRILLIC.search(text) and _LATIN.search(text):
        text = _one_alphabet(text)
        if not text:
            return Spelling(tidy(raw), NameFault.TWO_ALPHABETS)
        done = done or Mended.LOOK_ALIKE
    if is_in_capitals(text):
        text = decapitalise(text)
        done = done or Mended.CAPITALS
    return Spelling(text, NameFault.LOST_LETTER if "?" in text else None, done)


def begins_like_formula(text: str) -> bool:
    """Whether a name begins as only a formula does, quotes before it or not."""
    return text.lstrip(" '\"").startswith(_FORMULA_SIGNS)


def is_in_capitals(text: str) -> bool:
    """Whether a name is written wholly in capital letters (an initial is not)."""
    return text.isupper() and sum(map(str.isalpha, text)) > 1


def decapitalise(text: str) -> str:
    """A name in capitals as it is usually written: ҚАЛИЕВА-СЕЙІТОВА becomes Қалиева-Сейітова."""
    return re.sub(r"[^\W\d_](?:[^\W\d_]|['’ʼ`?])*", lambda part: part[0][0] + part[0][1:].lower(), text)


def _all_one_alphabet(text: str) -> bool:
    return text.isascii() or not _LATIN.search(text)


def _one_alphabet(text: str) -> str:
    """`text` wholly in Cyrillic, or wholly in Latin, whichever look-alikes allow; empty when neither does."""
    cyrillic = text.translate(LOOK_ALIKES)
    if not _LATIN.search(cyrillic):
        return cyrillic
    latin = text.translate(_LATIN_TWINS)
    return "" if _CYRILLIC.search(latin) else latin
