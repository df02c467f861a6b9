"""The words of a text that says what it is written in: plain, HTML, Markdown or Moodle's own mixture."""

from __future__ import annotations

import re

from lms.core.web.languages import _
from lms.exchange.formats.making import Making, check_length
from lms.exchange.formats.several import in_own_language
from lms.exchange.intake.html import looks_like_html

_MARKDOWN = re.compile(r"(?m)\*\*|__|^#+ |`|^[*-] |\]\(")


def words_of(making: Making, text: str, form: str) -> str:
    """The words as plain lines. `form`: html, plain, markdown, moodle; empty where nothing is said."""
    return check_length(making, text if form == "plain" else _words(making, in_own_language(making, text), form))


def _words(making: Making, text: str, form: str) -> str:
    if form == "markdown" and _MARKDOWN.search(text):
        making.say(_("The signs of Markdown in its texts stay as they are."))
    if form in ("moodle", "markdown", ""):
        return making.html(text.replace("\n", "<br>")) if looks_like_html(text) else text
    return making.html(text)
