"""The officer's desk: what waits, whom to call page by page, calls noted, letters; and nobody of another branch."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.accounts.actions import keep_code
from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import not_ended
from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import NewAppointment, appoint, end_appointments, grant_role
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.rules import Level, Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.web.languages import day
from lms.home import waiting
from lms.home.actions import note_contact
from lms.home.calls import ON_ONE_PAGE, Asked, CallList
from lms.home.desk import desk_of
from lms.home.letters import draw_letters
from lms.home.models import ContactAttempt, DeskUnit
from lms.home.rules import Outcome, Want
from lms.home.tasks import count_waiting
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.workshops.models import Attendance
from tests.conftest import Client
from tests.factories.commissions import (
    Country,
    give_phone,
    make_country,
    make_member,
    make_officer,
    make_person,
    precinct,
    seat,
    sign_in_as,
)
from tests.factories.curriculum import make_course
from tests.factories.progress import do, finish
from tests.home.test_views import READ, make_attempt, make_workshop, text_of

LONG_AGO = timedelta(days=9)


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade with a course that everyone must take."""
    country = make_country()
    make_course()
    return country


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    """The officer of the district, signed in."""
    account = make_officer(country.district)
    sign_in_as(client, account)
    return account


def listed(country: Country, officer: Account, want: Want, **asked: object) -> CallList:
    """A call list of the district."""
    db.session.flush()
    campaign = get_open_campaign()
    scope = scope_of(officer)
    chosen = Asked(country.district, campaign.id, want, clock.today("Asia/Almaty"), **asked)  # type: ignore[arg-type]
    return CallList(scope, chosen, desk_of(scope, country.district, campaign.id))


def names(call_list: CallList) -> list[str]:
    """Surnames of everyone on a list, in order."""
    return [member.surname for member in call_list.all(10_000)]


def long_enrolled(account: Account) -> Enrolment:
    """Enrolled more than a week ago."""
    enrolment = do(account)
    enrolment.started_at = None
    enrolment.enrolled_at = clock.now() - LONG_AGO
    return enrolment


def make_everybody(country: Country) -> None:
    """One member for each list."""
    never = make_member(country.precinct, surname="Ешқашан")
    never.password_hash = None
    slip = make_member(country.precinct, surname="Парақша")
    slip.password_hash = None
    keep_code(account=slip, code="code", expires_at=clock.now() + LONG_AGO)
    long_enrolled(make_member(country.precinct, surname="Кешіккен"))
    do(make_member(country.precinct, surname="Тоқтаған"), READ[0], at=clock.now() - LONG_AGO)
    do(make_member(country.precinct, surname="Жүріпжатқан"), READ[0])
    make_attempt(do(make_member(country.precinct, surname="Құлаған"), *READ))
    used = do(make_member(country.second_precinct, surname="Таусылған"), *READ)
    for number in range(1, 4):
        make_attempt(used, number=number)
    missed = make_member(country.second_precinct, surname="Келмеген")
    came = make_member(country.second_precinct, surname="Келген")
    do(came, "workshop")
    do(missed, *READ, "test")
    trainer = make_officer(country.district, Role.TRAINER)
    workshop = make_workshop(country.second_precinct, trainer, clock.now() - timedelta(days=2), country.district)
    db.session.add(
        Attendance(
            workshop_id=workshop.id, person_id=came.person_id, present=True, category="pec",
            commission_id=country.second_precinct.id, recorded_by_id=None, recorded_at=clock.now(),
        )
    )  # fmt: skip
    finish(make_member(country.second_precinct, surname="Бітірген"))
    db.session.execute(update(Appointment).values(starts_on=clock.today() - LONG_AGO))
    for account in db.session.scalars(select(Account).where(Account.password_hash.is_not(None))):
        give_phone(account, f"+7701{account.id:07d}")


EXPECTED = {
    Want.MISSING: {
        "Ешқашан", "Парақша", "Кешіккен", "Тоқтаған", "Жүріпжатқан", "Құлаған", "Таусылған", "Келмеген", "Келген",
    },
    Want.NEVER: {"Ешқашан", "Парақша"},
    Want.WITHOUT_SLIP: {"Ешқашан"},
    Want.NOT_BEGUN: {"Ешқашан", "Парақша", "Кешіккен"},
    Want.LATE: {"Кешіккен"},
    Want.QUIET: {"Тоқтаған"},
    Want.FAILED: {"Құлаған"},
    Want.USED_UP: {"Таусылған"},
    Want.MISSED: {"Таусылған", "Келмеген"},
    Want.NO_PHONE: {"Ешқашан", "Парақша"},
}  # fmt: skip


