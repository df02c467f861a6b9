"""Tell by its content, not by its name, what kind of file was sent."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

from lms.rosters.reading.faults import FileFault, UnreadableFile

MAX_BYTES = 50 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
)
_PARTS = (("word/", "Word"), ("ppt/", "PowerPoint"), ("xl/workbook.bin", "XLSB"))
_MARKUP = ((b"<?xml", "XML"), (b"<!doctype", "HTML"), (b"<html", "HTML"), (b"<table", "HTML"))


class FileKind(StrEnum):
    """The two kinds that are read."""

    WORKBOOK = "xlsx"
    TEXT = "csv"


def check_size(size: int) -> None:
    """Refuse a file of `size` bytes that is empty or over the limit, before it is read into memory."""
    if size > MAX_BYTES:
        raise UnreadableFile(FileFault.TOO_LARGE, size=_megabytes(size), limit=_megabytes(MAX_BYTES))
    if size == 0:
        raise UnreadableFile(FileFault.EMPTY)


def kind_of(content: bytes) -> FileKind:
    """Whether `content` is a workbook or a text table. Raises UnreadableFile, saying what it is instead."""
    check_size(len(content))
    if content.startswith(_OLE):
        raise UnreadableFile(_fault_of_container(content))
    if content.startswith(b"PK"):
        _check_archive(content)
        return FileKind.WORKBOOK
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, name in _FOREIGN:
        if start.startswith(signature):
            raise UnreadableFile(FileFault.NOT_A_TABLE, kind=name)
    for signature, name in _MARKUP:
        if start.lower().startswith(signature):
            raise UnreadableFile(FileFault.NOT_A_TABLE, kind=name)
    return FileKind.TEXT


def _fault_of_container(content: bytes) -> FileFault:
    """Excel's old format and its encrypted new one share a container; the name of a stream tells them apart."""
    return FileFault.ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else FileFault.OLD_EXCEL


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError, EOFError) as error:
        raise UnreadableFile(FileFault.DAMAGED) from error
    for part, name in _PARTS:
        if any(entry.startswith(part) for entry in names):
            raise UnreadableFile(FileFault.NOT_A_TABLE, kind=name)
    if "mimetype" in names:
        raise UnreadableFile(FileFault.NOT_A_TABLE, kind="OpenDocument")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise UnreadableFile(FileFault.NOT_A_TABLE, kind="ZIP")


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f}"
