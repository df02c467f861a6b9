"""Texts in several languages side by side, as Moodle's filters know them: those in the language of the file stay."""

from __future__ import annotations

import re
from collections.abc import Set

from lms.core.web.languages import _
from lms.exchange.formats.making import Making

_SPAN = re.compile(
    r'<span(?=[^<>]*\sclass="multilang")(?=[^<>]*\slang="([A-Za-z_-]{2,20})")[^<>]*>([^<]*(?:<(?!/?span\b)[^<]*)*)</span>',
    re.IGNORECASE,
)
_MARK = re.compile(r"\{mlang ([A-Za-z_,-]{2,60})\}([^{]*(?:\{(?!mlang\b)[^{]*)*)\{mlang\}", re.IGNORECASE)
OTHER = "other"
"""Marks in {mlang} what is for every other language."""


def in_own_language(making: Making, text: str) -> str:
    """The text without its parts in other languages, which are named; as it is when none is in the file's language."""
    for pattern in (_SPAN, _MARK):
        named = {part[1].lower() for part in pattern.finditer(text)}
        if wanted := _wanted(named, making.language):
            text = pattern.sub(lambda part: part[2] if part[1].lower() in wanted else "", text)
            if left_out := ", ".join(sorted(named - wanted)):
                making.say(_("Its texts in other languages were left out: %(names)s.", names=left_out[:60]))
    return text


def _wanted(named: Set[str], language: str) -> set[str]:
    """Which of the languages that are named are to stay."""
    own = {one for one in named if language in one.split(",")}
    return own or {one for one in named if one == OTHER}
