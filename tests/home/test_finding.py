"""Search: people in any spelling, commissions, workshops, courses; within the branch, and while somebody types."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.commissions.actions import create_commission, grant_role, revoke_role
from lms.commissions.models import Appointment, Commission
from lms.commissions.names import constituency_names
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.reshaping import rename_commission
from lms.commissions.rules import Level, Role, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.home import finding, finding_places
from lms.people.actions import NewPerson, add_people, correct_person
from lms.people.models import PersonKey
from tests.commissions.test_leave_back import leave
from tests.conftest import Client
from tests.factories.commissions import (
    Country,
    found_earlier,
    give_phone,
    make_account,
    make_country,
    make_member,
    make_officer,
    make_person,
    seat,
    sign_in_as,
)
from tests.factories.curriculum import make_course
from tests.factories.seats import replaced, seat_of
from tests.home.test_views import make_workshop


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade with a course that everyone must take."""
    country = make_country()
    make_course()
    return country


def surnames(account: Account, typed: str) -> list[str]:
    """Who is found by whom."""
    db.session.flush()
    return [person.surname for person, _place in finding.search(scope_of(account), typed).people]


@pytest.mark.parametrize(
    "typed",
    [
        "Серікова", "серикова", "SERIKOVA", "Serikova", "Сериковa", "сер", "Айгүл Серікова", "aigul serik",
        "Серикова Маратқызы", "Маратк Серикова", "Серкова", "Сeрикава", "Сериоква",
    ],
)  # fmt: skip
def test_a_person_is_found_in_any_spelling_and_order(country: Country, typed: str) -> None:
    make_member(country.precinct)
    make_member(country.precinct, surname="Ким", given_name="Олег", patronymic="")
    assert surnames(make_officer(country.district), typed) == ["Серікова"]


@pytest.mark.parametrize("typed", ["с", "Сирякова", "икова", "Ким Айгүл", "Серікова Олег", "%", "_ер", "999999"])
def test_what_is_no_beginning_finds_nobody(country: Country, typed: str) -> None:
    make_member(country.precinct)
    make_member(country.precinct, surname="Ким", given_name="Олег", patronymic="")
    assert surnames(make_officer(country.district), typed) == []


def test_a_precinct_that_is_not_there_is_told(country: Country, client: Client) -> None:
    sign_in_as(client, make_officer(country.district))
    for typed, told in (("УИК 4040", True), ("Жоқбаева", False)):
        page = client.post("/en/search", data={"q": typed}, follow_redirects=True).text
        assert ("There is no precinct No. 4040 in your branch" in page) is told
    calls = f"/en/desk/{country.district.id}/calls?precinct="
    assert "There is no precinct No. 4040 in this branch" in client.get(calls + "4040").text
    assert "There is no precinct" not in client.get(calls + str(country.precinct.number)).text


def test_who_has_no_seat_is_found_by_those_who_may_read_the_record(country: Country, client: Client) -> None:
    gone = make_member(country.precinct, surname="Кеткенова")
    replaced(gone)
    assert surnames(make_officer(country.district), "кеткен") == []
    for typed in ("кеткен", "Kетkенова", "Кетконова"):
        former = finding.search(scope_of(make_officer(country.district)), typed).former
        assert [(one.id, place.id) for one, place in former] == [(gone.person_id, country.precinct.id)], typed
    for stranger in (make_officer(country.sister_district), make_officer(country.district, Role.TRAINER)):
        assert not finding.search(scope_of(stranger), "кеткен").former
    sign_in_as(client, make_officer(country.district))
    page = client.post("/en/search", data={"q": "кеткен"}, follow_redirects=True).text
    assert "no seat now" in page
    assert f"/en/people/{gone.person_id}/seats" in page
    seat(gone.person, country.second_precinct)
    assert not finding.search(scope_of(make_officer(country.district)), "кеткен").former