def test_nobody_missed_a_workshop_that_was_held_before_they_came(app: Flask, country: Country) -> None:
    make_everybody(country)
    officer = make_officer(country.district)
    newcomer = select(Person.id).where(Person.surname == "Келмеген")
    db.session.execute(update(Appointment).where(Appointment.person_id.in_(newcomer)).values(starts_on=clock.today()))
    assert names(listed(country, officer, Want.MISSED)) == ["Таусылған"]


@pytest.mark.parametrize("want", list(Want))
def test_each_list_holds_those_it_speaks_of(country: Country, officer: Account, want: Want) -> None:
    make_everybody(country)
    found = listed(country, officer, want)
    assert set(names(found)) == EXPECTED[want]
    assert found.desk.count(want) == len(EXPECTED[want])
    assert found.desk.vacant == 3 * 7 - 10


def test_above_the_district_the_slower_figures_are_those_the_worker_kept(country: Country, officer: Account) -> None:
    make_everybody(country)
    campaign = get_open_campaign()
    scope = scope_of(make_officer(country.region))
    live = desk_of(scope, country.region, campaign.id)
    assert live.as_of is None
    db.session.commit()
    count_waiting()
    assert db.session.scalar(select(DeskUnit.vacant).where(DeskUnit.commission_id == country.district.id)) == 11
    kept = desk_of(scope, country.region, campaign.id)
    assert kept.as_of is not None
    assert {want: kept.count(want) for want in Want} == {want: live.count(want) for want in Want}
    assert {want: live.count(want) for want in Want} == {want: len(who) for want, who in EXPECTED.items()}
    assert not waiting.is_due(campaign.id)
    db.session.commit()
    count_waiting()  # nothing to do yet
    assert desk_of(scope, country.region, campaign.id).as_of == kept.as_of


def test_the_desk_says_what_waits_and_leads_there(country: Country, officer: Account, client: Client) -> None:
    make_everybody(country)
    page = text_of(client, f"/en/desk/{country.district.id}")
    for words in (
        "9 people to call",
        "2 people have never signed in.",
        "1 of them has no slip.",
        "1 person has begun and done nothing for 5 days.",
        "1 person did not pass the test and may try again.",
        "1 person has no attempt left.",
        "2 people missed a workshop.",
        "11 seats are free.",
    ):
        assert words in page, words
    assert client.get("/en/desk").headers["Location"] == f"/en/desk/{country.district.id}"
    shown = client.get(f"/en/desk/{country.district.id}/calls?what=used-up").text
    assert "Таусылған" in shown
    assert "Тоқтаған" not in shown
    assert 'href="tel:+7701' in shown
    assert "PEC No. 18" in shown
    only = client.get(f"/en/desk/{country.district.id}/calls?precinct=17").text
    assert "Құлаған" in only
    assert "Таусылған" not in only


def test_the_desk_of_a_precinct_says_what_waits_in_it(country: Country, officer: Account, client: Client) -> None:
    make_everybody(country)
    page = text_of(client, f"/en/desk/{country.precinct.id}")
    for words in (
        "6 people to call",
        "2 people who have not finished have no phone.",
        "1 of them has no slip.",
        "1 person was enrolled over 7 days ago and has not begun.",
        "1 seat is free.",
    ):
        assert words in page, words
    assert "Парақша" in client.get(f"/en/desk/{country.precinct.id}/calls?what=no-phone").text
    assert "Letters for 2 people" in text_of(client, f"/en/desk/{country.precinct.id}/letters")


def test_the_territories_of_a_desk_leave_nobody_out(country: Country, client: Client) -> None:
    make_member(country.precinct)
    make_member(country.region, surname="Облыстық")
    abroad = precinct(country.region, 904)
    for surname in ("Шетелдік", "Алыстағы"):
        make_member(abroad, surname=surname)
    sign_in_as(client, make_officer(country.region))
    page = client.get(f"/en/desk/{country.region.id}").text
    own = f"/en/desk/{country.region.id}/calls?own=1"
    assert re.findall(r'<td><a href="([^"]+)">.*?<td class="r">(\d+)</td>', page) == [
        (own, "3"),
        (f"/en/desk/{country.district.id}", "1"),
    ]
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    page = client.get(f"/en/desk/{country.central.id}").text
    rows = re.findall(r'<td><a href="([^"]+)">(.*?)</a>.*?<td class="r">(\d+)</td>', page)
    assert rows == [
        (own, "Mangystau region · Its own seats and precincts", "3"),
        (f"/en/desk/{country.district.id}", "Beineu district", "1"),
    ]
    listed = client.get(own).text
    assert "3 people have not finished" in listed
    for surname in ("Облыстық", "Шетелдік", "Алыстағы"):
        assert surname in listed
    assert "Серікова" not in listed
    assert "own=1" in re.findall(r'href="([^"]*/calls/print[^"]*)"', listed)[0]


