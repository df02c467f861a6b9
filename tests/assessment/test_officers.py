"""What officers decide about tests: help, more time, late answers, files, attempts, receipts; and each refusal."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from lms.accounts.models import Account
from lms.assessment import branch, granting, helping, late, lengthening, queries, receipts, rules
from lms.assessment.actions import close_attempt, close_expired, start_entry, submit_attempt
from lms.assessment.helping import Terms
from lms.assessment.lengthening import Outage, Why
from lms.assessment.models import Accommodation, Attempt, AttemptExtension, PaperQuestion, RescuedStep
from lms.assessment.permissions import find_chance, say_ways
from lms.assessment.rescuing import Brought, bring_file
from lms.assessment.rules import Hindrance, State
from lms.assessment.saving import Fate
from lms.assessment.verifying import list_differences
from lms.cli import main
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.learning.models import Enrolment
from tests.conftest import Client
from tests.factories.assessment import (
    WRONG,
    answer_all,
    enrolment_of,
    give,
    let_time_pass,
    make_attempt,
    make_learner,
    read_modules,
    right_response,
    steps_of,
)
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope, seat, sign_in_as
from tests.factories.curriculum import make_course, make_full_course
from tests.factories.rescue import make_file

Learner = tuple[Account, Enrolment]
OUTAGE = Why("outage", "the mast fell")


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def learner(country: Country) -> Learner:
    return make_learner(country.precinct, make_course())


@pytest.fixture
def officer(country: Country) -> Account:
    return make_officer(country.district)


def terms(**changes: Any) -> Terms:
    known: dict[str, Any] = {"percent": 50, "minutes": 0, "helps": (), "reason": "sight", "note": ""}
    return Terms(**{**known, "starts_on": clock.today(), "ends_on": None, **changes})


def minutes_of(attempt: Attempt) -> float:
    return (attempt.deadline - attempt.started_at).total_seconds() / 60


def told(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def run_out(attempt: Attempt) -> None:
    """Let the time of an attempt run out and the worker close it."""
    let_time_pass(attempt, minutes=31)
    assert close_expired(attempt.id)


def move_unseen(attempt: Attempt, deadline: datetime) -> None:
    """Move a deadline as another transaction would: the object in hand still holds the old one."""
    moved = update(Attempt).where(Attempt.id == attempt.id).values(deadline=deadline)
    db.session.execute(moved.execution_options(synchronize_session=False))


def bring(attempt: Attempt, learner: Learner, items: dict[str, Any]) -> Brought:
    """Bring in a file of one's own."""
    return bring_file(content=make_file(attempt, learner[0].id, items), by=scope(learner[0]))


