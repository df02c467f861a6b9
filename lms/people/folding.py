"""Words as they sound: one plain spelling for names written in Kazakh, Russian or Latin letters, so that each is found
however it was typed.

`Серікова`, `Серикова`, `SERIKOVA` and `Сериковa` with a Latin letter at its end are all `serikova`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lms.core.text import LOOK_ALIKES

_CYRILLIC = re.compile("[Ѐ-ӿ]")
_ONE_FOR_ONE = (
    ("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie"),
    ("әғқңөұүһіё", "agknouuhie"),
    ("äáãāçğǵıíīöóōşūüúñń", "aaaacggiiiooosuuunn"),
)
_LETTERS = str.maketrans(
    {
        **{letter: sound for written, sounds in _ONE_FOR_ONE for letter, sound in zip(written, sounds, strict=True)},
        "ц": "ts",
        "ж": "j",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ю": "iu",
        "я": "ia",
        "ь": "",
        "ъ": "",
    }
)
_TOGETHER = (
    ("shch", "sh"), ("sch", "sh"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("yo", "io"), ("ye", "e"),
    ("q", "k"), ("w", "u"), ("x", "ks"), ("y", "i"),
)  # fmt: skip
"""Latin letters that stand for one sound, in the order in which they are looked for."""
_TWICE = re.compile(r"(.)\1+")
_NOT_PLAIN = re.compile("[^a-z]+")
_BETWEEN_WORDS = re.compile(r"[\s\-–—,.;()«»\"“”/]+")
AT_END, FROM_BEGIN, LOCAL = "1", "2", "3"
"""What a key that is made of a phone begins with: its digits backwards, from the beginning, without the operator's."""
SHORTEST_NAME = 3
"""Letters from which on a name is looked for in a text."""
OPERATOR = 3
"""Digits of an operator's code."""


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """The plain spelling of one word: small Latin letters only; empty when there is no letter in it."""
    small = word.lower()
    if _CYRILLIC.search(small):
        small = small.translate(LOOK_ALIKES)
    else:
        for written, sound in _TOGETHER:
            small = small.replace(written, sound)
    return _TWICE.sub(r"\1", _NOT_PLAIN.sub("", small.translate(_LETTERS)))


def words_of(text: str) -> list[str]:
    """The words of a text, cut at blanks and hyphens."""
    return [word for word in _BETWEEN_WORDS.split(text) if word]


def folded_words(text: str) -> list[str]:
    """The plain spellings of the words of a text."""
    return [key for key in map(fold, words_of(text)) if key]


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether one of these names stands in a text, in any spelling or with an ending."""
    said = folded_words(text)
    keys = [key for name in names for key in folded_words(name) if len(key) >= SHORTEST_NAME]
    return any(word.startswith(key) for word in said for key in keys)


def keys_of_name(surname: str, given_name: str, patronymic: str) -> set[str]:
    """Under which words a person is found by name."""
    return set(folded_words(f"{surname} {given_name} {patronymic}"))


def keys_of_phone(phone: str) -> Iterator[str]:
    """Under which digits a phone is found: any end of it, its beginning, its beginning without the operator's code."""
    digits = phone.removeprefix("+7").removeprefix("+")
    if len(digits) > OPERATOR:
        yield AT_END + digits[::-1]
        yield FROM_BEGIN + digits
        yield LOCAL + digits[OPERATOR:]


def keys_of(surname: str, given_name: str, patronymic: str, phone: str) -> set[str]:
    """All keys of a person."""
    return {*keys_of_name(surname, given_name, patronymic), *keys_of_phone(phone)}


def keys_typed_of_phone(digits: str) -> tuple[str, ...]:
    """With what the keys of those phones begin which these digits may be of."""
    return AT_END + digits[::-1], FROM_BEGIN + digits, LOCAL + digits


def after(prefix: str) -> str:
    """The first text behind all that begin with `prefix` (of plain letters and digits)."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def is_near(typed: str, key: str) -> bool:
    """Whether `typed` becomes a beginning of `key` when one letter is changed, left out or put in, or two neighbours
    change places."""
    same = next((place for place, (one, other) in enumerate(zip(typed, key, strict=False)) if one != other), None)
    if same is None:
        return len(typed) <= len(key) + 1
    rest = typed[same + 1 :]
    swapped = typed[same : same + 2][::-1] == key[same : same + 2] and key[same + 2 :].startswith(typed[same + 2 :])
    return (
        swapped
        or key[same + 1 :].startswith(rest)
        or key[same:].startswith(rest)
        or key[same + 1 :].startswith(typed[same:])
    )
