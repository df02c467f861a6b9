"""Pages of workshops: what each kind of person gets, and each refusal."""

from __future__ import annotations

import io
import re
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import text

from lms.campaigns.queries import get_open_campaign
from lms.certificates.actions import note_printed
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.web.languages import day_and_time
from lms.learning.actions import enrol
from lms.learning.models import LateStart
from lms.workshops import listing
from lms.workshops.actions import cancel_workshop, give_seat
from lms.workshops.attendance import record_attendance
from lms.workshops.models import Workshop
from tests.conftest import Client
from tests.factories.commissions import (
    make_account,
    make_member,
    make_officer,
    make_person,
    precinct,
    scope,
    seat,
    sign_in_as,
)
from tests.factories.curriculum import make_course
from tests.factories.progress import do
from tests.factories.workshops import ZONE, Setting, here, make_setting, make_workshop, make_workshop_today
from tests.faults.unrecorded import FAIL


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course, a trainer."""
    return make_setting()


def sent(setting: Setting, **changes: Any) -> dict[str, Any]:
    """What the form sends."""
    day = clock.today("Asia/Aqtau") + timedelta(days=3)
    return {
        "course": setting.version.course_id,
        "trainer": setting.trainer.person_id,
        "day": day.isoformat(),
        "starts": "15:00",
        "ends": "17:00",
        "time_zone": "Asia/Aqtau",
        "place": "School No. 3",
        "link": "",
        "seats": "25",
        "language": "ru",
        "commissions": [setting.country.precinct.id],
        **changes,
    }


def test_a_trainer_schedules_on_the_page(setting: Setting, client: Client) -> None:
    sign_in_as(client, setting.trainer)
    assert "PEC No. 17" in client.get("/en/workshops/new").text
    response = client.post("/en/workshops/new", data=sent(setting))
    assert response.status_code == 302
    page = client.get(response.headers["Location"]).text
    assert "School No. 3" in page
    assert "15:00–17:00" in page
    assert "School No. 3" in client.get("/en/workshops").text
    assert "No workshop has been held" in client.get("/en/workshops?when=past").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": ""}, "Choose the day."),
        ({"day": "30.02.2026"}, "This is no date."),
        ({"starts": "25:00"}, "This is no time."),
        ({"seats": "many"}, "This is no number."),
        ({"seats": ""}, "Type how many seats"),
        ({"place": " ", "link": " "}, "Say where it takes place"),
        ({"commissions": []}, "Tick at least one"),
        ({"commissions": ["999999"]}, "not in your branch"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    setting: Setting, client: Client, changes: dict[str, Any], words: str
) -> None:
    sign_in_as(client, setting.trainer)
    response = client.post("/en/workshops/new", data=sent(setting, **{"words": "kept words", **changes}))
    assert response.status_code == 422
    assert words in response.text
    assert "kept words" in response.text
    assert db.session.query(Workshop).count() == 0


def test_commissions_are_chosen_area_by_area_and_ticks_stay(setting: Setting, client: Client) -> None:
    country = setting.country
    for number in range(30, 36):
        precinct(country.sister_district, number)
    sign_in_as(client, make_officer(country.region))
    page = client.post("/en/workshops/new", data=sent(setting, day="", look="1", area=str(country.sister_district.id)))
    assert page.status_code == 200
    assert "Choose the day." not in page.text
    assert "Chosen elsewhere" in page.text
    assert f'value="{country.precinct.id}" checked' in page.text
    assert "PEC No. 35" in page.text
    narrowed = client.post(
        "/en/workshops/new", data=sent(setting, look="1", area=str(country.region.id), words="35")
    ).text
    assert "PEC No. 35" in narrowed
    assert "PEC No. 34" not in narrowed
    ticked = client.post("/en/workshops/new", data=sent(setting, tick="1", area=str(country.sister_district.id))).text
    assert ticked.count(" checked") == 1 + 8
    assert "9 commissions chosen" in ticked


def test_beside_a_commission_stands_who_waits_and_what_it_is_invited_to(setting: Setting, client: Client) -> None:
    country = setting.country
    trained, waiting = make_member(country.precinct), make_member(country.precinct, Office.CHAIR)
    enrol(
        [trained.person_id, waiting.person_id], campaign_id=get_open_campaign().id, course_id=setting.version.course_id
    )
    sign_in_as(client, setting.trainer)
    assert ">2 wait for a workshop</span>" in client.get("/en/workshops/new").text
    held = make_workshop_today(setting)
    record_attendance(workshop=held, marks=[here(trained), here(waiting, present=False)], by=scope(setting.trainer))
    to_come = make_workshop(setting)
    day = day_and_time(to_come.starts_at, ZONE)
    assert f">1 waits for a workshop · invited for {day}" in client.get("/en/workshops/new").text
    assert "invited for" not in client.get(f"/en/workshops/{to_come.id}/change").text


def test_who_waits_is_told_by_the_course_that_is_chosen(setting: Setting, client: Client) -> None:
    make_member(setting.country.precinct)
    make_course(id="short", workshop=False, title=dict.fromkeys(("kk", "ru", "en"), "A short one"))
    other = make_course(id="zz-other", level="territorial")
    sign_in_as(client, setting.trainer)
    page = client.get("/en/workshops/new").text
    assert "A short one" not in page, "a course without a workshop is not offered"
    assert ">1 waits for a workshop</span>" in page
    for course_id, told in ((setting.version.course_id, True), (other.course_id, False)):
        page = client.post("/en/workshops/new", data=sent(setting, course=course_id, look="1")).text
        assert (">1 waits for a workshop</span>" in page) == told


def test_who_is_asked_the_short_course_alone_waits_for_no_workshop(setting: Setting, client: Client) -> None:
    usual, late = make_member(setting.country.precinct), make_member(setting.country.precinct, Office.CHAIR)
    campaign_id = get_open_campaign().id
    make_course(id="short", workshop=False, late_days=7)
    enrol([usual.person_id, late.person_id], campaign_id=campaign_id, course_id=setting.version.course_id)
    db.session.add(LateStart(campaign_id=campaign_id, person_id=late.person_id, level="pec", since=clock.today()))
    db.session.flush()
    sign_in_as(client, setting.trainer)
    assert ">1 waits for a workshop</span>" in client.get("/en/workshops/new").text


@pytest.mark.parametrize(
    ("days", "asked", "done"),
    [(-1, "this day is past", "recorded as held"), (21, "this is election day", "is scheduled")],
)
def test_a_day_that_may_be_a_mistake_is_asked_about(
    setting: Setting, client: Client, days: int, asked: str, done: str
) -> None:
    sign_in_as(client, setting.trainer)
    day = (clock.today(ZONE) + timedelta(days=days)).isoformat()
    page = client.post("/en/workshops/new", data=sent(setting, day=day))
    assert page.status_code == 422
    assert asked in page.text
    assert db.session.query(Workshop).count() == 0
    (answer,) = re.findall(r'name="knowing" value="([^"]+)"', page.text)
    other = (clock.today(ZONE) - timedelta(days=2)).isoformat()
    assert "this day is past" in client.post("/en/workshops/new", data=sent(setting, day=other, knowing=answer)).text
    saved = client.post("/en/workshops/new", data=sent(setting, day=day, knowing=answer), follow_redirects=True)
    assert done in saved.text
    workshop = db.session.query(Workshop).one()
    changed = client.post(f"/en/workshops/{workshop.id}/change", data=sent(setting, day=day, place="Library"))
    assert changed.status_code == 302, "the day stays, so nothing is asked"
    again = client.post(f"/en/workshops/{workshop.id}/change", data=sent(setting, day=other))
    assert "this day is past" in again.text


def test_what_cannot_be_recorded_is_not_scheduled(setting: Setting, client: Client) -> None:
    sign_in_as(client, setting.trainer)
    for statement in FAIL[db.engine.dialect.name]:
        db.session.execute(text(statement))
    response = client.post("/en/workshops/new", data=sent(setting))
    assert response.status_code == 503
    assert "could not be recorded, so it was not done" in response.text
    assert db.session.query(Workshop).count() == 0


def test_a_workshop_is_changed_and_cancelled(setting: Setting, client: Client) -> None:
    workshop_id = make_workshop(setting).id
    sign_in_as(client, setting.trainer)
    assert "№ 3 мектеп" in client.get(f"/en/workshops/{workshop_id}/change").text
    response = client.post(f"/en/workshops/{workshop_id}/change", data=sent(setting, place="Library"))
    assert response.status_code == 302
    assert "Library" in client.get(f"/en/workshops/{workshop_id}").text
    client.post(f"/en/workshops/{workshop_id}/cancel")
    assert "cancelled" in client.get(f"/en/workshops/{workshop_id}").text
    again = client.post(f"/en/workshops/{workshop_id}/change", data=sent(setting))
    assert again.status_code == 422
    assert "was cancelled" in again.text


def test_each_person_gets_as_far_as_they_may(setting: Setting, client: Client) -> None:
    country = setting.country
    member = make_member(country.precinct, surname="Құпиянова")
    foreign_member = make_member(country.second_precinct)
    workshop_id = make_workshop_today(setting).id
    pages = ("", "/change", "/attendance", "/sign-in-sheet")
    expected = {
        setting.trainer: (200, 200, 200, 200),
        make_officer(country.district): (200, 200, 200, 200),
        make_officer(country.region): (200, 200, 200, 200),
        country.head: (200, 200, 200, 200),
        make_officer(country.central, Role.METHODOLOGIST): (200, 404, 404, 404),
        make_officer(country.district, Role.TRAINER): (200, 403, 403, 403),
        make_officer(country.sister_district, Role.TRAINER): (404, 404, 404, 404),
        make_officer(country.sister_district): (404, 404, 404, 404),
        make_officer(country.sister_region): (404, 404, 404, 404),
        member: (200, 404, 404, 404),
        foreign_member: (404, 404, 404, 404),
        None: (302, 302, 302, 302),
    }
    country.head.totp_encrypted = setting.trainer.totp_encrypted
    for account, statuses in expected.items():
        with client.session_transaction() as session:
            session.clear()
        if account is not None:
            sign_in_as(client, account)
        answers = [client.get(f"/en/workshops/{workshop_id}{page}") for page in pages]
        assert tuple(answer.status_code for answer in answers) == statuses
        if statuses[2] != 200 and account is not member:
            assert all("Құпиянова" not in answer.text for answer in answers)
        refused = client.post(f"/en/workshops/{workshop_id}/attendance/marks", json={"sent_at": "x", "marks": []})
        assert refused.status_code == {200: 422, 302: 401}.get(statuses[2], statuses[2])


def test_attendance_is_a_plain_form(setting: Setting, client: Client) -> None:
    members = [make_member(setting.country.precinct) for _one in range(3)]
    workshop_id = make_workshop_today(setting).id
    _back_date(members)
    sign_in_as(client, setting.trainer)
    page = client.get(f"/en/workshops/{workshop_id}/attendance").text
    assert page.count('class="presence"') == 3
    first, second, third = (member.person_id for member in members)
    address = f"/en/workshops/{workshop_id}/attendance"
    ticks = {
        f"person-{first}": "1",
        f"was-{first}": "",
        f"person-{second}": "0",
        f"was-{second}": "",
        f"was-{third}": "",
    }
    done = client.post(address, data=ticks, follow_redirects=True)
    assert "2 ticks are saved." in done.text
    assert _present(workshop_id) == {first: True, second: False}
    unchanged = client.post(address, data={f"person-{first}": "1", f"was-{first}": "1"}, follow_redirects=True)
    assert "Nothing was changed" in unchanged.text
    client.post(address, data={"all": "1"})
    assert _present(workshop_id) == {first: True, second: False, third: True}


def test_the_list_is_shown_before_it_opens_for_ticks(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop(setting)
    sign_in_as(client, setting.trainer)
    address = f"/en/workshops/{workshop.id}/attendance"
    for hours, listed, closed in ((13, False, True), (3, True, True), (0.2, True, False)):
        workshop.starts_at = clock.now() + timedelta(hours=hours)
        db.session.flush()
        page = client.get(address).text
        assert ('class="presence"' in page) is listed
        assert ("Attendance can be taken from" in page) is closed
        assert ("disabled data-closed" in page) is (listed and closed)
        refused = client.post(address, data={f"person-{member.person_id}": "1", f"was-{member.person_id}": ""})
        assert refused.status_code == (422 if closed else 302)
    assert _present(workshop.id) == {member.person_id: True}


def test_ticking_everyone_else_is_asked_first_without_scripts_too(setting: Setting, client: Client) -> None:
    members = [make_member(setting.country.precinct) for _one in range(3)]
    workshop_id = make_workshop_today(setting).id
    _back_date(members)
    sign_in_as(client, setting.trainer)
    page = client.get(f"/en/workshops/{workshop_id}/attendance").text
    before, asked = page.split('<details class="panel" data-everyone>')
    assert 'name="all"' not in before
    assert 'name="all"' in asked.split("</details>")[0]
    assert ">3</strong>" in asked.split("</details>")[0]


def test_a_tick_that_stays_says_where_to_go_on(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    do(member, "module:opening", "module:count", "test")
    workshop_id = make_workshop_today(setting).id
    sign_in_as(client, setting.trainer)
    address = f"/en/workshops/{workshop_id}/attendance"
    client.post(address, data={f"person-{member.person_id}": "1", f"was-{member.person_id}": ""})
    officer = make_officer(setting.country.district)
    note_printed(commission=setting.country.precinct, count=1, by=scope(officer))
    off = {f"person-{member.person_id}": "0", f"was-{member.person_id}": "1"}
    way = f"/en/commissions/{setting.country.district.id}"
    assert f"rests on it. If it is wrong, ask for the certificate to be withdrawn: {officer.person.full_name}" in (
        page := client.post(address, data=off, follow_redirects=True).text
    )
    assert f'<a href="{way}">' in page
    body = {
        "sent_at": clock.now().isoformat(),
        "marks": [{"person": member.person_id, "present": False, "at": clock.now().isoformat()}],
    }
    (told,) = client.post(f"{address}/marks", json=body).json["outcomes"]
    assert told["way"]["address"] == way
    sign_in_as(client, officer)
    (told,) = client.post(f"{address}/marks", json=body).json["outcomes"]
    assert told["way"]["address"].endswith("/withdraw")


def test_who_came_uninvited_is_not_counted_as_invited(setting: Setting, client: Client) -> None:
    make_member(setting.country.precinct)
    uninvited = make_member(setting.country.second_precinct)
    workshop = make_workshop_today(setting)
    seat = find_seat_of(uninvited.person_id)
    assert seat is not None
    record_attendance(workshop=workshop, marks=[here(uninvited)], by=scope(setting.trainer))
    sign_in_as(client, setting.trainer)
    page = client.get(f"/en/workshops/{workshop.id}").text
    assert "0 people invited" in page  # the member has sat there since today only
    assert "and 1 who was not on the list" in page
    sheet = PdfReader(io.BytesIO(client.get(f"/en/workshops/{workshop.id}/sign-in-sheet").data))
    assert "Всего приглашено: 0" in " ".join(sheet.pages[-1].extract_text().split())


def test_a_cancelled_workshop_is_not_one_to_come(setting: Setting, client: Client) -> None:
    cancelled = make_workshop(setting)
    make_workshop(setting, starts=time(18), ends=time(19))
    cancel_workshop(workshop=cancelled, by=scope(setting.trainer))
    sign_in_as(client, setting.trainer)
    page = client.get("/en/workshops").text
    assert "1 workshop to come" in page
    assert "cancelled" in page
    shown = client.get(f"/en/workshops/{cancelled.id}").text
    assert "can be taken from" not in shown
    assert "nobody can be ticked" in shown


def test_a_stale_page_does_not_undo_what_a_colleague_ticked(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    workshop_id = make_workshop_today(setting).id
    sign_in_as(client, setting.trainer)
    address = f"/en/workshops/{workshop_id}/attendance"
    client.post(address, data={f"person-{member.person_id}": "1", f"was-{member.person_id}": ""})
    client.post(address, data={f"person-{member.person_id}": "0", f"was-{member.person_id}": "0"})
    assert _present(workshop_id) == {member.person_id: True}


def test_ticks_kept_on_a_device_arrive_late(setting: Setting, client: Client) -> None:
    member, foreign = make_member(setting.country.precinct), make_member(setting.country.sister_precinct)
    workshop_id = make_workshop_today(setting).id
    sign_in_as(client, setting.trainer)
    now = clock.now()
    skew = timedelta(hours=7)  # the device's clock is far off

    def send(*marks: tuple[int, bool, timedelta]) -> Any:
        body = {
            "sent_at": (now + skew).isoformat().replace("+00:00", "Z"),
            "marks": [
                {"person": who, "present": here, "at": (now + skew - ago).isoformat()} for who, here, ago in marks
            ],
        }
        return client.post(f"/en/workshops/{workshop_id}/attendance/marks", json=body)

    hour = timedelta(hours=1)
    first = send((member.person_id, True, hour), (foreign.person_id, True, hour))
    told = {one["person"]: one for one in first.json["outcomes"]}
    assert told[member.person_id] == {
        "person": member.person_id,
        "present": True,
        "sentence": "",
        "note": "",
        "way": None,
    }
    assert first.json["list"] == {"here": [member.person_id], "away": [], "open": []}
    assert "does not belong" in told[foreign.person_id]["sentence"]
    older = send((member.person_id, False, 2 * hour))
    assert older.json["outcomes"][0]["present"] is True
    assert "That stays." in older.json["outcomes"][0]["note"]
    newer = send((member.person_id, False, hour / 2))
    assert newer.json["outcomes"][0]["present"] is False
    assert _present(workshop_id) == {member.person_id: False}


def _device(client: Client, workshop_id: int, *marks: dict[str, Any]) -> Any:
    """What the server answers to ticks of a device, made just now unless they say otherwise."""
    now = clock.now().isoformat()
    body = {"sent_at": now, "marks": [{"at": now, **mark} for mark in marks]}
    return client.post(f"/en/workshops/{workshop_id}/attendance/marks", json=body).json


def test_the_button_for_all_others_leaves_what_was_ticked_meanwhile(setting: Setting, client: Client) -> None:
    members = [make_member(setting.country.precinct) for _one in range(3)]
    workshop = make_workshop_today(setting)
    _back_date(members)
    first, second, third = (member.person_id for member in members)
    record_attendance(workshop=workshop, marks=[here(members[0], present=False)], by=scope(setting.trainer))
    sign_in_as(client, make_officer(setting.country.district))
    rest = [{"person": one, "present": True, "rest": True, "was": ""} for one in (first, second)]
    told = _device(client, workshop.id, *rest)
    kept, taken = told["outcomes"]
    assert (kept["present"], taken["present"]) == (False, True)
    assert "ticked as “Not here” meanwhile" in kept["note"]
    assert setting.trainer.person.full_name in kept["note"]
    assert "That stays." in kept["note"]
    assert taken["note"] == ""
    assert told["list"] == {"here": [second], "away": [first], "open": [third]}
    assert _present(workshop.id) == {first: False, second: True}


def test_a_tick_by_name_stands_over_the_button_for_all_others_whichever_comes_first(
    setting: Setting, client: Client
) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    person, sooner = member.person_id, (clock.now() - timedelta(minutes=20)).isoformat()
    sign_in_as(client, setting.trainer)
    _device(client, workshop.id, {"person": person, "present": True, "rest": True, "was": ""})
    late = _device(client, workshop.id, {"person": person, "present": False, "was": "", "at": sooner})
    assert "Your tick counts now" in late["outcomes"][0]["note"]
    assert _present(workshop.id) == {person: False}
    _device(client, workshop.id, {"person": person, "present": True, "rest": True, "was": ""})
    assert _present(workshop.id) == {person: False}


def test_a_tick_against_another_unseen_one_is_taken_and_says_so(setting: Setting, client: Client) -> None:
    members = [make_member(setting.country.precinct) for _one in range(2)]
    workshop = make_workshop_today(setting)
    _back_date(members)
    first, second = (member.person_id for member in members)
    record_attendance(workshop=workshop, marks=[here(one, present=False) for one in members], by=scope(setting.trainer))
    sign_in_as(client, make_officer(setting.country.district))
    told = _device(client, workshop.id, {"person": first, "present": True, "was": ""})
    assert told["outcomes"][0]["present"] is True
    assert f"({setting.trainer.person.full_name}, " in told["outcomes"][0]["note"]
    assert "ticked as “Not here”" in told["outcomes"][0]["note"]
    assert told["list"] == {"here": [first], "away": [second], "open": []}
    seen = _device(client, workshop.id, {"person": second, "present": True, "was": "0"})
    assert seen["outcomes"][0]["note"] == ""
    back = _device(client, workshop.id, {"person": first, "present": False, "was": "0"})
    assert "you yourself" in back["outcomes"][0]["note"]
    assert _present(workshop.id) == {first: False, second: True}
    page = client.post(
        f"/en/workshops/{workshop.id}/attendance",
        data={f"person-{first}": "1", f"was-{first}": ""},
        follow_redirects=True,
    ).text
    assert "your page did not show it yet" in page


def test_with_all_others_the_ticks_on_the_form_count_too(setting: Setting, client: Client) -> None:
    members = [make_member(setting.country.precinct) for _one in range(2)]
    workshop_id = make_workshop_today(setting).id
    _back_date(members)
    first, second = (member.person_id for member in members)
    sign_in_as(client, setting.trainer)
    ticks = {f"person-{first}": "0", f"was-{first}": "", f"was-{second}": "", "all": "1"}
    client.post(f"/en/workshops/{workshop_id}/attendance", data=ticks)
    assert _present(workshop_id) == {first: False, second: True}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"marks": []},
        {"sent_at": "2026-11-01T10:00:00", "marks": []},
        {"sent_at": "2026-11-01T10:00:00Z", "marks": [{"person": "x", "present": True, "at": "2026-11-01T10:00:00Z"}]},
        {"sent_at": "2026-11-01T10:00:00Z", "marks": [{"person": 1}]},
        {"sent_at": "2026-11-01T10:00:00Z", "marks": 5},
    ],
)
def test_unreadable_ticks_are_refused_with_a_sentence(setting: Setting, client: Client, body: Any) -> None:
    workshop_id = make_workshop_today(setting).id
    sign_in_as(client, setting.trainer)
    response = client.post(f"/en/workshops/{workshop_id}/attendance/marks", json=body)
    assert response.status_code == 422
    assert "could not be read" in response.json["sentence"]


def test_ticks_need_their_token(setting: Setting, strict_client: Client) -> None:
    workshop_id = make_workshop_today(setting).id
    sign_in_as(strict_client, setting.trainer)
    assert strict_client.post(f"/en/workshops/{workshop_id}/attendance/marks", json={}).status_code == 400
    assert strict_client.post(f"/en/workshops/{workshop_id}/cancel").status_code == 400


def test_someone_who_came_uninvited_is_found_and_ticked(setting: Setting, client: Client) -> None:
    make_member(setting.country.precinct)
    uninvited = make_member(setting.country.second_precinct, surname="Жақсылықова")
    workshop_id = make_workshop_today(setting).id
    sign_in_as(client, setting.trainer)
    address = f"/en/workshops/{workshop_id}/attendance"
    assert "Nobody of your branch has such a name" in client.get(f"{address}?find=Сид").text
    assert "Жақсылықова" in client.get(f"{address}?find=жақ").text
    client.post(address, data={f"person-{uninvited.person_id}": "1", f"was-{uninvited.person_id}": ""})
    assert _present(workshop_id) == {uninvited.person_id: True}


def test_guests_and_those_who_came_besides_are_counted_apart(setting: Setting, client: Client) -> None:
    country = setting.country
    yesterday = clock.today(ZONE) - timedelta(days=1)
    invited, besides = (make_account(make_person()) for _ in range(2))
    guest = make_account(make_person(surname="Қонақова"))
    seat(invited.person, country.precinct, since=yesterday)
    for account in (besides, guest):
        seat(account.person, country.second_precinct, since=yesterday)
    workshop = make_workshop(setting, day=clock.today(ZONE) + timedelta(days=1))
    give_seat(workshop=workshop, person=guest.person, by=scope(setting.trainer))
    now = clock.now()
    workshop.starts_at, workshop.ends_at = now - timedelta(hours=2), now - timedelta(hours=1)
    record_attendance(
        workshop=workshop, marks=[here(invited), here(guest, present=False), here(besides)], by=scope(setting.trainer)
    )
    sign_in_as(client, setting.trainer)
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/en/workshops/{workshop.id}").text).split())
    assert "30 · 1 person invited, 1 with a seat of their own" in page
    assert f"Seats of their own {guest.person.full_name} PEC No. 18" in page
    assert "1 of 2 people, and 1 who was not on the list" in page
    page = client.get(f"/en/workshops/{workshop.id}/attendance?find=nobody").text
    assert 'Not here: <strong class="num" data-count="away">1' in page
    assert "blank line of the sign-in sheet" in page


def test_the_sheet_has_a_line_for_everyone_and_some_more(setting: Setting, client: Client) -> None:
    for number in range(40):
        make_member(setting.country.precinct, surname=f"Тегі{number:02d}")
    workshop_id = make_workshop(setting, seats=60).id
    sign_in_as(client, setting.trainer)
    response = client.get(f"/en/workshops/{workshop_id}/sign-in-sheet")
    assert response.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(response.data))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 1
    assert all("Фамилия" in page for page in pages[:-1])
    assert all(f"{n} / {len(pages)}" in page for n, page in enumerate(pages, start=1))
    text = "\n".join(pages)
    assert all(f"Тегі{number:02d}" in text for number in range(40))
    assert "•••• •••• " in text
    assert "UTC+05:00" in text
    assert "DEMO" in text
    box = reader.pages[0].mediabox
    assert box.width > box.height


def test_the_calendar_address_is_made_shown_and_renewed(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    sign_in_as(client, member)
    assert "Make my calendar address" in client.get("/en/calendar").text
    client.post("/en/calendar/renew")
    address = _address(client)
    assert client.get(address).status_code == 200
    client.post("/en/calendar/renew")
    assert client.get(address).status_code == 404
    assert client.get(_address(client)).status_code == 200


def _address(client: Client) -> str:
    page: str = client.get("/en/calendar").text
    return page.split('value="http://localhost')[1].split('"')[0]


def _present(workshop_id: int) -> dict[int, bool]:
    return {person: row.present for person, row in listing.list_attendance(workshop_id).items()}


def _back_date(members: list[Any]) -> None:
    """Have these people hold their seats for a month, so that they are expected yesterday."""
    for member in members:
        seat = find_seat_of(member.person_id)
        assert seat is not None
        seat.starts_on -= timedelta(days=30)
    db.session.flush()