def test_a_list_of_own_people_is_read_page_by_page(
    country: Country, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.home.calls.ON_ONE_PAGE", 1)
    for surname in ("Біріншіев", "Екіншіев"):
        make_member(country.region, surname=surname)
    make_member(country.precinct)
    sign_in_as(client, make_officer(country.region))
    page = client.get(f"/en/desk/{country.region.id}/calls?own=1").text
    (on,) = re.findall(r'rel="next" href="([^"]+)"', page)
    second = client.get(on.replace("&amp;", "&")).text
    assert "Екіншіев" in second
    assert 'rel="next"' not in second


def test_what_was_counted_before_is_told_from_what_is_so_now(
    country: Country, officer: Account, client: Client
) -> None:
    make_everybody(country)
    db.session.commit()
    count_waiting()
    sign_in_as(client, make_officer(country.region))
    page = text_of(client, f"/en/desk/{country.region.id}")
    assert re.search(
        r"Counted at [\d:]{8}: who has no phone or no slip, who is stuck or overdue, and free seats\. "
        r"The other figures are half a minute old at most\.",
        page,
    )
    listed = f"/en/desk/{country.region.id}/calls?what="
    assert re.search(r"Counted at [\d:]{8}\.", text_of(client, listed + "no-phone"))
    assert "Counted at" not in text_of(client, listed + "never")


def test_who_comes_or_goes_is_counted_at_once_above_too(country: Country, officer: Account, client: Client) -> None:
    make_everybody(country)
    db.session.commit()
    count_waiting()
    db.session.commit()
    scope, campaign = scope_of(make_officer(country.region)), get_open_campaign()
    before = desk_of(scope, country.region, campaign.id)
    leaving = db.session.scalars(select(Appointment).join(Person).where(Person.surname == "Парақша")).one()
    end_appointments(appointments=[leaving], on=clock.today(), by=SYSTEM)
    db.session.commit()
    after = desk_of(scope, country.region, campaign.id)
    assert after.as_of == before.as_of
    assert after.vacant == before.vacant + 1
    assert after.count(Want.NO_PHONE) == before.count(Want.NO_PHONE) - 1
    seat(make_person("Келгенов"), country.precinct)
    db.session.commit()
    again = desk_of(scope, country.region, campaign.id)
    assert again.vacant == before.vacant
    assert again.count(Want.NO_PHONE) == before.count(Want.NO_PHONE)
    assert again.count(Want.WITHOUT_SLIP) == before.count(Want.WITHOUT_SLIP) + 1


def test_a_change_of_many_territories_waits_for_the_worker(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    make_everybody(country)
    db.session.commit()
    count_waiting()
    monkeypatch.setattr("lms.home.waiting.MOST_AT_ONCE", 0)
    seat(make_person("Келгенов"), country.precinct)
    db.session.commit()
    assert db.session.scalar(select(DeskUnit.vacant).where(DeskUnit.commission_id == country.district.id)) == 11


def test_an_empty_branch_has_a_desk_too(country: Country, officer: Account, client: Client) -> None:
    base = f"/en/desk/{country.district.id}"
    assert "Nobody has to learn here yet" in text_of(client, base)
    assert "Nobody on this list waits for a call today." in text_of(client, f"{base}/calls")
    assert "Nobody on this list waits for a call today." in text_of(client, f"{base}/calls/print")
    assert "Everyone who has not finished has a phone" in text_of(client, f"{base}/letters")
    assert client.post(f"{base}/letters").status_code == 422
    get_open_campaign().state = "archived"
    assert "No election is called now" in text_of(client, base)


def fill(country: Country, precincts: int) -> None:
    """So many more precincts of the district with five members each."""
    for number in range(precincts):
        where = precinct(country.district, 100 + number)
        for _ in range(5):
            make_member(where, surname=f"Адам{number:02d}")


@pytest.mark.parametrize("want", [Want.MISSING, Want.NO_PHONE])
def test_a_long_list_is_read_page_by_page_both_ways(country: Country, officer: Account, want: Want) -> None:
    fill(country, 25)
    found = listed(country, officer, want)
    everyone = [member.person_id for member in found.all(1000)]
    assert len(everyone) == 125
    pages = [found.page_from(None)]
    while pages[-1].next:
        pages.append(found.page_from(pages[-1].next))
    assert [len(page.people) for page in pages] == [ON_ONE_PAGE, ON_ONE_PAGE, 25]
    assert [member.person_id for page in pages for member in page.people] == everyone
    assert pages[0].previous is None
    back = [found.page_before(None)]
    while back[-1].previous:
        back.append(found.page_before(back[-1].previous))
    assert [member.person_id for page in back[::-1] for member in page.people] == everyone


def test_a_page_begins_where_it_was_though_people_left_the_list(
    country: Country, officer: Account, client: Client
) -> None:
    fill(country, 12)
    first = listed(country, officer, Want.MISSING).page_from(None)
    for member in first.people[:3]:
        client.post(f"/en/people/{member.person_id}/contact", data={"outcome": "reached"})
    found = listed(country, officer, Want.MISSING)
    again = found.page_from(None)
    assert [one.person_id for one in again.people[:47]] == [one.person_id for one in first.people[3:]]
    assert again.next is not None
    assert len(again.people) + len(found.page_from(again.next).people) == 57


def test_the_work_goes_on_at_the_next_person(country: Country, officer: Account, client: Client) -> None:
    for surname in ("Біріншіев", "Екіншіев"):
        make_member(country.precinct, surname=surname)
    base = f"/en/desk/{country.district.id}/calls"
    page = client.get(base).text
    first, second = re.findall(r'<li id="person-(\d+)">', page)
    assert re.findall(r'name="next" value="(\d+)"', page) == [second]
    told = {"outcome": "no_answer", "branch": country.district.id, "next": second}
    after = f"{base}?noted={first}&at={second}#person-{second}"
    assert client.post(f"/en/people/{first}/contact", data=told).location == after
    assert f'name="next" value="{second}"' in client.post(f"/en/people/{first}/contact", data={"next": second}).text


def test_what_was_noted_is_said_where_the_work_goes_on_and_taken_back_there(
    country: Country, officer: Account, client: Client
) -> None:
    for surname in ("Біріншіев", "Екіншіев"):
        make_member(country.precinct, surname=surname)
    base = f"/en/desk/{country.district.id}/calls"
    first, second = re.findall(r'<li id="person-(\d+)">', client.get(base).text)
    said = "Біріншіев Айгүл Маратқызы: reached. On the list again:"

    def note(person: str, **data: object) -> str:
        told = {"outcome": "reached", "branch": country.district.id, **data}
        return client.get(client.post(f"/en/people/{person}/contact", data=told).location).text

    page = note(first, next=second)
    assert page.index(f'<li id="person-{second}">') < page.index(said) < page.index("Екіншіев")
    assert page.count(said) == 1
    (form,) = re.findall(r'<div class="notice done mb-3" role="status">.*?</form>', page, re.DOTALL)
    assert f'action="/en/people/{first}/contact"' in form
    assert 'name="outcome" value="put_back"' in form
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', form))
    page = note(first, **{**sent, "outcome": "put_back"})
    assert page.index(f'<li id="person-{first}">') < page.index("Біріншіев Айгүл Маратқызы is on the list again.")
    assert 'value="put_back"' not in page
    page = note(second)  # the last one on the page: the sentence stands on top
    assert page.index("</h1>") < page.index("Екіншіев Айгүл Маратқызы: reached") < page.index("<ul")
    assert 'name="outcome" value="put_back"' in page


def test_what_somebody_else_noted_is_told_to_nobody(country: Country, officer: Account, client: Client) -> None:
    foreign = make_member(country.sister_precinct, surname="Бөтенов")
    other = make_officer(country.sister_district)
    held = db.session.scalars(select(Appointment).where(Appointment.person_id == foreign.person_id)).one()
    note_contact(seat=held, campaign_id=get_open_campaign().id, outcome=Outcome.REACHED, by=scope_of(other))
    for noted in (foreign.person_id, 999999, "x"):
        answer = client.get(f"/en/desk/{country.district.id}/calls?noted={noted}")
        assert answer.status_code == 200
        assert "Бөтенов" not in answer.text


def test_a_call_that_was_noted_meanwhile_is_said_and_both_are_kept(
    country: Country, officer: Account, client: Client
) -> None:
    member = make_member(country.precinct, surname="Айтылған")
    address, today = f"/en/people/{member.person_id}/contact", clock.today(country.district.time_zone)
    page = client.get(f"/en/desk/{country.district.id}/calls").text
    assert re.findall(r'name="last" value="(\d+)"', page) == ["0"]
    held = db.session.scalars(select(Appointment).where(Appointment.person_id == member.person_id)).one()
    other = make_officer(country.region)
    other.person.surname = "Басқаев"
    campaign, friday = get_open_campaign().id, today + timedelta(days=4)
    note_contact(
        seat=held, campaign_id=campaign, outcome=Outcome.REACHED, try_on=friday, note="on Friday", by=scope_of(other)
    )
    answer = client.post(address, data={"outcome": "no_answer", "note": "rings", "last": "0"})
    assert "since=0" in answer.location
    page = text_of(client, answer.location)
    assert "no answer. On the list again" in page
    assert "Since your page was shown, this was noted too:" in page
    assert "on Friday" in page
    assert "Басқаев" in page
    made = db.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id)).all()
    assert [(one.outcome, one.note) for one in made] == [("reached", "on Friday"), ("no_answer", "rings")]
    answer = client.post(address, data={"outcome": "reached", "last": str(made[-1].id)})
    assert "since" not in answer.location, "who has seen it is told nothing"
    answer = client.post(address, data={"outcome": "reached", "last": str(made[-1].id)})
    assert "you, in another window" in text_of(client, answer.location)
    foreign = make_member(country.sister_precinct, surname="Бөтенов")
    assert (
        "Since your page" not in client.get(answer.location.replace(str(member.person_id), str(foreign.person_id))).text
    )


