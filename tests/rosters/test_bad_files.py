"""Files that are no roster are refused with what is wrong, quickly and without harm."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lms.rosters.messages import fault_sentence
from lms.rosters.reading import archive, kinds
from lms.rosters.reading.faults import FileFault, UnreadableFile
from lms.rosters.reading.table import read
from tests.factories.rosters import RUSSIAN, commission_rows, sample, text_file, workbook

GOOD = workbook(("A", [RUSSIAN, *commission_rows("УИК № 5", [1, 2])]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refused(content: bytes) -> UnreadableFile:
    """The refusal of a file; it always has a sentence."""
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    sentence = fault_sentence(caught.value.fault, caught.value.params)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    return caught.value


def with_part(name: str, content: bytes | str, *, base: bytes = GOOD) -> bytes:
    """A good workbook with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(rows: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><worksheet {MAIN}>{head}<sheetData>{rows}</sheetData></worksheet>'


SHEET = "xl/worksheets/sheet1.xml"


def archive_of(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "fault", "kind"),
    [
        (b"", FileFault.EMPTY, None),
        (OLE + "EncryptedPackage".encode("utf-16-le"), FileFault.ENCRYPTED, None),
        (OLE + "Workbook".encode("utf-16-le"), FileFault.OLD_EXCEL, None),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", FileFault.NOT_A_TABLE, "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileFault.NOT_A_TABLE, "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileFault.NOT_A_TABLE, "JPEG"),
        (b"Rar!\x1a\x07\x00", FileFault.NOT_A_TABLE, "RAR"),
        (b"<!DOCTYPE html><html><table></table></html>", FileFault.NOT_A_TABLE, "HTML"),
        ("\ufeff\n<html><table>".encode(), FileFault.NOT_A_TABLE, "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', FileFault.NOT_A_TABLE, "XML"),
        (archive_of(a="text"), FileFault.NOT_A_TABLE, "ZIP"),
        (archive_of(word__document="x"), FileFault.NOT_A_TABLE, "Word"),
        (archive_of(ppt__presentation="x"), FileFault.NOT_A_TABLE, "PowerPoint"),
        (archive_of(mimetype="application/vnd.oasis.opendocument.spreadsheet"), FileFault.NOT_A_TABLE, "OpenDocument"),
        (bytes(range(256)) * 20, FileFault.NOT_A_TABLE, ""),
        (b"text \x98 and more", FileFault.NOT_A_TABLE, ""),
        (b"PK\x03\x04 and then nothing", FileFault.DAMAGED, None),
        (GOOD[: len(GOOD) // 2], FileFault.DAMAGED, None),
        (with_part(SHEET, "<worksheet><sheetData><row><c"), FileFault.DAMAGED, None),
        (with_part("xl/workbook.xml", "not xml at all"), FileFault.DAMAGED, None),
        (b"a letter to the commission\r\nwith two lines\r\n", FileFault.NO_TABLE, None),
        (workbook(("A", [["Прочитайте"]])), FileFault.NO_TABLE, None),
        (workbook(("A", [])), FileFault.NO_TABLE, None),
    ],
)
def test_refused(content: bytes, fault: FileFault, kind: str | None) -> None:
    refusal = refused(content)
    assert refusal.fault is fault
    if kind is not None:
        assert refusal.params["kind"] == kind


def test_the_content_counts_not_the_name() -> None:
    """A workbook is read as one whatever it is called; names are not even asked for."""
    assert len(read(GOOD).rows) == 2
    assert kinds.kind_of(text_file([RUSSIAN])) is kinds.FileKind.TEXT


def test_too_large_is_refused_by_its_size_alone() -> None:
    with pytest.raises(UnreadableFile) as caught:
        kinds.check_size(200 * 1024 * 1024)
    assert caught.value.fault is FileFault.TOO_LARGE
    assert caught.value.params == {"size": "200", "limit": "50"}
    kinds.check_size(50 * 1024 * 1024)


@pytest.mark.parametrize(
    ("heading", "missing"),
    [("ИИН", "identity number"), ("Избирательная комиссия", "commission"), ("Фамилия", "surname"),
     ("Имя", "given name"), ("Должность в комиссии", "office")],
)  # fmt: skip
def test_a_missing_column_is_named(heading: str, missing: str) -> None:
    headings = [word if word != heading else "Примечание" for word in RUSSIAN]
    refusal = refused(workbook(("Лист", [[], headings])))
    assert refusal.fault is FileFault.COLUMN_MISSING
    assert refusal.params.items() >= {"sheet": "Лист", "row": "2", "columns": missing}.items()


def test_a_password_on_the_archive() -> None:
    broken = bytearray(archive_of(**{"[Content_Types].xml": "x", "xl__workbook.xml": "y"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = broken.find(signature)
        while place >= 0:
            broken[place + offset] |= 1
            place = broken.find(signature, place + 4)
    assert refused(bytes(broken)).fault is FileFault.ENCRYPTED


@pytest.mark.parametrize("place", ["A1048576", "XFD1", "ZZZ9", "IW5", "BA200000"])
def test_one_cell_far_away_would_build_a_huge_rectangle(place: str) -> None:
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    row = f'<row r="{number}"><c t="n" r="{place}"><v>1</v></c></row>'
    refusal = refused(with_part(SHEET, sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' + row)))
    assert refusal.fault is FileFault.TOO_MANY_CELLS


def test_empty_cells_far_away_and_a_boastful_dimension_do_no_harm() -> None:
    row = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    head = '<dimension ref="A1:XFD1048576"/>'
    assert refused(with_part(SHEET, sheet_xml(row, head))).fault is FileFault.NO_TABLE


def test_cells_that_do_not_say_where_they_are() -> None:
    row = "<row>" + "<c><v>1</v></c>" * 300 + "</row>"
    assert refused(with_part(SHEET, sheet_xml(row))).fault is FileFault.TOO_MANY_CELLS


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>',
        '<!doctype x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(declaration: str, part: str, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<worksheet>&a;</worksheet>'.encode(encoding)
    assert refused(with_part(part, content)).fault is FileFault.HIDDEN_ORDERS


def bomb(megabytes: int) -> bytes:
    """A workbook whose sheet is so many megabytes of spaces."""
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as new, new.open("xl/worksheets/sheet2.xml", "w") as part:
        for _ in range(megabytes):
            part.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    assert refused(bomb(300)).fault is FileFault.UNPACKS_TOO_LARGE


def test_a_bomb_is_refused_by_its_density() -> None:
    assert refused(bomb(8)).fault is FileFault.UNPACKS_TOO_LARGE


def test_a_bomb_that_lies_about_its_size() -> None:
    content = bytearray(bomb(8))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(signature)
        while place >= 0:
            size = struct.unpack_from("<I", content, place + offset)[0]
            if size > 1_000_000:
                struct.pack_into("<I", content, place + offset, 1000)
            place = content.find(signature, place + 4)
    assert refused(bytes(content)).fault is FileFault.UNPACKS_TOO_LARGE


def test_the_same_bytes_under_many_names() -> None:
    """Overlapping entries: a small archive whose directory claims far more packed bytes than there are."""
    entries = [zipfile.ZipInfo(f"xl/part{number}.xml") for number in range(50)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", "x")
        new.writestr("xl/workbook.xml", "<a>" + "x" * 5000)
        first = new.filelist[-1]
        for entry in entries:
            entry.header_offset, entry.compress_type = first.header_offset, first.compress_type
            entry.CRC, entry.compress_size, entry.file_size = first.CRC, first.compress_size, first.file_size
            new.filelist.append(entry)
            new.NameToInfo[entry.filename] = entry
    assert refused(buffer.getvalue()).fault is FileFault.DAMAGED


def test_too_many_entries() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        new.writestr("[Content_Types].xml", "x")
        new.writestr("xl/workbook.xml", "x")
        for number in range(archive.MAX_ENTRIES):
            new.writestr(f"xl/{number}", "")
    assert refused(buffer.getvalue()).fault is FileFault.UNPACKS_TOO_LARGE


@pytest.mark.parametrize("name", ["../../out.xml", "/etc/out.xml", "..\\out.xml", "C:\\out.xml", "xl/../../out.xml"])
def test_names_that_climb_out_write_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(read(with_part(name, "<x/>")).rows) == 2
    assert not list(tmp_path.parent.rglob("out.xml"))


def test_one_long_text_in_very_many_cells() -> None:
    """Ten thousand cells that share one text of 30,000 letters would become 300 MB."""
    strings = f'<?xml version="1.0"?><sst {MAIN}><si/><si><t>{"я" * 30_000}</t></si></sst>'
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>' for row in range(1, 10_001))
    content = with_part("xl/sharedStrings.xml", strings, base=with_part(SHEET, sheet_xml(cells)))
    assert refused(content).fault is FileFault.UNPACKS_TOO_LARGE


def test_one_long_text_in_few_cells_is_read() -> None:
    rows = [RUSSIAN, *commission_rows("УИК № 5", range(1, 400)), ["", "", "", "", "", "", "", "x" * 30_000]]
    assert len(read(workbook(("A", rows))).rows) == 399


MEASURE = """
import pathlib, resource, sys
from lms.rosters.reading.faults import UnreadableFile
from lms.rosters.reading.table import read
content = pathlib.Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(content)
except UnreadableFile as refusal:
    print(refusal.fault.name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("megabytes", [8, 200, 300])
def test_bombs_cost_little_memory(megabytes: int, tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(bomb(megabytes))
    command = [sys.executable, "-c", MEASURE, str(file)]
    fault, grown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert fault == "UNPACKS_TOO_LARGE"
    assert int(grown) < 100 * 1024


def test_every_cut_of_a_good_file_is_refused_or_read() -> None:
    content = sample("mangystau-roster.xlsx")
    for cut in range(1000, len(content), 9973):
        assert refused(content[:cut]).fault is FileFault.DAMAGED


def test_a_byte_turned_over_anywhere_never_breaks_the_reader() -> None:
    for place in range(30, len(GOOD), 37):
        content = bytearray(GOOD)
        content[place] ^= 0xFF
        try:
            read(bytes(content))
        except UnreadableFile:
            continue


def test_a_wrong_checksum_is_damage() -> None:
    content = bytearray(GOOD)
    content[content.find(b"PK\x01\x02") + 16] ^= 0xFF
    assert refused(bytes(content)).fault is FileFault.DAMAGED
