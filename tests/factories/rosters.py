"""Rosters for tests: people with demo identity numbers, workbooks and text files in many shapes."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from lms.commissions.rules import Level, Territory
from lms.people.schemes import iin
from lms.rosters.state import Present, PresentAppointment, PresentCommission, PresentPerson

DATA = Path(__file__).resolve().parents[1] / "rosters" / "data"
RUSSIAN = ("№ п/п", "Избирательная комиссия", "Фамилия", "Имя", "Отчество", "ИИН", "Должность в комиссии",
           "Кем предложен", "Телефон", "Эл. почта", "Язык обучения")  # fmt: skip
KAZAKH = (
    "Р/с",
    "Тегі",
    "Аты",
    "Әкесінің аты",
    "ЖСН",
    "Сайлау комиссиясы",
    "Лауазымы",
    "Кім ұсынған",
    "Телефон",
    "Оқу тілі",
)
ENGLISH = ("Commission", "Surname", "Given name", "Identity number", "Office", "Phone")

Cell = Any
Row = Sequence[Cell]


def sample(name: str) -> bytes:
    """One of the sample files."""
    return (DATA / name).read_bytes()


def demo_number(seed: int, born: str = "840515", century: str = "34") -> str:
    """A demo identity number, always the same for the same seed. `century`: of the seventh digit one of these."""
    chance = random.Random(seed)
    while True:
        base = f"{born}{chance.choice(century)}{chance.randrange(10_000):04d}"
        digit = iin.find_check_digit(base, demo=True)
        if digit is not None:
            return f"{base}{digit}"


def demo_number_with_zeros(zeros: int) -> str:
    """A demo identity number that begins with exactly so many zeros (at most three)."""
    born = {1: "091215", 2: "001215", 3: "000915"}[zeros]
    for serial in range(10_000):
        base = f"{born}5{serial:04d}"
        digit = iin.find_check_digit(base, demo=True)
        if digit is not None:
            return f"{base}{digit}"
    raise AssertionError


def person(seed: int, office: str = "член", commission: str = "", **cells: Cell) -> list[Cell]:
    """A row under the Russian headings."""
    row = [seed, commission, "Серікова", "Айгүл", "Маратқызы", demo_number(seed), office, "Party A", "", "", "каз"]
    for name, value in cells.items():
        row[
            {
                "surname": 2,
                "given": 3,
                "patronymic": 4,
                "number": 5,
                "party": 7,
                "phone": 8,
                "email": 9,
                "language": 10,
            }[name]
        ] = value
    return row


def commission_rows(name: str, seeds: Iterable[int], *, subtotal: bool = True) -> list[Row]:
    """A block: chair first, members after, the subtotal below."""
    rows = [
        person(seed, "Председатель" if place == 0 else "член", name if place == 0 else "")
        for place, seed in enumerate(seeds)
    ]
    return [*rows, ["", f"Итого: {len(rows)}"]] if subtotal else rows


def workbook(*sheets: tuple[str, Sequence[Row]], hidden_rows: Sequence[int] = (), hidden: Sequence[str] = ()) -> bytes:
    """An XLSX file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        _keep_texts(sheet)
        for number in hidden_rows:
            sheet.row_dimensions[number].hidden = True
        if name in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def _keep_texts(sheet: Any) -> None:
    """What begins like a formula is meant as text."""
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.data_type == "f":
            cell.data_type = "s"


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_file(rows: Iterable[Row], *, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    lines = (separator.join(str(cell) for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding, errors="replace")


CENTRAL = PresentCommission(1, "KZ", None, Level.CEC, Territory.COUNTRY, 0, ("ЦИК",), "Asia/Almaty")
REGION = PresentCommission(2, "KZ-12", 1, Level.TEC, Territory.REGION, 12, ("Мангистауская область",), "Asia/Aqtau")
DISTRICT = PresentCommission(3, "KZ-12-01", 2, Level.TEC, Territory.DISTRICT, 1, ("Бейнеуский район",), "Asia/Aqtau")
CITY = PresentCommission(4, "KZ-12-02", 2, Level.TEC, Territory.CITY, 2, ("г. Актау", "Ақтау қаласы"), "Asia/Aqtau")
PRECINCT = PresentCommission(5, "KZ-12-01-P17", 3, Level.PEC, Territory.PRECINCT, 17, (), "Asia/Aqtau")
OTHER_PRECINCT = PresentCommission(6, "KZ-12-02-P1", 4, Level.PEC, Territory.PRECINCT, 1, (), "Asia/Aqtau")


def present(base: PresentCommission = CENTRAL, *others: PresentCommission) -> Present:
    """A present state without people."""
    return Present(base, {one.id: one for one in (base, *others)})


def seat_present(
    state: Present, where: PresentCommission, seed: int, office: str = "member", visible: bool = True, **fields: str
) -> PresentPerson:
    """Seat the person of `person(seed)` in the present state; the hash of a number is the number itself."""
    values = {
        "surname": "Серікова",
        "given_name": "Айгүл",
        "patronymic": "Маратқызы",
        "phone": "",
        "email": "",
        "language": "kk",
    }
    one = PresentPerson(id=seed, **{**values, **fields})
    one.appointment = PresentAppointment(seed, where.id, office, "Party A", visible)
    state.people[demo_number(seed)] = one
    state.members.setdefault(where.id, []).append(demo_number(seed))
    return one