def test_a_mark_that_was_not_seen_is_not_taken_back_unasked(country: Country, officer: Account, client: Client) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    page = client.get(client.post(address, data={"outcome": "no_answer"}).location).text
    first = db.session.scalars(select(ContactAttempt.id)).one()
    assert f'name="last" value="{first}"' in page, "beside the button that puts back"
    held = db.session.scalars(select(Appointment).where(Appointment.person_id == member.person_id)).one()
    other = make_officer(country.region)
    campaign = get_open_campaign().id
    note_contact(seat=held, campaign_id=campaign, outcome=Outcome.REACHED, note="promised", by=scope_of(other))
    told = {"outcome": "put_back", "note": "mistake", "last": str(first)}
    answer = client.post(address, data=told)
    assert answer.status_code == 422
    assert "Since your page was shown" in answer.text
    assert 'value="mistake"' in answer.text, "what was typed stays"
    assert len(db.session.scalars(select(ContactAttempt)).all()) == 2
    (last,) = re.findall(r'name="last" value="(\d+)"', answer.text)
    assert client.post(address, data={**told, "last": last}).status_code == 302
    assert [one.outcome for one in db.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id))] == [
        "no_answer",
        "reached",
        "put_back",
    ]


def test_putting_back_twice_says_that_they_are_on_the_list_already(
    country: Country, officer: Account, client: Client
) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    client.post(address, data={"outcome": "no_answer"})
    first = str(db.session.scalars(select(ContactAttempt.id)).one())
    told = {"outcome": "put_back", "last": first, "branch": str(country.district.id)}
    for _tab in range(2):
        answer = client.post(address, data=told)
        assert answer.status_code == 302
    assert f"/desk/{country.district.id}/calls" in answer.location
    assert "#" not in answer.location, "the sentence stands at the head of the page"
    page = text_of(client, answer.location)
    assert f"{member.person.full_name} is on the list again already." in page
    assert page.count("is on the list again") == 1
    assert [one.outcome for one in db.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id))] == [
        "no_answer",
        "put_back",
    ]
    client.post(address, data={**told, "note": "promised"})
    assert db.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id.desc())).first().note == "promised"


