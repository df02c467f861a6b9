"""Pages of rooms and of the test that is taken in one: what each kind of person gets, and each refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import Account, SignInWindow
from lms.accounts.rules import TRIES_PER_LOGIN
from lms.assessment.actions import submit_attempt
from lms.assessment.models import Attempt
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.home.own_data import gather
from lms.learning.models import Enrolment
from lms.sittings import actions
from lms.sittings.models import Sitting, SittingAttempt, SittingRemark
from tests.conftest import Client
from tests.factories.assessment import answer_all, let_time_pass, make_learner
from tests.factories.commissions import make_member, make_officer, scope, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.sittings import begin, make_room
from tests.factories.workshops import Setting, make_setting, make_workshop_today

ROOM = "/en/courses/small/test/room"
TEST = "/en/courses/small/test"
Learner = tuple[Account, Enrolment]


@pytest.fixture
def learner(setting: Setting, client: Client) -> Learner:
    """A member who has read everything, signed in."""
    made = make_learner(setting.country.precinct, setting.version)
    sign_in_as(client, made[0])
    return made


@pytest.fixture
def room(setting: Setting) -> Sitting:
    """A room that is open."""
    return make_room(setting)


def address(sitting: Sitting, part: str = "") -> str:
    """A page of the room."""
    return f"/en/sittings/{sitting.id}{part}"


def attempts() -> list[Attempt]:
    """Every attempt there is."""
    return list(db.session.scalars(select(Attempt)))


def test_the_test_page_asks_for_the_code(learner: Learner, client: Client) -> None:
    page = client.get(TEST).text
    assert "The test begins in the room" in page
    assert 'label for="room-code">Code of the room<' in page
    assert "a code is shown there. Type it on the page of the test." in page
    assert "Begin the test</button>" not in page
    refused = client.post(TEST)
    assert refused.status_code == 422
    assert attempts() == []


def test_the_right_code_begins_the_test(learner: Learner, room: Sitting, client: Client) -> None:
    typed = f" {room.code[:3].lower()}  {room.code[3:]} ".translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ"))
    answer = client.post(ROOM, data={"code": typed})
    (attempt,) = attempts()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/attempts/{attempt.id}/questions/1")
    assert db.session.scalars(select(SittingAttempt.sitting_id)).all() == [room.id]
    assert "Go on with the test" in client.get(TEST).text
    assert "Code of the room" not in client.get(TEST).text


def test_pressed_again_it_goes_on(learner: Learner, room: Sitting, client: Client) -> None:
    first = client.post(ROOM, data={"code": room.code})
    again = client.post(ROOM, data={"code": room.code})
    assert again.headers["Location"] == first.headers["Location"]
    assert len(attempts()) == 1


def test_a_code_that_begins_nothing_stays_typed_with_the_reason(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    sister = make_officer(setting.country.sister_district, Role.TRAINER)
    closed = make_room(setting, place="No. 5")
    actions.close_sitting(sitting=closed, by=scope(setting.trainer))
    cases = {
        "ab-12": "No room has this code.",
        closed.code: "The test in this room is over",
        make_room(setting, course_id=make_course(id="other").course_id).code: "another test is taken",
        make_room(setting, by=sister, commission_id=setting.country.sister_district.id).code: "for other commissions",
        "": "Type the code that is shown in the room.",
    }
    for typed, words in cases.items():
        answer = client.post(ROOM, data={"code": typed})
        assert answer.status_code == 422, typed
        assert words in answer.text
        assert f'value="{typed}"' in answer.text
        assert 'aria-describedby="room-code-wrong room-code-hint" aria-invalid="true"' in answer.text
    assert attempts() == []


def test_codes_cannot_be_guessed(learner: Learner, room: Sitting, client: Client) -> None:
    for _ in range(TRIES_PER_LOGIN):
        assert "No room has this code." in client.post(ROOM, data={"code": "AAAAAA"}).text
    refused = client.post(ROOM, data={"code": room.code})
    assert refused.status_code == 422
    assert "Too many tries." in refused.text
    assert attempts() == []


def test_a_neighbour_is_not_locked_out_by_wrong_tries(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    for _ in range(TRIES_PER_LOGIN + 1):
        client.post(ROOM, data={"code": "AAAAAA"})
    neighbour = make_learner(setting.country.precinct, setting.version)
    sign_in_as(client, neighbour[0])
    assert client.post(ROOM, data={"code": room.code}).status_code == 302


def test_a_right_code_clears_the_tries(learner: Learner, room: Sitting, client: Client) -> None:
    client.post(ROOM, data={"code": "AAAAAA"})
    assert db.session.scalars(select(SignInWindow.tries)).all() == [1]
    client.post(ROOM, data={"code": room.code})
    assert db.session.scalars(select(SignInWindow.tries)).all() == []


def test_a_refusal_for_another_reason_leaves_nothing_half_done(setting: Setting, room: Sitting, client: Client) -> None:
    sign_in_as(client, make_member(setting.country.precinct))
    assert client.post(ROOM, data={"code": room.code}).status_code == 422
    assert (attempts(), db.session.scalars(select(SittingAttempt)).all()) == ([], [])


def test_the_page_again_in_another_language(learner: Learner, client: Client) -> None:
    assert client.get("/ru/courses/small/test/room").headers["Location"] == "/ru/courses/small/test"


def test_strangers_and_others_have_no_such_page(setting: Setting, client: Client) -> None:
    assert "/sign-in" in client.get(ROOM).headers["Location"]
    sign_in_as(client, setting.trainer)
    assert client.get(ROOM).status_code == 404


def test_where_a_test_may_be_taken_anywhere_the_code_is_offered_while_a_room_is_open(
    app: object, client: Client
) -> None:
    setting = make_setting()
    sign_in_as(client, make_learner(setting.country.precinct, setting.version)[0])
    assert "Code of the room" not in client.get(TEST).text
    sister = make_officer(setting.country.sister_district, Role.TRAINER)
    make_room(setting, by=sister, commission_id=setting.country.sister_district.id)
    assert "Code of the room" not in client.get(TEST).text
    make_room(setting)
    page = client.get(TEST).text
    assert "Begin the test without a room</button>" in page
    assert "If you sit in a room where somebody supervises this test" in page
    assert page.index("Begin with this code") < page.index("Begin the test without a room"), (
        "what is meant stands first"
    )


def test_a_trainer_opens_a_room(setting: Setting, client: Client) -> None:
    sign_in_as(client, setting.trainer)
    assert "No room has been opened yet." in client.get("/en/sittings").text
    page = client.get("/en/sittings/new").text
    assert "Beineu district" in page
    sent = {"course": setting.version.course_id, "commission": setting.country.district.id, "hours": 2}
    refused = client.post("/en/sittings/new", data={**sent, "place": ""})
    assert refused.status_code == 422
    assert "Say where it is" in refused.text
    answer = client.post("/en/sittings/new", data={**sent, "place": "School No. 3"})
    made = db.session.scalars(select(Sitting)).one()
    assert answer.headers["Location"] == f"/en/sittings/{made.id}"
    assert made.closes_at - made.opened_at == timedelta(hours=2)
    page = client.get(answer.headers["Location"]).text
    assert f"{made.code[:3]}-{made.code[3:]}" in page
    assert "Nobody has begun in this room yet." in page
    assert "School No. 3" in client.get("/en/sittings").text


def test_what_was_typed_stays_when_a_room_is_refused(setting: Setting, client: Client) -> None:
    sign_in_as(client, setting.trainer)
    sent = {"course": setting.version.course_id, "commission": setting.country.region.id, "hours": 2, "place": "Hall 9"}
    refused = client.post("/en/sittings/new", data=sent)
    assert refused.status_code == 422
    assert "This commission is not in your branch." in refused.text
    assert 'value="Hall 9"' in refused.text


def test_one_button_on_the_page_of_a_workshop(setting: Setting, client: Client) -> None:
    workshop = make_workshop_today(setting)
    sign_in_as(client, setting.trainer)
    link = f"/en/sittings/new?workshop={workshop.id}"
    workshop.starts_at, workshop.ends_at = clock.now() - timedelta(hours=14), clock.now() - timedelta(hours=13)
    assert link not in client.get(f"/en/workshops/{workshop.id}").text, "a workshop of long ago"
    workshop.ends_at = clock.now() - timedelta(hours=1)
    assert link in client.get(f"/en/workshops/{workshop.id}").text
    page = client.get(link).text
    assert 'value="№ 3 мектеп"' in page
    sent = {"workshop": workshop.id, "course": workshop.course_id, "commission": 0, "place": "№ 3 мектеп", "hours": 3}
    made = client.post("/en/sittings/new", data=sent).headers["Location"]
    assert made in client.get(f"/en/workshops/{workshop.id}").text
    assert "Invited, and not begun here" in client.get(made).text


def test_a_workshop_of_somebody_else(setting: Setting, client: Client) -> None:
    workshop = make_workshop_today(setting)
    sign_in_as(client, make_officer(setting.country.district, Role.TRAINER))
    assert client.get(f"/en/sittings/new?workshop={workshop.id}").status_code == 403
    sign_in_as(client, make_officer(setting.country.sister_district, Role.TRAINER))
    assert client.get(f"/en/sittings/new?workshop={workshop.id}").status_code == 404


def test_the_page_of_a_room_tells_how_far_people_are(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    attempt = begin(learner, room)
    answer_all(attempt, learner[0], wrong=(1, 2))
    sign_in_as(client, setting.trainer)
    page = client.get(address(room)).text
    assert learner[0].person.full_name in page
    assert "answered 3 of 5" in page
    assert "1 person has begun: writing 1, sent 0, time ran out 0." in page
    assert "How many have passed stands here when nobody writes any more." in page
    assert f"/people/{learner[0].person_id}/tests" not in page, "trainers do not look after people"
    assert "call the officer who looks after" in page


def test_officers_find_more_time_and_the_tests_of_a_person(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    attempt = begin(learner, room)
    sign_in_as(client, make_officer(setting.country.district))
    page = client.get(address(room)).text
    assert f"/en/attempts/{attempt.id}/time" in page
    assert f"/en/people/{attempt.person_id}/tests" in page


def test_after_the_room_is_closed_its_page_sums_up(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    attempt = begin(learner, room)
    answer_all(attempt, learner[0])
    submit_attempt(attempt=attempt, by=scope(learner[0]))
    late = begin(make_learner(setting.country.precinct, setting.version), room)
    let_time_pass(late, hours=2)
    actions.remark(sitting=room, attempt=late, kind="other", note="Slept.", by=scope(setting.trainer))
    sign_in_as(client, setting.trainer)
    client.post(address(room, "/close"))
    page = client.get(address(room)).text
    assert "The code begins nothing any more." in page
    assert "2 people have begun: writing 0, sent 1, time ran out 1." in page
    assert "1 has passed." in page
    assert "something else: Slept." in page
    assert room.code[:3] + "-" not in page
    assert "sitting.js" not in page


def test_running_a_room(setting: Setting, learner: Learner, room: Sitting, client: Client) -> None:
    old = room.code
    attempt = begin(learner, room)
    sign_in_as(client, setting.trainer)
    client.post(address(room, "/code"))
    page = client.get(address(room)).text
    db.session.refresh(room)
    assert room.code != old
    assert f"The new code is {room.code[:3]}-{room.code[3:]}." in page
    client.post(address(room, "/longer"), data={"minutes": "30"})
    assert "The code now works until" in client.get(address(room)).text
    assert client.post(address(room, "/longer"), data={"minutes": "no"}).status_code == 422
    answer = client.post(address(room, "/left"), data={"attempt_id": attempt.id})
    assert answer.headers["Location"].endswith(f"#attempt-{attempt.id}")
    assert "left the room" in client.get(address(room)).text
    assert client.post(address(room, "/close")).status_code == 302
    assert client.post(address(room, "/code")).status_code == 422
    client.get(address(room))
    client.post(address(room, "/close"))
    assert "This room was closed already." in client.get(address(room)).text


def test_a_remark_of_its_own(setting: Setting, learner: Learner, room: Sitting, client: Client) -> None:
    attempt = begin(learner, room)
    page = address(room, f"/attempts/{attempt.id}/remark")
    sign_in_as(client, setting.trainer)
    assert "Nothing follows from it by itself." in client.get(page).text
    refused = client.post(page, data={"kind": "other", "note": ""})
    assert (refused.status_code, "Say in a few words what it was." in refused.text) == (422, True)
    nothing = client.post(page, data={"note": "typed and kept"})
    assert "Choose what you saw." in nothing.text
    assert 'value="typed and kept"' in nothing.text
    assert client.post(page, data={"kind": "phone", "note": "under the desk"}).status_code == 302
    assert "used a phone or notes: under the desk" in client.get(page).text


def test_remarks_on_tests_of_other_rooms(setting: Setting, learner: Learner, room: Sitting, client: Client) -> None:
    attempt = begin(learner, make_room(setting, place="No. 5"))
    sign_in_as(client, setting.trainer)
    refused = client.post(address(room, "/left"), data={"attempt_id": attempt.id})
    assert (refused.status_code, "This test was not begun in this room." in refused.text) == (422, True)
    assert client.get(address(room, f"/attempts/{attempt.id}/remark")).status_code == 404
    assert db.session.scalars(select(SittingRemark)).all() == []


def test_the_code_for_the_wall_names_nobody(setting: Setting, learner: Learner, room: Sitting, client: Client) -> None:
    begin(learner, room)
    sign_in_as(client, setting.trainer)
    page = client.get(address(room, "/screen")).text
    assert f"{room.code[:3]}-{room.code[3:]}" in page
    assert "Open localhost, or scan the picture." in page
    assert learner[0].person.surname not in page
    actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert client.get(address(room, "/screen")).status_code == 422


def test_auditors_see_and_change_nothing(setting: Setting, learner: Learner, room: Sitting, client: Client) -> None:
    begin(learner, room)
    sign_in_as(client, make_officer(setting.country.district, Role.AUDITOR))
    page = client.get(address(room)).text
    assert learner[0].person.full_name in page
    assert room.code not in page.replace("-", "")
    assert "<form" not in page.split("<main")[1]
    assert "№ 3 мектеп" in client.get("/en/sittings").text
    for part in ("/code", "/longer", "/close", "/left"):
        assert client.post(address(room, part)).status_code == 404


def test_who_sees_no_rooms(setting: Setting, room: Sitting, client: Client) -> None:
    for account in (
        make_officer(setting.country.sister_district),
        make_officer(setting.country.district, Role.TRAINER),
    ):
        sign_in_as(client, account)
        assert client.get(address(room)).status_code == 404
        assert "№ 3 мектеп" not in client.get("/en/sittings").text
    sign_in_as(client, make_officer(setting.country.district, Role.REPORTING_OFFICER))
    assert client.get("/en/sittings").status_code == 404


def test_officers_see_on_a_persons_tests_that_one_was_taken_in_a_room(
    setting: Setting, learner: Learner, room: Sitting, client: Client
) -> None:
    attempt = begin(learner, room)
    actions.remark(sitting=room, attempt=attempt, kind="phone", note="", by=scope(setting.trainer))
    sign_in_as(client, make_officer(setting.country.district))
    page = client.get(f"/en/people/{attempt.person_id}/tests").text
    assert "Taken in a room: № 3 мектеп, 12-бөлме" in page
    assert "used a phone or notes" in page


def test_own_data_tells_of_the_room(learner: Learner, setting: Setting, room: Sitting) -> None:
    attempt = begin(learner, room)
    actions.remark(sitting=room, attempt=attempt, kind="other", note="Slept.", by=scope(setting.trainer))
    (test,) = gather(learner[0])["tests"]
    assert test["place"] == "№ 3 мектеп, 12-бөлме"
    assert [(one["kind"], one["note"]) for one in test["remarks"]] == [("other", "Slept.")]
    assert test["in_words"] == ["something else: Slept."]


def test_the_first_page_says_that_the_test_is_taken_in_a_room(learner: Learner, client: Client) -> None:
    assert "You take it in a room where somebody supervises it" in client.get("/en/").text


def test_the_page_of_the_course_tells_its_readers(setting: Setting, client: Client) -> None:
    sign_in_as(client, make_officer(setting.country.central, Role.METHODOLOGIST))
    assert "It begins only in a room" in client.get("/en/curriculum/small/versions/1").text
    make_course(id="other")
    assert "It begins only in a room" not in client.get("/en/curriculum/other/versions/1").text


def test_whoever_supervises_a_room_finds_it_on_the_first_page(setting: Setting, client: Client) -> None:
    room = make_room(setting)
    sign_in_as(client, setting.trainer)
    assert f'href="/en/sittings/{room.id}"' in client.get("/en/").text
    actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert f'href="/en/sittings/{room.id}"' not in client.get("/en/").text
