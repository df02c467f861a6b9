"""The text of a file that came from outside, whatever it was saved as."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from lms.core.web.languages import _
from lms.exchange.errors import UnreadableFile

LARGEST = 20_000_000
"""Bytes of one file: pictures stand inside some formats."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN = frozenset(
    {"windows-1251", "cp1251", "windows-1252", "cp1252", "iso-8859-1", "latin-1", "iso-8859-5", "iso-8859-15", "koi8-r"}
)
"""Other encodings that the first line of an XML file may name; each byte of them is one letter."""
_UNICODE = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Decoded:
    """The text, with plain line ends and no mark at its beginning, and what had to be guessed or left out."""

    text: str
    notes: list[str] = field(default_factory=list)


def decode(content: bytes) -> Decoded:
    """The text of a file; UnreadableFile says what to do when it has none or too much. What is neither UTF-8 nor
    marked is taken for windows-1251, and a note says so."""
    check_size(content)
    text, notes = _decoded(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        notes.append(_("Signs that no text has (control characters) were left out."))
        text = _CONTROL.sub("", text)
    if not text.strip():
        raise UnreadableFile(_("This file is empty. Choose the file with the questions."))
    return Decoded(text, notes)


def check_size(content: bytes) -> None:
    """Raise UnreadableFile when the file is larger than is taken."""
    if len(content) > LARGEST:
        raise UnreadableFile(
            _("This file is larger than %(n)s MB. Divide it and send the parts.", n=LARGEST // 1_000_000)
        )


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as(content[len(mark) :], encoding), []
    if b"\x00" in content[:4096]:
        raise UnreadableFile(
            _("This is not a text file, or UTF-16 without its mark. Save it as UTF-8 and send it again.")
        )
    named = _declared(content)
    if named in _KNOWN:
        return _as(content, named), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        said = _("The file is not UTF-8; it was read as windows-1251. Look whether every letter is right.")
        return _as(content, "windows-1251"), [said]


def _declared(content: bytes) -> str:
    found = _DECLARED.match(content[:400])
    named = found[1].decode("ascii").lower() if found else "utf-8"
    if named not in _KNOWN | _UNICODE:
        raise UnreadableFile(
            _("The file says that it is written in %(name)s. Save it as UTF-8 and send it again.", name=named)
        )
    return named


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            _("Line %(line)s holds bytes that are no letters. Save the file as UTF-8 and send it again.", line=line)
        ) from error
