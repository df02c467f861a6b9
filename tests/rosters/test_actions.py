"""Taking a roster in: read, looked at, applied; all or nothing; again without effect."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.queries import find_account
from lms.commissions.events import AppointmentsEnded, AppointmentsMade
from lms.commissions.models import Appointment, Commission, CommissionClosure, Seat, SeatNumber
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_central, find_commission_by_code
from lms.commissions.rules import Office, Role
from lms.core import events
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.errors import Forbidden, Refused
from lms.operations.actions import init_installation
from lms.people.models import Person
from lms.people.vault import number_hash, open_text
from lms.rosters import actions, applying
from lms.rosters.applying import apply_import
from lms.rosters.errors import NotReady, Outdated, ProblemsRemain
from lms.rosters.export import problems_as_workbook
from lms.rosters.models import RosterImport, RosterRow
from lms.rosters.states import ImportState
from lms.rosters.words import list_new_places
from tests.factories.commissions import make_country, make_member, make_officer, make_person, scope, seat
from tests.factories.rosters import RUSSIAN, commission_rows, demo_number, person, sample, workbook

EXPECTED = json.loads(sample("mangystau-roster.expected.json"))


@pytest.fixture
def head(app: Flask) -> Scope:
    """A CEC administrator of an installation that holds only the central commission."""

    init_installation(login="head", name="Head One", demo=True)
    account = find_account("head")
    assert account is not None
    return scope(account)


def take(content: bytes, by: Scope, commission: Commission | None = None, *, full: bool = True) -> RosterImport:
    """An import, uploaded and read."""
    commission = commission or find_central()
    assert commission is not None
    made = actions.upload(content=content, file_name="roster.xlsx", commission=commission, full=full, by=by)
    actions.read_import(roster_import=made, by=by)
    return made


def apply(made: RosterImport, by: Scope, *, leave_out: bool = True) -> None:
    apply_import(roster_import=made, leave_out_problems=leave_out, by=by)


def outcomes(made: RosterImport) -> dict[str, int]:
    return {name: count for name, count in made.counts["outcomes"].items() if count}


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_sample_region(head: Scope) -> None:
    made = take(sample("mangystau-roster.xlsx"), head)
    assert made.state == ImportState.READ
    assert made.counts["commissions"] == made.counts["new_commissions"] == EXPECTED["commissions"]
    assert made.counts["rows"] == EXPECTED["rows"]
    assert outcomes(made) == {"new": EXPECTED["seats_valid"], "problem": 14}
    assert made.counts["problems"] == EXPECTED["problems"]
    assert made.counts["normalised"] == EXPECTED["normalised"]
    assert count(Commission) == 1
    assert count(Appointment) == 0

    with pytest.raises(ProblemsRemain), db.session.begin_nested():
        apply(made, head, leave_out=False)
    db.session.refresh(made)
    assert (made.state, count(Commission)) == (ImportState.READ, 1)

    apply(made, head)
    assert count(Commission) == 252
    assert count(Appointment) == 1751
    assert count(Seat) - 7 == EXPECTED["rows"]
    assert count(CommissionClosure) == 1 + 2 + 7 * 3 + 243 * 4
    again = take(sample("mangystau-roster.xlsx"), head)
    assert outcomes(again) == {"unchanged": 1751, "problem": 14}
    apply(again, head)
    assert count(Commission) == 252
    assert count(Appointment) == 1751
    assert count(Person) == 1752

    old_code_page = take(sample("mangystau-roster-cp1251.csv"), head)
    assert outcomes(old_code_page) == {"unchanged": 84}
    assert old_code_page.counts["new_commissions"] == 0


def test_the_tree_of_the_sample(head: Scope) -> None:
    apply(take(sample("mangystau-roster.xlsx"), head), head)
    columns = select(Commission.code, Commission.level, Commission.territory)
    codes = {code: (level, territory) for code, level, territory in db.session.execute(columns)}
    assert codes["KZ-12"] == ("tec", "region")
    assert codes["KZ-12-01"] == ("tec", "city")
    assert codes["KZ-12-01-P1"] == ("pec", "precinct")
    third = find_commission_by_code("KZ-12-03")
    assert third is not None
    names = {row.language: row.name for row in third.names}
    assert names == {"kk": "Бейнеу ауданы", "ru": "Бейнеуский район", "en": "Beineu district"}
    zones = set(db.session.scalars(select(Commission.time_zone).where(Commission.code.like("KZ-12%"))))
    assert zones == {"Asia/Aqtau"}
    seats = Counter(db.session.scalars(select(SeatNumber.seats).join(Commission).where(Commission.code != "KZ")))
    assert seats == {7: 243, 8: 8}
    chairs = select(func.count()).where(Appointment.office == Office.CHAIR)
    assert db.session.scalar(chairs) == 251


def test_precincts_abroad_beside_the_region(head: Scope) -> None:
    apply(take(sample("mangystau-roster.xlsx"), head), head)
    abroad = take(sample("mangystau-roster-abroad.csv"), head)
    assert outcomes(abroad) == {"new": 340}
    apply(abroad, head, leave_out=False)
    berlin = find_commission_by_code("KZ-A1")
    assert berlin is not None
    assert (berlin.time_zone, berlin.territory) == ("Europe/Berlin", "precinct_abroad")
    again = take(sample("mangystau-roster-abroad.csv"), head)
    assert outcomes(again) == {"unchanged": 340}


def roster(seeds: list[int], name: str = "УИК № 17", **cells: Any) -> bytes:
    rows = [RUSSIAN, *commission_rows(name, seeds)]
    rows[1] = person(seeds[0], "Председатель", name, **cells)
    return workbook(("Лист1", rows))


def members(commission: Commission) -> dict[str, str]:
    rows = db.session.execute(
        select(Person.number_hash, Appointment.office)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.commission_id == commission.id, Appointment.ends_on.is_(None))
    )
    return {str(digest): office for digest, office in rows}


def hashes(*seeds: int) -> set[str]:
    return {number_hash(demo_number(seed)) for seed in seeds}


def test_people_come_change_and_leave_but_nothing_is_deleted(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    apply(take(roster([1, 2, 3]), officer, country.district), officer)
    assert set(members(country.precinct)) == hashes(1, 2, 3)

    second = take(roster([2, 1, 4], phone="8 701 575 73 95"), officer, country.district)
    assert outcomes(second) == {"new": 1, "changed": 2, "leaving": 1}
    apply(second, officer)
    assert members(country.precinct) == {
        number_hash(demo_number(2)): "chair",
        number_hash(demo_number(1)): "member",
        number_hash(demo_number(4)): "member",
    }
    ended = select(func.count()).where(Appointment.ends_on.is_not(None))
    assert db.session.scalar(ended) == 3
    chair = db.session.scalar(select(Person).where(Person.number_hash == number_hash(demo_number(2))))
    assert chair is not None
    assert chair.phone == "+77015757395"
    assert open_text(chair.number_encrypted or b"") == demo_number(2)
    assert outcomes(take(roster([2, 1, 4]), officer, country.district)) == {"unchanged": 3}


def test_a_person_moves_between_commissions_of_one_file(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    rows = [RUSSIAN, *commission_rows("УИК № 17", [1, 2]), *commission_rows("УИК № 18", [3, 4])]
    apply(take(workbook(("Лист1", rows)), officer, country.district), officer)
    rows = [RUSSIAN, *commission_rows("УИК № 17", [1]), *commission_rows("УИК № 18", [3, 4, 2])]
    made = take(workbook(("Лист1", rows)), officer, country.district)
    assert outcomes(made) == {"new": 1, "unchanged": 3, "leaving": 1}
    apply(made, officer)
    assert set(members(country.precinct)) == hashes(1)
    assert set(members(country.second_precinct)) == hashes(2, 3, 4)


def test_additions_and_mended_rows_make_nobody_leave(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    apply(take(roster([1, 2, 3]), officer, country.district), officer)
    partly = take(roster([1, 5]), officer, country.district, full=False)
    assert outcomes(partly) == {"new": 1, "unchanged": 1}
    apply(partly, officer)
    assert set(members(country.precinct)) == hashes(1, 2, 3, 5)
    rows = [["Импорт №", *RUSSIAN], [str(partly.id), *person(6, "член", "УИК № 17")]]
    mended = take(workbook(("Лист1", rows)), officer, country.district)
    assert (mended.mends_id, mended.full) == (partly.id, False)
    assert outcomes(mended) == {"new": 1}


def test_an_import_number_of_a_foreign_branch_means_nothing(app: Flask) -> None:
    country = make_country()
    officer, sister = scope(make_officer(country.district)), scope(make_officer(country.sister_district))
    foreign = take(roster([8], "УИК № 1"), sister, country.sister_district)
    rows = [["Импорт №", *RUSSIAN], [str(foreign.id), *person(6, "член", "УИК № 17")]]
    made = take(workbook(("Лист1", rows)), officer, country.district)
    assert made.mends_id is None


def test_seats_grow_when_there_are_too_few(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    apply(take(roster(list(range(1, 10))), officer, country.district), officer)
    seats = select(SeatNumber.seats).where(
        SeatNumber.commission_id == country.precinct.id, SeatNumber.valid_to.is_(None)
    )
    assert db.session.scalar(seats) == 9


def test_a_commission_that_only_wrong_rows_name_is_not_made(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.region))
    rows: list[Any] = [
        RUSSIAN,
        person(1, "член", "ТИК: Beineu district"),
        person(2, "член", "УИК № 9999", number="123456789012"),
        person(3, "член", "УИК № 61"),
        person(4, "член", "ТИК: Новый район", number="123456789012"),
        person(5, "наблюдатель", "УИК № 62"),
    ]
    made = take(workbook(("Лист1", rows)), officer, country.region)
    assert (made.counts["new_commissions"], outcomes(made)["new"], outcomes(made)["problem"]) == (1, 2, 3)
    assert list_new_places(made) == ["PEC No. 61, Beineu district"]
    same = take(
        workbook(("Лист1", [RUSSIAN, person(1, "член", "ТИК: Beineu district"), person(2, "член", "УИК № 1")])),
        officer,
        country.region,
    )
    assert list_new_places(same) == ["PEC No. 1, Beineu district. There is one with this number: Aktau."]
    actions.discard(roster_import=same, by=officer)
    before = count(Commission)
    apply(made, officer)
    assert count(Commission) == before + 1
    workbook_of_problems = problems_as_workbook(made)
    again = take(workbook_of_problems, officer, country.region)
    assert (again.mends_id, again.counts["new_commissions"]) == (made.id, 0)


def test_appointed_people_are_told_upward(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(events, "_handlers", {AppointmentsMade: (heard.append,), AppointmentsEnded: (heard.append,)})
    country = make_country()
    officer = scope(make_officer(country.district))
    apply(take(roster([1, 2]), officer, country.district), officer)
    apply(take(roster([1, 3]), officer, country.district), officer)
    assert [type(event).__name__ for event in heard] == ["AppointmentsMade", "AppointmentsEnded", "AppointmentsMade"]
    assert {level for event in heard if isinstance(event, AppointmentsMade) for _, _, level in event.appointments} == {
        "pec"
    }


def test_only_those_who_look_after_the_branch(app: Flask) -> None:
    country = make_country()
    central = country.central
    for account in (
        make_officer(country.sister_district),
        make_officer(country.district, Role.TRAINER),
        make_member(country.precinct),
    ):
        with pytest.raises(Forbidden):
            take(roster([1]), scope(account), country.district)
    with pytest.raises(Forbidden):
        take(roster([1]), scope(make_officer(country.region)), central)
    made = take(roster([1]), scope(make_officer(country.region)), country.district)
    with pytest.raises(Forbidden):
        apply(made, scope(make_officer(country.sister_district)))


def test_an_import_never_touches_people_of_other_branches(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    sister = scope(make_officer(country.sister_district))
    apply(take(roster([1, 2], "УИК № 1"), sister, country.sister_district), sister)
    made = take(roster([2, 3], surname="Чужая"), officer, country.district)
    assert outcomes(made) == {"new": 1, "problem": 1}
    row = db.session.scalar(select(RosterRow).where(RosterRow.import_id == made.id, RosterRow.problem != ""))
    assert row is not None
    assert "УИК" not in json.dumps(open_text(row.payload)).replace("УИК № 17", "")
    apply(made, officer)
    known = db.session.scalar(select(Person).where(Person.number_hash == number_hash(demo_number(2))))
    assert known is not None
    assert known.surname == "Серікова"


def test_applying_once_is_enough(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    made = take(roster([1, 2]), officer, country.district)
    apply(made, officer)
    with pytest.raises(NotReady):
        apply(made, officer)


def test_a_preview_that_no_longer_holds_is_not_applied(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    made = take(roster([1, 2, 3]), officer, country.district)
    seat(make_person(), country.precinct)
    with pytest.raises(Outdated), db.session.begin_nested():
        apply(made, officer)
    db.session.refresh(made)
    assert made.state == ImportState.READ
    actions.read_import(roster_import=made, by=officer)
    assert outcomes(made) == {"new": 3, "leaving": 1}
    apply(made, officer)
    assert set(members(country.precinct)) == hashes(1, 2, 3)


def test_a_member_without_an_identity_number_is_leaving_too(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    nobody = make_person()
    nobody.number_hash = None
    seat(nobody, country.precinct)
    made = take(roster([1]), officer, country.district)
    assert outcomes(made) == {"new": 1, "leaving": 1}
    apply(made, officer)


def test_an_unreadable_file_is_kept_with_the_reason(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    made = take(b"%PDF-1.7", officer, country.district)
    assert (made.state, made.fault, made.fault_params) == (ImportState.FAILED, "not a table file", {"kind": "PDF"})
    with pytest.raises(NotReady):
        apply(made, officer)
    with pytest.raises(Refused, match="empty"):
        take(b"", officer, country.district)


def test_nothing_personal_lies_open(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    made = take(roster([1, 2, 3]), officer, country.district)
    stored, content = storage.read(made.file_id)
    assert stored.sha256 != made.checksum
    assert demo_number(2).encode() not in content
    for row in db.session.scalars(select(RosterRow).where(RosterRow.import_id == made.id)):
        assert demo_number(2).encode() not in row.payload
        assert "Серікова".encode() not in row.payload


def test_the_file_name_is_only_a_name(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    made = actions.upload(
        content=b"x", file_name="..\\..\\etc/roster.xlsx", commission=country.district, full=True, by=officer
    )
    assert made.file_name == "roster.xlsx"


def test_tables_are_looked_over_when_many_were_seated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(applying, "look_over", lambda *models: looked.append(models))
    country = make_country()
    apply(take(roster([1, 2]), SYSTEM, country.district), SYSTEM)
    assert looked == []
    monkeypatch.setattr(applying, "MANY", 3)
    apply(take(roster([1, 2, 3, 4, 5]), SYSTEM, country.district), SYSTEM)
    assert len(looked) == 1
    assert Appointment in looked[0]
