"""Written answers as they are compared: what is only another way of typing the same words makes no difference."""

from __future__ import annotations

import re
import unicodedata

from lms.core.text import AS_RUSSIAN, LOOK_ALIKES, plain

LONG_WORD = 6
"""Letters from which a word may have a wrong one, where a question forgives it."""

_SMALL_LOOK_ALIKES = {ord(chr(latin).lower()): chr(other).lower() for latin, other in LOOK_ALIKES.items()}
_QUOTES = dict.fromkeys(map(ord, "\"'`´«»‹›“”„‟‘’‚"))
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_AT_THE_END = " .,;:!?"


def fold(text: str) -> str:
    """The words as they are compared: one case, Kazakh, Russian and look-alike Latin letters alike, single spaces in
    place of blanks and dashes, no quotes, no full stop at the end. Empty when nothing is left."""
    small = unicodedata.normalize("NFKC", plain(text)).casefold().translate(_QUOTES)
    return _BETWEEN.sub(" ", small.translate(_SMALL_LOOK_ALIKES).translate(AS_RUSSIAN)).strip(_AT_THE_END)


def is_forgiven(typed: str, accepted: str) -> bool:
    """Whether two folded texts differ by no more than one letter in each long word: changed, left out or put in."""
    ours, theirs = accepted.split(), typed.split()
    return len(ours) == len(theirs) and all(map(_is_near, ours, theirs))


def _is_near(word: str, typed: str) -> bool:
    if word == typed:
        return True
    if len(word) < LONG_WORD or not word.isalpha() or abs(len(word) - len(typed)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(word, typed, strict=False)) if a != b), min(len(word), len(typed)))
    ends = (word[same + 1 :], typed[same + 1 :]), (word[same:], typed[same + 1 :]), (word[same + 1 :], typed[same:])
    return any(one == other for one, other in ends)
