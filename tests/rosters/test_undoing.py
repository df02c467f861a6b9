"""Undoing an applied roster: every row is as it was, or nothing has changed and it is said what stands on it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.accounts.queries import find_account, find_account_of
from lms.commissions.actions import end_appointments, grant_role
from lms.commissions.models import Appointment, Commission, ReserveEntry, SeatNumber
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_commission_by_code
from lms.commissions.reserve import Waiting, put_into_reserve
from lms.commissions.reshaping import close_commission
from lms.commissions.rules import Act, Role
from lms.commissions.slips import draw_slips, issue_slips, list_for_slips, slip_expiry
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden
from lms.learning.actions import begin
from lms.learning.models import Enrolment
from lms.operations.actions import init_installation
from lms.people.actions import NewPerson, correct_number, correct_person
from lms.people.models import Person
from lms.people.vault import number_hash
from lms.reporting import counting
from lms.reporting.models import CompletionCounter
from lms.rosters import actions
from lms.rosters.errors import CannotUndo, NotKept, NotReady
from lms.rosters.models import RosterChange
from lms.rosters.reading.headings import Field
from lms.rosters.reading.table import read
from lms.rosters.states import ImportState
from lms.rosters.undoing import check_may_undo, counts_of, undo_import
from tests.factories.commissions import WITH_RESERVE, Country, make_country, make_member, make_officer, scope, seat
from tests.factories.curriculum import make_course
from tests.factories.rosters import RUSSIAN, commission_rows, demo_number, person, sample, workbook
from tests.rosters.sums import BROUGHT_BACK, sums
from tests.rosters.test_actions import apply, members, outcomes, roster, take


def rows_of_sample(commission: str, sheet: int) -> list[list[Any]]:
    """The sample's rows of one commission, under the Russian headings."""
    fields = (Field.COMMISSION, Field.SURNAME, Field.GIVEN_NAME, Field.PATRONYMIC, Field.NUMBER, Field.OFFICE,
              Field.NOMINATED_BY, Field.PHONE, Field.EMAIL, Field.LANGUAGE)  # fmt: skip
    found = [row for row in read(sample("mangystau-roster.xlsx")).rows if row.commission == commission]
    return [
        ["", commission, *(row.cells.get(field, "") for field in fields[1:])] for row in found if row.sheet == sheet
    ]


def earlier_roster() -> bytes:
    """What an installation held before: a part of the sample's region, with other names, offices and members."""
    precinct = rows_of_sample("УИК № 1", 1)
    precinct[0][6], precinct[1][6] = "член", "Председатель"
    precinct[2][2], precinct[3][8], precinct[4][7] = "Басқаева", "+7 701 000 00 00", "Party Z"
    leaving = person(901, "член", "УИК № 1")
    region = rows_of_sample("ТИК: Мангистауская область", 0)
    above = rows_of_sample("ТИК: г. Актау", 1)
    city = [*above[:3], *precinct[:5], leaving]
    return workbook(("Область", [RUSSIAN, *region]), ("г. Актау", [RUSSIAN, *city]))


@pytest.fixture
def head(app: Flask) -> Scope:
    """A CEC administrator of an installation with a course and a part of a region."""
    init_installation(login="head", name="Head One", demo=True)
    account = find_account("head")
    assert account is not None
    by = scope(account)
    make_course()
    apply(take(earlier_roster(), by), by, leave_out=False)
    return by


@pytest.fixture
def country(app: Flask) -> Country:
    return make_country()


def test_the_sample_region_is_undone_row_by_row(head: Scope) -> None:
    before = sums()
    assert before["enrolment"].rows > 0
    made = take(sample("mangystau-roster.xlsx"), head)
    found = outcomes(made)
    assert (found["changed"], found["leaving"], found["new"]) == (5, 1, 1751 - 7 - 3 - 5)
    apply(made, head)
    after = sums()
    assert {name for name in BROUGHT_BACK if after[name] == before[name]} == {"account", "one_time_code"}

    undo_import(roster_import=made, by=head)
    assert sums() == before
    assert made.state == ImportState.UNDONE
    said = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"roster_import:{made.id}")).all()
    assert said == ["rosters.uploaded", "rosters.read", "rosters.applied", "rosters.undone"]
    assert (
        db.session.scalar(select(func.count()).select_from(RosterChange).where(RosterChange.import_id == made.id)) == 0
    )

    actions.read_import(roster_import=made, by=head)
    assert outcomes(made) == found
    apply(made, head)
    again = sums()
    assert {name: one.rows for name, one in again.items()} == {name: one.rows for name, one in after.items()}


