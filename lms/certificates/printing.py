"""Certificates on paper: the words of a sheet, its QR, and the sealed PDF of one or many."""

from __future__ import annotations

import base64
import functools
import io
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import segno
from babel.numbers import format_decimal
from flask import render_template

from lms.certificates.facts import Facts
from lms.certificates.keys import public_url, signing_key
from lms.certificates.models import Certificate
from lms.certificates.rules import show_code
from lms.certificates.signing import seal_file
from lms.commissions.names import level_kinds
from lms.core.documents.pdf import render_pdf
from lms.core.jobs.queue import Progress

ATTACHMENT = "certificates.json"
"""Name of the signed facts inside the PDF."""
LANGUAGES = ("kk", "ru")
"""Both on one sheet."""
LABELS = {
    "level": {"kk": "Комиссия деңгейі", "ru": "Уровень комиссии"},
    "hours": {"kk": "Көлемі, академиялық сағат", "ru": "Объём, академических часов"},
    "score": {"kk": "Қорытынды тест, дұрыс жауап", "ru": "Итоговый тест, верных ответов"},
    "workshop_on": {"kk": "Семинарға қатысқан күні", "ru": "Участие в семинаре"},
    "issued_on": {"kk": "Берілген күні", "ru": "Дата выдачи"},
    "valid_until": {"kk": "Жарамдылық мерзімі", "ru": "Действителен до"},
}
PART = 100
"""So many certificates are laid out at once."""
BORDER = 2
"""Light modules around the QR; the page around it is light too."""


@dataclass(frozen=True)
class Row:
    """One fact with its label, in one language."""

    field: str
    label: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on one page."""

    facts: Facts
    payload: str
    address: str
    """Of the check page, as printed."""
    qr: str
    """The picture, as an address of data."""
    rows: dict[str, list[Row]]


def sheet_of(certificate: Certificate) -> Sheet:
    """The page of a certificate; plain data, nothing of the database."""
    home = public_url()
    facts = cast(Facts, dict(certificate.facts))
    return Sheet(
        facts=facts,
        payload=certificate.payload,
        address=f"{home}/verify/{show_code(certificate.code)}",
        qr=qr_of(f"{home}/verify/{certificate.code}#{certificate.payload}"),
        rows={language: rows_of(facts, language) for language in LANGUAGES},
    )


def rows_of(facts: Facts, language: str) -> list[Row]:
    """The facts below the course's title, in one language; unknown ones left out."""
    level = level_kinds(facts["level"]).get(language, "")
    right, total = facts["right"], facts["total"]
    score = f"{format_decimal(right, locale=language)} / {total}" if total and right is not None else ""
    values = {
        "level": level,
        "hours": str(facts["hours"]),
        "score": score,
        "workshop_on": _day(facts["workshop_on"]),
        "issued_on": _day(facts["issued_on"]),
        "valid_until": _day(facts["valid_until"]),
    }
    return [Row(name, LABELS[name][language], value) for name, value in values.items() if value]


def render_sheets(sheets: Sequence[Sheet], *, title: str, progress: Progress = lambda _done, _all: None) -> bytes:
    """The sealed PDF: a page a certificate, the signed facts of all of them attached. A single one is tagged for screen
    readers (PDF/UA-1); very many are laid out in parts, so that memory stays small."""
    attached = json.dumps([{"payload": one.payload, "facts": one.facts} for one in sheets], ensure_ascii=False)
    if len(sheets) <= PART:
        content = _render(sheets, title, {ATTACHMENT: attached})
    else:
        from pypdf import PdfWriter  # only here: commands and pages start without it

        writer = PdfWriter()
        for start in range(0, len(sheets), PART):
            progress(start, len(sheets))
            part = _render(sheets[start : start + PART], title, {})
            writer.append(io.BytesIO(part), import_outline=False)
        writer.add_metadata({"/Title": title})
        writer.add_attachment(ATTACHMENT, attached.encode())
        joined = io.BytesIO()
        writer.write(joined)
        content = joined.getvalue()
    return seal_file(content, signing_key())


def _render(sheets: Sequence[Sheet], title: str, attachments: dict[str, str]) -> bytes:
    html = render_template("certificates/print.html", sheets=sheets, title=title)
    return render_pdf(html, _css(), accessible=len(sheets) == 1, attachments=attachments)


def qr_of(words: str) -> str:
    """The QR as an address of data: a picture of one bit a module with a quiet border. The mask is fixed, which spares
    trying all eight; phones read any of them."""
    code = segno.make(words, error="m", mask=4, boost_error=False, micro=False)
    light = "1" * (len(code.matrix) + 2 * BORDER)
    dark = bytes.maketrans(b"\0\1", b"10")
    sides = "1" * BORDER
    rows = [sides + bytes(row).translate(dark).decode() + sides for row in code.matrix]
    rows = [light] * BORDER + rows + [light] * BORDER
    return "data:image/png;base64," + base64.b64encode(_png(rows)).decode()


def _png(rows: list[str]) -> bytes:
    """A black and white PNG of rows of 0 (black) and 1."""
    side = len(rows)
    lines = b"".join(b"\0" + int(row.ljust(-(-side // 8) * 8, "1"), 2).to_bytes(-(-side // 8), "big") for row in rows)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@functools.cache
def _css() -> str:
    return (Path(__file__).parent / "templates" / "certificates" / "print.css").read_text(encoding="utf-8")


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d.%m.%Y") if iso else ""
