"""EPUB 3: files of a book in the container that reading apps open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/epub+zip"
MEDIA_TYPES = {"xhtml": "application/xhtml+xml", "svg": "image/svg+xml", "png": "image/png", "css": "text/css"}
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Of every file in the container, so that the same book is the same file."""
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
ACCESS = (
    *(("accessMode", mode) for mode in ("textual", "visual")),
    *(("accessModeSufficient", modes) for modes in ("textual", "textual,visual")),
    *(
        ("accessibilityFeature", kind)
        for kind in ("alternativeText", "structuralNavigation", "tableOfContents", "index")
    ),
    ("accessibilityHazard", "none"),
)
"""What schema.org's words say of every book of ours: all of it can be read or heard, nothing flashes."""


@dataclass(frozen=True)
class BookFile:
    """A file of a book."""

    name: str
    """As `count.xhtml`; what comes after the point says what it is."""
    content: bytes
    in_line: bool = False
    """Whether it is read in its turn; other files only belong to one."""
    properties: str = ""
    """`nav` or `cover-image`."""


@dataclass(frozen=True)
class BookFacts:
    """What a book says of itself."""

    identifier: str
    """An address such as urn:..., its own for each edition and language."""
    title: str
    language: str
    description: str
    modified: datetime
    access_summary: str
    """For readers who look for books they can use, in the book's language."""
    more: Sequence[tuple[str, str]] = field(default=())
    """Elements of Dublin Core beside these, as ("rights", "...")."""


def pack_epub(facts: BookFacts, files: Sequence[BookFile]) -> bytes:
    """The book as one file. The first of `files` must be read first."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _add(archive, "mimetype", MEDIA_TYPE.encode(), zipfile.ZIP_STORED)
        _add(archive, "META-INF/container.xml", CONTAINER.encode())
        _add(archive, "book/package.opf", _package(facts, files).encode())
        for file in files:
            _add(archive, f"book/{file.name}", file.content)
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    info = zipfile.ZipInfo(name, FIRST_MOMENT)
    info.compress_type = how
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)


def _package(facts: BookFacts, files: Sequence[BookFile]) -> str:
    items = "".join(_item(file) for file in files)
    line = "".join(f'<itemref idref="{_id_of(file.name)}"/>\n' for file in files if file.in_line)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang={quoteattr(facts.language)}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{_metadata(facts)}</metadata>
<manifest>
{items}</manifest>
<spine>
{line}</spine>
</package>
"""


def _metadata(facts: BookFacts) -> str:
    core = (
        *(("title", facts.title), ("language", facts.language), ("description", facts.description)),
        *facts.more,
    )
    modified = facts.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = [("dcterms:modified", modified), *((f"schema:{name}", said) for name, said in ACCESS)]
    meta.append(("schema:accessibilitySummary", facts.access_summary))
    lines = [f'<dc:identifier id="id">{escape(facts.identifier)}</dc:identifier>']
    lines += [f"<dc:{name}>{escape(said)}</dc:{name}>" for name, said in core]
    lines += [f'<meta property="{name}">{escape(said)}</meta>' for name, said in meta]
    return "".join(f"{line}\n" for line in lines)


def _item(file: BookFile) -> str:
    media_type = MEDIA_TYPES[file.name.rpartition(".")[2]]
    properties = f' properties="{file.properties}"' if file.properties else ""
    return f'<item id="{_id_of(file.name)}" href="{file.name}" media-type="{media_type}"{properties}/>\n'


def _id_of(name: str) -> str:
    return "file-" + name.replace("/", "-").replace(".", "-")