def test_holders_of_a_role_without_a_seat_are_found_by_those_who_look_after_or_audit_them(country: Country) -> None:
    holder = make_officer(country.district)
    correct_person(person=holder.person, fields={"surname": "Рөлова", "phone": "+77014449182"}, by=SYSTEM)
    holder.person.number_last4 = "7788"
    words = ("рөлова", "rolov", "Рөлава", "9182", "7788", holder.login)
    for reader in (country.head, make_officer(country.region), make_officer(country.region, Role.AUDITOR)):
        for typed in words:
            found = finding.search(scope_of(reader), typed)
            assert [(one.id, place.id) for one, place in found.people] == [(holder.person_id, country.district.id)], (
                typed
            )
    for stranger in (
        make_officer(country.sister_district),
        make_officer(country.sister_region, Role.AUDITOR),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.central, Role.METHODOLOGIST),
    ):
        for typed in words:
            assert "Рөлова" not in surnames(stranger, typed), typed


def test_whose_role_is_over_is_found_among_those_without_a_seat(country: Country) -> None:
    holder = make_account(make_person("Рөлова", "Сауле", ""))
    grant_role(account=holder, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    revoke_role(account=holder, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    auditor = make_officer(country.region, Role.AUDITOR)
    for reader in (country.head, make_officer(country.region), auditor):
        for typed in ("рөлова", "rolov", "Рөлава", holder.login):
            found = finding.search(scope_of(reader), typed)
            assert [(one.id, place.id) for one, place in found.former] == [(holder.person_id, country.district.id)]
            assert found.people == []
    for stranger in (
        make_officer(country.sister_district),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.central, Role.METHODOLOGIST),
    ):
        assert not finding.search(scope_of(stranger), "рөлова").former


def test_who_left_a_seat_and_holds_a_role_is_found_once(country: Country) -> None:
    gone = make_member(country.precinct, surname="Кеткенова")
    replaced(gone)
    grant_role(account=gone, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    found = finding.search(scope_of(make_officer(country.district)), "кеткен")
    assert [(one.id, place.id) for one, place in found.people] == [(gone.person_id, country.district.id)]
    assert found.former == []


def test_members_and_holders_stand_in_one_list_by_name(country: Country) -> None:
    make_member(country.precinct, surname="Ортасов")
    for surname in ("Ортабев", "Ортаев"):
        holder = make_officer(country.district, Role.TRAINER)
        correct_person(person=holder.person, fields={"surname": surname}, by=SYSTEM)
    assert surnames(make_officer(country.district), "орта") == ["Ортабев", "Ортаев", "Ортасов"]


def test_who_is_spelled_exactly_so_comes_without_those_nearly_so(country: Country) -> None:
    make_member(country.precinct, surname="Оспанов")
    make_member(country.precinct, surname="Осканов")
    officer = make_officer(country.district)
    assert surnames(officer, "оспан") == ["Оспанов"]
    assert surnames(officer, "осман") == ["Осканов", "Оспанов"]


def test_digits_find_phones_logins_and_the_end_of_the_identity_number(country: Country) -> None:
    first, second = make_member(country.precinct, surname="Бірінші"), make_member(country.precinct, surname="Екінші")
    first.person.number_last4, second.person.number_last4 = "7788", "1122"
    give_phone(first, "+77014449182")
    officer = make_officer(country.district)
    for typed in ("+7 701 444 91 82", "8 701 444 91 82", "9182", "44491", "+7701444", "7788", first.login):
        assert surnames(officer, typed) == ["Бірінші"], typed
    assert surnames(officer, "1122") == ["Екінші"]


def test_keys_follow_the_person(country: Country) -> None:
    member = make_member(country.precinct, surname="Бұрынғы")
    officer = make_officer(country.district)
    give_phone(member, "+77010000001")
    correct_person(person=member.person, fields={"surname": "Жаңа", "phone": "+77010000002"}, by=SYSTEM)
    assert surnames(officer, "жана") == ["Жаңа"]
    assert surnames(officer, "0000002") == ["Жаңа"]
    assert surnames(officer, "бурынгы") == []
    assert surnames(officer, "0000001") == []
    assert surnames(officer, "айгул") == ["Жаңа"]
    correct_person(person=member.person, fields={"surname": "Айгүл"}, by=SYSTEM)  # one key for two names
    correct_person(person=member.person, fields={"surname": "Жаңа"}, by=SYSTEM)
    assert surnames(officer, "айгул") == ["Жаңа"]


def test_people_added_in_bulk_can_be_found(app: Flask) -> None:
    (one,) = add_people(
        people=[NewPerson("010101500006", "Қалиева-Сейітова", "Айгүл", phone="+77012345678")], by=SYSTEM
    )
    keys = set(db.session.scalars(select(PersonKey.key).where(PersonKey.person_id == one)))
    assert keys == {"kalieva", "seitova", "aigul", "18765432107", "27012345678", "32345678"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("17", ["P17"]), ("УИК № 17", ["P17"]), ("№ 17 УСК", ["P17"]), ("PEC No. 17", ["P17"]), ("17 Beineu", ["P17"]),
        ("бейнеу", ["D"]), ("Beineu", ["D"]), ("17 Aktau", []), ("19", []), ("Aktau", []), ("Mangystau", []),
    ],
)  # fmt: skip
def test_commissions_are_found_by_number_and_name(country: Country, typed: str, codes: list[str]) -> None:
    known = {"P17": country.precinct.code, "D": country.district.code}
    found = finding.search(scope_of(make_officer(country.district)), typed)
    assert [one.code for one in found.commissions] == [known[code] for code in codes]


def test_a_commission_is_found_by_its_code(country: Country) -> None:
    code = country.precinct.code.lower()
    assert [one.id for one in finding.search(scope_of(country.head), code).commissions] == [country.precinct.id]


@pytest.mark.parametrize("typed", ["{code}", "КZ-18-01-Р17", "кz-18-01-р17", "КЗ–18–01–P17", " KZ-18-01-P17 "])
def test_letters_that_look_alike_do_not_matter_in_a_code(country: Country, typed: str) -> None:
    country.precinct.code = "KZ-18-01-P17"
    make_member(country.precinct, surname="Русланов")
    make_member(country.precinct, surname="Крылов")
    found = finding.search(scope_of(country.head), typed.format(code=country.precinct.code))
    assert [one.id for one in found.commissions] == [country.precinct.id]
    assert not any((found.people, found.workshops, found.courses))


@pytest.fixture
def abroad(country: Country) -> Commission:
    """A precinct abroad with names of its own, straight under the central commission."""
    names = {"kk": "Нью-Йорктегі УСК", "ru": "УИК в Нью-Йорке", "en": "New York"}
    return create_commission(
        parent=country.central, level=Level.PEC, territory=Territory.PRECINCT_ABROAD, number=903, names=names, seats=7,
        since=clock.today(), by=SYSTEM,
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["New York", "york", "Нью-Йорк", "нью йорк", "903", "УИК 903", "A903", "а903", "P903", "York 903"],
)
def test_a_precinct_abroad_is_found_by_each_of_its_names(country: Country, abroad: Commission, typed: str) -> None:
    found = finding.search(scope_of(country.head), typed)
    assert [one.id for one in found.commissions] == [abroad.id]
    assert not finding.search(scope_of(make_officer(country.region)), typed).commissions


def test_a_precinct_with_a_name_of_its_own_is_found_by_it_and_others_by_no_common_word(country: Country) -> None:
    rename_commission(
        commission=country.precinct,
        names={"kk": "«Арман» шипажайы", "ru": "Санаторий «Мечта»", "en": "Dream sanatorium"},
        by=SYSTEM,
    )
    for typed in ("мечта", "арман", "dream", "17 мечта"):
        found = finding.search(scope_of(country.head), typed).commissions
        assert [one.id for one in found] == [country.precinct.id], typed
    for typed in ("уик", "УСК", "pec", "pe", "uи"):
        assert not finding.search(scope_of(country.head), typed).commissions, typed


@pytest.mark.parametrize("typed", ["ConEC No. 1", "ОИК № 1", "№ 1 ОкСК", "C01", "С1", "окружная 1", "ОИК 1"])
def test_a_constituency_is_found_by_its_number(country: Country, client: Client, typed: str) -> None:
    made = create_commission(
        parent=country.central, level=Level.CONSTITUENCY, territory=Territory.CONSTITUENCY, number=1,
        names=constituency_names(1), seats=7, since=clock.today(), by=SYSTEM,
    )  # fmt: skip
    found = finding.search(scope_of(country.head), typed).commissions
    assert [one.id for one in found] == [made.id]
    sign_in_as(client, make_officer(country.region))
    page = client.post("/en/search", data={"q": typed}, follow_redirects=True).text
    assert "There is no precinct" not in page


def test_workshops_are_found_by_place_trainer_and_day(country: Country) -> None:
    make_member(country.precinct)
    trainer = make_officer(country.district, Role.TRAINER)
    trainer.person.surname = "Тренерова"
    starts_at = clock.now() + timedelta(days=3)
    workshop = make_workshop(country.precinct, trainer, starts_at, country.district)
    day = clock.today() + timedelta(days=3)
    officer, stranger = make_officer(country.district), make_officer(country.sister_district)
    days = (f"{day.day}.{day.month}.{day.year}", f"School {day.isoformat()}")
    for typed in ("school", "SCHOOL No", "тренер", *days, "семинар", "семинары", "Workshop", "семинар тренер"):
        db.session.flush()
        assert [one.id for one in finding.search(scope_of(officer), typed).workshops] == [workshop.id], typed
        assert finding.search(scope_of(stranger), typed).workshops == [], typed
    assert finding.search(scope_of(officer), "01.01.2020").workshops == []


def test_a_day_in_words_is_no_precinct(country: Country) -> None:
    make_member(country.precinct)
    trainer = make_officer(country.district, Role.TRAINER)
    starts_at = clock.now() + timedelta(days=3)
    workshop = make_workshop(country.precinct, trainer, starts_at, country.district)
    workshop.place = "Beineu school"
    db.session.flush()
    country.precinct.number = starts_at.astimezone(clock.zone()).day
    local = starts_at.astimezone(clock.zone())
    months = (
        ("қаңтар", "января"), ("ақпан", "февраля"), ("наурыз", "марта"), ("сәуір", "апреля"), ("мамыр", "мая"),
        ("маусым", "июня"), ("шілде", "июля"), ("тамыз", "августа"), ("қыркүйек", "сентября"), ("қазан", "октября"),
        ("қараша", "ноября"), ("желтоқсан", "декабря"),
    )  # fmt: skip
    kazakh, russian = months[local.month - 1]
    for typed in (f"{local.day} {russian}", f"{local.day} {kazakh}", f"{local:%d %B}", f"{local.day} {russian} Beineu"):
        found = finding.search(scope_of(make_officer(country.district)), typed)
        assert [one.id for one in found.workshops] == [workshop.id], typed
        assert found.commissions == [], typed
        assert finding_places.precinct_typed(typed) is None


def test_a_workshop_is_found_by_its_number(country: Country) -> None:
    make_member(country.precinct)
    trainer = make_officer(country.district, Role.TRAINER)
    first, second = (
        make_workshop(country.precinct, trainer, clock.now() + timedelta(days=3 + n), country.district)
        for n in range(2)
    )
    scope = scope_of(make_officer(country.district))
    for typed in ("{}", "№ {}", "№{}", "семинар {}", "семинар № {}", "Семинара {}", "workshop No. {}", "{} семинары"):
        found = finding.search(scope, typed.format(first.id)).workshops
        assert [one.id for one in found] == [first.id], typed
    for typed in ("семинар", "workshops", "семинары"):
        assert [one.id for one in finding.search(scope, typed).workshops] == [second.id, first.id], typed
    assert finding.search(scope, f"УИК {first.id}").workshops == []
    assert finding.search(scope_of(make_officer(country.sister_district)), str(first.id)).workshops == []
    assert finding_places.precinct_typed(f"семинар {first.id}") is None


def test_surnames_come_before_patronymics(country: Country) -> None:
    for n in range(8):
        make_member(country.precinct, surname=f"Абаев{'абвгдежз'[n]}", given_name="Айгүл", patronymic="Серікқызы")
    make_member(country.precinct, surname="Серикова", given_name="Яна", patronymic="Олеговна")
    officer = make_officer(country.district)
    few = finding.search(scope_of(officer), "серик", most=finding.WHILE_TYPING).people
    assert few[0][0].surname == "Серикова"
    assert len(few) == finding.WHILE_TYPING
    assert surnames(officer, "серик")[0] == "Серикова"
    assert surnames(officer, "яна серик") == ["Серикова"]


def test_the_last_commission_is_the_one_where_the_seat_stood(country: Country) -> None:
    gone = make_member(country.second_precinct, surname="Кеткенова")
    held = seat_of(gone)
    held.starts_on -= timedelta(days=30)
    replaced(gone)
    seat(gone.person, country.precinct)
    again = seat_of(gone)
    again.ends_on = again.starts_on
    db.session.flush()
    former = finding.search(scope_of(make_officer(country.district)), "кеткен").former
    assert [place.id for _one, place in former] == [country.second_precinct.id]


def test_the_last_commission_is_the_one_left_last_also_when_it_was_held_for_a_moment(country: Country) -> None:
    gone = make_member(country.precinct, surname="Кеткенова")
    leave(seat_of(gone))
    seat(gone.person, country.second_precinct)
    leave(seat_of(gone), "14")
    former = finding.search(scope_of(make_officer(country.district)), "кеткен").former
    assert [place.id for _one, place in former] == [country.second_precinct.id]
    first = db.session.scalars(select(Appointment).where(Appointment.person_id == gone.person_id)).first()
    assert first is not None
    found_earlier(clock.today() - timedelta(days=9))
    first.starts_on -= timedelta(days=9)
    db.session.flush()
    former = finding.search(scope_of(make_officer(country.district)), "кеткен").former
    assert [place.id for _one, place in former] == [country.second_precinct.id]


def test_the_words_stay_when_the_language_is_changed(country: Country, client: Client) -> None:
    make_member(country.precinct)
    sign_in_as(client, make_officer(country.district))
    client.post("/en/search", data={"q": "serik"})
    for language in ("kk", "ru", "en"):
        page = client.get(f"/{language}/search").text
        assert 'value="serik"' in page
        assert "Серікова" in page
    refused = client.post("/en/search", data={"q": "010101500006"})
    assert refused.status_code == 422


def test_courses_are_found_by_their_title(country: Country) -> None:
    title = next(text.title for text in finding.search(scope_of(country.head), "course").courses[0].texts)
    assert title


def test_foreign_people_are_never_found(country: Country, client: Client) -> None:
    member = make_member(country.precinct, surname="Құпиянова")
    give_phone(member, "+77014449182")
    member.person.number_last4 = "7788"
    words = ("Құпиянова", "kupian", "Купиянава", member.login, "+77014449182", "9182", "44491", "7788", "17", "Айгүл")
    for outsider in (make_officer(country.sister_district), make_officer(country.sister_region, Role.TRAINER)):
        for typed in words:
            assert "Құпиянова" not in surnames(outsider, typed), typed
        sign_in_as(client, outsider)
        for typed in words:
            answer = client.post("/en/search/typing", data={"q": typed})
            assert answer.status_code == 200
            assert "Құпиянова" not in answer.text, typed
            assert country.precinct.code not in answer.text, typed
    sign_in_as(client, make_officer(country.district))
    assert "Құпиянова" in client.post("/en/search/typing", data={"q": "Kupiyan"}).text


def test_options_while_typing_lead_to_what_they_name(country: Country, client: Client) -> None:
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.district))
    page = client.post("/en/search/typing", data={"q": "serik"}).text
    assert f'role="option" aria-selected="false" data-to="/en/people/{member.person_id}"' in page
    assert f'data-to="/en/commissions/{country.precinct.id}"' in client.post("/en/search/typing", data={"q": "17"}).text
    assert client.post("/en/search/typing", data={"q": "0101 0150 0006"}).text.strip() == ""
    assert client.post("/en/search/typing", data={}).text.strip() == ""
    sign_in_as(client, member)
    assert client.post("/en/search/typing", data={"q": "serik"}).status_code == 404


def test_the_box_stands_on_every_page_of_those_who_watch(country: Country, client: Client) -> None:
    member = make_member(country.precinct)
    for role in (Role.TRAINER, Role.REPORTING_OFFICER, Role.AUDITOR):
        sign_in_as(client, make_officer(country.district, role))
        for address in ("/en/", "/en/account", f"/en/commissions/{country.district.id}"):
            page = client.get(address).text
            assert 'role="search" data-typing="/en/search/typing"' in page, role
            assert "find.js" in page
    sign_in_as(client, member)
    page = client.get("/en/").text
    assert "search/typing" not in page
    assert "find.js" not in page


def test_typing_needs_the_token_of_the_form(country: Country, strict_client: Client) -> None:
    sign_in_as(strict_client, make_officer(country.district))
    assert strict_client.post("/en/search/typing", data={"q": "serik"}).status_code == 400