@pytest.mark.parametrize("days", [0, 1, 20])
def test_nobody_is_put_off_until_after_election_day(
    country: Country, officer: Account, client: Client, days: int
) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    election = get_open_campaign().election_on = clock.today(country.district.time_zone) + timedelta(days=5)
    wanted = election + timedelta(days=days)
    answer = client.post(address, data={"outcome": "no_answer", "try_on": str(wanted), "note": "rings"})
    assert answer.status_code == 422
    assert f"Election day is {day(election)}" in answer.text
    assert f'value="{wanted}"' in answer.text
    assert 'value="rings"' in answer.text
    assert db.session.scalars(select(ContactAttempt)).all() == []
    eve = election - timedelta(days=1)
    assert client.post(address, data={"outcome": "no_answer", "try_on": str(eve)}).status_code == 302
    assert db.session.scalars(select(ContactAttempt.until)).one() == eve


def test_on_the_eve_no_day_is_proposed_that_would_be_refused(
    country: Country, officer: Account, client: Client
) -> None:
    member = make_member(country.precinct)
    today = clock.today(country.district.time_zone)
    for days, proposed in ((2, str(today + timedelta(days=1))), (1, "")):
        get_open_campaign().election_on = today + timedelta(days=days)
        db.session.flush()
        page = client.get(f"/en/desk/{country.district.id}/calls").text
        assert re.findall(r'name="try_on" min="[\d-]+" value="([\d-]*)"', page) == [proposed]
    assert client.post(f"/en/people/{member.person_id}/contact", data={"outcome": "reached"}).status_code == 302


def test_own_people_stay_own_people_after_a_call(country: Country, client: Client) -> None:
    make_member(country.region)
    sign_in_as(client, make_officer(country.region))
    page = client.get(f"/en/desk/{country.region.id}/calls?own=1").text
    assert '<input type="hidden" name="own" value="1">' in re.findall(r'<form method="post".*?</form>', page, re.S)[-1]
    (person,) = re.findall(r'<li id="person-(\d+)">', page)
    told = {"outcome": "reached", "branch": country.region.id, "own": "1"}
    assert "own=1" in client.post(f"/en/people/{person}/contact", data=told).location


