"""A roster of every precinct of the country, made from the plan and the invented people of the demo: a sheet for each
region, headings, blocks and subtotals as officers write them, demo identity numbers only.

python -m bench.roster_file FILE.xlsx
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from random import Random

import xlsxwriter

from lms.commissions.rules import Level, Territory
from lms.demo.nation import Place, plan_country
from lms.demo.people import Invented, invent_people
from lms.rosters.placing import PATH_SIGN

SEED = 2022
LISTED_ON = date(2022, 10, 1)
LONGEST_SHEET_NAME = 31
HEADINGS = (
    "№ п/п", "Вышестоящая комиссия", "Избирательная комиссия", "Фамилия", "Имя", "Отчество", "ИИН",
    "Должность в комиссии", "Кем предложен", "Телефон", "Эл. почта", "Язык обучения",
)  # fmt: skip
OFFICES = (("Председатель", "председатель комиссии"), ("Заместитель председателя", "Зам. председателя"), ("Секретарь",))
MEMBERS = ("член", "Член комиссии")
LANGUAGES = {"kk": "каз", "ru": "рус"}
PARTIES = tuple(f"Party {letter}" for letter in "ABCDEF")


def write(target: Path, *, seed: int = SEED) -> int:
    """Write the workbook; how many people stand in it."""
    places = plan_country(seed)
    precincts = [place for place in places if place.level is Level.PEC]
    rng = Random(f"{seed}:roster")
    people = invent_people(sum(place.members for place in precincts), rng=rng, today=LISTED_ON)
    count = 0
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for number, of_region in groupby(precincts, key=lambda place: place.region):
            top = next(place for place in places if place.region == number)
            sheet = book.add_worksheet(f"{number} {top.names['ru']}"[:LONGEST_SHEET_NAME])
            sheet.write_string(0, 0, f"Списочный состав избирательных комиссий — {top.names['ru']} (DEMO)")
            sheet.write_row(2, 0, HEADINGS)
            line = 3
            for place in of_region:
                for row in _block(place, places, people, rng):
                    sheet.write_row(line, 0, row)
                    line += 1
                count += place.members
    return count


def _block(
    place: Place, places: Sequence[Place], people: Iterator[Invented], rng: Random
) -> Iterator[Sequence[str | int]]:
    """A commission's rows: its name in the first one, how many they are in the last one."""
    above, name = _path(place, places), _name(place)
    for seat in range(1, place.members + 1):
        one = next(people)
        offices = OFFICES[seat - 1] if seat <= len(OFFICES) else MEMBERS
        person = (one.name.surname, one.name.given_name, one.name.patronymic, one.number)
        yield (seat, above, name, *person, rng.choice(offices), rng.choice(PARTIES), _phone(one, rng), _email(one),
               LANGUAGES[one.language])  # fmt: skip
        above = name = ""
    yield ("", "", f"Итого: {place.members}")


def _path(place: Place, places: Sequence[Place]) -> str:
    """The commissions above a precinct, below the central one."""
    names = []
    while place.parent:
        place = places[place.parent]
        names.append(place.names["ru"])
    return PATH_SIGN.join(reversed(names))


def _name(place: Place) -> str:
    return f"{'Заграничный ' if place.territory is Territory.PRECINCT_ABROAD else ''}УИК № {place.number}"


def _phone(one: Invented, rng: Random) -> str:
    """One phone in some of the ways people write it."""
    bare = one.phone[2:]
    if not bare:
        return ""
    grouped = f"{bare[3:6]}-{bare[6:8]}-{bare[8:]}"
    return rng.choice((one.phone, f"8{bare}", f"+7 ({bare[:3]}) {grouped}", f"8 {bare[:3]} {grouped}"))


def _email(one: Invented) -> str:
    """Every fifth person has given an address that leads nowhere."""
    return f"m{one.number[-8:]}@example.org" if int(one.number[-2]) % 5 == 0 else ""


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
