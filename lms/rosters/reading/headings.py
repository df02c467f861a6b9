"""Recognise the columns of a roster by their headings, in Kazakh, Russian or English, in any order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.core.text import tidy
from lms.rosters.reading.cells import CellValue, is_blank, text_of
from lms.rosters.reading.words import fold, vocabulary


class Field(StrEnum):
    """What a column holds."""

    POSITION = "position"
    COMMISSION = "commission"
    SURNAME = "surname"
    GIVEN_NAME = "given name"
    PATRONYMIC = "patronymic"
    FULL_NAME = "full name"
    NUMBER = "identity number"
    OFFICE = "office"
    NOMINATED_BY = "nominated by"
    PHONE = "phone"
    EMAIL = "e-mail"
    LANGUAGE = "language"
    TIME_ZONE = "time zone"
    SEATS = "seats"
    TERRITORY = "upper commission"
    IMPORT = "import"


REQUIRED = (Field.COMMISSION, Field.SURNAME, Field.GIVEN_NAME, Field.NUMBER, Field.OFFICE)
LEAST = 3
"""A row in which so many headings are recognised is a heading row."""
LONGEST = 80
"""Characters of a heading."""
MOST = 60
"""Columns that are offered to be told."""
_LONG_NUMBER = re.compile(r"\d{4}")
Said = Mapping[str, Mapping[int, "Field"]]
"""What officers have said of heading rows that are not known: which column (from 0) is what, by the row's key."""

find_field = vocabulary(
    {
        Field.POSITION: "п/п | № п/п | пп | р/с | р/н | реттік № | реттік нөмірі | рет саны | no | nr | no.",
        Field.COMMISSION: (
            "избирательная комиссия | комиссия | наименование комиссии | наименование избирательной комиссии | "
            "название комиссии | уик | номер уик | уик/тик | сайлау комиссиясы | комиссия атауы | "
            "комиссияның атауы | сайлау комиссиясының атауы | уск | commission | election commission | "
            "commission name | name of commission | name of the commission"
        ),
        Field.SURNAME: "фамилия | тегі | surname | last name | family name",
        Field.GIVEN_NAME: "имя | аты | есімі | given name | given names | first name",
        Field.PATRONYMIC: (
            "отчество | отчество при наличии | әкесінің аты | әкесінің аты бар болса | patronymic | middle name"
        ),
        Field.FULL_NAME: (
            "фио | ф и о | фамилия имя отчество | фамилия имя отчество при наличии | аты-жөні | аты жөні | "
            "тегі аты әкесінің аты | т а ә | таә | full name | name in full"
        ),
        Field.NUMBER: (
            "пин | номер пин | персональный идентификационный номер | pin | personal identification number | "
            "жеке номери | "
            "иин | номер иин | индивидуальный идентификационный номер | жсн | жеке сәйкестендіру нөмірі | iin | "
            "identity number | identification number | individual identification number"
        ),
        Field.OFFICE: (
            "должность в комиссии | должность | должность в избирательной комиссии | статус в комиссии | "
            "лауазымы | лауазым | комиссиядағы лауазымы | комиссиядағы қызметі | қызметі | office | "
            "office in commission | office in the commission | position | position in the commission | "
            "role in the commission"
        ),
        Field.NOMINATED_BY: (
            "кем предложен | кем предложена | кем предложен а | кем предложена кандидатура | кем выдвинут | "
            "кем выдвинута | партия | политическая партия | кім ұсынған | кім ұсынды | ұсынған | "
            "ұсынған партия | саяси партия | nominated by | proposed by | party | political party"
        ),
        Field.PHONE: (
            "телефон | тел | номер телефона | контактный телефон | мобильный телефон | сотовый телефон | "
            "телефоны | телефон нөмірі | телефон нөмірлері | байланыс телефоны | ұялы телефоны | ұялы телефон | "
            "phone | phone number | telephone | mobile phone | mobile"
        ),
        Field.EMAIL: (
            "эл почта | электронная почта | адрес электронной почты | почта | эл пошта | электрондық пошта | "
            "электрондық поштасы | э-пошта | email | e-mail | e-mail address | email address"
        ),
        Field.LANGUAGE: (
            "язык обучения | язык | оқу тілі | оқыту тілі | тілі | тіл | language | language of training | "
            "training language | language of learning"
        ),
        Field.TIME_ZONE: ("часовой пояс | уақыт белдеуі | сағаттық белдеу | сағаттық белдеуі | time zone | timezone"),
        Field.SEATS: (
            "число мест | количество мест | количество членов | число членов комиссии | орын саны | "
            "орындар саны | мүшелер саны | seats | number of seats | number of members"
        ),
        Field.TERRITORY: (
            "вышестоящая комиссия | жоғары тұрған комиссия | upper commission | territory | территория | аумақ"
        ),
        Field.IMPORT: "импорт | номер импорта | импорт нөмірі | import | import no | import number",
    }
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each recognised field stands, and how its heading is written in the file."""

    index: dict[Field, int]
    headings: dict[Field, str]

    @property
    def missing(self) -> list[Field]:
        """Required fields for which no column was recognised. One column of full names stands for the name's parts."""
        return missing_from(self.index)


def missing_from(fields: Collection[Field]) -> list[Field]:
    """Required fields that are not among these. Full names stand for the name's parts."""
    named = {Field.SURNAME, Field.GIVEN_NAME} if Field.FULL_NAME in fields else set()
    return [field for field in REQUIRED if field not in fields and field not in named]


def texts_of(row: Sequence[CellValue]) -> list[str]:
    """The texts of a row that may be a heading row, column by column; none when it can be no heading row: it has few
    texts, or numbers as people and their phones have them."""
    cells = [value for value in row if not is_blank(value)]
    short = all(isinstance(value, str) and len(value) <= LONGEST and not _LONG_NUMBER.search(value) for value in cells)
    if len(cells) <= LEAST or len(row) > MOST or not short:
        return []
    return [tidy(text_of(value)) for value in row]


def key_of(texts: Sequence[str]) -> str:
    """By what a heading row is known again, in spite of its spelling."""
    return hashlib.sha256("\x1f".join(map(fold, texts)).rstrip("\x1f").encode()).hexdigest()


def recognise(row: Sequence[CellValue], said: Said | None = None) -> Columns | None:
    """The columns of a heading row, or None when the row is none. `said`: what was said of rows that are not known."""
    texts = texts_of(row) if said else []
    told = said.get(key_of(texts)) if said and texts else None
    if told:
        return Columns({field: place for place, field in told.items()}, {told[place]: texts[place] for place in told})
    index: dict[Field, int] = {}
    headings: dict[Field, str] = {}
    for place, value in enumerate(row):
        if not isinstance(value, str) or not value or len(value) > LONGEST:
            continue
        field = Field.POSITION if value.strip() in ("№", "#", "N") else find_field(value)
        if field is not None and field not in index:
            index[field] = place
            headings[field] = tidy(value)
    return Columns(index, headings) if len(index) >= LEAST else None
