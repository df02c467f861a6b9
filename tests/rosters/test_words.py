"""Names of commissions, offices, languages and time zones: read as officers write them."""

from __future__ import annotations

import pytest

from lms.commissions.rules import Office, Territory
from lms.core.web.languages import speaking
from lms.countries.reading import shipped
from lms.rosters.findings import Outcome
from lms.rosters.gazetteer import find_region
from lms.rosters.meanings import find_language, find_office, find_time_zone
from lms.rosters.messages import outcome_words
from lms.rosters.naming import PrecinctName, TerritoryName, parse_commission, parse_territory, territory_key

PRECINCT, ABROAD = Territory.PRECINCT, Territory.PRECINCT_ABROAD


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
    country = shipped("kz")
    for region in country.regions:
        for name in region.names.values():
            for written in (name, parse_territory(f"ТИК: {name}").name):
                found = find_region(written, country)
                assert found is not None
                assert (found.number, dict(found.names)) == (region.number, region.names)
    assert find_region("Бейнеуский район", country) is None
    city = find_region("Алматы қ.", country)
    assert city is not None
    assert city.number == 19
    assert find_region("Мангистауская область", shipped("kg")) is None


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


def test_time_zones() -> None:
    assert find_time_zone("Europe/Berlin") == "Europe/Berlin"
    assert find_time_zone(" america/new york ") == "America/New_York"
    assert find_time_zone("UTC+5") is None
    assert find_time_zone("../../etc/passwd") is None


@pytest.mark.parametrize(
    ("outcome", "count", "words"),
    [
        (Outcome.NEW, 1, "новый"),
        (Outcome.NEW, 427, "новых"),
        (Outcome.LEAVING, 426, "выбывают"),
        (Outcome.PROBLEM, 2, "ошибки"),
        (Outcome.PROBLEM, 1338, "ошибок"),
    ],
)
def test_outcomes_agree_with_their_number(outcome: Outcome, count: int, words: str) -> None:
    with speaking("ru"):
        assert outcome_words(outcome.value, count) == words
