"""A ruling changes what the dry run said and nothing else, once each, goes on after a kill, and is taken back whole."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import late
from lms.assessment.actions import close_expired, submit_attempt
from lms.assessment.grading import Effect, compute_grade
from lms.assessment.lengthening import Why
from lms.assessment.models import Attempt, QuestionRuling
from lms.campaigns.models import Campaign
from lms.certificates.models import Certificate
from lms.certificates.queries import find_of_enrolment
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.jobs.models import Job
from lms.core.jobs.queue import unseen
from lms.fairness import actions, regrading
from lms.fairness.counting import Counts
from lms.fairness.models import Regrade, RegradeChange, RegradeDone
from lms.fairness.states import State
from lms.learning.actions import complete_activity
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import WORKSHOP
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import answer_all, give, let_time_pass, make_attempt, make_learner
from tests.factories.commissions import make_country, make_officer, scope
from tests.factories.fairness import find_question, make_narrow_course, newest, place_of, rule, sit, work
from tests.fairness.sums import sums

pytestmark = pytest.mark.usefixtures("db_session")
A, B, C = ({"choice": letter} for letter in "abc")


class Crowd:
    """People of one precinct whose results hang on the question in different ways: `b` is its key."""

    def __init__(self) -> None:
        self.country = make_country()
        self.version = make_narrow_course()
        self.accounts: dict[str, Account] = {}
        self.enrolments: dict[str, Enrolment] = {}
        self.attempts: dict[str, Attempt] = {}
        self._sit("safe", B, 0)  # 5 of 5
        self._sit("by it", B, 1)  # 4 of 5: passes by this question
        self._sit("short", C, 1)  # 3 of 5: would pass with c
        self._sit("far", C, 3)  # 1 of 5
        self._sit("other", A, 1)  # 3 of 5
        for name in ("safe", "by it"):
            complete_activity(enrolment=self.enrolments[name], activity=WORKSHOP, by=SYSTEM, details={"minutes": 90})
        complete_activity(enrolment=self.enrolments["short"], activity=WORKSHOP, by=SYSTEM, details={"minutes": 90})
        work()

    def _sit(self, name: str, said: dict[str, str], wrong: int) -> None:
        account, enrolment = make_learner(self.country.precinct, self.version, surname=name.title())
        self.accounts[name], self.enrolments[name] = account, enrolment
        self.attempts[name] = sit(account, enrolment, said=said, wrong=wrong)

    def results(self) -> dict[str, tuple[int, int, bool]]:
        """Questions, of how many, passed."""
        return {name: ((one.credit or 0) // WHOLE, one.total, bool(one.passed)) for name, one in self.attempts.items()}

    def certificate(self, name: str) -> Certificate | None:
        return find_of_enrolment(self.enrolments[name].id)

    def apply(self, regrade: Regrade) -> None:
        actions.ask_to_apply(regrade=regrade, by=scope(self.country.head))
        work()

    def take_back(self, regrade: Regrade) -> None:
        actions.ask_to_take_back(regrade=regrade, by=scope(self.country.head))
        work()


@pytest.fixture
def crowd(db_session: object) -> Crowd:
    return Crowd()


BEFORE = {
    "safe": (5, 5, True),
    "by it": (4, 5, True),
    "short": (3, 5, False),
    "far": (1, 5, False),
    "other": (3, 5, False),
}
AFTER = {
    Effect.KEY: {
        "safe": (4, 5, True),
        "by it": (3, 5, False),
        "short": (4, 5, True),
        "far": (2, 5, False),
        "other": (3, 5, False),
    },
    Effect.ALSO: {
        "safe": (5, 5, True),
        "by it": (4, 5, True),
        "short": (4, 5, True),
        "far": (2, 5, False),
        "other": (3, 5, False),
    },
    Effect.POINT: {
        "safe": (5, 5, True),
        "by it": (4, 5, True),
        "short": (4, 5, True),
        "far": (2, 5, False),
        "other": (4, 5, True),
    },
    Effect.LEFT_OUT: {  # of four three are enough
        "safe": (4, 4, True),
        "by it": (3, 4, True),
        "short": (3, 4, True),
        "far": (1, 4, False),
        "other": (3, 4, True),
    },
}
COUNTS = {
    Effect.KEY: Counts(seen=5, gain=2, lose=2, pass_now=1, fail_now=1),
    Effect.ALSO: Counts(seen=5, gain=2, pass_now=1),
    Effect.POINT: Counts(seen=5, gain=3, pass_now=2),
    Effect.LEFT_OUT: Counts(seen=5, lose=2, other=3, pass_now=2),
}
RESPONSE = {Effect.KEY: C, Effect.ALSO: C, Effect.POINT: None, Effect.LEFT_OUT: None}
EFFECTS = list(AFTER)


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_dry_run_changes_nothing_and_says_what_comes(crowd: Crowd, effect: Effect) -> None:
    before = sums()
    ruling, regrade = rule(crowd.country, effect, RESPONSE[effect])
    assert sums() == before
    assert crowd.results() == BEFORE
    assert regrade.state == State.COUNTED
    assert regrade.counts == asdict(COUNTS[effect])
    said = {one.attempt_id: one for one in db.session.scalars(select(RegradeChange))}
    crowd.apply(regrade)
    assert (regrade.state, ruling.is_in_force) == (State.APPLIED, True)
    assert crowd.results() == AFTER[effect]
    for attempt in crowd.attempts.values():
        stands = attempt.credit, attempt.total, attempt.passed
        change = said.get(attempt.id)
        if change is None:
            assert {**BEFORE, **{n: r for n, r in crowd.results().items() if crowd.attempts[n] is attempt}} == BEFORE
        else:
            assert stands == (change.credit_after, change.total_after, change.passed_after)
            assert change.credits[str(place_of(attempt).position)][1] == place_of(attempt).credit
        replayed = compute_grade(attempt)
        assert stands == (replayed.credit, replayed.total, replayed.passed)


@pytest.mark.parametrize("effect", EFFECTS)
def test_taken_back_everything_stands_as_before(crowd: Crowd, effect: Effect) -> None:
    certificates = set(db.session.scalars(select(Certificate.id)))
    before = sums(certificates=certificates)
    _ruling, regrade = rule(crowd.country, effect, RESPONSE[effect])
    crowd.apply(regrade)
    assert sums(certificates=certificates) != before
    crowd.take_back(regrade)
    assert regrade.state == State.TAKEN_BACK
    assert sums(certificates=certificates) == before
    assert crowd.results() == BEFORE


def test_a_late_answer_that_counts_is_marked_anew_too(crowd: Crowd) -> None:
    account, enrolment = make_learner(crowd.country.precinct, crowd.version, surname="Late")
    attempt = make_attempt(account, enrolment)
    place = place_of(attempt).position
    answer_all(attempt, account, wrong=[place, place % attempt.total + 1])
    let_time_pass(attempt, hours=1)
    assert close_expired(attempt.id)
    give(attempt, account, place, C, base=0)
    found = late.find_late(attempt)
    assert found is not None
    officer = make_officer(crowd.country.district)
    late.decide_late(
        attempt=attempt, last_step_id=found.last_step_id, counts=True, why=Why("outage", ""), by=scope(officer)
    )
    work()
    assert attempt.credit == 3 * WHOLE
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    said = db.session.scalars(select(RegradeChange).where(RegradeChange.attempt_id == attempt.id)).one()
    assert said.credits == {str(place): [0, WHOLE]}
    crowd.apply(regrade)
    assert attempt.credit == 4 * WHOLE == compute_grade(attempt).credit


def test_courses_and_certificates_follow(crowd: Crowd) -> None:
    lost = crowd.certificate("by it")
    assert lost is not None
    assert crowd.certificate("short") is None
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    crowd.apply(regrade)
    assert lost.withdrawn_at is not None
    assert "marked anew" in lost.withdrawn_because
    assert crowd.enrolments["by it"].completed_at is None
    won = crowd.certificate("short")
    assert won is not None
    assert (won.withdrawn_at, won.facts["right"], won.facts["total"]) == (None, 4, 5)
    kept = crowd.certificate("safe")
    assert kept is not None
    assert (kept.withdrawn_at, kept.facts["right"]) == (None, 5), "what was issued says what it said"
    crowd.take_back(regrade)
    assert lost.withdrawn_at is None
    assert won.withdrawn_at is not None
    assert crowd.enrolments["short"].completed_at is None


def test_applied_once_more_a_certificate_holds_again(crowd: Crowd) -> None:
    ruling, regrade = rule(crowd.country, Effect.KEY, C)
    crowd.apply(regrade)
    won = crowd.certificate("short")
    crowd.take_back(regrade)
    _again, second = rule(crowd.country, Effect.POINT)
    crowd.apply(second)
    db.session.expire_all()
    assert won is not None
    assert crowd.certificate("short") is won
    assert won.withdrawn_at is None
    assert ruling.taken_back_at is not None


def test_who_lost_it_may_sit_again_and_is_certified_anew(crowd: Crowd) -> None:
    lost = crowd.certificate("by it")
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    crowd.apply(regrade)
    let_time_pass(crowd.attempts["by it"], hours=25)
    account, enrolment = crowd.accounts["by it"], crowd.enrolments["by it"]
    again = sit(account, enrolment, said=C)
    assert (again.passed, again.credit) == (True, 5 * WHOLE)
    assert enrolment.completed_at is not None
    assert lost is not None
    assert (lost.withdrawn_at, lost.facts["right"]) == (None, 5)
    crowd.take_back(regrade)
    assert crowd.attempts["by it"].passed
    assert lost.withdrawn_at is None


def test_a_certificate_that_an_officer_withdrew_stays_withdrawn(crowd: Crowd) -> None:
    certificate = crowd.certificate("by it")
    assert certificate is not None
    certificate.withdrawn_at, certificate.withdrawn_because = certificate.person.created_at, "A mistake"
    db.session.commit()
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    crowd.apply(regrade)
    crowd.take_back(regrade)
    assert certificate.withdrawn_because == "A mistake"
    assert certificate.withdrawn_at is not None


def test_a_worker_killed_in_the_middle_goes_on_where_it_stood(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = set(db.session.scalars(select(Certificate.id)))
    before = sums(certificates=certificates)
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    monkeypatch.setattr(regrading, "AT_ONCE", 1)

    class Killed(BaseException):
        pass

    def state() -> str:
        return db.session.scalars(select(Regrade.state).where(Regrade.id == regrade.id)).one()

    db.session.commit()
    for work_of, done_of in ((regrading.apply, "apply"), (regrading.take_back, "take_back")):
        counts = {"n": 0}

        def die_at_second(done: int, total: int, counts: dict[str, int] = counts) -> None:
            counts["n"] += state() in (State.APPLYING, State.TAKING_BACK)
            if counts["n"] == 2:
                raise Killed

        with pytest.raises(Killed):
            work_of(regrade.id, SYSTEM, die_at_second, db.session.commit)
        db.session.rollback()
        half = len(db.session.scalars(select(RegradeDone).where(RegradeDone.act == done_of)).all())
        assert half == 2
        work_of(regrade.id, SYSTEM, unseen, db.session.commit)
        db.session.commit()
        done = db.session.scalars(select(RegradeDone.attempt_id).where(RegradeDone.act == done_of)).all()
        assert sorted(done) == sorted(db.session.scalars(select(RegradeChange.attempt_id)))
        db.session.expire_all()
        if done_of == "apply":
            assert crowd.results() == AFTER[Effect.KEY]
    assert sums(certificates=certificates) == before


def test_refused_when_a_test_was_sent_meanwhile_then_counted_again(crowd: Crowd) -> None:
    ruling, regrade = rule(crowd.country, Effect.POINT)
    account, enrolment = make_learner(crowd.country.precinct, crowd.version)
    late = sit(account, enrolment, said=A)
    before = sums()
    crowd.apply(regrade)
    job = db.session.get_one(Job, regrade.job_id)
    assert (job.state, regrade.state, ruling.in_force_at) == ("failed", State.OUTDATED, None)
    assert "count it again" in job.sentence
    assert sums() == before
    actions.ask_to_count(ruling=ruling, by=scope(crowd.country.head))
    work()
    second = newest(ruling)
    assert second.counts["seen"] == 6
    crowd.apply(second)
    assert late.credit == 5 * WHOLE


def test_what_is_sent_after_the_ruling_is_graded_by_it_and_set_back_too(crowd: Crowd) -> None:
    account, enrolment = make_learner(crowd.country.precinct, crowd.version)
    going_on = make_attempt(account, enrolment)
    _ruling, regrade = rule(crowd.country, Effect.LEFT_OUT)
    crowd.apply(regrade)
    answer_all(going_on, account)
    submit_attempt(attempt=going_on, by=scope(account))
    assert (going_on.credit, going_on.total, going_on.passed) == (4 * WHOLE, 4, True)
    db.session.commit()
    crowd.take_back(regrade)
    assert (going_on.credit, going_on.total, going_on.passed) == (5 * WHOLE, 5, True)
    details = db.session.get_one(CompletedActivity, (enrolment.id, "test")).details
    assert details == {"right": 5, "total": 5}


def test_what_was_graded_otherwise_in_between_is_replayed(crowd: Crowd) -> None:
    """A decision about late answers grades an attempt once more, by the rulings in force then."""
    _ruling, regrade = rule(crowd.country, Effect.POINT)
    crowd.apply(regrade)
    attempt = crowd.attempts["far"]
    attempt.credit = 0
    db.session.commit()
    crowd.take_back(regrade)
    assert attempt.credit == 1 * WHOLE


def test_rulings_on_the_same_tests_are_taken_back_in_turn(crowd: Crowd) -> None:
    certificates = set(db.session.scalars(select(Certificate.id)))
    before = sums(certificates=certificates)
    _first, one = rule(crowd.country, Effect.KEY, C)
    crowd.apply(one)
    other = find_question("small/count-true-false")
    second = actions.rule(
        question=other, effect=Effect.LEFT_OUT, response=None, reason="Out", by=scope(crowd.country.head)
    )
    work()
    two = newest(second)
    crowd.apply(two)
    crowd.take_back(one)
    job = db.session.get_one(Job, one.job_id)
    assert job.state == "failed"
    assert f"No. {second.id}" in job.sentence
    assert one.state == State.APPLIED
    crowd.take_back(two)
    crowd.take_back(one)
    assert one.state == State.TAKEN_BACK
    assert sums(certificates=certificates) == before


def test_a_closed_campaign_stands(crowd: Crowd) -> None:
    db.session.scalars(select(Campaign)).one().state = "archived"
    db.session.commit()
    _ruling, regrade = rule(crowd.country, Effect.POINT)
    assert regrade.counts == asdict(Counts())


def test_who_passes_by_an_earlier_attempt_too_is_told_so_once(crowd: Crowd) -> None:
    """Failed first, passed later: the ruling makes the first attempt a pass as well; the course stays as it is."""
    let_time_pass(crowd.attempts["short"], hours=25)
    second = sit(crowd.accounts["short"], crowd.enrolments["short"], said=B)
    certificate = crowd.certificate("short")
    assert certificate is not None
    done_at = db.session.get_one(CompletedActivity, (crowd.enrolments["short"].id, "test")).completed_at
    db.session.commit()
    _ruling, regrade = rule(crowd.country, Effect.KEY, C)
    crowd.apply(regrade)
    assert (crowd.attempts["short"].passed, second.passed) == (True, True)
    assert certificate.withdrawn_at is None
    assert db.session.get_one(CompletedActivity, (crowd.enrolments["short"].id, "test")).completed_at == done_at


def test_one_ruling_at_a_time(crowd: Crowd) -> None:
    ruling, regrade = rule(crowd.country, Effect.POINT)
    with pytest.raises(Refused, match="already"):
        rule(crowd.country, Effect.LEFT_OUT)
    actions.discard(ruling=ruling, by=scope(crowd.country.head))
    _other, second = rule(crowd.country, Effect.LEFT_OUT)
    with pytest.raises(Refused, match="laid aside"):
        actions.ask_to_count(ruling=ruling, by=scope(crowd.country.head))
    crowd.apply(second)
    with pytest.raises(Refused, match="announced already"):
        actions.discard(ruling=second.ruling, by=scope(crowd.country.head))
    with pytest.raises(Refused, match="Count first"):
        actions.ask_to_apply(regrade=second, by=scope(crowd.country.head))
    with pytest.raises(Refused, match="Only a ruling that was applied"):
        actions.ask_to_take_back(regrade=regrade, by=scope(crowd.country.head))


@pytest.mark.parametrize(
    ("response", "reason", "said"),
    [(None, "Because", "Answer the question"), (B, "Because", "right already"), (C, "  ", "Say why")],
)
def test_a_ruling_needs_a_key_and_a_reason(
    crowd: Crowd, response: dict[str, str] | None, reason: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        actions.rule(
            question=find_question(),
            effect=Effect.KEY,
            response=response,
            reason=reason,
            by=scope(crowd.country.head),
        )
    assert db.session.scalars(select(QuestionRuling)).all() == []


def test_only_the_central_commission_rules(crowd: Crowd) -> None:
    reader = make_officer(crowd.country.central, Role.AUDITOR)
    with pytest.raises(Forbidden):
        actions.rule(question=find_question(), effect=Effect.POINT, response=None, reason="x", by=scope(reader))


def test_it_is_recorded(crowd: Crowd) -> None:
    _ruling, regrade = rule(crowd.country, Effect.POINT)
    crowd.apply(regrade)
    crowd.take_back(regrade)
    ours = AuditEntry.action.like("fairness.%")
    acts = list(db.session.scalars(select(AuditEntry.action).where(ours).order_by(AuditEntry.id)))
    assert acts == [
        "fairness.count_asked",
        "fairness.apply_asked",
        "fairness.regraded",
        "fairness.take_back_asked",
        "fairness.regrade_taken_back",
    ]


def test_traces_never_change(crowd: Crowd) -> None:
    _ruling, regrade = rule(crowd.country, Effect.POINT)
    crowd.apply(regrade)
    db.session.scalars(select(RegradeDone)).first().act = "nothing"  # type: ignore[union-attr]
    with pytest.raises(Refused, match="never changes"):
        db.session.flush()
