"""Tables as officers send them: every shape gives the same rows."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from lms.rosters.findings import NoteKind
from lms.rosters.judging import Entry, Usage
from lms.rosters.reading.headings import Field, recognise
from lms.rosters.reading.table import Table, read
from lms.rosters.rules import judge_all
from tests.factories.rosters import (
    ENGLISH,
    KAZAKH,
    RUSSIAN,
    commission_rows,
    demo_number,
    demo_number_with_zeros,
    person,
    saved,
    text_file,
    workbook,
)

TEC = "ТИК: Бейнеуский район"
BLOCK = [
    ["Список", "", ""],
    [],
    RUSSIAN,
    *commission_rows(TEC, range(1, 8)),
    *commission_rows("УИК № 17", range(8, 13)),
]


def entries_of(content: bytes) -> list[Entry]:
    return judge_all(read(content), usage=Usage(demo=True))


def facts(content: bytes) -> list[tuple[str, str, str]]:
    return [(entry.commission, entry.number, entry.office) for entry in entries_of(content)]


EXPECTED = facts(workbook(("Бейнеуский район", BLOCK)))


def test_a_block_is_a_commission() -> None:
    assert len(EXPECTED) == 12
    assert [commission for commission, _, _ in EXPECTED] == [TEC] * 7 + ["УИК № 17"] * 5
    assert [office for _, _, office in EXPECTED[:2]] == ["chair", "member"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_files_of_every_kind(separator: str, encoding: str) -> None:
    assert facts(text_file(BLOCK, separator=separator, encoding=encoding)) == EXPECTED


def test_a_line_that_names_the_separator_is_no_row() -> None:
    table = read(b"sep=;\r\n" + text_file(BLOCK, encoding="utf-8"))
    assert len(table.rows) == 12
    assert table.rows[0].number == 5


def test_quoted_cells_keep_their_separators() -> None:
    row = person(1, "Председатель", "УИК № 17")
    row[7] = '"Party ""A""; the first"'
    [entry] = entries_of(text_file([RUSSIAN, row]))
    assert entry.nominated_by == 'Party "A"; the first'


def test_old_code_page_headings_and_offices_are_recognised_when_only_one_word_fits() -> None:
    rows = [("Р/с", "Тегі", "Аты", "Әкесінің аты", "ЖСН", "Сайлау комиссиясы", "Лауазымы", "Кім ұсынған", "Оқу тілі")]
    rows.append((1, "Серикова", "Роза", "", demo_number(1), "№ 17 УСК", "төраға", "Party A", "қаз"))
    rows.append((2, "Серикова", "Сара", "", demo_number(2), "№ 17 УСК", "комиссия мүшесі", "Party A", "орысша"))
    content = text_file(rows, encoding="cp1251")
    assert "?кесіні? аты".encode("cp1251") in content
    first, second = entries_of(content)
    assert (first.office, second.office) == ("chair", "member")
    assert first.problem is None
    assert (first.language, second.language) == ("kk", "ru")


def test_a_lost_letter_that_two_words_fit_is_not_guessed() -> None:
    from lms.rosters.reading.words import vocabulary

    find = vocabulary({"first": "ұл", "second": "қол | қыл | үл", "third": "алма"})
    assert find("?л") is None
    assert find("алм?") is None
    assert find("?ыл") == "second"


@pytest.mark.parametrize(
    "headings",
    [
        RUSSIAN,
        tuple(heading.upper() for heading in RUSSIAN),
        tuple(f" {heading}\u00a0*" for heading in RUSSIAN),
        tuple(heading.replace(" ", "\n") for heading in RUSSIAN),
    ],
)
def test_headings_in_any_spelling(headings: tuple[str, ...]) -> None:
    assert facts(workbook(("A", [headings, *BLOCK[3:]]))) == EXPECTED


def test_a_latin_letter_in_a_heading() -> None:
    columns = recognise(["Kомиссия", "Фамилия", "ИИН"])
    assert columns is not None
    assert columns.index == {Field.COMMISSION: 0, Field.SURNAME: 1, Field.NUMBER: 2}


def test_kazakh_columns_in_their_own_order_with_the_subtotal_in_the_second_column() -> None:
    rows = [("Маңғыстау облысы",), KAZAKH]
    for place in range(3):
        commission = "АСК: Бейнеу ауданы" if place == 0 else ""
        office = "Төраға" if place == 0 else "комиссия мүшесі"
        rows.append((place, "Серікова", "Айгүл", "", demo_number(place), commission, office, "Party A", "", "қаз"))
    rows.append(("", "Барлығы: 3"))
    table = read(workbook(("Бейнеу ауданы", rows)))
    assert [row.commission for row in table.rows] == ["АСК: Бейнеу ауданы"] * 3
    assert [(subtotal.commission, subtotal.said) for subtotal in table.subtotals] == [("АСК: Бейнеу ауданы", 3)]


@pytest.mark.parametrize("place", range(len(RUSSIAN)))
def test_a_subtotal_is_seen_whatever_its_column(place: int) -> None:
    row = [""] * len(RUSSIAN)
    row[place] = "Итого: 1"
    table = read(workbook(("A", [RUSSIAN, person(1, "Председатель", TEC), row])))
    assert len(table.rows) == 1
    assert table.subtotals[0].said == 1


def test_english_headings_far_down_and_to_the_right() -> None:
    rows = [[], ["", "", "Roster of the commission"], [], ["", "", *ENGLISH]]
    rows.append(["", "", "PEC No. 17", "Ivanov", "Ivan", demo_number(1), "Chairperson", "+7 701 123 45 67"])
    [entry] = entries_of(workbook(("A", rows)))
    assert (entry.commission, entry.surname, entry.office, entry.phone) == (
        "PEC No. 17",
        "Ivanov",
        "chair",
        "+77011234567",
    )
    assert entry.row == 5


def test_a_repeated_heading_row_may_order_the_columns_anew() -> None:
    again = ["№ п/п", "Фамилия", "Имя", "Отчество", "Избирательная комиссия", "Должность", "ИИН"]
    rows = [RUSSIAN, person(1, "Председатель", "УИК № 17"), again]
    rows.append([2, "Ахметов", "Ерлан", "", "", "член", demo_number(2)])
    first, second = entries_of(workbook(("A", rows)))
    assert (first.commission, second.commission) == ("УИК № 17", "УИК № 17")
    assert (second.surname, second.number) == ("Ахметов", demo_number(2))


def test_merged_cells_hold_for_the_whole_block() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Списочный состав"])
    sheet.merge_cells("A1:K1")
    sheet.append(RUSSIAN)
    for seed in range(4):
        sheet.append(person(seed, "член", "УИК № 5" if seed == 0 else ""))
        if seed == 1:
            sheet.append([])
            sheet.append(RUSSIAN)
    sheet.merge_cells("B3:B8")
    assert [commission for commission, _, _ in facts(saved(book))] == ["УИК № 5"] * 4


def test_after_a_subtotal_no_commission_is_assumed() -> None:
    rows = [RUSSIAN, *commission_rows("УИК № 5", [1, 2]), person(3)]
    table = read(workbook(("A", rows)))
    assert [row.commission for row in table.rows] == ["УИК № 5", "УИК № 5", ""]


def test_a_block_title_in_a_row_of_its_own() -> None:
    table = read(workbook(("A", [RUSSIAN, ["УИК № 9"], person(1), person(2)])))
    assert [row.commission for row in table.rows] == ["УИК № 9", "УИК № 9"]


def test_numbers_as_numbers_texts_and_with_spaces() -> None:
    zeros = [demo_number_with_zeros(lost) for lost in (1, 2, 3)]
    rows = [RUSSIAN, *(person(seed, "член", "УИК № 5", number=int(number)) for seed, number in enumerate(zeros))]
    rows.append(person(9, "член", "УИК № 5", number=f"{demo_number(9)[:6]} {demo_number(9)[6:]}"))
    rows.append(person(10, "член", "УИК № 5", number=f"\u00a0{demo_number(10)} "))
    rows.append(person(11, "член", "УИК № 5", number=float(demo_number(11))))
    found = entries_of(workbook(("A", rows)))
    assert [entry.number for entry in found] == [*zeros, demo_number(9), demo_number(10), demo_number(11)]
    kinds = [entry.normalised.kind.value if entry.normalised else "" for entry in found]
    assert kinds == [
        *["identity number lost its leading zero (restored)"] * 3,
        "identity number written with a space",
        "",
        "",
    ]


def test_zeros_are_put_back_in_text_files_but_not_in_text_cells() -> None:
    number = demo_number_with_zeros(2)
    rows = [RUSSIAN, person(1, "член", "УИК № 5", number=number.lstrip("0"))]
    [from_text_file] = entries_of(text_file(rows))
    [from_text_cell] = entries_of(workbook(("A", rows)))
    assert from_text_file.number == number
    assert from_text_cell.problem is not None


def test_a_link_in_the_mail_cell() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(RUSSIAN)
    sheet.append(person(1, "член", "УИК № 5", email="Aigul.S@Example.KZ"))
    sheet["J2"].hyperlink = "mailto:Aigul.S@Example.KZ"
    sheet.append(person(2, "член", "", email="mailto:b@example.kz"))
    assert [entry.email for entry in entries_of(saved(book))] == ["aigul.s@example.kz", "b@example.kz"]


def test_inline_strings_are_read_like_shared_ones() -> None:
    from io import BytesIO

    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Бейнеуский район")
        for number, row in enumerate(BLOCK):
            sheet.write_row(number, 0, row)
    assert facts(buffer.getvalue()) == EXPECTED


def test_hidden_rows_are_read_and_hidden_sheets_are_not() -> None:
    content = workbook(
        ("A", [RUSSIAN, *commission_rows("УИК № 5", [1, 2])]), ("Old", BLOCK), hidden_rows=[3], hidden=["Old"]
    )
    table = read(content)
    assert len(table.rows) == 2
    assert [(note.kind, note.params) for note in table.notes] == [
        (NoteKind.HIDDEN_SHEET, {"sheet": "Old"}),
        (NoteKind.HIDDEN_ROWS, {"count": "2"}),
    ]


def test_what_is_no_table_and_no_person_is_told() -> None:
    rows = [RUSSIAN, *commission_rows("УИК № 5", [1, 2]), ["Председатель ТИК ______ Ахметов А."], ["", "", "", "М.П."]]
    table = read(workbook(("A", rows), ("Памятка", [["Прочитайте"], ["Заполните"]]), ("Empty", [])))
    assert [(note.kind, note.params) for note in table.notes] == [
        (NoteKind.ROW_NOT_READ, {"sheet": "A", "row": "5"}),
        (NoteKind.ROW_NOT_READ, {"sheet": "A", "row": "6"}),
        (NoteKind.SHEET_WITHOUT_TABLE, {"sheet": "Памятка"}),
    ]


def test_one_column_of_full_names() -> None:
    rows = [["УИК", "Ф.И.О.", "ИИН", "Должность"], [17, "Серікова Айгүл Маратқызы", demo_number(1), "член"]]
    rows.append([17, "  ОСПАН   Ерлан", demo_number(2), "член"])
    first, second = entries_of(workbook(("A", rows)))
    assert (first.surname, first.given_name, first.patronymic) == ("Серікова", "Айгүл", "Маратқызы")
    assert (second.surname, second.given_name, second.patronymic) == ("Оспан", "Ерлан", "")
    assert first.commission == "17"


def test_dates_and_truths_in_cells_do_no_harm() -> None:
    rows = [RUSSIAN, person(1, "член", "УИК № 5", phone=date(2022, 11, 20), language=True)]
    [entry] = entries_of(workbook(("A", rows)))
    assert (entry.phone, entry.language) == ("", "")
    assert entry.problem is None


def test_rows_keep_the_numbers_a_spreadsheet_shows() -> None:
    table: Table = read(workbook(("A", [[], ["x"], RUSSIAN, [], *commission_rows("УИК № 5", [1, 2])])))
    assert [row.number for row in table.rows] == [5, 6]
