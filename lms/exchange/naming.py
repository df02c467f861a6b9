"""Ids for what came without one: made from words, the same for the same words, different in one file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from lms.core.text import AS_LATIN

LONGEST = 48
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_OTHER = re.compile(r"[^a-z0-9]+")
_TABLE = str.maketrans(AS_LATIN)


def is_key(text: str) -> bool:
    """Whether this can be an id as it is."""
    return _KEY.fullmatch(text) is not None


def key_of(words: str, otherwise: str = "") -> str:
    """The id that these words give: small Latin letters, digits, dashes. From `otherwise` when they give none."""
    key = _OTHER.sub("-", words.lower().translate(_TABLE)).strip("-")[:LONGEST].strip("-")
    return key or "q-" + hashlib.sha256((otherwise or words).encode()).hexdigest()[:8]


class Names:
    """Ids that are taken already in one file."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self.numbers: dict[str, int] = {}

    def free(self, key: str) -> str:
        """This id, or with a number behind it when it is taken; from now on it is."""
        found = key
        while found in self.taken:
            self.numbers[key] = self.numbers.get(key, 1) + 1
            tail = f"-{self.numbers[key]}"
            found = key[: LONGEST - len(tail)].rstrip("-") + tail
        self.taken.add(found)
        return found


def letters(count: int) -> list[str]:
    """a, b, c, ... for so many parts; after z come z1, z2."""
    return [ascii_lowercase[i] if i < 26 else f"z{i - 25}" for i in range(count)]


def mixed_letters(texts: Sequence[str]) -> list[str]:
    """Letters for steps to put in order: their order hangs on the words alone and does not give the answer away."""
    order = sorted(range(len(texts)), key=lambda place: hashlib.sha256(texts[place].encode()).hexdigest())
    ids = [""] * len(texts)
    for letter, place in zip(letters(len(texts)), order, strict=True):
        ids[place] = letter
    return ids if ids != sorted(ids) else ids[1:] + ids[:1]
