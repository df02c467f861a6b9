"""Bring a room's catalogues up to date with its code: `python -m tools.translations ROOM [ROOM ...]`, or all.

Strings are English in the code; `lms/<room>/translations/{kk,ru}.po` hold the other two languages.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOMS = Path(__file__).resolve().parents[1] / "lms"
KEYWORDS = {"_": None, "_n": (1, 2), "lazy": None}
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext.babel_extract"),
    ("**/templates/**.txt", "jinja2.ext.babel_extract"),
]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}


def room_folders() -> list[Path]:
    """Every room."""
    return sorted(path.parent for path in ROOMS.glob("*/__init__.py"))


def template_of(room: Path) -> Catalog:
    """All strings that a room says."""
    catalog = Catalog(project="Cascade", charset="utf-8")
    found = extract_from_dir(room, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=())
    for name, line, message, _comments, _context in found:
        catalog.add(message, None, [(f"{room.name}/{name}", line)])
    return catalog


def update(room: Path) -> int:
    """Update both catalogues of a room; the number of strings still without words."""
    template = template_of(room)
    missing = 0
    for language in ("kk", "ru"):
        path = room / "translations" / f"{language}.po"
        catalog = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.header_comment = f"# {room.name} in {language}"
        missing += sum(1 for message in catalog if message.id and not is_whole(message.string))
        if not len(catalog):
            continue
        path.parent.mkdir(exist_ok=True)
        buffer = BytesIO()
        write_po(buffer, catalog, width=0, sort_output=True, no_location=True, omit_header=False)
        path.write_bytes(_without_dates(buffer.getvalue()))
    return missing


def is_whole(words: str | tuple[str, ...] | list[str]) -> bool:
    """Whether every form of a message is there."""
    return all(words) if isinstance(words, (tuple, list)) else bool(words)


def _without_dates(content: bytes) -> bytes:
    dated = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Report-Msgid', b'"Last-Translator')
    return b"\n".join(line for line in content.split(b"\n") if not line.startswith(dated))


def main(names: list[str]) -> None:
    """Update the rooms named."""
    for room in room_folders():
        if not names or room.name in names:
            missing = update(room)
            print(f"{room.name}: {missing} without words")


if __name__ == "__main__":
    main(sys.argv[1:])