def test_who_was_reached_is_off_the_list_until_tomorrow(country: Country, officer: Account, client: Client) -> None:
    member = make_member(country.precinct, surname="Айтылған")
    other = make_member(country.precinct, surname="Басқа")
    base = f"/en/desk/{country.district.id}/calls"
    answer = client.post(
        f"/en/people/{member.person_id}/contact",
        data={"outcome": "reached", "note": "will learn tonight", "branch": country.district.id, "what": "not-begun"},
    )
    assert answer.headers["Location"] == f"{base}?what=not-begun&noted={member.person_id}"
    assert "Айтылған Айгүл Маратқызы: reached." in text_of(client, answer.location)
    page = text_of(client, base)
    assert "Басқа" in page
    assert "Айтылған" not in page
    assert "will learn tonight" in text_of(client, f"{base}?called=1")
    assert "1 person was called" in text_of(client, f"/en/desk/{country.district.id}")
    made = db.session.scalars(select(ContactAttempt)).one()
    today = clock.today(country.district.time_zone)
    assert (made.until, made.by_id, made.commission_id) == (
        today + timedelta(days=1), officer.id, country.precinct.id,
    )  # fmt: skip
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "home.contact_noted")).one()
    assert (entry.subject, entry.details) == (f"person:{member.person_id}", {"outcome": "reached"})
    made.until = today  # tomorrow has come
    assert "Айтылған" in text_of(client, base)
    answer = client.post(f"/en/people/{other.person_id}/contact", data={"outcome": "no_answer"})
    assert "no answer. On the list again" in text_of(client, answer.location)
    assert "Басқа" not in text_of(client, base)
    client.post(f"/en/people/{other.person_id}/contact", data={"outcome": "put_back"})
    assert "Басқа" in text_of(client, base)


def test_who_did_not_answer_comes_back_on_the_day_that_was_chosen(
    country: Country, officer: Account, client: Client
) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    today = clock.today(country.district.time_zone)
    for bad in (today - timedelta(days=1), today + timedelta(days=31), "tomorrow"):
        answer = client.post(address, data={"outcome": "no_answer", "try_on": str(bad), "note": "rings"})
        assert answer.status_code == 422
        assert 'value="rings"' in answer.text
    assert client.post(address, data={"note": "x"}).status_code == 422
    assert client.post(address, data={"outcome": "no_answer", "note": "x" * 201}).status_code == 422
    assert db.session.scalars(select(ContactAttempt)).all() == []
    client.post(address, data={"outcome": "no_answer", "try_on": str(today + timedelta(days=3)), "note": "rings"})
    made = db.session.scalars(select(ContactAttempt)).one()
    assert (made.until, made.note) == (today + timedelta(days=3), "rings")
    assert "no answer, again on" in text_of(client, address)


def test_a_day_is_read_as_people_write_it_and_stays_when_it_is_refused(
    country: Country, officer: Account, client: Client
) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    today = clock.today(country.district.time_zone)
    for typed, shown, kind in (
        ("31.12.2099", "2099-12-31", "date"),
        ("31.13.2026", "31.13.2026", "text"),
        ("on Friday", "on Friday", "text"),
    ):
        page = client.post(address, data={"outcome": "no_answer", "try_on": typed}).text
        (field,) = re.findall(r'<input[^>]*name="try_on"[^>]*>', page)
        assert f'value="{shown}"' in field
        assert f'type="{kind}"' in field
    friday = today + timedelta(days=4)
    client.post(address, data={"outcome": "no_answer", "try_on": f"{friday:%d.%m.%Y} "})
    assert db.session.scalars(select(ContactAttempt.until)).one() == friday


def test_a_day_chosen_with_reached_counts(country: Country, officer: Account, client: Client) -> None:
    member = make_member(country.precinct)
    address = f"/en/people/{member.person_id}/contact"
    friday = clock.today(country.district.time_zone) + timedelta(days=4)
    client.post(address, data={"outcome": "reached", "try_on": str(friday), "note": "on Friday"})
    made = db.session.scalars(select(ContactAttempt)).one()
    assert (made.outcome, made.until, made.note) == ("reached", friday, "on Friday")
    assert "reached, again on" in text_of(client, address)
    assert client.post(address, data={"outcome": "reached", "try_on": "friday"}).status_code == 422


