"""Unpack the parts of a ZIP archive piece by piece, never trusting what its directory claims."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lms.rosters.reading.faults import FileFault, UnreadableFile

MAX_ENTRIES = 3_000
MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts together. A roster of 70,000 rows unpacks to about 60 MB."""
MAX_RATIO = 250
"""Real sheets shrink to a tenth, very regular ones to a fortieth."""
RATIO_COUNTS_FROM = 4 * 1024 * 1024
PIECE = 1024 * 1024
_FEED = 128 * 1024
_LOCAL_HEADER = 30


@dataclass(slots=True)
class Budget:
    """How many bytes have been unpacked so far."""

    unpacked: int = 0

    def spend(self, size: int) -> None:
        """Count `size` more bytes. Raises UnreadableFile when it gets too much."""
        self.unpacked += size
        if self.unpacked > MAX_UNPACKED:
            raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE)


def list_entries(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's directory. Raises UnreadableFile: protected, damaged, or claiming too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise UnreadableFile(FileFault.DAMAGED) from error
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(FileFault.ENCRYPTED)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE)
    if sum(entry.compress_size for entry in entries) > len(content):
        raise UnreadableFile(FileFault.DAMAGED)
    return entries


def pieces_of(content: bytes, entry: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    """The unpacked part in pieces, each ending with a whole tag. Raises UnreadableFile on a bomb or a forged size."""
    rest = b""
    for chunk in _unpacked(content, entry, budget):
        piece = rest + chunk
        cut = piece.rfind(b">") + 1
        if len(piece) - cut > PIECE:
            raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE)
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def _unpacked(content: bytes, entry: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    size = checksum = 0
    for chunk in _inflated(_packed(content, entry), entry.compress_type):
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        budget.spend(len(chunk))
        if size > RATIO_COUNTS_FROM and size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE)
        yield chunk
    if (size, checksum) != (entry.file_size, entry.CRC):
        raise UnreadableFile(FileFault.DAMAGED)


def _packed(content: bytes, entry: zipfile.ZipInfo) -> memoryview:
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise UnreadableFile(FileFault.DAMAGED)
    start = entry.header_offset + _LOCAL_HEADER + int.from_bytes(header[26:28], "little")
    start += int.from_bytes(header[28:30], "little")
    return memoryview(content)[start : start + entry.compress_size]


def _inflated(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (bytes(packed[start : start + PIECE]) for start in range(0, len(packed), PIECE))
        return
    if method != zipfile.ZIP_DEFLATED:
        raise UnreadableFile(FileFault.DAMAGED)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _FEED):
            waiting: bytes | memoryview = packed[start : start + _FEED]
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, PIECE)
                waiting = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise UnreadableFile(FileFault.DAMAGED) from error
