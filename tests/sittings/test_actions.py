"""Rooms opened, run and closed; tests begun in them; remarks. On a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment.actions import start_attempt, submit_attempt
from lms.assessment.branch import list_rooms
from lms.assessment.errors import MayNotStart
from lms.assessment.models import Attempt
from lms.assessment.permissions import find_chance
from lms.assessment.queries import list_attempts
from lms.assessment.rules import Hindrance
from lms.commissions.actions import grant_role
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.learning.models import Enrolment
from lms.sittings import actions, pages, queries, rules
from lms.sittings.errors import WrongRoom
from lms.sittings.models import Sitting, SittingAttempt, SittingRemark
from lms.sittings.rules import End
from lms.workshops.actions import give_seat
from tests.factories.assessment import answer_all, enrolment_of, let_time_pass, make_learner
from tests.factories.commissions import make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.sittings import begin, make_room
from tests.factories.workshops import Setting, make_setting, make_workshop, make_workshop_today

Learner = tuple[Account, Enrolment]


@pytest.fixture
def learner(setting: Setting) -> Learner:
    """A member of the first precinct who has read everything."""
    return make_learner(setting.country.precinct, setting.version)


def count(model: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def acts(prefix: str = "sittings.") -> list[str]:
    """What was recorded."""
    rows = select(AuditEntry.action).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.id)
    return list(db.session.scalars(rows))


def refusal(learner: Learner, typed: str) -> str:
    """The sentence with which a code is refused; nothing has begun."""
    before = count(Attempt), count(SittingAttempt)
    with pytest.raises(WrongRoom) as refused:
        actions.begin_in_room(enrolment=learner[1], typed=typed, by=scope(learner[0]))
    assert (count(Attempt), count(SittingAttempt)) == before
    return refused.value.sentence


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Codes that are drawn next, in this order."""
    codes: list[str] = []
    monkeypatch.setattr(rules, "new_code", lambda: codes.pop(0))
    yield codes
    assert codes == [], "every code was drawn"


def test_a_supervised_test_begins_in_an_open_room_only(setting: Setting, learner: Learner) -> None:
    account, enrolment = learner
    with pytest.raises(MayNotStart):
        start_attempt(enrolment=enrolment, by=scope(account))
    attempt = begin(learner, make_room(setting))
    assert attempt.settings["supervised"] is True
    assert list_rooms([attempt.id])[attempt.id].place == "№ 3 мектеп, 12-бөлме"
    assert acts() == ["sittings.opened", "sittings.begun"]
    assert acts("assessment.") == ["assessment.attempt_started"]


def test_other_hindrances_come_first(setting: Setting) -> None:
    account = make_member(setting.country.precinct)
    enrolment = enrolment_of(account, setting.version)
    assert find_chance(enrolment, []).hindrance is Hindrance.READ_FIRST
    with pytest.raises(MayNotStart):
        begin((account, enrolment), make_room(setting))
    assert count(SittingAttempt) == 0


def test_any_test_may_be_taken_in_a_room_and_is_marked_so(app: object) -> None:
    setting = make_setting()
    inside, outside = (make_learner(setting.country.precinct, setting.version) for _ in range(2))
    room = make_room(setting)
    taken = begin(inside, room), start_attempt(enrolment=outside[1], by=scope(outside[0]))
    assert list(list_rooms([one.id for one in taken])) == [taken[0].id]
    assert "supervised" not in taken[0].settings, "settings are as they were before rooms"