def test_the_headline_says_how_many_of_them_are_on_the_list(country: Country, officer: Account, client: Client) -> None:
    fill(country, 2)
    address = f"/en/desk/{country.district.id}/calls?what=never"
    for account in db.session.scalars(select(Account).where(Account.id != officer.id)):
        account.password_hash = None
    everyone = listed(country, officer, Want.NEVER).all(100)
    assert "on the list now" not in text_of(client, address)
    for member in everyone[:2]:
        client.post(f"/en/people/{member.person_id}/contact", data={"outcome": "reached"})
    page = client.get(address).text
    total, rows = len(everyone), page.count('name="note"')
    assert rows == total - 2
    assert f"{total} people have never signed in; of them on the list now: {rows}</h1>" in page
    finished = make_member(country.precinct)
    client.post(f"/en/people/{finished.person_id}/contact", data={"outcome": "reached"})
    assert f"on the list now: {rows}</h1>" in client.get(address).text


@pytest.mark.parametrize("narrowed", ["", "&precinct=17"])
def test_the_list_on_paper_says_who_was_put_off(
    country: Country, officer: Account, client: Client, narrowed: str
) -> None:
    members = [make_member(country.precinct, surname=surname) for surname in ("Біріншіев", "Екіншіев", "Үшіншіев")]
    address = f"/en/desk/{country.district.id}/calls/print?what=missing{narrowed}"
    assert "3 people have not finished</h1>" in client.get(address).text
    client.post(f"/en/people/{members[0].person_id}/contact", data={"outcome": "reached"})
    page = client.get(address).text
    assert "3 people have not finished; of them on the list now: 2</h1>" in page
    assert "1 person was called and comes back on the list later." in page
    assert "Біріншіев" not in page
    called = client.get(f"{address}&called=1").text
    assert "Called, on the list again later</h1>" in called
    assert "Біріншіев" in called


@pytest.mark.parametrize("page", ["calls", "calls/print", "letters"])
def test_what_is_no_precinct_number_is_said(country: Country, officer: Account, client: Client, page: str) -> None:
    make_everybody(country)
    answer = client.get(f"/en/desk/{country.district.id}/{page}?precinct=abc")
    assert answer.status_code == 200
    assert "“abc” is no precinct number" in answer.text
    assert ('value="abc"' in answer.text) == (page != "calls/print")
    if page == "letters":
        assert client.post(f"/en/desk/{country.district.id}/{page}", data={"precinct": "abc"}).status_code == 422


def test_letters_carry_a_slip_where_none_works(country: Country, officer: Account, client: Client) -> None:
    make_everybody(country)
    page = text_of(client, f"/en/desk/{country.district.id}/letters")
    assert "Letters for 2 people" in page
    answer = client.post(f"/en/desk/{country.district.id}/letters")
    assert answer.data.startswith(b"%PDF")
    entries = {entry.action: entry.details for entry in db.session.scalars(select(AuditEntry))}
    assert entries["accounts.slips_printed"] == {"count": 1}
    assert entries["home.letters_printed"] == {"count": 2}
    page = text_of(client, f"/en/desk/{country.district.id}/letters")
    assert "2 people have a code that was printed before" in page
    assert page.count("code printed") == 2
    before = {one.id for one in db.session.scalars(select(OneTimeCode).where(OneTimeCode.revoked_at.is_(None)))}
    client.post(f"/en/desk/{country.district.id}/letters")
    assert {one.id for one in db.session.scalars(select(OneTimeCode).where(*not_ended()))} == before
    client.post(f"/en/desk/{country.district.id}/letters", data={"codes": "new"})
    assert not before & {one.id for one in db.session.scalars(select(OneTimeCode).where(*not_ended()))}


def test_a_letter_names_no_office_of_a_plain_member(country: Country, officer: Account) -> None:
    make_member(country.precinct, Office.CHAIR, surname="Төраға")
    make_member(country.precinct, surname="Мүше")
    people = listed(country, officer, Want.NO_PHONE).all(10)
    drawn, _slips = draw_letters(people, anew=False, by=scope_of(officer))
    assert {one.member.surname: one.said["ru"].office for one in drawn} == {"Төраға": "председатель", "Мүше": ""}


def test_letters_carry_no_code_of_whoever_is_stronger(country: Country, officer: Account, client: Client) -> None:
    """First seen to fail: an officer would have signed in as the other one of the same commission."""
    chief = make_officer(country.district)
    appoint(
        appointments=[NewAppointment(chief.person_id, country.district.id, Level.TEC, Office.CHAIR)],
        since=clock.today(),
        by=SYSTEM,
    )
    chief.password_hash = None
    for codes in ({}, {"codes": "new"}):
        answer = client.post(f"/en/desk/{country.district.id}/letters", data=codes)
        assert answer.data.startswith(b"%PDF")
    assert db.session.scalars(select(OneTimeCode).where(OneTimeCode.account_id == chief.id)).all() == []


