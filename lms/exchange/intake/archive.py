"""Packages: ZIP archives of small files, unpacked in memory and never trusted."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from lms.core.web.languages import _
from lms.exchange.errors import UnreadableFile
from lms.exchange.intake.decoding import check_size

MOST_FILES = 2_000
MOST_UNPACKED = 60_000_000
"""Bytes of all files together."""
MOST_RATIO = 100
"""How much larger a file may be than it is packed; it counts from RATIO_FROM bytes."""
RATIO_FROM = 1_000_000
_PIECE = 65_536
_NESTED = (".zip", ".imscc", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar")


def is_archive(content: bytes) -> bool:
    """Whether a file says of itself that it is a ZIP archive."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive by their names; UnreadableFile says what is wrong with it."""
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_entries(entries)
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise UnreadableFile(_("This archive is damaged. Pack it again and send it once more.")) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise UnreadableFile(_("This archive holds more than %(n)s files. Divide it.", n=MOST_FILES))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_large()
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise UnreadableFile(_("Two files of this archive have the same name. Pack it again."))
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    # `orig_filename` is what stands in the archive; ZipFile itself cuts a name at a zero byte and turns separators.
    odd = "\\" in entry.orig_filename or "\x00" in entry.orig_filename or ":" in name or len(name) > 300
    if odd or name.startswith("/") or ".." in name.split("/"):
        raise UnreadableFile(_("The archive names a file outside itself: %(name)s. Pack it again.", name=name[:80]))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableFile(
            _("The archive holds a link instead of a file: %(name)s. Pack the file itself.", name=name[:80])
        )
    if entry.flag_bits & 0x1:
        raise UnreadableFile(_("The archive is protected by a password. Pack it without one."))
    if name.lower().endswith(_NESTED):
        raise UnreadableFile(_("The archive holds another archive: %(name)s. Send that one by itself.", name=name[:80]))


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        pieces: list[bytes] = []
        size = 0
        with archive.open(entry) as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                total += len(piece)
                if total > MOST_UNPACKED or (size > RATIO_FROM and size > MOST_RATIO * max(entry.compress_size, 1)):
                    raise _too_large()
                pieces.append(piece)
        found[entry.filename] = b"".join(pieces)
    return found


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("This archive unpacks to more than is taken. Pack the questions alone."))
