"""Write QTI: a package with a manifest and a file for each item."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from lms.exchange.formats.markup import document, el
from lms.exchange.formats.qti.items import item_of, picture_of
from lms.exchange.formats.qti.versions import Version
from lms.exchange.formats.shapes import Raw

DAY = datetime(2000, 1, 1).timetuple()[:6]  # noqa: DTZ001 - no moment: the same questions give the same bytes
"""The time that all files in a package have."""


def write(questions: Sequence[Raw], language: str, version: Version) -> bytes:
    """The package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(questions, language, version):
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _files(questions: Sequence[Raw], language: str, version: Version) -> Iterator[tuple[str, bytes]]:
    yield "imsmanifest.xml", _manifest(questions, version)
    for raw in questions:
        yield _path(raw), document(item_of(raw, language, version))
        if "picture" in raw:
            name, content = picture_of(raw)
            yield f"items/{name}", content


def _path(raw: Raw) -> str:
    return f"items/{raw['id']}.xml"


def _manifest(questions: Sequence[Raw], version: Version) -> bytes:
    resources = [
        el(
            "resource",
            *(el("file", href=f"items/{name}") for name in _beside(raw)),
            identifier=f"r-{raw['id']}",
            type_=version.item_type,
            href=_path(raw),
        )
        for raw in questions
    ]
    metadata = el("metadata", el("schema", version.schema), el("schemaversion", f"{version.number}.0"))
    return document(
        el(
            "manifest",
            metadata,
            el("organizations"),
            el("resources", *resources),
            identifier="cascade",
            xmlns=version.package,
        )
    )


def _beside(raw: Raw) -> list[str]:
    return [f"{raw['id']}.xml", *([picture_of(raw)[0]] if "picture" in raw else [])]
