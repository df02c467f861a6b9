"""Analyses, disputes, answers to them, and signs, on a real database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment.grading import Effect
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.queries import list_paper
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.jobs.queue import unseen
from lms.curriculum.models import CourseVersion
from lms.fairness import actions, analysing, disputing, queries, reading, searching, tasks
from lms.fairness.erasing import count_words, erase_words
from lms.fairness.integrity import Judgement
from lms.fairness.models import Analysis, Dispute, IntegrityNote, IntegritySearch, IntegritySign
from lms.learning.models import Enrolment
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import give, let_time_pass, make_attempt, make_learner
from tests.factories.commissions import Country, make_country, make_officer, scope
from tests.factories.fairness import find_question, make_narrow_course, place_of, rule, sit, work

pytestmark = pytest.mark.usefixtures("db_session")
A, B, C = ({"choice": letter} for letter in "abc")
WORDS = "The law names two answers."


@pytest.fixture
def country(db_session: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_narrow_course()


@pytest.fixture
def learner(country: Country, version: CourseVersion) -> tuple[Account, Enrolment]:
    return make_learner(country.precinct, version)


def dispute(attempt: Attempt, account: Account, words: str = WORDS) -> Dispute:
    return disputing.dispute_question(
        attempt=attempt, position=place_of(attempt).position, words=words, by=scope(account)
    )


def test_an_analysis_is_what_the_papers_say(country: Country, version: CourseVersion) -> None:
    for said, wrong in ((B, 0), (B, 1), (C, 2), (A, 0)):
        sit(*make_learner(country.precinct, version), said=said, wrong=wrong)
    make_attempt(*make_learner(country.precinct, version))  # going on: counts for nothing
    asked = actions.ask_for_analysis(version_id=version.id, by=scope(country.head))
    assert actions.ask_for_analysis(version_id=version.id, by=scope(country.head)) is asked, "pressed twice"
    work()
    assert asked.made_at is not None
    figures = asked.figures
    assert (figures["papers"], figures["passed"], figures["mean"]) == (4, 3, (5 + 4 + 2 + 4) / 4)
    ours = next(one for one in figures["questions"] if one["question"] == find_question().id)
    assert (ours["n"], ours["exposure"], ours["facility"]) == (4, 1.0, 0.5)
    assert {one["name"]: one["n"] for one in ours["chosen"]} == {"a": 1, "b": 2, "c": 1}
    assert [one["name"] for one in ours["chosen"] if one["right"]] == ["b"]
    assert asked.figures == analysing.analyse(version.id, unseen).as_json(), "the same again"
    found = queries.find_figures(find_question().id)
    assert found is not None
    assert found[0] is asked


def test_papers_are_read_in_parts_and_are_the_same(
    country: Country, version: CourseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in (B, C, A):
        sit(*make_learner(country.precinct, version), said=said)
    db.session.commit()
    whole = list(reading.stream_papers(version.id, unseen))
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    told: list[tuple[int, int]] = []
    assert list(reading.stream_papers(version.id, lambda done, total: told.append((done, total)))) == whole
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(whole) == 3


def test_the_answer_that_counts_its_language_and_its_time(
    learner: tuple[Account, Enrolment], version: CourseVersion
) -> None:
    account, enrolment = learner
    attempt = make_attempt(account, enrolment)
    position, begun = place_of(attempt).position, attempt.started_at
    other = 1 if position != 1 else 2
    give(attempt, account, other, {}, now=begun + timedelta(seconds=10))
    give(attempt, account, position, A, now=begun + timedelta(seconds=25), client="one")
    give(attempt, account, position, C, now=begun + timedelta(seconds=99), client="one")
    give(attempt, account, position, B, now=begun + timedelta(seconds=100), client="two")  # stale: does not count
    step = db.session.scalars(select(AnswerStep).order_by(AnswerStep.id.desc())).first()
    assert step is not None
    assert step.stale
    actions_of(attempt, account)
    (paper,) = reading.read_papers(version.id, attempt.id, attempt.id)
    place = next(one for one in paper.places if one.question == find_question().id)
    assert (reading.options_in(place.said), place.seconds, place.credit) == (("c",), 15, 0)
    assert {one.said for one in paper.places if one is not place} == {""}


def actions_of(attempt: Attempt, account: Account) -> None:
    from lms.assessment.actions import submit_attempt

    submit_attempt(attempt=attempt, by=scope(account))
    db.session.commit()


def test_the_language_of_the_page_is_kept(learner: tuple[Account, Enrolment], version: CourseVersion) -> None:
    from lms.assessment.saving import Step, save
    from tests.factories.assessment import sender

    account, enrolment = learner
    attempt = make_attempt(account, enrolment)
    step = Step(attempt.id, 1, "tab", 1, 0, {}, "kk")
    save(db.session.connection(), step, sender(account), clock.now())
    assert db.session.scalars(select(AnswerStep.language)).one() == "kk"


def test_an_analysis_whose_worker_was_killed_is_made_by_the_next(
    country: Country, version: CourseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit(*make_learner(country.precinct, version), said=B)
    asked = Analysis(version_id=version.id, asked_by_id=None, asked_at=clock.now())
    db.session.add(asked)
    db.session.commit()

    class Killed(BaseException):
        pass

    def die(_done: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        tasks.analyse(die, {"analysis_id": asked.id})
    db.session.rollback()
    assert asked.made_at is None
    for _again in range(2):
        tasks.analyse(unseen, {"analysis_id": asked.id})
        db.session.commit()
    assert asked.figures["papers"] == 1


def test_a_dispute_waits_and_is_answered_once_for_all(country: Country, version: CourseVersion) -> None:
    people = [make_learner(country.precinct, version) for _ in range(3)]
    attempts = [sit(*one, said=C) for one in people]
    disputes = [dispute(attempt, account) for attempt, (account, _e) in zip(attempts[:2], people[:2], strict=True)]
    assert queries.count_waiting_disputes() == 2
    (row,) = queries.list_disputed()
    assert (row.question.id, row.waiting, row.total) == (find_question().id, 2, 2)
    ruling = actions.rule(
        question=find_question(), effect=Effect.STANDS, response=None, reason="See the law", by=scope(country.head)
    )
    db.session.expire_all()
    assert {one.ruling_id for one in disputes} == {ruling.id}
    assert queries.count_waiting_disputes() == 0
    assert len(queries.list_answered_since(people[0][0].person_id, clock.now() - timedelta(days=1))) == 1
    dispute(attempts[0], people[0][0], "Still it is wrong, see article 20.")
    assert queries.count_waiting_disputes() == 1


def test_a_ruling_answers_disputes_when_it_comes_into_force_and_no_more_when_taken_back(
    country: Country, version: CourseVersion, learner: tuple[Account, Enrolment]
) -> None:
    attempt = sit(*learner, said=C, wrong=1)
    said = dispute(attempt, learner[0])
    _ruling, regrade = rule(country, Effect.ALSO, C)
    assert said.ruling_id is None, "not announced yet"
    actions.ask_to_apply(regrade=regrade, by=scope(country.head))
    work()
    assert said.ruling_id == regrade.ruling_id
    since = clock.now() - timedelta(days=1)
    (news,) = queries.list_news(learner[0].person_id, since)
    assert (news.taken_back, news.change.passed_before, news.change.passed_after) == (False, False, True)
    actions.ask_to_take_back(regrade=regrade, by=scope(country.head))
    work()
    assert said.ruling_id is None
    (news,) = queries.list_news(learner[0].person_id, since)
    assert news.taken_back
    assert queries.list_news(learner[0].person_id, clock.now() + timedelta(days=1)) == []


def test_disputing_is_refused_with_a_sentence(
    country: Country, version: CourseVersion, learner: tuple[Account, Enrolment]
) -> None:
    account, enrolment = learner
    going_on = make_attempt(account, enrolment)
    with pytest.raises(Refused, match="once the test is sent"):
        dispute(going_on, account)
    actions_of(going_on, account)
    with pytest.raises(Refused, match="few words"):
        dispute(going_on, account, "  no ")
    stranger, _enrolment = make_learner(country.precinct, version)
    with pytest.raises(NotFound):
        dispute(going_on, stranger)
    with pytest.raises(NotFound):
        disputing.dispute_question(attempt=going_on, position=99, words=WORDS, by=scope(account))
    dispute(going_on, account)
    with pytest.raises(Refused, match="disputed this question already"):
        dispute(going_on, account)
    let_time_pass(going_on, hours=25)
    make_attempt(account, enrolment)
    with pytest.raises(Refused, match="once the test is sent"):
        dispute(going_on, account)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORTING_OFFICER])
def test_who_reads_does_not_act(country: Country, version: CourseVersion, role: Role) -> None:
    reader = scope(make_officer(country.central, role))
    for act in (
        lambda: actions.ask_for_analysis(version_id=version.id, by=reader),
        lambda: actions.ask_to_search(version_id=version.id, by=reader),
    ):
        with pytest.raises(Forbidden):
            act()
    below = scope(make_officer(country.district, role))
    with pytest.raises(NotFound):
        actions.ask_for_analysis(version_id=version.id, by=below)


def too_quick(attempt: Attempt) -> None:
    """Have a test look as if it had taken a second."""
    attempt.submitted_at = attempt.started_at + timedelta(seconds=1)
    db.session.commit()


def test_signs_are_kept_once_and_judged_by_people_alone(
    country: Country, version: CourseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.fairness.integrity.LEAST_ANSWERED", 3)
    account, enrolment = make_learner(country.precinct, version)
    attempt = sit(account, enrolment, said=B)
    too_quick(attempt)
    stands = (attempt.credit, attempt.passed, attempt.state)
    for _again in range(2):
        search = actions.ask_to_search(version_id=version.id, by=scope(country.head))
        work()
    (sign,) = db.session.scalars(select(IntegritySign))
    assert (sign.kind, sign.attempt_id, sign.commission_id) == ("pace", attempt.id, country.precinct.id)
    assert sign.seen["seconds"] == 1
    assert search.counts == {"papers": 1, "pairs": 0, "signs": 1, "new": 0}
    assert queries.count_open_signs() == 1
    with pytest.raises(Refused, match="Write down"):
        actions.judge_sign(sign=sign, judgement=Judgement.HARMLESS, words="ok", by=scope(country.head))
    actions.judge_sign(
        sign=sign, judgement=Judgement.CONFIRMED, words="Asked the chair, who said so.", by=scope(country.head)
    )
    assert queries.count_open_signs() == 0
    assert (attempt.credit, attempt.passed, attempt.state) == stands, "nothing changes by itself"
    actions.judge_sign(sign=sign, judgement=Judgement.OPEN, words="Somebody else was there.", by=scope(country.head))
    assert queries.count_open_signs() == 1
    assert len(queries.list_notes(sign.id)) == 2


def test_one_page_for_two_people_is_seen(country: Country, version: CourseVersion) -> None:
    attempts = []
    for _ in range(2):
        account, enrolment = make_learner(country.precinct, version)
        attempt = make_attempt(account, enrolment)
        give(attempt, account, 1, {}, client="form-0123456789abcdef")
        actions_of(attempt, account)
        attempts.append(attempt.id)
    found, counts = searching.search(version.id, unseen)
    assert [(one.kind, one.attempt_id, one.other_attempt_id) for one in found] == [("same_client", *attempts)]
    assert counts["papers"] == 2


def test_a_search_is_safe_to_do_again(country: Country, version: CourseVersion) -> None:
    search = IntegritySearch(version_id=version.id, asked_by_id=None, asked_at=clock.now())
    db.session.add(search)
    db.session.commit()
    for _again in range(2):
        tasks.search(unseen, {"search_id": search.id})
        db.session.commit()
    assert search.counts == {"papers": 0, "pairs": 0, "signs": 0, "new": 0}


def test_words_about_a_person_are_erased(country: Country, learner: tuple[Account, Enrolment]) -> None:
    attempt = sit(*learner, said=C)
    said = dispute(attempt, learner[0])
    sign = IntegritySign(
        version_id=attempt.version_id, kind="pace", attempt_id=attempt.id, seen={}, found_at=clock.now()
    )
    db.session.add(sign)
    db.session.flush()
    note = actions.judge_sign(sign=sign, judgement=Judgement.OPEN, words="Asked them at home.", by=SYSTEM)
    person = learner[0].person_id
    assert count_words([person]) == 2
    assert erase_words([person]) == 2
    assert (said.words, note.words, count_words([person])) == ("", "", 0)
    assert db.session.get(IntegrityNote, note.id) is not None


def test_a_left_out_question_leaves_the_analysis(country: Country, version: CourseVersion) -> None:
    for said in (B, C):
        sit(*make_learner(country.precinct, version), said=said)
    _ruling, regrade = rule(country, Effect.LEFT_OUT)
    actions.ask_to_apply(regrade=regrade, by=scope(country.head))
    work()
    figures = asdict(analysing.analyse(version.id, unseen))
    assert find_question().id not in [one["question"] for one in figures["questions"]]
    assert figures["mean"] == 4
    attempt = db.session.scalars(select(Attempt)).first()
    assert attempt is not None
    assert (attempt.total, attempt.credit) == (4, 4 * WHOLE)
    assert [one.credit for one in list_paper(attempt.id)].count(None) == 1