def test_the_list_on_paper_is_cut_by_territory_when_it_is_long(
    country: Country, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member(country.precinct, surname="Бірінші")
    make_member(country.sister_precinct, surname="Екінші")
    sign_in_as(client, make_officer(country.region))
    address = f"/en/desk/{country.region.id}/calls/print"
    assert "Екінші" in client.get(address).text
    monkeypatch.setattr("lms.home.views_desk.MOST_PRINTED", 1)
    page = client.get(address).text
    assert "Екінші" not in page
    assert f"/en/desk/{country.sister_district.id}/calls/print?what=missing" in page
    monkeypatch.setattr("lms.home.letters.MOST_LETTERS", 1)
    page = client.get(f"/en/desk/{country.region.id}/letters").text
    assert f"/en/desk/{country.sister_district.id}/letters" in page


def test_a_long_list_on_paper_leaves_nobody_out(
    country: Country, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member(country.precinct, surname="Бірінші")
    make_member(country.region, surname="Облыстық")
    sign_in_as(client, make_officer(country.region))
    monkeypatch.setattr("lms.home.views_desk.MOST_PRINTED", 1)
    page = client.get(f"/en/desk/{country.region.id}/calls/print?what=missing").text
    own = f"/en/desk/{country.region.id}/calls/print?what=missing&amp;own=1"
    assert own in page
    listed = client.get(own.replace("&amp;", "&")).text
    assert "Облыстық" in listed
    assert "Бірінші" not in listed


@pytest.mark.parametrize("role", [None, Role.TRAINER])
def test_only_who_looks_after_a_branch_has_a_desk(country: Country, client: Client, role: Role | None) -> None:
    member = make_member(country.precinct, Office.CHAIR)
    sign_in_as(client, make_officer(country.district, role) if role else member)
    for address in ("desk", f"desk/{country.district.id}", f"desk/{country.district.id}/calls"):
        assert client.get(f"/en/{address}").status_code == 404
    assert client.post(f"/en/people/{member.person_id}/contact", data={"outcome": "reached"}).status_code == 404


def test_nobody_of_another_branch_is_listed_or_marked(country: Country, client: Client) -> None:
    member = make_member(country.precinct, surname="Бөтен")
    make_member(country.sister_precinct, surname="Өзіміздікі")
    outsider = make_officer(country.sister_district)
    grant_role(account=outsider, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    sign_in_as(client, outsider)
    assert client.get(f"/en/desk/{country.district.id}/calls").status_code == 404
    assert client.get(f"/en/desk/{country.region.id}").status_code == 404
    assert client.post(f"/en/people/{member.person_id}/contact", data={"outcome": "reached"}).status_code == 404
    page = client.get(f"/en/desk/{country.sister_district.id}/calls?from={country.precinct.id}-0").text
    assert "Өзіміздікі" in page
    assert "Бөтен" not in page
    assert "Бөтен" not in client.get(f"/en/desk/{country.sister_district.id}/calls?precinct=17").text


def test_who_holds_two_branches_chooses_one(country: Country, client: Client) -> None:
    officer = make_officer(country.district)
    grant_role(account=officer, role=Role.TERRITORIAL_OFFICER, commission=country.sister_region, by=SYSTEM)
    sign_in_as(client, officer)
    page = client.get("/en/desk").text
    assert re.findall(r'href="/en/desk/(\d+)"', page) == [
        str(one.id) for one in sorted((country.district, country.sister_region), key=lambda one: one.code)
    ]


def test_a_crowded_precinct_is_cut_within(country: Country, officer: Account) -> None:
    people = [make_person(surname=f"Көпшілік{number:03d}") for number in range(120)]
    seats = [NewAppointment(one.id, country.precinct.id, Level.PEC, Office.MEMBER) for one in people]
    appoint(appointments=seats, since=clock.today(), by=SYSTEM)
    found = listed(country, officer, Want.MISSING)
    pages = [found.page_from(None)]
    while pages[-1].next:
        pages.append(found.page_from(pages[-1].next))
    shown = [member.person_id for page in pages for member in page.people]
    assert shown == [one.id for one in people]
    back = found.page_before(pages[1].next)
    assert [member.person_id for member in back.people] == shown[50:100]
    assert str(back.previous) == f"{country.precinct.id}-50"


def test_a_long_menu_is_folded_on_a_phone(country: Country, client: Client) -> None:
    sign_in_as(client, make_officer(country.district))
    page = client.get("/en/account").text
    assert page.count('<details class="menu-fold">') == 1
    assert page.count('href="/en/desk"') == 2
    sign_in_as(client, make_member(country.precinct))
    page = client.get("/en/account").text
    assert "menu-fold" not in page
    assert "wide-only" not in page