def test_the_first_roster_of_an_installation_is_undone(app: Flask) -> None:
    init_installation(login="head", name="Head One", demo=True)
    before = sums()
    made = take(sample("mangystau-roster.xlsx"), SYSTEM)
    apply(made, SYSTEM)
    rows = db.session.scalar(select(func.count()).select_from(RosterChange)) or 0
    assert rows < 10  # runs of ids, not a row for each of 1,751 people
    undo_import(roster_import=made, by=SYSTEM)
    assert sums() == before


def test_nobody_gets_the_number_of_somebody_who_was_taken_out_again(app: Flask, country: Country) -> None:
    """Else the record of the one would be read as the other's."""
    officer = scope(make_officer(country.district))
    made = take(roster(list(range(1, 8))), officer, country.district)
    apply(made, officer)
    last = db.session.scalar(select(func.max(Person.id))) or 0
    undo_import(roster_import=made, by=officer)
    assert (db.session.scalar(select(func.max(Person.id))) or 0) < last
    assert make_member(country.precinct).person_id > last


def test_time_zones_and_added_seats_go_back(app: Flask, country: Country) -> None:
    officer = scope(make_officer(country.district))
    apply(take(roster(list(range(1, 8))), officer, country.district), officer)
    before = sums()
    rows = [[*RUSSIAN, "Часовой пояс"]]
    rows += [[*person(seed, "Председатель" if seed == 1 else "член", "УИК № 17"), "Asia/Oral"] for seed in range(1, 11)]
    made = take(workbook(("Лист1", rows)), officer, country.district)
    apply(made, officer)
    assert country.precinct.time_zone == "Asia/Oral"
    assert [one.seats for one in numbers(country.precinct)] == [10]
    undo_import(roster_import=made, by=officer)
    db.session.expire_all()
    assert sums() == before
    assert country.precinct.time_zone != "Asia/Oral"


def test_the_dated_number_of_seats_goes_back(app: Flask, country: Country) -> None:
    number = numbers(country.precinct)[0]
    number.valid_from = date_before()
    officer = scope(make_officer(country.district))
    before = sums()
    made = take(roster(list(range(1, 10))), officer, country.district)
    apply(made, officer)
    assert [one.seats for one in numbers(country.precinct)] == [7, 9]
    undo_import(roster_import=made, by=officer)
    assert sums() == before


def date_before() -> Any:
    return clock.today().replace(year=clock.today().year - 1, day=1)


def numbers(commission: Commission) -> list[SeatNumber]:
    found = select(SeatNumber).where(SeatNumber.commission_id == commission.id).order_by(SeatNumber.id)
    return list(db.session.scalars(found))


def test_slips_that_nobody_used_go_too(app: Flask, country: Country) -> None:
    officer = scope(make_officer(country.district))
    before = sums()
    made = take(roster([1, 2, 3]), officer, country.district)
    apply(made, officer)
    slips = draw_slips(list_for_slips(country.precinct, below=False, by=SYSTEM).chosen(everyone=True))
    issue_slips(slips, expires_at=slip_expiry(), commission=country.precinct, by=officer)
    assert sums()["account"].rows == before["account"].rows + 3
    undo_import(roster_import=made, by=officer)
    assert sums() == before


def known(seed: int) -> Person:
    found = db.session.scalar(select(Person).where(Person.number_hash == number_hash(demo_number(seed))))
    assert found is not None
    return found


def account_of(seed: int) -> Account:
    return find_account_of(known(seed).id) or open_account(person=known(seed), by=SYSTEM)


def sign_in(country: Country) -> None:
    account_of(2).password_hash = "set"


def start_course(country: Country) -> None:
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.person_id == known(2).id))
    assert enrolment is not None
    begin(enrolment=enrolment, by=SYSTEM)


