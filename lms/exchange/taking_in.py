"""Read a file of questions, whatever its format, and account for every question in it."""

from __future__ import annotations

import re
from dataclasses import replace

from lms.core.web.languages import _
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.aiken.limits import ANSWER, OPTION
from lms.exchange.formats.registry import FORMATS, get_format
from lms.exchange.formats.shapes import Format, Read, Reading, Status
from lms.exchange.intake.archive import is_archive
from lms.exchange.intake.decoding import check_size, decode

MOST = 5_000
"""Questions of one file."""
_MOODLE = re.compile(r"<quiz[\s>/]|<question\s[^>]*\btype\s*=")
_YAML = re.compile(r"(?m)^[ \t]*- (?:id|kind): ")
_OPTION = re.compile(rf"(?m)^[ \t]*{OPTION.pattern}$")
_AIKEN = re.compile(rf"(?m)^[ \t]*{ANSWER.pattern}$", re.IGNORECASE)


def read_questions(content: bytes, *, language: str, form: str = "") -> Reading:
    """All questions of a file, each with what becomes of it; `form`: the name of its format, guessed when empty.
    Raises UnreadableFile when the file cannot be read, or when a question in it would get lost."""
    check_size(content)
    chosen = get_format(form) if form else find_format(content)
    reading = chosen.read(content, language)
    counted = chosen.count(content)  # last: some of its patterns are quick only on what could be read
    if counted > MOST:
        raise UnreadableFile(_("At most %(n)s questions are taken at once. Divide the file.", n=MOST))
    if counted != len(reading.items):
        raise UnreadableFile(
            _(
                "%(counted)s questions were counted in this file and %(read)s were read. Nothing of it is taken. Send "
                "the file to those who look after Cascade.",
                counted=counted,
                read=len(reading.items),
            )
        )
    if not reading.items:
        raise UnreadableFile(_("There is no question in this file."))
    return Reading([_with_notes(item, reading.notes) for item in reading.items], reading.notes)


def find_format(content: bytes) -> Format:
    """The format that a file seems to have; UnreadableFile when it looks like none."""
    if is_archive(content):
        return FORMATS["qti21"]
    text = decode(content).text
    bare = text.strip()
    is_aiken = bool(_AIKEN.search(text) and _OPTION.search(text))
    if bare.startswith("<") and (bare.endswith(">") or not is_aiken):  # a question may begin with <b>
        return FORMATS["moodle" if _MOODLE.search(bare[:20_000]) else "qti21"]
    if _YAML.search(text):
        return FORMATS["cascade"]
    if is_aiken:
        return FORMATS["aiken"]
    if "{" in text:
        return FORMATS["gift"]
    raise UnreadableFile(_("This file looks like none of the formats: %(names)s.", names=titles()))


def titles() -> str:
    """The names of all formats, for a sentence."""
    return ", ".join(form.title for form in FORMATS.values())


def _with_notes(item: Read, notes: list[str]) -> Read:
    """What was guessed about the file was changed in each of its questions."""
    if not notes or item.status is not Status.IMPORTED:
        return item
    return replace(item, status=Status.CHANGED, sentences=[*item.sentences, *notes])
