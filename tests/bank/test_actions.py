"""The way of a draft to papers: every step, each refusal, two people, and what is never lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.assessment import queries as assessment
from lms.bank import actions, cases, queries
from lms.bank.errors import DraftFaulty, NotThatState
from lms.bank.models import Draft, DraftStep
from lms.bank.rules import CaseState, DraftState, Why
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import find_newest_version, get_course, list_questions
from lms.learning.models import Enrolment
from lms.packs.actions import load_pack, publish_pack, renew_pool
from lms.packs.exporting import export_version
from lms.questions.actions import Usage, bring_back, change_usage, withdraw_question
from lms.questions.models import Question, QuestionVersion
from lms.questions.uses import Difficulty
from tests.factories.assessment import make_attempt, make_learner
from tests.factories.bank import make_case, make_draft, make_reviewed, make_writer, save
from tests.factories.commissions import Country, make_country, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.packs import MORE, write_pack
from tests.factories.questions import KIND_NAMES, question_body, texts

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def country() -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def large(country: Country, tmp_path_factory: pytest.TempPathFactory) -> CourseVersion:
    """The small course with a bank that is large enough to be renewed."""
    folder = write_pack(tmp_path_factory.mktemp("pack") / "small")
    return publish_pack(pack=load_pack(folder), by=SYSTEM).version


@pytest.fixture
def writer(country: Country, request: pytest.FixtureRequest) -> Account:
    """Somebody who writes questions of the course."""
    if "large" not in request.fixturenames:
        request.getfixturevalue("version")
    return make_writer(country)


@pytest.fixture
def reader(country: Country) -> Account:
    return make_writer(country)


def question_of(code: str) -> Question:
    return db.session.scalars(select(Question).where(Question.code == code)).one()


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_of_each_kind_goes_from_draft_to_a_version(writer: Account, reader: Account, kind: str) -> None:
    draft = make_reviewed(writer, reader, kind)
    published = actions.publish(draft=draft, by=scope(writer))
    assert (published.kind, published.difficulty, published.number) == (kind, "hard", 1)
    assert (published.author_id, published.reviewer_id) == (writer.person_id, reader.person_id)
    assert (draft.state, draft.question_id) == (DraftState.PUBLISHED, published.question_id)
    whys = [step.why for step in reversed(queries.list_steps(draft.id))]
    assert whys == [Why.SENT, Why.APPROVED, Why.PUBLISHED]
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"draft:{draft.id}")).all()
    assert set(acts) == {"bank.draft_begun", "bank.sent_for_review", "bank.approved", "bank.published"}


def test_anything_typed_is_kept_and_nothing_unfinished_is_sent(writer: Account) -> None:
    draft = make_draft(writer)
    save(draft, writer, {"text": {"kk": "Сөз"}, "options": [{"id": "a"}]}, source=["nonsense !"])
    assert draft.body == {"text": {"kk": "Сөз"}, "options": [{"id": "a"}]}
    with pytest.raises(DraftFaulty) as refused:
        actions.send_for_review(draft=draft, by=scope(writer))
    assert {fault.path[0] for fault in refused.value.faults} >= {"text", "options", "source", "explanation"}
    assert draft.state == DraftState.DRAFT


def test_a_save_on_an_earlier_state_is_kept_beside(writer: Account) -> None:
    draft = make_draft(writer)
    before = draft.revision
    save(draft, writer, question_body("single", text=texts("Second")))
    copy = actions.save_draft(
        draft=draft, revision=before, head={}, body=question_body("single", text=texts("Other")), by=scope(writer)
    )
    assert copy is not None
    assert copy.body["text"] == texts("Other")
    assert draft.body["text"] == texts("Second")
    assert (copy.why, copy.revision) == (Why.STALE, before)


def test_nobody_approves_their_own_by_rule_and_by_the_database(writer: Account, reader: Account) -> None:
    draft = make_draft(writer)
    actions.send_for_review(draft=draft, by=scope(writer))
    with pytest.raises(Forbidden, match="their own question"):
        actions.approve(draft=draft, by=scope(writer))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Draft).values(state="reviewed", reviewer_id=writer.person_id))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Draft).values(state="reviewed", reviewer_id=None))
    row = {"question_id": question_of("small/count-single").id, "number": 9, "kind": "single", "topic": "count"}
    more = {"use": "test", "source": [], "body": {}, "checksum": "", "created_at": draft.created_at}
    same = {"author_id": writer.person_id, "reviewer_id": writer.person_id}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(QuestionVersion(**row, **more, **same))
    actions.approve(draft=draft, by=scope(reader))


def test_only_the_author_changes_a_draft_and_only_while_it_is_one(writer: Account, reader: Account) -> None:
    draft = make_draft(writer)
    with pytest.raises(Forbidden, match="Only its author"):
        save(draft, reader, {})
    actions.send_for_review(draft=draft, by=scope(writer))
    with pytest.raises(NotThatState):
        save(draft, writer, {})


def test_others_return_it_with_a_note_and_the_author_without(writer: Account, reader: Account) -> None:
    draft = make_draft(writer)
    actions.send_for_review(draft=draft, by=scope(writer))
    with pytest.raises(Refused, match="what is to be changed"):
        actions.return_draft(draft=draft, note=" ", by=scope(reader))
    actions.return_draft(draft=draft, note="Shorter, please.", by=scope(reader))
    assert (draft.state, draft.note) == (DraftState.DRAFT, "Shorter, please.")
    actions.send_for_review(draft=draft, by=scope(writer))
    actions.return_draft(draft=draft, note="", by=scope(writer))
    assert (draft.state, draft.reviewer_id) == (DraftState.DRAFT, None)


def test_who_writes_no_questions_does_nothing_here(country: Country, writer: Account) -> None:
    officer = scope(make_officer(country.district))
    draft = make_draft(writer)
    for act in (
        lambda: actions.begin_draft(course=get_course("small"), kind="single", by=officer),
        lambda: actions.save_draft(draft=draft, revision=1, head={}, body={}, by=officer),
        lambda: actions.send_for_review(draft=draft, by=officer),
        lambda: actions.approve(draft=draft, by=officer),
        lambda: actions.publish(draft=draft, by=officer),
        lambda: actions.withdraw_all(questions=[], reason="x", by=officer),
        lambda: renew_pool(course="small", by=officer),
    ):
        with pytest.raises(Forbidden):
            act()


def test_one_draft_renews_a_question_at_a_time(writer: Account, reader: Account) -> None:
    question = question_of("small/opening-single")
    first = actions.begin_renewal(question=question, by=scope(writer))
    assert actions.begin_renewal(question=question, by=scope(reader)) is first
    assert first.body == question_body("single")


def test_saying_the_same_again_is_refused(writer: Account, reader: Account) -> None:
    draft = actions.begin_renewal(question=question_of("small/opening-single"), by=scope(writer))
    actions.send_for_review(draft=draft, by=scope(writer))
    actions.approve(draft=draft, by=scope(reader))
    with pytest.raises(Refused, match="nothing to publish"):
        actions.publish(draft=draft, by=scope(writer))


def test_a_course_is_renewed_and_open_papers_stay(
    country: Country, large: CourseVersion, writer: Account, reader: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    account, enrolment = make_learner(country.precinct, large)
    attempt = make_attempt(account, enrolment)
    paper = [asked.question_version_id for asked in assessment.list_paper(attempt.id)]
    fresh = actions.publish(draft=make_reviewed(writer, reader, text=texts("Fresh?")), by=scope(writer))
    gone = question_of("small/opening-more-1")
    withdraw_question(question=gone, reason="wrong since June", by=scope(writer))
    published = renew_pool(course="small", by=scope(writer))
    assert (published.is_new, published.version.number, published.version.change) == (True, 2, "editorial")
    pool = {question.id for question in list_questions(published.version.id)}
    assert fresh.id in pool
    assert not {one.id for one in queries.list_question_versions(gone.id)} & pool
    assert [asked.question_version_id for asked in assessment.list_paper(attempt.id)] == paper
    assert attempt.version_id == large.id
    db.session.expire_all()
    assert db.session.get_one(Enrolment, enrolment.id).version_id == published.version.id
    assert len(list_questions(large.id)) == 29
    export_version(published.version, tmp_path_factory.mktemp("out") / "pack")
    assert not renew_pool(course="small", by=scope(writer)).is_new
    bring_back(question=gone, by=scope(writer))
    again = renew_pool(course="small", by=scope(writer)).version
    assert {one.id for one in queries.list_question_versions(gone.id)} & {q.id for q in list_questions(again.id)}


def test_a_bank_that_is_too_small_renews_nothing(large: CourseVersion, writer: Account) -> None:
    for number in range(1, MORE["opening"] + 1):
        withdraw_question(question=question_of(f"small/opening-more-{number}"), reason="wrong", by=scope(writer))
    with pytest.raises(Refused, match="have at least 15"):
        renew_pool(course="small", by=scope(writer))
    assert find_newest_version(large.course_id) is large


def test_what_a_self_check_shows_is_not_withdrawn(writer: Account) -> None:
    with pytest.raises(Refused, match="small/count-s1"):
        actions.withdraw_all(questions=[question_of("small/count-s1").id], reason="x", by=scope(writer))


def test_many_are_changed_at_once_and_those_that_say_so_already_stay(version: CourseVersion) -> None:
    newest = list_questions(version.id)[:3]
    usage = Usage(topic="count", difficulty=Difficulty.EASY)
    changed = change_usage(versions=newest, usage=usage, by=SYSTEM)
    assert {(one.topic, one.difficulty, one.number) for one in changed} == {("count", "easy", 2)}
    assert change_usage(versions=changed, usage=usage, by=SYSTEM) == []


@pytest.mark.parametrize("role", [Role.TERRITORIAL_OFFICER, Role.TRAINER])
def test_a_case_from_below_becomes_a_question(country: Country, writer: Account, reader: Account, role: Role) -> None:
    case = make_case(make_officer(country.district, role))
    assert (case.state, case.commission_id) == (CaseState.SENT, country.district.id)
    draft = actions.begin_from_case(case=case, course=get_course("small"), by=scope(writer))
    assert "candles" in draft.body["text"]["en"]
    cases.answer_case(case=case, answer="No.", by=scope(reader))
    assert (case.state, case.answer) == (CaseState.ANSWERED, "No.")
    if draft.kind == "single":
        save(draft, writer, question_body("single"))
        actions.send_for_review(draft=draft, by=scope(writer))
        actions.approve(draft=draft, by=scope(reader))
        actions.publish(draft=draft, by=scope(writer))
        assert case.state == CaseState.USED


def test_cases_are_sent_whole_and_by_those_who_train_or_look_after_people(country: Country, writer: Account) -> None:
    trainer = scope(make_officer(country.district, Role.TRAINER))
    with pytest.raises(Refused, match="what was done"):
        cases.send_case(happened="x", done=" ", question="y", language="kk", by=trainer)
    with pytest.raises(Forbidden):
        make_case(writer)
    case = make_case(make_officer(country.district, Role.TRAINER))
    with pytest.raises(Refused, match="Write the answer"):
        cases.answer_case(case=case, answer="", by=scope(writer))
    with pytest.raises(Forbidden):
        cases.answer_case(case=case, answer="Yes", by=trainer)


def test_copies_never_change(writer: Account) -> None:
    draft = make_draft(writer)
    actions.send_for_review(draft=draft, by=scope(writer))
    step = queries.list_steps(draft.id)[0]
    with pytest.raises(Refused, match="never changes"), db.session.begin_nested():
        step.note = "other"
    assert db.session.get(DraftStep, step.id) is not None


def test_a_dropped_draft_leaves_room_for_another(writer: Account, reader: Account) -> None:
    question = question_of("small/opening-single")
    first = actions.begin_renewal(question=question, by=scope(writer))
    actions.drop(draft=first, by=scope(writer))
    assert actions.begin_renewal(question=question, by=scope(reader)) is not first


def test_too_few_for_a_paper_are_not_left(version: CourseVersion, writer: Account) -> None:
    """A test that nobody can begin is worse than one with a question in doubt."""
    opening = [one for one in list_questions(version.id) if (one.topic, one.use) == ("opening", "test")]
    with pytest.raises(Refused, match="only 0 would be left: nobody could begin the test"):
        actions.withdraw_all(questions=[one.question_id for one in opening], reason="x", by=scope(writer))
    assert db.session.scalars(select(Question).where(Question.withdrawn_at.is_not(None))).all() == []


@pytest.mark.parametrize("number", ["770101300123", "+7 701 123 45 67"])
def test_a_case_names_no_numbers_of_people(country: Country, number: str) -> None:
    sender = scope(make_officer(country.district))
    with pytest.raises(Refused, match="without numbers of people"):
        cases.send_case(happened=f"It was {number}.", done="-", question="?", language="en", by=sender)


def test_a_case_sent_twice_is_one(country: Country) -> None:
    sender = scope(make_officer(country.district))
    said = {"happened": "The lamp fell on 2026-11-20.", "done": "Nothing.", "question": "What then?", "language": "en"}
    assert cases.send_case(**said, by=sender) is cases.send_case(**said, by=sender)
    assert len(queries.list_cases()) == 1


def test_letters_of_two_alphabets_keep_a_question_from_review(writer: Account) -> None:
    draft = make_draft(writer)
    save(draft, writer, question_body("single", explanation={**texts("x"), "kk": "Aқ бюллетень"}))
    with pytest.raises(DraftFaulty) as found:
        actions.send_for_review(draft=draft, by=scope(writer))
    assert [(one.path, "Aқ" in one.sentence) for one in found.value.faults] == [(("explanation", "kk"), True)]
