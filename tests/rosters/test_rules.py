"""Rows against the present state: new, unchanged, changed, a problem; and who is leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lms.core import clock
from lms.rosters.comparison import Comparison
from lms.rosters.departures import Departures
from lms.rosters.findings import NoteKind, Outcome, Problem
from lms.rosters.judging import Usage
from lms.rosters.messages import reason
from lms.rosters.reading.table import read
from lms.rosters.rules import add_hashes, compare, judge_all
from lms.rosters.state import Present
from tests.factories.rosters import (
    CENTRAL,
    CITY,
    DISTRICT,
    OTHER_PRECINCT,
    PRECINCT,
    REGION,
    RUSSIAN,
    commission_rows,
    demo_number,
    person,
    present,
    seat_present,
    text_file,
    workbook,
)

COUNTRY = (REGION, DISTRICT, CITY, PRECINCT, OTHER_PRECINCT)


def run(rows: list[Any], state: Present, *, full: bool = True, name: str = "Бейнеуский район") -> Comparison:
    table = read(workbook((name, [RUSSIAN, *rows])))
    entries = judge_all(table, usage=Usage(demo=True))
    add_hashes(entries, str)
    return compare(entries, table.sheets, table.subtotals, state, full=full)


def outcomes(found: Comparison) -> list[str]:
    return [entry.outcome.value for entry in found.entries]


def kinds(found: Comparison) -> list[Problem | None]:
    return [entry.problem.kind if entry.problem else None for entry in found.entries]  # type: ignore[misc]


def seated(*seeds: int) -> Present:
    """Precinct 17 with its chair (the first seed) and members."""
    state = present(CENTRAL, *COUNTRY)
    for place, seed in enumerate(seeds):
        seat_present(state, PRECINCT, seed, "chair" if place == 0 else "member")
    return state


def test_the_same_roster_again_changes_nothing() -> None:
    found = run(commission_rows("УИК № 17", [1, 2, 3]), seated(1, 2, 3))
    assert outcomes(found) == ["unchanged"] * 3
    assert not found.leaving
    assert [place.present for place in found.named_places] == [PRECINCT]


@pytest.mark.parametrize(
    ("cells", "changed"),
    [
        ({"surname": "Ахметова"}, ("surname",)),
        ({"given": "Роза", "patronymic": "Ерланқызы"}, ("given_name", "patronymic")),
        ({"phone": "8 701 111 22 33"}, ("phone",)),
        ({"language": "рус"}, ("language",)),
        ({"party": "Party F"}, ("nominated_by",)),
        ({"party": "", "phone": "", "language": "", "patronymic": ""}, ()),
        ({"surname": "СЕРІКОВА", "given": " Айгүл "}, ()),
        ({"surname": "Сер?кова"}, None),
    ],
)
def test_what_counts_as_a_change(cells: dict[str, str], changed: tuple[str, ...] | None) -> None:
    found = run([person(1, "Председатель", "УИК № 17", **cells), person(2)], seated(1, 2))
    if changed is None:
        assert kinds(found)[0] is Problem.LOST_LETTER
    else:
        assert found.entries[0].changed == changed
        assert found.entries[0].outcome is (Outcome.CHANGED if changed else Outcome.UNCHANGED)


def test_a_new_office_is_a_change() -> None:
    rows = [person(1, "член", "УИК № 17"), person(2, "Председатель")]
    found = run(rows, seated(1, 2))
    assert [entry.changed for entry in found.entries] == [("office",), ("office",)]


def test_who_is_no_longer_named_is_leaving() -> None:
    found = run(commission_rows("УИК № 17", [1, 2, 4]), seated(1, 2, 3))
    assert outcomes(found) == ["unchanged", "unchanged", "new"]
    assert [one.hash for one in found.leaving] == [demo_number(3)]


def test_nobody_leaves_a_commission_that_the_file_does_not_name() -> None:
    state = seated(1, 2, 3)
    seat_present(state, OTHER_PRECINCT, 9)
    assert not run(commission_rows("УИК № 17", [1, 2, 3]), state).leaving


def test_mended_rows_only_add_or_change() -> None:
    found = run([person(4, "член", "УИК № 17"), person(2, "секретарь")], seated(1, 2, 3), full=False)
    assert outcomes(found) == ["new", "changed"]
    assert not found.leaving


def test_nobody_leaves_while_a_row_does_not_say_whom_it_means() -> None:
    rows = [*commission_rows("УИК № 17", [1, 2], subtotal=False), person(4, number="123456789012")]
    found = run(rows, seated(1, 2, 3))
    assert kinds(found)[2] is Problem.CHECK_DIGIT
    assert not found.leaving


def test_a_problem_row_whose_number_is_certain_keeps_its_person_and_lets_others_leave() -> None:
    rows = [*commission_rows("УИК № 17", [1], subtotal=False), person(2, "наблюдатель")]
    found = run(rows, seated(1, 2, 3))
    assert [one.hash for one in found.leaving] == [demo_number(3)]


def test_nobody_leaves_when_the_subtotal_disagrees() -> None:
    rows = [*commission_rows("УИК № 17", [1, 2], subtotal=False), ["", "Итого: 3"]]
    found = run(rows, seated(1, 2, 3))
    assert not found.leaving
    [note] = found.notes
    assert (note.kind, note.params["said"], note.params["rows"]) == (NoteKind.SUBTOTAL_DIFFERS, "3", "2")


def test_lost_letters_are_understood_where_the_number_is_known() -> None:
    rows = [person(1, "Председатель", "УИК № 17", given="Айг?л", patronymic="Марат?ызы"), person(2, given="А?гул")]
    found = run(rows, seated(1, 2))
    assert outcomes(found) == ["unchanged", "problem"]
    assert found.entries[0].given_name == "Айгүл"


def test_lost_letters_of_a_stranger_are_never_guessed_even_if_someone_is_named_so() -> None:
    found = run([person(8, "член", "УИК № 17", given="Айг?л")], seated(1, 2))
    assert kinds(found) == [Problem.LOST_LETTER]


def test_lost_letters_do_not_reveal_people_of_other_branches() -> None:
    state = seated(1)
    seat_present(state, OTHER_PRECINCT, 8, visible=False)
    found = run([person(8, "член", "УИК № 17", given="Айг?л")], state)
    assert kinds(found) == [Problem.LOST_LETTER]


def test_one_person_twice() -> None:
    rows = [*commission_rows("УИК № 17", [1, 2, 2]), *commission_rows("УИК № 18", [3, 1])]
    found = run(rows, present(CENTRAL, *COUNTRY))
    assert kinds(found) == [None, None, Problem.TWICE_IN_ONE, None, Problem.IN_TWO]
    assert found.entries[4].problem.params == {"sheet": "Бейнеуский район", "row": "2", "commission": "УИК № 17"}  # type: ignore[union-attr]


def test_a_known_number_beside_quite_another_name_takes_nobodys_place() -> None:
    other = person(
        2, "член", "УИК № 17", surname="Жетпісова", given="Зәуре", patronymic="Ермекқызы", number=demo_number(1)
    )
    rows: list[Any] = [person(1, "Председатель", "УИК № 17"), other, person(4)]
    found = run(rows, seated(1, 2, 3))
    assert kinds(found) == [None, Problem.OTHER_NAME, None]
    assert outcomes(found) == ["unchanged", "problem", "new"]
    assert not found.leaving, "whom the second row means is not known"
    turned = run([rows[1], *rows[:1]], seated(1, 2, 3))
    assert sorted(outcomes(turned)) == ["problem", "unchanged"]


@pytest.mark.parametrize("cells", [{"surname": "Ахметова"}, {"surname": "Серикова", "given": "Айгуль"}])
def test_a_known_number_beside_another_surname_or_spelling_is_the_same_person(cells: dict[str, str]) -> None:
    found = run([person(1, "Председатель", "УИК № 17", **cells), person(2)], seated(1, 2))
    assert outcomes(found) == ["changed", "unchanged"]


def test_of_a_stranger_with_a_known_number_nothing_is_told() -> None:
    state = present(DISTRICT, PRECINCT)
    seat_present(state, OTHER_PRECINCT, 8, visible=False)
    found = run([person(8, "член", "УИК № 17", surname="Жетпісова", given="Зәуре")], state)
    assert kinds(found) == [Problem.OTHER_NAME]
    assert "Серікова" not in reason(found.entries[0].problem)  # type: ignore[arg-type]


def test_one_number_beside_two_names_makes_every_such_row_a_problem() -> None:
    other = {"surname": "Жетпісова", "given": "Зәуре", "number": demo_number(1)}
    rows = [person(1, "Председатель", "УИК № 17"), person(2, **other), person(1, "член", "УИК № 18"), person(3)]
    found = run(rows, present(CENTRAL, *COUNTRY))
    assert kinds(found) == [Problem.TWO_NAMES, Problem.TWO_NAMES, Problem.TWO_NAMES, None]
    assert [entry.problem.params["row"] for entry in found.entries[:2] if entry.problem] == ["3", "2"]


def test_whoever_is_not_old_enough_takes_no_seat() -> None:
    child = person(5, "член", "УИК № 17", number=demo_number(5, born=f"{clock.today():%y%m%d}", century="5"))
    found = run([person(1, "Председатель", "УИК № 17"), child], present(CENTRAL, *COUNTRY))
    assert kinds(found) == [None, Problem.TOO_YOUNG]
    assert found.entries[1].problem is not None
    assert str(clock.today().year + 18) in reason(found.entries[1].problem)
    first, last = (clock.today() - timedelta(days=days) for days in (366 * 18, 365 * 18 - 30))
    rows = [
        person(5, "Председатель", "УИК № 17", number=demo_number(5, born=f"{first:%y%m%d}", century="5")),
        person(6, number=demo_number(6, born=f"{last:%y%m%d}", century="5")),
    ]
    assert kinds(run(rows, present(CENTRAL, *COUNTRY))) == [None, Problem.TOO_YOUNG]


def test_namesakes_are_two_people() -> None:
    assert outcomes(run(commission_rows("УИК № 17", [1, 2]), present(CENTRAL, *COUNTRY))) == ["new", "new"]


def test_a_member_elsewhere_is_a_problem_unless_leaving_there() -> None:
    state = seated(1, 2)
    seat_present(state, OTHER_PRECINCT, 8, "chair")
    found = run(commission_rows("УИК № 17", [1, 2, 8]), state)
    assert kinds(found)[2] is Problem.IN_TWO
    assert found.entries[2].problem.params == {"present": "KZ-12-02-P1"}  # type: ignore[union-attr]
    rows = [
        *commission_rows("УИК № 17", [1, 2, 8]),
        *commission_rows("ТИК: г. Актау", [5]),
        *commission_rows("УИК № 1", [9]),
    ]
    found = run(rows, state)
    assert outcomes(found) == ["unchanged", "unchanged", "new", "new", "new"]
    assert [one.hash for one in found.leaving] == [demo_number(8)]


def test_of_a_foreign_branch_nothing_is_told() -> None:
    state = present(DISTRICT, PRECINCT)
    seat_present(state, OTHER_PRECINCT, 8, visible=False)
    found = run([person(8, "член", "УИК № 17")], state)
    assert found.entries[0].problem.kind is Problem.IN_TWO  # type: ignore[union-attr]
    assert found.entries[0].problem.params == {}  # type: ignore[union-attr]


def test_a_second_chair() -> None:
    rows = [person(1, "Председатель", "УИК № 17"), person(2, "төраға"), person(3)]
    assert kinds(run(rows, present(CENTRAL, *COUNTRY))) == [None, Problem.SECOND_CHAIR, None]


def test_a_new_chair_beside_the_present_one() -> None:
    rows = [person(4, "Председатель", "УИК № 17")]
    assert kinds(run(rows, seated(1, 2), full=False)) == [Problem.SECOND_CHAIR]
    assert kinds(run(rows, seated(1, 2), full=True)) == [None]
    assert kinds(run([*rows, person(1, "член")], seated(1, 2), full=False)) == [None, None]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [person(4, "Председатель", "УИК № 17"), person(5, number="123456789012")],
            "nobody leaves this commission until row 3 is mended. Mend that row first",
        ),
        ([*commission_rows("УИК № 17", [4, 2], subtotal=False), ["", "Итого: 3"]], "Put the subtotal right first"),
        (
            [person(4, "Председатель", "УИК № 17"), person(1, "наблюдатель")],
            "whose own row has a problem (Sheet “Бейнеуский район”, row 3). Mend that row first",
        ),
    ],
)
def test_what_keeps_the_present_chair_of_a_whole_commission_is_to_be_mended(rows: list[Any], words: str) -> None:
    new = run(rows, seated(1, 2)).entries[0]
    assert new.problem is not None
    assert new.problem.kind is Problem.SECOND_CHAIR
    assert words in reason(new.problem)
    assert "who stays" not in reason(new.problem)


@pytest.mark.parametrize(
    ("rows", "kinds_and_counts"),
    [
        ([person(8, "секретарь", "УИК № 17")], [(NoteKind.TWO_SECRETARIES, "2")]),
        ([person(8, "секретарь", "УИК № 17"), person(3, "член")], []),
        (
            [person(8, "зам. председателя", "УИК № 17"), person(9, "зам. председателя")],
            [(NoteKind.TWO_DEPUTIES, "2")],
        ),
        ([person(8, "член", "УИК № 17"), *(person(seed) for seed in range(10, 17))], []),
        (
            [person(8, "член", "УИК № 17"), *(person(seed) for seed in range(10, 18))],
            [(NoteKind.MANY_MEMBERS, "12")],
        ),
        ([person(8, "секретарь", "УИК № 17", number="1")], []),
    ],
)
def test_what_is_unusual_after_applying_is_noted(rows: list[Any], kinds_and_counts: list[Any]) -> None:
    state = seated(1, 2)
    seat_present(state, PRECINCT, 3, "secretary")
    found = run(rows, state, full=False)
    assert [(note.kind, note.params["count"]) for note in found.notes] == kinds_and_counts
    assert all(note.params["commission"] == "УИК № 17" for note in found.notes)


def test_who_leaves_no_longer_counts_as_unusual() -> None:
    state = seated(1, 2)
    seat_present(state, PRECINCT, 3, "secretary")
    assert not run([person(1, "Председатель", "УИК № 17"), person(8, "секретарь")], state).notes


@pytest.mark.parametrize(
    ("leaving", "members", "many"),
    [(0, 0, False), (4, 4, False), (5, 49, True), (5, 50, False), (6, 50, True), (1730, 1751, True)],
)
def test_how_many_leaving_are_asked_about(leaving: int, members: int, many: bool) -> None:
    assert Departures(leaving, members, 0).are_many is many


def test_precinct_numbers_belong_to_their_territory() -> None:
    rows = [
        *commission_rows("ТИК: Бейнеуский район", [1]),
        *commission_rows("УИК № 1", [2]),
        *commission_rows("ТИК: г. Актау", [3]),
        *commission_rows("УИК № 1", [4]),
    ]
    found = run(rows, present(CENTRAL, *COUNTRY), name="Все")
    assert [place.present for place in found.named_places] == [DISTRICT, None, CITY, OTHER_PRECINCT]
    new = found.named_places[1]
    assert (new.number, new.parent) == (1, found.named_places[0].index)


def test_a_kazakh_file_means_the_same_commissions() -> None:
    rows = [*commission_rows("АСК: Бейнеу ауданы", [1]), *commission_rows("№ 17 УСК", [2])]
    found = run(rows, present(CENTRAL, *COUNTRY))
    assert [place.present for place in found.named_places] == [DISTRICT, PRECINCT]


def test_the_sheets_name_gives_the_territory_when_no_block_does() -> None:
    found = run(commission_rows("УИК № 17", [1]), present(CENTRAL, *COUNTRY), name="Бейнеуский район")
    assert [place.present for place in found.named_places] == [PRECINCT]


def test_without_any_territory_the_commission_chosen_counts() -> None:
    rows = commission_rows("УИК № 17", [1])
    assert kinds(run(rows, present(CENTRAL, *COUNTRY), name="Лист1")) == [Problem.TERRITORY_UNKNOWN]
    assert [place.present for place in run(rows, present(DISTRICT, PRECINCT), name="Лист1").named_places] == [PRECINCT]


def test_a_precinct_told_by_its_number_alone_is_the_only_one_of_the_branch() -> None:
    rows, branch = commission_rows("УИК № 17", [1]), (REGION, DISTRICT, CITY, PRECINCT, OTHER_PRECINCT)
    assert [place.present for place in run(rows, present(*branch), name="Лист1").named_places] == [PRECINCT]
    twin = replace(PRECINCT, id=999, parent_id=CITY.id, code="KZ-12-02-P17")
    assert kinds(run(rows, present(*branch, twin), name="Лист1")) == [Problem.TERRITORY_UNKNOWN]


def test_a_precinct_told_by_its_number_alone_is_new_where_none_has_it() -> None:
    found = run(commission_rows("УИК № 99", [1]), present(REGION, DISTRICT, PRECINCT), name="Лист1")
    assert [(place.present, place.number) for place in found.named_places] == [(None, 99)]


@pytest.mark.parametrize("name", ["ТИК: г. Актау", "ТИК: Мангистауская область", "ТИК: Атырауская область"])
def test_an_officer_of_a_district_cannot_reach_beyond_it(name: str) -> None:
    found = run([person(1, "член", name), person(2, "член", "УИК № 1")], present(DISTRICT, PRECINCT))
    assert kinds(found)[0] is Problem.OUTSIDE_BRANCH


def test_an_officer_of_a_region_may_name_it_but_no_other() -> None:
    state = present(REGION, DISTRICT, CITY, PRECINCT, OTHER_PRECINCT)
    rows = [*commission_rows("ТИК: Мангистауская область", [1]), *commission_rows("ТИК: Бейнеуский район", [2])]
    assert [place.present for place in run(rows, state).named_places] == [REGION, DISTRICT]
    assert kinds(run(commission_rows("ТИК: Атырауская область", [1]), state)) == [Problem.OUTSIDE_BRANCH]


def test_a_roster_for_one_precinct_only() -> None:
    state = present(PRECINCT)
    assert kinds(run(commission_rows("УИК № 17", [1]), state)) == [None]
    assert kinds(run(commission_rows("УИК № 18", [1]), state)) == [Problem.OUTSIDE_BRANCH]
    assert kinds(run(commission_rows("ТИК: Бейнеуский район", [1]), state)) == [Problem.OUTSIDE_BRANCH]


def test_an_unreadable_commission_is_a_problem_of_its_rows() -> None:
    found = run([person(1, "член", "комиссия семнадцать"), person(2)], present(CENTRAL, *COUNTRY))
    assert kinds(found) == [Problem.COMMISSION_UNKNOWN, Problem.COMMISSION_UNKNOWN]
    assert found.entries[0].problem.params == {"value": "комиссия семнадцать"}  # type: ignore[union-attr]


def test_lost_letters_in_a_commissions_name() -> None:
    rows = [
        ["УСК", "Тегі", "Аты", "ЖСН", "Лауазымы"],
        ["АСК: А?тау ?аласы", "Серикова", "Роза", demo_number(1), "член"],
    ]
    table = read(text_file(rows, encoding="cp1251"))
    for state, kind in ((present(CENTRAL, *COUNTRY), None), (present(CENTRAL), Problem.COMMISSION_UNKNOWN)):
        entries = judge_all(table, usage=Usage(demo=True))
        add_hashes(entries, str)
        assert kinds(compare(entries, table.sheets, table.subtotals, state, full=True)) == [kind]


def test_the_upper_commissions_named_in_the_row() -> None:
    headings = ["Вышестоящая комиссия", "Комиссия", "Фамилия", "Имя", "ИИН", "Должность", "Часовой пояс", "Число мест"]
    above = "Мангистауская область / г. Актау"
    rows = [headings, [above, "УИК № 1", "Серікова", "Роза", demo_number(1), "член", "Asia/Aqtau", 9]]
    table = read(workbook(("Лист1", rows)))
    entries = judge_all(table, usage=Usage(demo=True))
    add_hashes(entries, str)
    [place] = compare(entries, table.sheets, table.subtotals, present(CENTRAL, *COUNTRY), full=False).named_places
    assert place.present == OTHER_PRECINCT
    assert (place.time_zone, place.seats) == ("Asia/Aqtau", 9)


def test_seats_follow_from_the_rows_problem_rows_included() -> None:
    rows = [*commission_rows("УИК № 30", [1, 2], subtotal=False), person(3, number="")]
    [place] = run(rows, present(CENTRAL, *COUNTRY)).named_places
    assert place.seats == 3


def test_subtotals_belong_to_their_own_block() -> None:
    state = present(CENTRAL, *COUNTRY)
    seat_present(state, OTHER_PRECINCT, 7)
    rows = [
        *commission_rows("ТИК: Бейнеуский район", [1]),
        *commission_rows("УИК № 1", [2, 3], subtotal=False),
        ["", "Итого: 5"],
        *commission_rows("ТИК: г. Актау", [4]),
        *commission_rows("УИК № 1", [5, 6]),
    ]
    found = run(rows, state, name="Все")
    assert [place.full for place in found.named_places] == [True, False, True, True]
    assert [one.hash for one in found.leaving] == [demo_number(7)]
