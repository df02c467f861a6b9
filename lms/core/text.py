"""Text as people type it: stray spaces, signs that cannot be seen, letters of two alphabets that look alike."""

from __future__ import annotations

import re

LOOK_ALIKES = str.maketrans("ABEKMHOPCTXYIaceopxyi", "АВЕКМНОРСТХУІасеорхуі")
"""Latin letters and the Cyrillic ones that look like them."""
AS_RUSSIAN = str.maketrans("әғқңөұүһіыё", "агкноуухиие")
"""Small letters of Kazakh, and the Russian ones that are written in their place; those that are mixed up, alike."""
_SPACES = dict.fromkeys(
    (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " "
)
_NOTHING = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None)
_TABLE: dict[int, str | None] = {**_SPACES, **_NOTHING}
_RUN = re.compile(" {2,}")


def plain(text: str) -> str:
    """`text` with every kind of space an ordinary one and invisible characters gone; nothing trimmed."""
    return text if text.isprintable() else text.translate(_TABLE)


def tidy(text: str) -> str:
    """`text` without spaces at its ends and with single spaces inside."""
    clean = plain(text).strip(" ")
    return _RUN.sub(" ", clean) if "  " in clean else clean