def give_role(country: Country) -> None:
    grant_role(account=account_of(2), role=Role.TRAINER, commission=country.district, by=SYSTEM)


def correct(country: Country) -> None:
    correct_person(person=known(2), fields={"phone": "+77010000000"}, by=SYSTEM)


def correct_again(country: Country) -> None:
    correct_person(person=known(1), fields={"phone": "+77010000000"}, by=SYSTEM)


def leave(country: Country) -> None:
    appointment = db.session.scalar(select(Appointment).where(Appointment.person_id == known(2).id))
    assert appointment is not None
    end_appointments(appointments=[appointment], on=clock.today(), by=SYSTEM)


def seat_again(country: Country) -> None:
    seat(known(9), country.second_precinct)


def renumber(country: Country) -> None:
    correct_number(person=known(2), number=demo_number(77), reason="two digits were swapped", by=SYSTEM)


def merge(country: Country) -> None:
    known(2).merged_into_id = country.head.person_id
    db.session.flush()


def merge_who_left(country: Country) -> None:
    known(9).merged_into_id = known(1).id
    db.session.flush()


def found_below(country: Country) -> None:
    founded = find_commission_by_code(f"{country.district.code}-P44")
    assert founded is not None
    make_member(founded)


def bring_another(country: Country) -> None:
    apply(take(roster([1, 2, 3], phone="87015757396"), SYSTEM, country.district), SYSTEM)


LATER = {
    sign_in: "1 person whom it added has signed in (Серікова Айгүл Маратқызы).",
    start_course: "1 person has begun the course (Серікова Айгүл Маратқызы).",
    give_role: "Of 1 person something more is recorded",
    merge: "Of 1 person something more is recorded",
    merge_who_left: "Of 1 person something more is recorded",
    correct: "What is known of 1 person was corrected afterwards",
    correct_again: "What is known of 1 person was corrected afterwards",
    renumber: "What is known of 1 person was corrected afterwards",
    leave: "The seat of 1 person was changed afterwards",
    seat_again: "The seat of 1 person was changed afterwards",
    found_below: "1 commission was changed afterwards",
    bring_another: "1 roster applied afterwards changed the same people or commissions (No.",
}


@pytest.mark.parametrize("happens", LATER, ids=lambda one: one.__name__)
def test_what_came_later_stands(app: Flask, country: Country, happens: Any) -> None:
    make_course()
    apply(take(roster([1, 9]), SYSTEM, country.district), SYSTEM)
    rows = [RUSSIAN, *commission_rows("УИК № 17", [1, 2, 3]), *commission_rows("УИК № 44", [4, 5])]
    rows[1] = person(1, "Председатель", "УИК № 17", phone="87015757395")
    made = take(workbook(("Лист1", rows)), SYSTEM, country.district)
    assert outcomes(made) == {"new": 4, "changed": 1, "leaving": 1}
    apply(made, SYSTEM)
    assert counts_of(check_may_undo(made, SYSTEM))["people"] == 4
    happens(country)
    standing = sums()
    with pytest.raises(CannotUndo) as refused:
        undo_import(roster_import=made, by=SYSTEM)
    assert LATER[happens] in refused.value.sentence
    assert refused.value.sentence.endswith("Nothing has changed.")
    assert (sums(), made.state) == (standing, ImportState.APPLIED)


def test_nobody_gets_a_seat_back_in_a_closed_commission(app: Flask, country: Country) -> None:
    apply(take(roster([1, 9]), SYSTEM, country.district), SYSTEM)
    made = take(roster([1]), SYSTEM, country.district)
    apply(made, SYSTEM)
    seats = select(Appointment).where(Appointment.person_id == known(1).id, Appointment.ends_on.is_(None))
    end_appointments(appointments=[db.session.scalars(seats).one()], on=clock.today(), by=SYSTEM)
    close_commission(commission=country.precinct, on=clock.today(), by=SYSTEM)
    with pytest.raises(CannotUndo, match="1 commission was changed afterwards"):
        undo_import(roster_import=made, by=SYSTEM)


