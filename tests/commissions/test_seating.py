"""Seats change hands: replaced, filled, left, another office; what the database refuses whoever writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Executable, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.accounts.actions import issue_code, open_account
from lms.accounts.browsers import list_sessions, open_session
from lms.accounts.queries import find_account_of
from lms.commissions import queries
from lms.commissions.actions import grant_role
from lms.commissions.coming import DifferentName, OtherName
from lms.commissions.errors import NotSeated
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM
from lms.commissions.reshaping import move_commission
from lms.commissions.rules import Act, Kind, Office, Role, SeatFault
from lms.commissions.seating import (
    change_office,
    end_membership,
    fill_seat,
    replace_member,
    take_back_replacement,
)
from lms.commissions.slips import list_with_slip
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.jobs.queue import call_worker
from lms.countries.reading import FILES
from lms.people.actions import correct_person
from lms.people.models import Person
from lms.reporting import counting
from tests.factories.commissions import (
    Country,
    found_earlier,
    make_country,
    make_member,
    make_officer,
    make_person,
    scope,
    seat,
)
from tests.factories.rosters import demo_number
from tests.factories.seats import newcomer, replaced, seat_held_by, seat_of, terms

DAY = timedelta(days=1)
LONG_AGO = 300 * DAY


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def refusal(caught: pytest.ExceptionInfo[NotSeated]) -> SeatFault:
    """What was wrong."""
    return caught.value.fault


def test_one_leaves_and_another_comes_on_the_same_day_in_the_same_seat(country: Country) -> None:
    member = make_member(country.precinct)
    left = seat_of(member)
    by = scope(make_officer(country.district))
    came = replace_member(
        leaving=left, coming=newcomer(phone="+77011234567"), terms=terms(kind=Kind.TEMPORARY, number="7-к"), by=by
    )
    today = clock.today()
    assert (left.ends_on, left.end_act, left.end_act_on) == (today, "7-к", today)
    assert (came.seat_id, came.replaces_id, came.starts_on, came.ends_on) == (left.seat_id, left.id, today, None)
    assert (came.act, came.act_on, came.kind, came.person.phone) == ("7-к", today, "temporary", "+77011234567")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "commissions.replaced")).one()
    assert (entry.details["left"], entry.details["came"]) == (left.person_id, came.person_id)
    assert [one.person_id for one, _person in queries.list_members_on(country.precinct.id, today)] == [came.person_id]


def test_the_composition_of_an_earlier_day_still_shows_who_left(country: Country) -> None:
    person = make_person()
    seat(person, country.precinct, since=clock.today() - LONG_AGO)
    first = queries.find_seat_of(person.id)
    assert first is not None
    came = replace_member(leaving=first, coming=newcomer(), terms=terms(), by=SYSTEM)
    yesterday = clock.today() - DAY
    for on, who in ((yesterday, person.id), (clock.today(), came.person_id)):
        assert [one.person_id for one, _person in queries.list_members_on(country.precinct.id, on)] == [who]
    assert queries.list_members_on(country.precinct.id, clock.today() - 2 * LONG_AGO) == []
    assert [one.id for one in queries.list_appointments(person.id)] == [first.id]


def test_who_is_known_by_the_identity_number_stays_one_person(country: Country) -> None:
    member, other = make_member(country.precinct), make_member(country.second_precinct)
    coming = newcomer()
    once = replaced(other, coming)
    end_membership(appointment=once, act=Act("13", clock.today()), on=clock.today(), by=SYSTEM)
    people = db.session.query(Person).count()
    again = replaced(member, newcomer(number=coming.number, phone="+77015550101"))
    assert again.person_id == once.person_id
    assert again.person.phone == "+77015550101"
    assert db.session.query(Person).count() == people


def test_a_number_with_quite_another_name_is_refused_without_saying_whose_it_is(country: Country) -> None:
    member, other = make_member(country.precinct), make_member(country.second_precinct)
    coming = newcomer()
    replaced(other, coming)
    with pytest.raises(OtherName) as caught:
        replaced(member, newcomer(number=coming.number, surname="Ким", given_name="Олег"))
    assert coming.surname not in caught.value.sentence
    assert seat_of(member).ends_on is None


@pytest.mark.parametrize(
    "written",
    [
        {"surname": "Калдыбекова", "given_name": "Назгуль"},
        {"surname": "Қалдыбекова", "given_name": "Назгүл", "patronymic": "Ерланкызы"},
        {"surname": "Қалдібекова", "given_name": "Назгүл"},
    ],
)
def test_a_known_name_is_kept_until_somebody_says_that_it_is_wrong(country: Country, written: dict[str, str]) -> None:
    known = newcomer(surname="Қалдыбекова", given_name="Назгүл", patronymic="Ерланқызы")
    once = replaced(make_member(country.second_precinct), known)
    end_membership(appointment=once, act=Act("13", clock.today()), on=clock.today(), by=SYSTEM)
    member, typed = make_member(country.precinct), newcomer(number=known.number, phone="+77015550101", **written)
    leaving, by = seat_of(member), scope(make_officer(country.district))
    with pytest.raises(DifferentName) as asked:
        replace_member(leaving=leaving, coming=typed, terms=terms(), by=by)
    assert asked.value.field == "rename"
    assert "Қалдыбекова Назгүл Ерланқызы" in asked.value.sentence
    assert typed.surname in asked.value.sentence
    assert leaving.ends_on is None
    kept = replace_member(leaving=leaving, coming=typed, terms=terms(), rename=False, by=by)
    assert kept.person_id == once.person_id
    assert kept.person.full_name == "Қалдыбекова Назгүл Ерланқызы"
    assert kept.person.phone == "+77015550101"
    take_back_replacement(appointment=kept, by=by)
    assert kept.person.phone == ""
    renamed = replace_member(leaving=leaving, coming=typed, terms=terms(), rename=True, by=by)
    assert (renamed.person.surname, renamed.person.given_name) == (typed.surname, typed.given_name)
    assert renamed.person.patronymic == (typed.patronymic or "Ерланқызы")
    take_back_replacement(appointment=renamed, by=by)
    assert renamed.person.full_name == "Қалдыбекова Назгүл Ерланқызы"


def test_what_was_corrected_since_stays_when_a_replacement_is_taken_back(country: Country) -> None:
    known = newcomer(phone="+77015550100")
    once = replaced(make_member(country.second_precinct), known)
    end_membership(appointment=once, act=Act("13", clock.today()), on=clock.today(), by=SYSTEM)
    came = replaced(
        make_member(country.precinct), newcomer(number=known.number, phone="+77015550101", patronymic="Маратқызы")
    )
    correct_person(person=came.person, fields={"phone": "+77015550102"}, by=SYSTEM)
    take_back_replacement(appointment=came, by=SYSTEM)
    assert (came.person.phone, came.person.patronymic) == ("+77015550102", "")


def test_to_whom_nobody_of_the_branch_ever_was_no_known_name_is_told(country: Country) -> None:
    known = newcomer(surname="Қалдыбекова", given_name="Назгүл")
    once = replaced(make_member(country.sister_precinct), known)
    end_membership(appointment=once, act=Act("13", clock.today()), on=clock.today(), by=SYSTEM)
    member, by = make_member(country.precinct), scope(make_officer(country.district))
    with pytest.raises(DifferentName) as asked:
        replaced(member, newcomer(number=known.number, surname="Омарова", given_name="Назгүл"), by=by)
    assert "Қалдыбекова" not in asked.value.sentence
    with pytest.raises(DifferentName, match="Қалдыбекова Назгүл"):
        replaced(member, newcomer(number=known.number, surname="Калдыбекова", given_name="Назгуль"), by=by)


def test_who_sits_elsewhere_has_to_leave_first_and_a_foreign_place_is_not_named(country: Country) -> None:
    member, elsewhere = make_member(country.precinct), make_member(country.sister_precinct)
    coming = newcomer()
    replaced(elsewhere, coming)
    with pytest.raises(NotSeated) as own:
        replaced(member, coming, by=scope(make_officer(country.region)))
    with pytest.raises(NotSeated) as foreign:
        replaced(member, coming, by=scope(make_officer(country.district)))
    assert refusal(own) is refusal(foreign) is SeatFault.SITS_ELSEWHERE
    assert "PEC No. 1" in own.value.sentence
    assert "PEC No. 1" not in foreign.value.sentence


def test_a_second_chair_is_refused_and_named(country: Country) -> None:
    make_member(country.precinct, Office.CHAIR, surname="Абаева")
    member = make_member(country.precinct)
    with pytest.raises(NotSeated) as caught:
        replace_member(leaving=seat_of(member), coming=newcomer(), terms=terms(Office.CHAIR), by=SYSTEM)
    assert refusal(caught) is SeatFault.SECOND_CHAIR
    assert "Абаева" in caught.value.sentence


def test_a_decision_of_the_same_number_has_the_same_date_in_the_whole_district(country: Country) -> None:
    first, second = make_member(country.precinct), make_member(country.second_precinct)
    replaced(first)
    other_day = terms(act_on=clock.today() - DAY)
    with pytest.raises(NotSeated) as caught:
        replace_member(leaving=seat_of(second), coming=newcomer(), terms=other_day, by=SYSTEM)
    assert refusal(caught) is SeatFault.ACT_TWICE
    replaced(second)


def test_a_decision_is_known_by_who_made_it_also_where_a_seat_was_left(country: Country) -> None:
    first, second = make_member(country.precinct), make_member(country.second_precinct)
    end_membership(appointment=seat_of(first), act=Act("12", clock.today()), on=clock.today(), by=SYSTEM)
    with pytest.raises(NotSeated) as caught:
        end_membership(appointment=seat_of(second), act=Act("12", clock.today() - DAY), on=clock.today(), by=SYSTEM)
    assert refusal(caught) is SeatFault.ACT_TWICE
    assert caught.value.field == "act"


def test_another_commission_or_another_year_has_its_own_decisions(country: Country) -> None:
    replaced(make_member(country.precinct))
    began = clock.today() - LONG_AGO - LONG_AGO
    found_earlier(began)
    other = terms(act_on=clock.today() - DAY)
    replace_member(leaving=seat_of(make_member(country.sister_precinct)), coming=newcomer(), terms=other, by=SYSTEM)
    person = make_person()
    seat(person, country.second_precinct, since=began)
    earlier = terms(since=began + DAY)
    replace_member(leaving=seat_held_by(person.id), coming=newcomer(), terms=earlier, by=SYSTEM)


def test_a_commission_that_was_moved_away_leaves_its_decisions_behind(country: Country) -> None:
    began = clock.today() - LONG_AGO
    found_earlier(began)
    decided = clock.today() - 2 * DAY
    person, sister = make_person(), make_member(country.second_precinct)
    seat(person, country.precinct, since=began)
    replace_member(leaving=seat_held_by(person.id), coming=newcomer(), terms=terms(since=decided), by=SYSTEM)
    move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today() - DAY, by=SYSTEM)
    with pytest.raises(NotSeated) as caught:
        replaced(sister)
    assert refusal(caught) is SeatFault.ACT_TWICE
    replaced(make_member(country.sister_precinct))
    assert queries.find_act_date(country.precinct, Act("12", clock.today())) == clock.today()


def test_a_closed_commission_seats_nobody(country: Country) -> None:
    country.precinct.closed_on = clock.today()
    with pytest.raises(NotSeated) as caught:
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(), by=SYSTEM)
    assert refusal(caught) is SeatFault.CLOSED


def test_a_free_seat_is_filled_and_a_full_commission_says_so(country: Country) -> None:
    member = make_member(country.precinct)
    left = seat_of(member)
    end_membership(appointment=left, act=Act("1", clock.today()), on=clock.today(), by=SYSTEM)
    assert queries.count_free_seats(country.district.id).seats == 7 + 7 + 7
    came = fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(), by=SYSTEM)
    assert (came.seat_id, came.replaces_id) == (left.seat_id, left.id)
    for _seat in range(6):
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(), by=SYSTEM)
    with pytest.raises(Refused, match="Every seat"):
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(), by=SYSTEM)
    free = queries.list_with_free_seats(country.district.id, offset=0, limit=9)
    assert [(place.id, n) for place, n in free] == [(country.second_precinct.id, 7), (country.district.id, 7)]


def test_a_member_gets_another_office_in_the_same_seat(country: Country) -> None:
    member = make_member(country.precinct)
    before = seat_of(member)
    changed = change_office(appointment=before, terms=terms(Office.SECRETARY), by=SYSTEM)
    assert (changed.person_id, changed.seat_id, changed.office) == (member.person_id, before.seat_id, "secretary")
    with pytest.raises(Refused, match="has now"):
        change_office(appointment=changed, terms=terms(Office.SECRETARY), by=SYSTEM)


def test_of_two_who_replace_the_same_member_the_second_is_told(country: Country) -> None:
    member = make_member(country.precinct)
    left = seat_of(member)
    replaced(member)
    with pytest.raises(Refused, match="changed hands"):
        replace_member(leaving=left, coming=newcomer(), terms=terms(), by=SYSTEM)


def test_another_branch_is_refused(country: Country) -> None:
    member = make_member(country.precinct)
    for where in (country.sister_district, country.sister_region):
        with pytest.raises(Forbidden):
            replaced(member, by=scope(make_officer(where)))
    assert seat_of(member).ends_on is None


def test_the_database_refuses_two_holders_of_a_seat_and_two_seats_of_a_person_on_one_day(country: Country) -> None:
    member = make_member(country.precinct)
    held = seat_of(member)
    began = clock.today() - LONG_AGO
    held.starts_on = began
    db.session.flush()
    third, vacancy = make_person().id, queries.find_vacancy(country.second_precinct.id)
    assert vacancy is not None
    refused(past(held, held.seat_id, third, began - 9 * DAY, 10))
    refused(past(held, vacancy.seat_id, member.person_id, began - 9 * DAY, 10))
    db.session.execute(past(held, held.seat_id, third, began - 9 * DAY, 9))
    db.session.execute(past(held, held.seat_id, third, began + 9 * DAY, 0))
    refused(update(Appointment).where(Appointment.id == held.id).values(starts_on=began - DAY))


def refused(statement: Executable) -> None:
    """The database refuses it."""
    with db.session.begin_nested() as attempt:
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        attempt.rollback()


def past(like: Appointment, seat_id: int, person_id: int, starts: date, days: int) -> Executable:
    """An appointment that has ended, to be written."""
    return insert(Appointment).values(
        seat_id=seat_id,
        commission_id=like.commission_id,
        person_id=person_id,
        office="member",
        starts_on=starts,
        ends_on=starts + days * DAY,
    )


def test_a_replacement_made_by_mistake_is_taken_back(country: Country) -> None:
    chair = make_member(country.precinct, Office.CHAIR)
    came = replaced(chair)
    assert chair.person_id != came.person_id
    left = take_back_replacement(appointment=came, by=scope(make_officer(country.district)))
    assert (seat_of(chair).id, seat_of(chair).ends_on, left.end_act) == (left.id, None, "")
    assert came.ends_on == came.starts_on
    assert queries.find_seat_of(came.person_id) is None
    counting.settle()
    sitting = queries.list_members_on(country.precinct.id, clock.today())
    assert [appointment.person_id for appointment, _person in sitting] == [chair.person_id]
    said = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"commission:{country.precinct.id}")
    )
    assert "commissions.replacement_taken_back" in said.all()
    again = replaced(chair, newcomer())
    assert seat_held_by(again.person_id).id == again.id


def test_who_is_taken_back_keeps_neither_slip_nor_session(country: Country) -> None:
    now = clock.now()
    came = replaced(make_member(country.precinct))
    account = find_account_of(came.person_id) or open_account(person=came.person, by=SYSTEM)
    issue_code(account=account, expires_at=now + DAY, by=SYSTEM)
    open_session(account=account, address="192.0.2.1", user_agent="")
    take_back_replacement(appointment=came, by=SYSTEM)
    assert list_with_slip([account.id]) == set()
    assert not list_sessions(account.id)
    again = replaced(make_member(country.second_precinct), newcomer())
    officer = find_account_of(again.person_id) or open_account(person=again.person, by=SYSTEM)
    grant_role(account=officer, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    issue_code(account=officer, expires_at=now + DAY, by=SYSTEM)
    open_session(account=officer, address="192.0.2.1", user_agent="")
    take_back_replacement(appointment=again, by=SYSTEM)
    assert list_with_slip([officer.id]) == {officer.id}, "a role is theirs"
    assert len(list_sessions(officer.id)) == 1


def test_the_slip_of_whoever_leaves_opens_nothing_any_more(country: Country) -> None:
    """One who comes to another seat by the same news, and one who holds a role, keep theirs."""
    gone, moved, trainer = (make_member(country.precinct) for _turn in range(3))
    grant_role(account=trainer, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    for account in (gone, moved, trainer):
        issue_code(account=account, expires_at=clock.now() + DAY, by=SYSTEM)
    for number, account in enumerate((gone, moved, trainer)):
        act = Act(f"5{number}", clock.today())
        end_membership(appointment=seat_of(account), act=act, on=clock.today(), by=SYSTEM)
    seat(moved.person, country.second_precinct)
    db.session.commit()
    call_worker()
    everybody = [gone.id, moved.id, trainer.id]
    assert list_with_slip(everybody) == {moved.id, trainer.id}
    ended = select(AuditEntry.subject).where(AuditEntry.action == "accounts.slips_and_sessions_ended")
    assert db.session.scalars(ended).all() == [f"account:{gone.id}"]


def test_what_stands_against_taking_a_replacement_back_is_said(country: Country) -> None:
    member = make_member(country.precinct)
    with pytest.raises(Refused, match="Nobody was replaced"):
        take_back_replacement(appointment=seat_of(member), by=SYSTEM)
    came = replaced(member)
    with pytest.raises(Forbidden):
        take_back_replacement(appointment=came, by=scope(make_officer(country.sister_district)))
    seat(member.person, country.sister_precinct)
    with pytest.raises(Refused, match="sits in"):
        take_back_replacement(appointment=came, by=SYSTEM)
    gone = make_member(country.second_precinct)
    second = replaced(gone)
    end_membership(appointment=second, act=Act("44", clock.today()), on=clock.today(), by=SYSTEM)
    with pytest.raises(Refused, match="changed hands"):
        take_back_replacement(appointment=second, by=SYSTEM)


def test_nobody_comes_to_a_seat_or_leaves_it_before_the_commission_was_there(country: Country) -> None:
    began = clock.today() - LONG_AGO
    found_earlier(began)
    with pytest.raises(NotSeated, match="has been here since") as filled:
        fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(since=began - DAY), by=SYSTEM)
    assert (refusal(filled), filled.value.field) == (SeatFault.BEFORE_FOUNDED, "since")
    came = fill_seat(commission=country.precinct, coming=newcomer(), terms=terms(since=began), by=SYSTEM)
    came.starts_on = date(1900, 1, 1)  # as was possible once
    long_ago = date(1950, 1, 1)
    for change in (
        lambda: replace_member(leaving=came, coming=newcomer(), terms=terms(since=long_ago), by=SYSTEM),
        lambda: change_office(appointment=came, terms=terms(Office.CHAIR, since=long_ago), by=SYSTEM),
        lambda: end_membership(appointment=came, act=Act("9", long_ago), on=long_ago, by=SYSTEM),
    ):
        with pytest.raises(NotSeated, match="has been here since"):
            change()
    end_membership(appointment=came, act=Act("9", clock.today()), on=clock.today(), by=SYSTEM)


def test_nobody_comes_to_a_seat_before_they_are_old_enough(country: Country) -> None:
    long_ago = date(2003, 3, 1)
    found_earlier(date(1990, 1, 1))
    born = "850302"
    coming = newcomer(number=demo_number(1, born))
    with pytest.raises(NotSeated, match="only from 2 March 2003 on") as caught:
        fill_seat(commission=country.precinct, coming=coming, terms=terms(since=long_ago), by=SYSTEM)
    assert (refusal(caught), caught.value.field) == (SeatFault.TOO_YOUNG, "since")
    for place in (country.precinct, country.central):
        with pytest.raises(NotSeated, match="only from 2 March 2003 on"):
            fill_seat(commission=place, coming=coming, terms=terms(since=date(1999, 1, 1)), by=SYSTEM)
    fill_seat(commission=country.central, coming=coming, terms=terms(since=long_ago + DAY), by=SYSTEM)
    of_no_century = newcomer(number=demo_number(2, born)[:6] + "0" + demo_number(2, born)[7:])
    fill_seat(commission=country.precinct, coming=of_no_century, terms=terms(since=long_ago), by=SYSTEM)


def test_from_which_age_on_is_the_countrys_rule(app: Flask) -> None:
    country = make_country(own_file=(FILES / "kz.yaml").read_text(encoding="utf-8") + "\nleast_age: 21\n")
    found_earlier(date(1990, 1, 1))
    coming = newcomer(number=demo_number(1, "850302"))
    with pytest.raises(NotSeated, match="only from 2 March 2006 on"):
        fill_seat(commission=country.precinct, coming=coming, terms=terms(since=date(2006, 3, 1)), by=SYSTEM)
