"""The escapes of GIFT: hidden while the text is taken apart, put back in the end."""

from __future__ import annotations

import re

_SIGNS = "\\:#={}~n"
_HIDDEN = {sign: chr(0xF8E0 + place) for place, sign in enumerate(_SIGNS)}
"""Signs for private use: no font has them."""
_SHOWN = {ord(hidden): "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_STRAY = re.compile(f"[{_HIDDEN[_SIGNS[0]]}-{_HIDDEN[_SIGNS[-1]]}]")


def hide(text: str) -> str:
    """The text with a sign for private use in the place of each escape."""
    return _ESCAPE.sub(lambda found: _HIDDEN[found[1]], _STRAY.sub("", text))


def restore(text: str) -> str:
    """The text as it was meant."""
    return text.translate(_SHOWN)
