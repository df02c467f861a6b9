"""Text as people type it: stray spaces, signs that cannot be seen, letters of two alphabets that look alike."""

from __future__ import annotations

import re
import unicodedata

LOOK_ALIKES = str.maketrans("ABEKMHOPCTXYIaceopxyi", "АВЕКМНОРСТХУІасеорхуі")
"""Latin letters and the Cyrillic ones that look like them."""
LOOK_ALIKES_BACK = str.maketrans("АВЕКМНОРСТХУІ–", "ABEKMHOPCTXYI-")
"""Capital letters the other way round, and the dash that stands for a hyphen."""
AS_RUSSIAN = str.maketrans("әғқңөұүһіыё", "агкноуухиие")
"""Small letters of Kazakh, and the Russian ones that are written in their place; those that are mixed up, alike."""
_SOUNDS = ("ё e", "ж zh", "ц ts", "ч ch", "ш sh", "щ sch", "ю yu", "я ya", "ъ", "ь")
AS_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True)),
    **dict(zip("әғіқңөұүһ", "agiqnouuh", strict=True)),
    **{sound[0]: sound[2:] for sound in _SOUNDS},
}
"""Small Cyrillic letters, and the Latin ones that stand for them in a name of a file."""
_LATIN = str.maketrans({**AS_LATIN, **{one.upper(): latin.capitalize() for one, latin in AS_LATIN.items()}})
_SPACES = dict.fromkeys(
    (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " "
)
_NOTHING = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None)
_TABLE: dict[int, str | None] = {**_SPACES, **_NOTHING}
_RUN = re.compile(" {2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")
_MIXED = re.compile(r"[^\W\d_]*(?:(?<!\\)[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z])[^\W\d_]*")
"""Words of both alphabets; the letter of an escape such as backslash-n is none of a word."""


def list_odd_signs(line: str) -> list[str]:
    """What is odd in a line, as sentences: a control character, words of Latin and Cyrillic letters mixed."""
    control = _CONTROL.search(line)
    found = [f"the control character U+{ord(control[0]):04X} must not be in a text; remove it"] if control else []
    mixed = (word[0] for word in _MIXED.finditer(line))
    return found + [f"the word '{word}' mixes Latin and Cyrillic letters; type it again" for word in mixed]


def in_latin(text: str) -> str:
    """`text` in plain Latin letters, signs and digits; what has none is left out."""
    return tidy(unicodedata.normalize("NFKD", text.translate(_LATIN)).encode("ascii", "ignore").decode())


def plain(text: str) -> str:
    """`text` with every kind of space an ordinary one and invisible characters gone; nothing trimmed."""
    return text if text.isprintable() else text.translate(_TABLE)


def tidy(text: str) -> str:
    """`text` without spaces at its ends and with single spaces inside."""
    clean = plain(text).strip(" ")
    return _RUN.sub(" ", clean) if "  " in clean else clean
