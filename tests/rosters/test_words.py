"""Names of people, of commissions, offices, languages, phones: read as officers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.commissions.rules import Office, Territory
from lms.rosters.findings import Normalised, Problem
from lms.rosters.gazetteer import REGIONS, find_region
from lms.rosters.meanings import find_email, find_language, find_office, find_phone, find_time_zone
from lms.rosters.naming import PrecinctName, TerritoryName, parse_commission, parse_territory, territory_key
from lms.rosters.spelling import spell

PRECINCT, ABROAD = Territory.PRECINCT, Territory.PRECINCT_ABROAD


@pytest.mark.parametrize(
    ("raw", "text", "problem", "normalised"),
    [
        ("Серікова", "Серікова", None, None),
        ("ҚАЛИЕВА", "Қалиева", None, Normalised.CAPITALS),
        ("ІЗБАСОВА", "Ізбасова", None, Normalised.CAPITALS),
        ("ҚАЛИЕВА-СЕЙІТОВА", "Қалиева-Сейітова", None, Normalised.CAPITALS),
        ("Қалиева-Сейітова", "Қалиева-Сейітова", None, None),
        ("O'BRIEN", "O'brien", None, Normalised.CAPITALS),
        ("Я", "Я", None, None),
        ("  Нұрлан ", "Нұрлан", None, Normalised.STRAY_SPACES),
        ("\u00a0Нұрлан", "Нұрлан", None, Normalised.STRAY_SPACES),
        ("Анна  Мария", "Анна Мария", None, Normalised.STRAY_SPACES),
        ("Анна Мария", "Анна Мария", None, None),
        ("Ғaбитова", "Ғабитова", None, Normalised.LOOK_ALIKE),
        ("Iзбасов", "Ізбасов", None, Normalised.LOOK_ALIKE),
        ("Cмит", "Смит", None, Normalised.LOOK_ALIKE),
        ("Smith", "Smith", None, None),
        ("Smіth", "Smith", None, Normalised.LOOK_ALIKE),
        ("Ивaноw", "Ивaноw", Problem.TWO_ALPHABETS, None),
        ("Ж?мабаева", "Ж?мабаева", Problem.LOST_LETTER, None),
        ("?мiт", "?міт", Problem.LOST_LETTER, Normalised.LOOK_ALIKE),
        ('=HYPERLINK("http://127.0.0.1/x","Үсенова")', None, Problem.FORMULA, None),
        ("  =1+1", "=1+1", Problem.FORMULA, None),
        ("+7 701 123", None, Problem.FORMULA, None),
        ("@SUM(A1)", None, Problem.FORMULA, None),
        ("＝1+1", None, Problem.FORMULA, None),
        ("'=1+1", None, Problem.FORMULA, None),
        ("\t=1+1", None, Problem.FORMULA, None),
        ("-Серікова", None, Problem.FORMULA, None),
        ("Серікова2", "Серікова2", Problem.NO_NAME, None),
        ("Серікова <b>", None, Problem.NO_NAME, None),
        ("", "", None, None),
        (" - ", "", None, None),
        ("нет", "", None, None),
        ("Қызы\u200bбай", "Қызыбай", None, Normalised.STRAY_SPACES),
    ],
)
def test_spelling(raw: str, text: str | None, problem: Problem | None, normalised: Normalised | None) -> None:
    spelling = spell(raw)
    assert text is None or spelling.text == text
    assert (spelling.problem, spelling.normalised) == (problem, normalised)


@given(st.text(max_size=30))
def test_any_text_is_spelled_and_spelling_is_stable(raw: str) -> None:
    first = spell(raw)
    if first.problem is None and first.text:
        again = spell(first.text)
        assert (again.text, again.problem) == (first.text, None)
        assert not first.text.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("УИК № 17", PrecinctName(PRECINCT, 17, "")),
        ("УИК №17", PrecinctName(PRECINCT, 17, "")),
        (" уик  17 ", PrecinctName(PRECINCT, 17, "")),
        ("УИК № 017", PrecinctName(PRECINCT, 17, "")),
        ("Участковая избирательная комиссия № 17", PrecinctName(PRECINCT, 17, "")),
        ("Избирательный участок № 17", PrecinctName(PRECINCT, 17, "")),
        ("№ 17 УСК", PrecinctName(PRECINCT, 17, "")),
        ("№17 учаскелік сайлау комиссиясы", PrecinctName(PRECINCT, 17, "")),
        ("PEC No. 17", PrecinctName(PRECINCT, 17, "")),
        ("17", PrecinctName(PRECINCT, 17, "")),
        ("УИК № 17 Бейнеуского района", PrecinctName(PRECINCT, 17, "Бейнеуского района")),
        ("Заграничный УИК № 1", PrecinctName(ABROAD, 1, "")),
        ("Шет елдегі № 1 УСК", PrecinctName(ABROAD, 1, "")),
        ("PEC No. 1 abroad", PrecinctName(ABROAD, 1, "")),
        ("УИК № 0", None),
        ("УИК № 17/18", None),
        ("УИК", None),
        ("Иванов", None),
        ("", None),
        ("ТИК: Бейнеуский район", TerritoryName(Territory.DISTRICT, "Бейнеуский район")),
        ("АСК: Бейнеу ауданы", TerritoryName(Territory.DISTRICT, "Бейнеу ауданы")),
        ("TEC: Beineu district", TerritoryName(Territory.DISTRICT, "Beineu district")),
        ("ТИК г. Актау", TerritoryName(Territory.CITY, "г. Актау")),
        ("АСК: Ақтау қ.", TerritoryName(Territory.CITY, "Ақтау қ.")),
        ("ТИК: Мангистауская область", TerritoryName(Territory.REGION, "Мангистауская область")),
        ("Мангистауская областная избирательная комиссия", TerritoryName(Territory.REGION, "Мангистауская областная")),
        ("ТИК", TerritoryName(None, "")),
        ("Председатель ТИК ____ Ахметов", None),
    ],
)
def test_commission_names(text: str, name: PrecinctName | TerritoryName | None) -> None:
    assert parse_commission(text) == name


@pytest.mark.parametrize(
    ("kazakh", "russian"),
    [
        ("Бейнеу ауданы", "Бейнеуский район"),
        ("Қарақия ауданы", "Каракиянский район"),
        ("Маңғыстау ауданы", "Мангистауский район"),
        ("Мұнайлы ауданы", "Мунайлинский район"),
        ("Түпқараған ауданы", "Тупкараганский район"),
        ("Ақтау қаласы", "г. Актау"),
        ("Жаңаөзен қаласы", "г. Жанаозен"),
    ],
)
def test_one_territory_in_two_languages(kazakh: str, russian: str) -> None:
    assert territory_key(kazakh) == territory_key(russian)
    assert territory_key(kazakh) != territory_key(russian.replace("район", "область").replace("г.", "район"))


def test_every_region_is_found_by_each_of_its_names_and_no_other() -> None:
    for region in REGIONS:
        for name in region.names.values():
            assert find_region(name) is region
            assert find_region(parse_territory(f"ТИК: {name}").name) is region
    assert find_region("Бейнеуский район") is None
    assert find_region("Алматы қ.") is REGIONS[18]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Председатель", Office.CHAIR),
        ("председатель комиссии", Office.CHAIR),
        ("Төраға", Office.CHAIR),
        ("т?ра?а", Office.CHAIR),
        ("Chairperson", Office.CHAIR),
        ("Зам. председателя", Office.DEPUTY_CHAIR),
        ("зам.председателя", Office.DEPUTY_CHAIR),
        ("ЗАМЕСТИТЕЛЬ ПРЕДСЕДАТЕЛЯ", Office.DEPUTY_CHAIR),
        ("төрағаның орынбасары", Office.DEPUTY_CHAIR),
        ("т?ра?аны? орынбасары", Office.DEPUTY_CHAIR),
        ("Cекретарь", Office.SECRETARY),
        ("хатшы", Office.SECRETARY),
        ("член", Office.MEMBER),
        ("Член комиссии ", Office.MEMBER),
        ("м?ше", Office.MEMBER),
        ("комиссия мүшесі", Office.MEMBER),
        ("наблюдатель", None),
        ("?", None),
        ("", None),
    ],
)
def test_offices(text: str, office: Office | None) -> None:
    assert find_office(text) is office


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("каз", "kk"),
        ("қаз.", "kk"),
        ("?аз", "kk"),
        ("Қазақша", "kk"),
        ("рус", "ru"),
        ("орысша", "ru"),
        ("English", "en"),
        ("фр", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert find_language(text) == language


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+7 (707) 416-92-90", "+77074169290"),
        ("8 705 103 65 27", "+77051036527"),
        ("87015757395", "+77015757395"),
        ("77015757395", "+77015757395"),
        ("7015757395", "+77015757395"),
        ("+49 30 1234567", "+49301234567"),
        ("8 701 575 73 95, 8 702 111 22 33", "+77015757395"),
        ("нет", None),
        ("12345", None),
        ("=1+1", None),
        ("٨٧٠١٥٧٥٧٣٩٥", None),
        ("", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert find_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("A.B@Example.KZ", "a.b@example.kz"),
        ("mailto:a@b.kz", "a@b.kz"),
        ("a@b", None),
        ("=a@b.kz<", None),
        ("x" * 300 + "@b.kz", None),
    ],
)
def test_emails(text: str, email: str | None) -> None:
    assert find_email(text) == email


def test_time_zones() -> None:
    assert find_time_zone("Europe/Berlin") == "Europe/Berlin"
    assert find_time_zone(" america/new york ") == "America/New_York"
    assert find_time_zone("UTC+5") is None
    assert find_time_zone("../../etc/passwd") is None
