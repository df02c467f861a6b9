"""Whether two people may be one and the same: by names that are written alike."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

from lms.core.text import AS_RUSSIAN, LOOK_ALIKES, plain
from lms.people.folding import folded_words

LEAST = 0.85
"""How much of two names must be the same, from 0 to 1."""


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """A name as it is compared: small letters, Kazakh ones as Russian spells them, no signs between."""
    small = plain(name).translate(LOOK_ALIKES).casefold().translate(AS_RUSSIAN)
    return "".join(filter(str.isalpha, small))


def are_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two (surname, given name) may be one name in two spellings, or with its parts in the other order."""
    first, second = [fold_name(part) for part in one], [fold_name(part) for part in other]
    return _alike(first, second) or _alike(first, second[::-1])


def may_be_one(known: tuple[str, str], written: tuple[str, str]) -> bool:
    """Whether somebody known by one (surname, given name) may be written as the other, where the identity number says
    so: a word of the name is the same, in Kazakh, Russian or Latin letters. One part may have changed or been misspelt,
    hardly both."""
    if known == written:
        return True
    before, after = _words(known), _words(written)
    return not before or not after or not before.isdisjoint(after)


def is_one_spelling(one: str, other: str) -> bool:
    """Whether two names are the same but for how Kazakh, Russian or Latin letters write them."""
    return folded_words(one) == folded_words(other)


def _words(name: tuple[str, str]) -> set[str]:
    """The folded words of a name; an initial is none."""
    return {word for word in folded_words(" ".join(name)) if len(word) > 1}


def _alike(one: list[str], other: list[str]) -> bool:
    return all(
        a == b or (a and b and SequenceMatcher(None, a, b).ratio() >= LEAST) for a, b in zip(one, other, strict=True)
    )