def test_going_on_needs_no_code(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    attempt = begin(learner, room)
    actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert actions.begin_in_room(enrolment=learner[1], typed="", by=scope(learner[0])) is attempt
    assert start_attempt(enrolment=learner[1], by=scope(learner[0])) is attempt
    assert count(SittingAttempt) == 1


def test_what_was_begun_outside_is_not_marked_later(app: object) -> None:
    setting = make_setting()
    learner = make_learner(setting.country.precinct, setting.version)
    attempt = start_attempt(enrolment=learner[1], by=scope(learner[0]))
    assert begin(learner, make_room(setting)) is attempt
    assert count(SittingAttempt) == 0


def test_a_second_attempt_needs_a_code_again(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    first = begin(learner, room)
    let_time_pass(first, hours=30)
    room.opened_at = clock.now()
    with pytest.raises(MayNotStart):
        start_attempt(enrolment=learner[1], by=scope(learner[0]))
    second = begin(learner, room)
    assert (first.state, second.number) == ("timed_out", 2)
    assert set(list_rooms([first.id, second.id])) == {first.id, second.id}


def test_a_wrong_code(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    wrong = "A" + room.code[1:] if room.code[0] != "A" else "B" + room.code[1:]
    for typed in (wrong, "no code", ""):
        assert refusal(learner, typed).startswith("No room has this code.")


def test_the_code_of_a_room_that_is_closed(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert refusal(learner, room.code).startswith("The test in this room is over")


def test_the_code_of_a_room_whose_time_is_up(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    room.opened_at -= timedelta(hours=4)
    room.closes_at -= timedelta(hours=4)
    assert refusal(learner, room.code).startswith("The test in this room is over")
    assert not queries.is_open_for(learner[0].person_id, room.course_id, room.campaign_id, clock.now())


def test_the_code_of_another_branch(setting: Setting, learner: Learner) -> None:
    sister = make_officer(setting.country.sister_district, Role.TRAINER)
    room = make_room(setting, by=sister, commission_id=setting.country.sister_district.id)
    assert refusal(learner, room.code).startswith("The room with this code is open for other commissions")
    assert not queries.is_open_for(learner[0].person_id, room.course_id, room.campaign_id, clock.now())


def test_the_code_of_another_course(setting: Setting, learner: Learner) -> None:
    other = make_course(id="other")
    room = make_room(setting, course_id=other.course_id)
    assert refusal(learner, room.code).startswith("In the room with this code another test is taken")


def test_nobody_supervises_their_own_test(setting: Setting) -> None:
    member = make_learner(setting.country.precinct, setting.version)
    grant_role(account=member[0], role=Role.TRAINER, commission=setting.country.district, by=SYSTEM)
    room = make_room(setting, by=member[0])
    assert refusal(member, room.code).startswith("You supervise this room.")


def test_whoever_begins_in_a_room_runs_it_no_more(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    officer, other = learner[0], make_learner(setting.country.precinct, setting.version)
    grant_role(account=officer, role=Role.TERRITORIAL_OFFICER, commission=setting.country.district, by=SYSTEM)
    foreign = begin(other, room)
    actions.remark(sitting=room, attempt=foreign, kind="phone", note="", by=scope(officer))
    own = begin(learner, room)
    for act in (actions.renew_code, actions.close_sitting):
        with pytest.raises(Forbidden):
            act(sitting=room, by=scope(officer))
    for attempt in (own, foreign):
        with pytest.raises(Forbidden):
            actions.remark(sitting=room, attempt=attempt, kind="mistake", note="", by=scope(officer))


def test_a_guest_of_the_workshop_begins_with_its_code(setting: Setting) -> None:
    guest = make_learner(setting.country.sister_precinct, setting.version)
    workshop = make_workshop(setting)
    room = make_room(setting, workshop=workshop)
    assert refusal(guest, room.code).startswith("The room with this code is open for other commissions")
    give_seat(workshop=workshop, person=guest[0].person, by=scope(setting.country.head))
    assert queries.is_open_for(guest[0].person_id, room.course_id, room.campaign_id, clock.now())
    begin(guest, room)


def test_somebody_elses_enrolment(setting: Setting, learner: Learner) -> None:
    other = make_member(setting.country.precinct)
    with pytest.raises(NotFound):
        actions.begin_in_room(enrolment=learner[1], typed=make_room(setting).code, by=scope(other))


def test_a_new_code_stops_the_old_one_at_once(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    old = room.code
    new = actions.renew_code(sitting=room, by=scope(setting.trainer))
    assert new != old
    assert refusal(learner, old).startswith("No room has this code.")
    assert begin(learner, room)
    assert acts() == ["sittings.opened", "sittings.code_renewed", "sittings.begun"]


def test_a_code_that_another_room_has_is_drawn_again(setting: Setting, drawn: list[str]) -> None:
    drawn += ["ABC234", "ABC234", "XYZ789"]
    first, second = make_room(setting), make_room(setting, place="No. 5")
    assert (first.code, second.code) == ("ABC234", "XYZ789")
    actions.close_sitting(sitting=first, by=scope(setting.trainer))
    drawn.append("ABC234")
    third = make_room(setting, place="No. 7")
    assert queries.hold_by_code("ABC234") is third, "not the closed one"


def test_the_button_pressed_twice_opens_one_room(setting: Setting) -> None:
    room = make_room(setting)
    assert make_room(setting) is room
    assert make_room(setting, place="No. 5") is not room
    assert make_room(setting, by=make_officer(setting.country.district)) is not room
    actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert make_room(setting) is not room


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"course_id": 999_999}, "Choose a course."),
        ({"place": "  "}, "Say where it is"),
        ({"place": "x" * 201}, "Say where it is"),
        ({"hours": 0}, "A room is open from 1 to 12 hours."),
        ({"hours": 13}, "A room is open from 1 to 12 hours."),
    ],
)
def test_a_room_that_is_not_opened(setting: Setting, changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        make_room(setting, **changes)
    assert count(Sitting) == 0


def test_who_may_open_a_room(setting: Setting) -> None:
    country = setting.country
    for account in (setting.trainer, make_officer(country.region), country.head):
        assert make_room(setting, by=account)
    strangers = [
        make_officer(country.sister_district, Role.TRAINER),
        make_officer(country.district, Role.AUDITOR),
        make_officer(country.district, Role.REPORTING_OFFICER),
        make_officer(country.central, Role.METHODOLOGIST),
        make_member(country.precinct, Office.CHAIR),
    ]
    for account in strangers:
        with pytest.raises(Forbidden):
            make_room(setting, by=account)
    with pytest.raises(Forbidden):
        make_room(setting, commission_id=country.region.id)


def test_a_room_at_a_workshop_is_for_its_organisers_branch(setting: Setting) -> None:
    workshop = make_workshop_today(setting)
    room = make_room(setting, workshop=workshop, commission_id=setting.country.central.id)
    assert (room.workshop_id, room.commission_id) == (workshop.id, workshop.organiser_id)
    assert [one.id for one in queries.list_open_at(workshop.id, clock.now())] == [room.id]
    other = make_officer(setting.country.district, Role.TRAINER)
    with pytest.raises(Forbidden):
        make_room(setting, by=other, workshop=workshop)
    workshop.state = "cancelled"
    with pytest.raises(Refused, match="This workshop was cancelled"):
        make_room(setting, workshop=workshop, place="No. 5")


def test_more_time_to_begin(setting: Setting) -> None:
    room = make_room(setting)
    before = room.closes_at
    actions.lengthen_sitting(sitting=room, minutes=30, by=scope(setting.trainer))
    assert room.closes_at - before == timedelta(minutes=30)
    for minutes in (0, -5, rules.MOST_MORE + 1):
        with pytest.raises(Refused, match="From 1 to 480 minutes"):
            actions.lengthen_sitting(sitting=room, minutes=minutes, by=scope(setting.trainer))
    actions.lengthen_sitting(sitting=room, minutes=rules.MOST_MORE, by=scope(setting.trainer))
    actions.lengthen_sitting(sitting=room, minutes=rules.MOST_MORE, by=scope(setting.trainer))
    assert room.closes_at - room.opened_at == timedelta(hours=rules.MOST_HOURS)
    with pytest.raises(Refused, match="A room is open for 12 hours at most"):
        actions.lengthen_sitting(sitting=room, minutes=1, by=scope(setting.trainer))


def test_a_closed_room_is_changed_no_more(setting: Setting) -> None:
    room = make_room(setting)
    assert actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert not actions.close_sitting(sitting=room, by=scope(setting.trainer))
    for act in (
        lambda: actions.renew_code(sitting=room, by=scope(setting.trainer)),
        lambda: actions.lengthen_sitting(sitting=room, minutes=15, by=scope(setting.trainer)),
    ):
        with pytest.raises(Refused, match="This room is closed"):
            act()
    assert acts() == ["sittings.opened", "sittings.closed"]


def test_a_room_whose_time_was_up_is_not_recorded_as_closed_by_hand(setting: Setting) -> None:
    room = make_room(setting)
    room.opened_at -= timedelta(hours=4)
    room.closes_at -= timedelta(hours=4)
    assert not actions.close_sitting(sitting=room, by=scope(setting.trainer))
    assert acts() == ["sittings.opened"]


def test_only_its_supervisor_and_officers_run_a_room(setting: Setting) -> None:
    room = make_room(setting)
    country = setting.country
    for account in (make_officer(country.district), make_officer(country.region), country.head):
        actions.renew_code(sitting=room, by=scope(account))
    for account in (
        make_officer(country.district, Role.TRAINER),
        make_officer(country.sister_district),
        make_officer(country.district, Role.AUDITOR),
    ):
        for act in (actions.renew_code, actions.close_sitting):
            with pytest.raises(Forbidden):
                act(sitting=room, by=scope(account))


def test_remarks_are_kept_and_told_and_nothing_follows(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    attempt = begin(learner, room)
    before = attempt.deadline, attempt.state
    for kind, note in (("left_room", ""), ("other", "  asked  twice "), ("mistake", "")):
        actions.remark(sitting=room, attempt=attempt, kind=kind, note=note, by=scope(setting.trainer))
    assert (attempt.deadline, attempt.state) == before
    told = list_rooms([attempt.id])[attempt.id].remarks
    assert told == ("left the room", "something else: asked twice", "the remark before was a mistake")
    assert acts()[-3:] == ["sittings.remarked"] * 3


def test_a_button_pressed_twice_is_one_remark(
    setting: Setting, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(setting)
    attempt, by = begin(learner, room), scope(setting.trainer)
    made = [actions.remark(sitting=room, attempt=attempt, kind="left_room", note="", by=by) for _ in range(2)]
    assert made[0] is made[1]
    made[0].made_at -= 2 * rules.AT_ONCE
    db.session.flush()
    assert actions.remark(sitting=room, attempt=attempt, kind="left_room", note="", by=by) is not made[0]
    assert count(SittingRemark) == 2


@pytest.mark.parametrize(
    ("kind", "note", "words"),
    [
        ("", "", "Choose what you saw."),
        ("slept", "", "Choose what you saw."),
        ("other", " ", "Say in a few words what it was."),
        ("phone", "x" * 301, "This is too long."),
    ],
)
def test_a_remark_that_is_not_kept(setting: Setting, learner: Learner, kind: str, note: str, words: str) -> None:
    room = make_room(setting)
    attempt = begin(learner, room)
    with pytest.raises(Refused, match=words):
        actions.remark(sitting=room, attempt=attempt, kind=kind, note=note, by=scope(setting.trainer))
    assert count(SittingRemark) == 0


def test_what_a_supervisor_sees(setting: Setting, learner: Learner) -> None:
    room = make_room(setting)
    writing, sent, late = (
        begin(one, room)
        for one in (
            learner,
            make_learner(setting.country.precinct, setting.version),
            make_learner(setting.country.second_precinct, setting.version),
        )
    )
    account = db.session.scalars(select(Account).where(Account.person_id == sent.person_id)).one()
    answer_all(writing, learner[0], wrong=(2, 3))
    answer_all(sent, account)
    submit_attempt(attempt=sent, by=scope(account))
    let_time_pass(late, hours=5)
    rows = {row.begun.attempt.id: row for row in pages.list_people(room, clock.now())}
    assert {one: row.end for one, row in rows.items()} == {
        writing.id: End.WRITING,
        sent.id: End.SENT,
        late.id: End.RAN_OUT,
    }
    assert (rows[writing.id].answered, rows[writing.id].minutes_left) == (3, 30)
    counts = pages.count(list(rows.values()), is_open=True)
    assert (counts.begun, counts.writing, counts.sent, counts.ran_out, counts.passed) == (3, 1, 1, 1, None)
    assert pages.count(list(rows.values()), is_open=False).passed is None, "while somebody writes"
    over = [row for row in rows.values() if row.end is not End.WRITING]
    assert pages.count(over, is_open=False).passed == 1
    assert pages.count(over, is_open=True).passed is None


def test_who_is_expected(setting: Setting) -> None:
    workshop = make_workshop_today(setting)
    here, passed, elsewhere, missing = (make_learner(setting.country.precinct, setting.version) for _ in range(4))
    room = make_room(setting, workshop=workshop)
    other = make_room(setting, place="No. 5")
    done = begin(passed, other)
    answer_all(done, passed[0])
    submit_attempt(attempt=done, by=scope(passed[0]))
    begin(elsewhere, other)
    begun = begin(here, room)
    expected = pages.list_expected(room, [begun.person_id])
    assert [one.person.id for one in expected] == []  # they took their seats today, the workshop was yesterday
    workshop.starts_at += timedelta(days=1)
    workshop.ends_at += timedelta(days=1)
    expected = pages.list_expected(room, [begun.person_id])
    assert [one.person.id for one in expected] == [missing[0].person_id]
    assert pages.list_expected(other, []) == []
    beginner = make_member(setting.country.precinct)
    assert queries.list_unread(room, [missing[0].person_id, beginner.person_id]) == {beginner.person_id}
    assert list_attempts(here[1].id) == [begun]