class TestHelp:
    def test_a_persons_help_lengthens_tests_that_begin_then(self, learner: Learner, officer: Account) -> None:
        helping.give_accommodation(holder=learner[0].person, terms=terms(), by=scope(officer))
        attempt = make_attempt(*learner)
        assert minutes_of(attempt) == 45
        assert attempt.settings["extra"]["adds"] == 15
        assert told("assessment.help_given")[0].details["percent"] == 50

    def test_help_of_a_commission_above_holds_below(self, country: Country, learner: Learner, officer: Account) -> None:
        helping.give_accommodation(holder=country.district, terms=terms(percent=0, minutes=7), by=scope(officer))
        assert minutes_of(make_attempt(*learner)) == 37

    def test_a_sisters_help_does_not(self, country: Country, learner: Learner) -> None:
        helping.give_accommodation(holder=country.sister_district, terms=terms(), by=SYSTEM)
        assert minutes_of(make_attempt(*learner)) == 30

    @pytest.mark.parametrize(("first", "last", "minutes"), [(1, None, 30), (-2, -1, 30), (-1, 0, 45)])
    def test_it_holds_on_its_days(self, learner: Learner, first: int, last: int | None, minutes: int) -> None:
        day = timedelta(days=1)
        today = clock.today(queries.find_zone(scope(learner[0])))
        ends = today + last * day if last is not None else None
        helping.give_accommodation(
            holder=learner[0].person, terms=terms(starts_on=today + first * day, ends_on=ends), by=SYSTEM
        )
        assert minutes_of(make_attempt(*learner)) == minutes

    def test_withdrawn_it_holds_for_no_new_test_and_leaves_the_old_one(self, learner: Learner) -> None:
        made = helping.give_accommodation(holder=learner[0].person, terms=terms(), by=SYSTEM)
        attempt = make_attempt(*learner)
        assert helping.withdraw_accommodation(accommodation=made, by=SYSTEM)
        assert not helping.withdraw_accommodation(accommodation=made, by=SYSTEM)
        assert minutes_of(attempt) == 45
        other = make_learner(make_country_precinct(learner), learner[1].version)
        assert minutes_of(make_attempt(*other)) == 30

    @pytest.mark.parametrize(
        "wrong",
        [{"percent": 0}, {"percent": 201}, {"percent": -1}, {"minutes": 241}, {"ends_on": date(2020, 1, 1)}],
    )
    def test_what_cannot_be_given(self, learner: Learner, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            helping.give_accommodation(holder=learner[0].person, terms=terms(**wrong), by=SYSTEM)
        assert db.session.scalar(select(func.count(Accommodation.id))) == 0

    def test_nobody_helps_themselves(self, country: Country, officer: Account) -> None:
        seat(officer.person, country.district)
        for holder in (officer.person, country.district):
            with pytest.raises(Forbidden):
                helping.give_accommodation(holder=holder, terms=terms(), by=scope(officer))

    def test_the_page_gives_it_and_the_learner_is_told(
        self, client: Client, learner: Learner, officer: Account
    ) -> None:
        sign_in_as(client, officer)
        address = f"/en/people/{learner[0].person_id}/test-help"
        refused = client.post(address, data={"percent": "many", "reason": ""})
        assert refused.status_code == 422
        assert "Type digits only" in refused.text
        sent = {"percent": "50", "helps": ["reader"], "reason": "sight", "note": "Kim", "starts_on": str(clock.today())}
        assert client.post(address, data=sent).status_code == 302
        page = client.get(address).text
        assert "50 per cent more time, somebody reads aloud" in page
        sign_in_as(client, learner[0])
        start = (
            client.get("/en/courses/small/test").text
            if False
            else client.get(f"/en/enrolments/{learner[1].id}/test").text
        )
        assert "You have 45 minutes: 30 and half as much again." in start
        assert "Made ready for you: somebody reads aloud." in start
        assert "sight" not in start


def make_country_precinct(learner: Learner) -> Any:
    from lms.commissions.queries import find_seat_of

    found = find_seat_of(learner[0].person_id)
    assert found is not None
    return found.commission


class TestMoreTime:
    def test_the_deadline_moves_and_answers_are_taken_until_then(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        before = attempt.deadline
        lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        assert attempt.deadline == before + timedelta(minutes=10) == lengthening.deadline_of(attempt)
        response = right_response(queries.get_paper_question(attempt.id, 1))
        for seconds, fate in ((-1, Fate.SAVED), (0, Fate.LATE), (1, Fate.LATE)):
            now = attempt.deadline + timedelta(seconds=seconds)
            receipt = give(
                attempt,
                learner[0],
                1,
                response,
                base=queries.list_answers(attempt.id).get(1, queries.NONE_YET).revision,
                now=now,
            )
            assert receipt.fate is fate, seconds

    def test_a_closing_that_began_before_sees_the_new_deadline(self, learner: Learner, officer: Account) -> None:
        """The worker has read the old deadline; then an officer lengthens; then the worker closes."""
        attempt = make_attempt(*learner)
        let_time_pass(attempt, minutes=31)
        later = clock.now() + timedelta(minutes=30)
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(deadline=later)
            .execution_options(synchronize_session=False)
        )
        assert not close_attempt(attempt=attempt, by=SYSTEM)
        assert (attempt.state, attempt.deadline) == (State.OPEN, later)

    def test_sent_in_the_moment_of_lengthening_it_is_sent(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        later = attempt.deadline + timedelta(minutes=30)
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(deadline=later)
            .execution_options(synchronize_session=False)
        )
        assert submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert attempt.state == State.SUBMITTED

    def test_what_is_over_is_not_lengthened(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        let_time_pass(attempt, minutes=31)
        with pytest.raises(Refused, match="time of this test is up"):
            lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))

    @pytest.mark.parametrize("minutes", [0, -5, 481])
    def test_not_so_many_minutes(self, learner: Learner, minutes: int) -> None:
        attempt = make_attempt(*learner)
        with pytest.raises(Refused, match="from 1 to 480"):
            lengthening.lengthen_attempt(attempt=attempt, minutes=minutes, why=OUTAGE, by=SYSTEM)

    def test_opened_again_it_goes_on_with_what_was_saved(self, country: Country, officer: Account) -> None:
        learner = make_learner(country.precinct, make_course(test=hard_test()))
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        run_out(attempt)
        lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        assert (attempt.state, attempt.submitted_at, attempt.credit, attempt.passed) == (State.OPEN, None, None, None)
        assert lengthening.deadline_of(attempt) == attempt.deadline
        give(attempt, learner[0], 1, right_response(queries.get_paper_question(attempt.id, 1)))
        assert submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert attempt.passed
        assert told("assessment.attempt_reopened")[0].details["reason"] == "outage"
        notes = db.session.scalars(select(AuditValue.after).where(AuditValue.field == "note")).all()
        assert "the mast fell" in notes

    def test_not_after_three_days_and_not_when_another_has_begun(self, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        run_out(attempt)
        let_time_pass(attempt, hours=80)
        with pytest.raises(Refused, match="within 72 hours"):
            lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))
        let_time_pass(attempt, hours=-30)
        make_attempt(*learner)
        with pytest.raises(Refused, match="another attempt has begun"):
            lengthening.reopen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(officer))

    def test_an_outage_is_answered_for_whom_it_met(self, country: Country, learner: Learner) -> None:
        version = learner[1].version
        met, gone = make_attempt(*learner), make_attempt(*make_learner(country.precinct, version))
        elsewhere = make_attempt(*make_learner(country.sister_precinct, version))
        ran_out = make_attempt(*make_learner(country.precinct, version))
        sent = make_learner(country.precinct, version)
        done = make_attempt(*sent)
        for one in (met, elsewhere, done):
            let_time_pass(one, minutes=20)
        submit_attempt(attempt=done, by=scope(sent[0]))
        run_out(ran_out)
        now = clock.now()
        outage = Outage(now - timedelta(minutes=15), now - timedelta(minutes=5))
        before = met.deadline
        answered = lengthening.answer_outage(
            commission=country.district, outage=outage, minutes=10, reopen=True, why=OUTAGE, by=scope(country.head)
        )
        assert (answered.lengthened, answered.reopened) == (1, 1)
        assert met.deadline == before + timedelta(minutes=10)
        assert (ran_out.state, done.state) == (State.OPEN, State.SUBMITTED)
        assert {one.attempt_id for one in db.session.scalars(select(AttemptExtension))} == {met.id, ran_out.id}
        assert gone.deadline == gone.started_at + timedelta(minutes=30)
        assert list(list_differences()) == []

    def test_an_outage_ends_after_it_began(self, country: Country) -> None:
        now = clock.now()
        for outage in (Outage(now, now - timedelta(minutes=1)), Outage(now, now + timedelta(minutes=1))):
            with pytest.raises(Refused, match="must end after it began"):
                lengthening.answer_outage(
                    commission=country.central, outage=outage, minutes=5, reopen=False, why=OUTAGE, by=SYSTEM
                )

    def test_nobody_lengthens_their_own(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        with pytest.raises(Forbidden):
            lengthening.lengthen_attempt(attempt=attempt, minutes=10, why=OUTAGE, by=scope(learner[0]))

    def test_who_sits_now_is_shown_without_answers(self, client: Client, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        give(attempt, learner[0], 1, right_response(queries.get_paper_question(attempt.id, 1)))
        sign_in_as(client, officer)
        district = scope(officer).places(Role.TERRITORIAL_OFFICER)
        page = client.get(f"/en/commissions/{next(iter(district))}/tests").text
        assert learner[0].person.full_name in page
        assert f"1 of {attempt.total}" in page
        assert "30 min left" in page
        changed = client.post(f"/en/attempts/{attempt.id}/time", data={"minutes": "15", "reason": "device"})
        assert changed.status_code == 302
        assert client.post(f"/en/attempts/{attempt.id}/time", data={"minutes": "0", "reason": ""}).status_code == 422
        sign_in_as(client, learner[0])
        assert client.get(f"/en/attempts/{attempt.id}/paper").json["left"] > 44 * 60

    def test_ten_thousand_would_come_by_pages(self, country: Country, learner: Learner, monkeypatch: Any) -> None:
        monkeypatch.setattr(branch, "PAGE", 2)
        for _ in range(3):
            make_attempt(*make_learner(country.precinct, learner[1].version))
        assert branch.count_sitting(country.region.id) == 3
        pages = [branch.list_sitting(country.region.id, page) for page in (1, 2)]
        assert [len(one) for one in pages] == [2, 1]


def make_late(learner: Learner, *, wrong_in_time: bool = True) -> Attempt:
    """An attempt that ran out one question short of enough; the right answer to it came late."""
    attempt = make_attempt(*learner)
    answer_all(attempt, learner[0], wrong=[1])
    if wrong_in_time:
        question = queries.get_paper_question(attempt.id, 1)
        give(attempt, learner[0], 1, WRONG.get(question.question.kind, {}))
    run_out(attempt)
    right = right_response(queries.get_paper_question(attempt.id, 1))
    assert give(attempt, learner[0], 1, right, base=0).fate is Fate.LATE
    return attempt


class TestLate:
    @pytest.fixture
    def learner(self, country: Country) -> Learner:
        """In this course every question must be right."""
        return make_learner(country.precinct, make_course(test=hard_test()))

    def test_counted_it_is_graded_anew_and_the_course_goes_on(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        assert not attempt.passed
        found = late.find_late(attempt)
        assert found is not None
        assert found.answers == 1
        late.decide_late(attempt=attempt, last_step_id=found.last_step_id, counts=True, why=OUTAGE, by=scope(officer))
        assert attempt.passed
        assert late.find_late(attempt) is None
        assert "test" in {row.activity for row in done_of(learner[1])}
        entry = told("assessment.late_decided")[0]
        assert (entry.details["counts"], entry.details["passed"]) == (True, True)
        assert list(list_differences()) == []

    def test_not_counted_nothing_changes_and_it_is_final(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        before, found = attempt.credit, late.find_late(attempt)
        assert found is not None
        step = found.last_step_id
        late.decide_late(attempt=attempt, last_step_id=step, counts=False, why=OUTAGE, by=scope(officer))
        assert (attempt.credit, attempt.passed) == (before, False)
        with pytest.raises(Refused, match="no late answers"):
            late.decide_late(attempt=attempt, last_step_id=step, counts=True, why=OUTAGE, by=scope(officer))

    def test_what_came_meanwhile_is_looked_at_first(self, learner: Learner, officer: Account) -> None:
        attempt = make_late(learner)
        found = late.find_late(attempt)
        assert found is not None
        give(attempt, learner[0], 2, right_response(queries.get_paper_question(attempt.id, 2)), client="other")
        with pytest.raises(Refused, match="More answers have come"):
            late.decide_late(
                attempt=attempt, last_step_id=found.last_step_id, counts=True, why=OUTAGE, by=scope(officer)
            )

    def test_nobody_decides_for_themselves(self, learner: Learner) -> None:
        attempt = make_late(learner)
        with pytest.raises(Forbidden):
            late.decide_late(attempt=attempt, last_step_id=1, counts=True, why=OUTAGE, by=scope(learner[0]))

    def test_the_page_lists_decides_and_tells_no_answer(
        self, client: Client, country: Country, learner: Learner, officer: Account
    ) -> None:
        attempt = make_late(learner)
        sign_in_as(client, learner[0])
        assert "1 answer came after the deadline" in client.get(f"/en/attempts/{attempt.id}/result").text
        sign_in_as(client, officer)
        listed = client.get(f"/en/commissions/{country.district.id}/late-answers").text
        assert learner[0].person.full_name in listed
        address = f"/en/attempts/{attempt.id}/late-answers"
        page = client.get(address).text
        for response in (step.response for step in steps_of(attempt) if step.late):
            assert str(response) not in page
        upto = late.find_late(attempt)
        assert upto is not None
        sent = {"upto": upto.last_step_id, "counts": "yes", "reason": "outage"}
        assert client.post(address, data={**sent, "counts": ""}).status_code == 422
        assert client.post(address, data=sent).status_code == 302
        assert "There are no late answers" in client.get(address).text
        assert client.post(address, data=sent).status_code == 422


def hard_test() -> dict[str, Any]:
    from tests.factories.curriculum import make_pack

    return {**make_pack().file.test.model_dump(mode="json"), "pass_percent": 100}


def done_of(enrolment: Enrolment) -> list[Any]:
    from lms.learning.models import CompletedActivity

    return list(db.session.scalars(select(CompletedActivity).where(CompletedActivity.enrolment_id == enrolment.id)))


def item(attempt: Attempt, position: int, seq: int = 1, base: int = 0) -> dict[str, Any]:
    """A right answer to a single-choice or true-false question as the page keeps it."""
    response = right_response(queries.get_paper_question(attempt.id, position))
    return {"seq": seq, "base": base, "fields": {f"q{position}-choice": [response["choice"]]}}


class TestRescue:
    @pytest.fixture
    def attempt(self, learner: Learner) -> Attempt:
        made = make_attempt(*learner)
        db.session.commit()
        return made

    def choice(self, attempt: Attempt) -> int:
        """Where a question with one choice stands; every paper has one."""
        paper = queries.list_paper(attempt.id)
        return next(one.position for one in paper if one.question.kind in ("single", "true-false"))

    def test_in_time_it_counts_whoever_brings_it(self, learner: Learner, attempt: Attempt, officer: Account) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        brought = bring_file(content=content, by=scope(officer))
        assert (brought.saved, brought.late, brought.unfit) == (1, 0, ())
        assert queries.list_answers(attempt.id)[at].response == right_response(
            queries.get_paper_question(attempt.id, at)
        )
        assert db.session.scalar(select(func.count(RescuedStep.step_id))) == 1

    def test_after_the_deadline_it_is_late(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        run_out(attempt)
        brought = bring_file(content=content, by=scope(learner[0]))
        assert (brought.saved, brought.late) == (0, 1)
        found = late.find_late(attempt)
        assert found is not None
        assert found.rescued == 1

    def test_a_second_time_nothing_happens_and_it_says_so(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        bring_file(content=content, by=scope(learner[0]))
        again = bring_file(content=content, by=scope(learner[0]))
        assert again.again_since is not None
        assert len(steps_of(attempt)) == 1

    def test_what_the_page_sends_later_by_itself_is_the_same_step(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        response = right_response(queries.get_paper_question(attempt.id, at))
        give(attempt, learner[0], at, response, client="phone", seq=1)
        brought = bring_file(
            content=make_file(attempt, learner[0].id, {str(at): item(attempt, at)}), by=scope(learner[0])
        )
        assert (brought.saved, brought.known) == (0, 1)
        assert give(attempt, learner[0], at, response, client="phone", seq=1).fate is Fate.SAVED
        assert len(steps_of(attempt)) == 1
        assert db.session.scalar(select(func.count(RescuedStep.step_id))) == 0

    def test_answered_elsewhere_meanwhile_it_is_kept_and_does_not_count(
        self, learner: Learner, attempt: Attempt
    ) -> None:
        at = self.choice(attempt)
        kinds = {"single": ("a", "b", "c"), "true-false": ("true", "false")}
        ways = kinds[queries.get_paper_question(attempt.id, at).question.kind]
        other = next(one for one in ways if one != item(attempt, at)["fields"][f"q{at}-choice"][0])
        give(attempt, learner[0], at, {"choice": other}, client="tablet")
        brought = bring_file(
            content=make_file(attempt, learner[0].id, {str(at): item(attempt, at)}), by=scope(learner[0])
        )
        assert brought.elsewhere == 1
        assert queries.list_answers(attempt.id)[at].response == {"choice": other}

    def test_what_cannot_be_read_is_named_and_the_rest_is_taken(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        other = 1 if at != 1 else 2
        items = {str(at): item(attempt, at), "99": item(attempt, at), "x": 1, str(other): {"seq": "one"}}
        brought = bring(attempt, learner, items)
        assert brought.saved == 1
        assert set(brought.unfit) == {99, 0, other}

    def test_the_refusals(self, country: Country, learner: Learner, attempt: Attempt, officer: Account) -> None:
        at = self.choice(attempt)
        good = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        told, stranger = json.loads(good), make_member(country.sister_precinct)
        other = make_attempt(*make_learner(country.precinct, learner[1].version))
        db.session.commit()
        cases = [
            (b"hello", officer, "no file of saved answers"),
            (b"[" * 100_000, officer, "no file of saved answers"),
            (json.dumps({**told, "format": "x"}).encode(), officer, "no file of saved answers"),
            (json.dumps({**told, "attempt": "1"}).encode(), officer, "no file of saved answers"),
            (b" " * 300_000, officer, "too large"),
            (json.dumps({**told, "key": "0" * 16}).encode(), officer, "another installation"),
            (json.dumps({**told, "attempt": other.id}).encode(), officer, "altered"),
            (json.dumps({**told, "account": officer.id}).encode(), officer, "altered"),
            (json.dumps({**told, "made": "2026"}).encode(), officer, "altered"),
            (json.dumps({**told, "sender": "AAAA"}).encode(), officer, "altered"),
            (json.dumps({**told, "iv": "?"}).encode(), officer, "altered"),
            (json.dumps({**told, "sealed": told["sealed"][:-8] + "AAAAAA=="}).encode(), officer, "altered"),
            (make_file(attempt, learner[0].id, {}, proof="0" * 64), officer, "altered"),  # made up for somebody else
            (make_file(attempt, officer.id, {}), officer, "neither yours nor of your branch"),
            (good, stranger, "neither yours nor of your branch"),
            (good, make_officer(country.sister_district), "neither yours nor of your branch"),
        ]
        for content, who, sentence in cases:
            with pytest.raises(Refused, match=sentence):
                bring_file(content=content, by=scope(who))
        assert steps_of(attempt) == []

    def test_of_a_test_that_was_sent_nothing_is_taken(self, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        with pytest.raises(Refused, match="sent before this file came"):
            bring_file(content=content, by=scope(learner[0]))

    def test_the_page(self, client: Client, learner: Learner, attempt: Attempt) -> None:
        at = self.choice(attempt)
        content = make_file(attempt, learner[0].id, {str(at): item(attempt, at)})
        sign_in_as(client, learner[0])
        assert client.post("/en/rescue", data={}).status_code == 422
        wrong = client.post("/en/rescue", data={"file": (BytesIO(b"{}"), "answers-1.json")})
        assert "no file of saved answers" in wrong.text
        large = client.post("/en/rescue", data={"file": (BytesIO(b"x" * 300_000), "answers-1.json")})
        assert (large.status_code, "too large" in large.text) == (422, True)
        taken = client.post("/en/rescue", data={"file": (BytesIO(content), "answers-1.json")})
        assert "1 answer was saved in time." in taken.text
        again = client.post("/en/rescue", data={"file": (BytesIO(content), "answers-1.json")})
        assert "This very file was brought in before" in again.text


class TestMoreAttempts:
    def use_up(self, learner: Learner) -> None:
        for _ in range(queries_settings(learner).attempts):
            attempt = make_attempt(*learner)
            submit_attempt(attempt=attempt, by=scope(learner[0]))
            let_time_pass(attempt, hours=48)

    def test_an_officer_gives_one_more(self, client: Client, learner: Learner, officer: Account) -> None:
        with pytest.raises(Refused, match="when every attempt is used"):
            granting.grant_attempts(enrolment=learner[1], attempts=1, why=OUTAGE, by=scope(officer))
        self.use_up(learner)
        sign_in_as(client, officer)
        address = f"/en/enrolments/{learner[1].id}/more-attempts"
        assert "Give more attempts" in client.get(f"/en/people/{learner[0].person_id}/tests").text
        assert client.post(address, data={"attempts": "9", "reason": "practice"}).status_code == 422
        assert client.post(address, data={"attempts": "1", "reason": "practice"}).status_code == 302
        assert client.post(address, data={"attempts": "1", "reason": "practice"}).status_code == 422  # one is left
        chance = find_chance(learner[1], queries.list_attempts(learner[1].id))
        assert (chance.may, chance.left) == (True, 1)

    def test_a_workshop_after_the_last_attempt_gives_what_the_course_says(self, country: Country) -> None:
        test = {**hard_test(), "after_attempts": "workshop", "more": 2}
        learner = make_learner(country.precinct, make_course(test=test))
        before, held = attended(learner, -72), attended(learner, 0)
        self.use_up(learner)
        assert not find_chance(learner[1], queries.list_attempts(learner[1].id)).may
        granting.grant_after_workshop(before)
        assert queries.count_granted(learner[1].id) == 0
        for _twice in range(2):
            granting.grant_after_workshop(held)
        assert find_chance(learner[1], queries.list_attempts(learner[1].id)).left == 2
        granting.take_back_after_workshop(held)
        assert find_chance(learner[1], queries.list_attempts(learner[1].id)).hindrance is Hindrance.USED_UP
        granting.grant_after_workshop(held)
        make_attempt(*learner)
        granting.take_back_after_workshop(held)  # an attempt has begun on it
        assert queries.count_granted(learner[1].id) == 2

    def test_the_start_page_says_which_way_is_open(self, client: Client, country: Country) -> None:
        test = {**hard_test(), "after_attempts": "workshop"}
        learner = make_learner(country.precinct, make_course(test=test))
        self.use_up(learner)
        sign_in_as(client, learner[0])
        page = client.get(f"/en/enrolments/{learner[1].id}/test").text
        assert "After a workshop of this course you get 1 attempt more. No workshop is planned for you yet" in page


def queries_settings(learner: Learner) -> Any:
    from lms.curriculum.settings import TestSettings

    return TestSettings.model_validate(learner[1].version.test)


def attended(learner: Learner, hours: float) -> Any:
    """That somebody was at a workshop so many hours from now."""
    from lms.workshops.events import WorkshopAttended

    enrolment = learner[1]
    held_at = clock.now() + timedelta(hours=hours)
    number = 100 + int(hours)
    return WorkshopAttended(number, enrolment.campaign_id, enrolment.course_id, enrolment.person_id, held_at, SYSTEM)


def test_a_tick_at_a_workshop_opens_the_way(app: Any) -> None:
    """The news travels from the workshop's room by the wiring."""
    from lms.workshops.attendance import record_attendance
    from tests.factories.workshops import here, make_setting, make_workshop, make_workshop_today

    setting = make_setting(test={**hard_test(), "after_attempts": "workshop"})
    learner = make_learner(setting.country.precinct, setting.version)
    TestMoreAttempts().use_up(learner)
    for attempt in queries.list_attempts(learner[1].id):
        let_time_pass(attempt, hours=24)
    make_workshop(setting)
    chance = find_chance(learner[1], queries.list_attempts(learner[1].id))
    assert "1 workshop of your commission is planned." in say_ways(learner[1], chance)
    held = make_workshop_today(setting)
    record_attendance(workshop=held, marks=[here(learner[0])], by=scope(setting.trainer))
    assert queries.count_granted(learner[1].id) == 1
    record_attendance(workshop=held, marks=[here(learner[0], False)], by=scope(setting.trainer))
    assert queries.count_granted(learner[1].id) == 0


def test_before_the_course_and_now_stand_side_by_side(client: Client, country: Country) -> None:
    version = make_full_course()
    account = make_member(country.precinct)
    enrolment = enrolment_of(account, version)
    asked = start_entry(enrolment=enrolment, by=scope(account))
    submit_attempt(attempt=asked, by=scope(account))
    read_modules(enrolment)
    attempt = make_attempt(account, enrolment)
    answer_all(attempt, account)
    sign_in_as(client, account)
    client.post(f"/en/attempts/{attempt.id}/send")
    page = client.get(f"/en/attempts/{attempt.id}/result").text
    assert "Before the course and now" in page
    table = page.split('aria-labelledby="compared"')[1].split("</table>")[0]
    for mark in rules.count_by_topic(queries.list_marks(attempt.id)):
        assert f"{mark.total} of {mark.total}" in table
    assert "0 of " in table


class TestReceipt:
    def test_the_code_says_what_was_received(self, client: Client, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        assert receipts.find_received(attempt) is None
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        received = receipts.find_received(attempt)
        assert received is not None
        assert received.answers == attempt.total - 1
        sign_in_as(client, learner[0])
        assert received.code in client.get(f"/en/attempts/{attempt.id}/result").text
        sign_in_as(client, officer)
        page = client.post("/en/receipts", data={"code": received.code.lower().replace("-", " ")})
        assert (page.status_code, learner[0].person.full_name in page.text) == (200, True)

    def test_others_are_refused_alike(self, country: Country, learner: Learner, officer: Account) -> None:
        attempt = make_attempt(*learner)
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        received = receipts.find_received(attempt)
        assert received is not None
        last = "3" if received.code[-1] == "2" else "2"
        for typed, who in [
            (received.code[:-1] + last, officer),
            (received.code, make_officer(country.sister_district)),
            ("999999-AAAAA-AAAAA", officer),
        ]:
            with pytest.raises(Refused, match="No test of your branch"):
                receipts.check_code(typed, scope(who))
        with pytest.raises(Refused, match="looks like"):
            receipts.check_code("hello", scope(officer))

    def test_late_answers_do_not_change_it(self, learner: Learner) -> None:
        attempt = make_late(learner)
        first = receipts.find_received(attempt)
        give(attempt, learner[0], 2, {}, client="other")
        second = receipts.find_received(attempt)
        assert first is not None
        assert second is not None
        assert first.code == second.code


class TestVerify:
    def test_it_finds_what_was_changed_behind_its_back(self, learner: Learner) -> None:
        attempt = make_attempt(*learner)
        answer_all(attempt, learner[0], wrong=[1])
        submit_attempt(attempt=attempt, by=scope(learner[0]))
        assert CliRunner().invoke(main, ["tests", "verify"]).exit_code == 0
        db.session.execute(update(PaperQuestion).where(PaperQuestion.attempt_id == attempt.id).values(credit=1000))
        db.session.execute(
            update(Attempt).where(Attempt.id == attempt.id).values(deadline=attempt.deadline + timedelta(minutes=1))
        )
        attempt_id = attempt.id
        db.session.commit()
        found = CliRunner().invoke(main, ["tests", "verify", "--json"])
        assert found.exit_code == 1
        wrong = {(one["attempt"], one["what"]) for one in json.loads(found.stdout)["differences"]}
        assert wrong == {(attempt_id, "question 1"), (attempt_id, "deadline")}


def test_a_save_is_one_statement(learner: Learner) -> None:
    """What was built around it costs the save nothing."""
    from sqlalchemy import event

    attempt = make_attempt(*learner)
    response, seen = right_response(queries.get_paper_question(attempt.id, 1)), []
    browser = give(attempt, learner[0], 2, {}, client="first")
    assert browser.fate is Fate.SAVED
    from lms.assessment.saving import Step, save
    from tests.factories.assessment import sender

    who, connection = sender(learner[0]), db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: seen.append(said[2]))
    save(connection, Step(attempt.id, 1, "tab", 1, 0, response), who, clock.now())
    assert len(seen) == 1