def test_only_the_first_few_are_named(app: Flask, country: Country) -> None:
    made = take(roster(list(range(1, 8))), SYSTEM, country.district)
    apply(made, SYSTEM)
    for seed in range(1, 6):
        account_of(seed).password_hash = "set"
    with pytest.raises(CannotUndo, match=r"5 people whom it added have signed in \(.*, .*, .* …\)"):
        undo_import(roster_import=made, by=SYSTEM)


def test_later_rosters_are_undone_first(app: Flask, country: Country) -> None:
    first = take(roster([1, 2, 3]), SYSTEM, country.district)
    before = sums()
    apply(first, SYSTEM)
    second = take(roster([2, 1, 4]), SYSTEM, country.district)
    between = sums()
    apply(second, SYSTEM)
    with pytest.raises(CannotUndo, match=rf"No. {second.id}\)"):
        undo_import(roster_import=first, by=SYSTEM)
    undo_import(roster_import=second, by=SYSTEM)
    assert sums() == between
    undo_import(roster_import=first, by=SYSTEM)
    assert sums() == before
    assert members(country.precinct) == {}


def test_what_stands_elsewhere_does_not_matter(app: Flask, country: Country) -> None:
    sister = scope(make_officer(country.sister_district))
    made = take(roster([1, 2, 3]), SYSTEM, country.district)
    apply(made, SYSTEM)
    apply(take(roster([6, 7], "УИК № 1"), sister, country.sister_district), sister)
    make_member(country.second_precinct)
    undo_import(roster_import=made, by=SYSTEM)
    assert members(country.precinct) == {}
    assert len(members(country.sister_precinct)) == 2


def test_only_what_is_applied_once_and_kept(app: Flask, country: Country) -> None:
    made = take(roster([1]), SYSTEM, country.district)
    with pytest.raises(NotReady):
        undo_import(roster_import=made, by=SYSTEM)
    apply(made, SYSTEM)
    with pytest.raises(Forbidden):
        undo_import(roster_import=made, by=scope(make_officer(country.sister_district)))
    made.keeps_changes = False
    db.session.flush()
    with pytest.raises(NotKept):
        undo_import(roster_import=made, by=SYSTEM)
    made.keeps_changes = True
    db.session.flush()
    undo_import(roster_import=made, by=SYSTEM)
    with pytest.raises(NotReady):
        undo_import(roster_import=made, by=SYSTEM)


def test_counters_of_what_goes_are_not_kept(app: Flask, country: Country) -> None:
    made = take(roster([1, 2], "УИК № 44"), SYSTEM, country.district)
    apply(made, SYSTEM)
    founded = find_commission_by_code(f"{country.district.code}-P44")
    assert founded is not None
    counting.settle()
    assert db.session.get(CompletionCounter, (made.campaign_id, founded.id)) is not None
    db.session.expire_all()
    undo_import(roster_import=made, by=SYSTEM)
    counting.settle()
    assert find_commission_by_code(f"{country.district.code}-P44") is None


def one_who_waits(where: Commission) -> ReserveEntry:
    """The person of the first row, waiting for a seat of a commission."""
    today = clock.today()
    coming = NewPerson(number=demo_number(1), surname="Серікова", given_name="Айгүл")
    terms = Waiting("Party B", today, Act("5", today))
    return put_into_reserve(commission=where, coming=coming, waiting=terms, by=SYSTEM)


def test_whoever_came_by_an_undone_roster_waits_in_the_reserve_again(app: Flask) -> None:
    country = make_country(own_file=WITH_RESERVE)
    entry = one_who_waits(country.precinct)
    made = take(roster([1, 2]), SYSTEM, country.district)
    apply(made, SYSTEM)
    assert entry.end == "entered"
    undo_import(roster_import=made, by=SYSTEM)
    db.session.refresh(entry)
    assert (entry.end, entry.ended_on) == ("", None)


def test_who_waits_in_a_reserve_by_now_is_not_taken_away(app: Flask) -> None:
    country = make_country(own_file=WITH_RESERVE)
    made = take(roster([1, 2]), SYSTEM, country.district)
    apply(made, SYSTEM)
    one_who_waits(country.district)
    with pytest.raises(CannotUndo, match="something more is recorded"):
        undo_import(roster_import=made, by=SYSTEM)
