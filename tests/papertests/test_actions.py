"""Print papers and key them in, on a real database: what comes of it, and every refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.assessment import queries
from lms.assessment.actions import start_attempt, submit_attempt
from lms.assessment.drawing import draw_questions
from lms.assessment.helping import Terms, give_accommodation
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.receipts import check_code, find_received
from lms.assessment.verifying import list_differences
from lms.certificates.models import Certificate
from lms.commissions.actions import grant_role
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.errors import CascadeError, Forbidden, NotFound, Refused
from lms.learning.actions import complete_activity
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.queries import list_done
from lms.learning.rules import WORKSHOP
from lms.papertests import keying
from lms.papertests.actions import print_sheets, void_sheet
from lms.papertests.errors import PapersOut
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.rules import MOST_AT_ONCE, Because, State, find_number_fault
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import (
    answer_all,
    enrolment_of,
    let_time_pass,
    make_attempt,
    make_learner,
    steps_of,
)
from tests.factories.commissions import make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.papertests import (
    Village,
    draft,
    key_in,
    make_village,
    print_sheet,
    print_spare,
    right_answers,
    wanted,
)
from tests.factories.questions import texts


@pytest.fixture
def village(app: Flask) -> Village:
    return make_village()


def acts(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def waits_for(village: Village, sheet: PaperSheet) -> None:
    """The sheet waits still, with its draft, and nothing was begun."""
    db.session.refresh(sheet)
    assert sheet.state is State.WAITING
    assert sheet.draft["answers"]


def refuses(village: Village, sheet: PaperSheet, *said: str) -> None:
    """Keying in is refused, naming the person, and what was keyed in is kept."""
    before = len(queries.list_attempts(village.enrolment.id))
    with pytest.raises(Refused) as refused:
        keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(village.trainer))
    for words in (village.account.person.full_name, *said):
        assert words in refused.value.sentence
    waits_for(village, sheet)
    assert len(queries.list_attempts(village.enrolment.id)) == before


def test_a_paper_for_each_and_spare_ones(village: Village) -> None:
    other, second = make_learner(village.country.precinct, village.version, language="ru")
    asked = print_sheets(
        wanted=wanted(village, village.enrolment, second, spare=2, language="en"), by=scope(village.trainer)
    )
    sheets = [db.session.get_one(PaperSheet, one) for one in asked.sheets]
    assert [one.enrolment_id for one in sheets] == [village.enrolment.id, second.id, None, None]
    assert [one.language for one in sheets] == ["kk", other.person.language, "en", "en"]
    assert [one.spare for one in sheets] == [False, False, True, True]
    assert {find_number_fault(one.number) for one in sheets} == {None}
    assert {len(one.questions) for one in sheets} == {5}
    assert [one["position"] for one in sheets[0].questions] == [1, 2, 3, 4, 5]
    assert queries.list_attempts(village.enrolment.id) == [], "no attempt until it is keyed in"
    (act,) = acts("papertests.printed")
    assert act.details["people"] == [village.account.person_id, other.person_id]
    assert (act.details["count"], act.details["spare"], act.details["again"]) == (4, 2, 0)


def test_print_and_screen_draw_by_one_function(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def watch(*args: object) -> object:
        drawn.append(args)
        return draw_questions(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("lms.papertests.actions.draw_questions", watch)
    monkeypatch.setattr("lms.assessment.actions.draw_questions", watch)
    print_sheet(village)
    account, enrolment = make_learner(village.country.precinct, village.version)
    make_attempt(account, enrolment)
    assert [args[0] for args in drawn] == [village.version.id] * 2


def test_who_has_seen_a_spoilt_paper_gets_rather_other_questions(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = print_sheet(village)
    void_sheet(sheet=first, because=Because.SPOILT, by=scope(village.trainer))
    seen = []
    monkeypatch.setattr(
        "lms.papertests.actions.draw_questions", lambda *args: seen.append(args[-1]) or draw_questions(*args)
    )
    print_sheet(village)
    assert set(seen[0].before) == {one["question_version_id"] for one in first.questions}


def test_printed_again_it_is_the_same_paper(village: Village) -> None:
    sheet = print_sheet(village)
    with pytest.raises(PapersOut) as asked:
        print_sheet(village)
    assert village.account.person.full_name in asked.value.sentence
    assert sheet.shown in asked.value.sentence
    again = print_sheets(wanted=wanted(village, village.enrolment, again=True), by=scope(village.trainer))
    assert again.sheets == [sheet.id]
    assert db.session.query(PaperSheet).count() == 1
    assert acts("papertests.printed")[-1].details["again"] == 1


def test_nobody_has_two_papers_even_past_the_rules(village: Village) -> None:
    sheet = print_sheet(village)
    values = {
        column.name: getattr(sheet, column.name)
        for column in PaperSheet.__table__.columns
        if column.name not in ("id", "number")
    }
    db.session.add(PaperSheet(**values, number="ANOTHER"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.flush()


@pytest.mark.parametrize(("people", "spare"), [(0, 0), (0, 21), (0, -1)])
def test_how_many_can_be_printed(village: Village, people: int, spare: int) -> None:
    with pytest.raises(Refused):
        print_sheets(wanted=wanted(village, spare=spare), by=scope(village.trainer))


def test_no_more_than_a_class_at_once(village: Village) -> None:
    many = (village.enrolment,) * (MOST_AT_ONCE + 1)
    with pytest.raises(Refused, match=str(MOST_AT_ONCE)):
        print_sheets(wanted=wanted(village, *many), by=scope(village.trainer))


def test_large_print_and_the_language_of_the_person(village: Village) -> None:
    account, enrolment = make_learner(village.country.precinct, village.version, language="ru")
    terms = Terms(0, 0, ("large_print",), "sight", "", clock.today(), None)
    give_accommodation(holder=account.person, terms=terms, by=SYSTEM)
    sheet = print_sheet(village, enrolment)
    assert (sheet.large, sheet.language) == (True, "ru")
    assert print_sheet(village).large is False


def test_for_whom_nothing_is_printed(village: Village) -> None:
    busy, going_on = make_learner(village.country.precinct, village.version, surname="Бос емес")
    make_attempt(busy, going_on)
    cases = [(going_on, "Бос емес")]
    done, passed = make_learner(village.country.precinct, village.version, surname="Өткен")
    answer_all(attempt := make_attempt(done, passed), done)
    submit_attempt(attempt=attempt, by=scope(done))
    cases.append((passed, "Өткен"))
    for enrolment, name in cases:
        with pytest.raises(Refused, match=name):
            print_sheet(village, enrolment)
    assert db.session.query(PaperSheet).count() == 0


def test_where_there_is_no_link_modules_may_be_read_afterwards(village: Village) -> None:
    enrolment = enrolment_of(make_member(village.country.precinct), village.version)
    attempt = key_in(print_sheet(village, enrolment), village.trainer)
    db.session.refresh(enrolment)
    assert attempt.passed
    assert enrolment.completed_at is None, "the modules are still to be read"


def test_nobody_prints_or_keys_in_their_own(village: Village) -> None:
    account, enrolment = make_learner(village.country.district, village.version)
    grant_role(account=account, role=Role.TRAINER, commission=village.country.district, by=SYSTEM)
    with pytest.raises(Forbidden):
        print_sheets(wanted=wanted(village, enrolment), by=scope(account))
    sheet = print_sheet(village, enrolment)
    for act in (
        lambda: draft(sheet, account),
        lambda: keying.confirm(sheet=sheet, digest="", by=scope(account)),
        lambda: void_sheet(sheet=sheet, because=Because.LOST, by=scope(account)),
        lambda: keying.choose_person(sheet=print_spare(village), enrolment=enrolment, by=scope(account)),
    ):
        with pytest.raises(Forbidden):
            act()
    assert sheet.state is State.WAITING


def test_people_of_another_branch_or_course_are_not_found(village: Village) -> None:
    _account, elsewhere = make_learner(village.country.sister_precinct, village.version)
    with pytest.raises(NotFound):
        print_sheet(village, elsewhere)
    spare = print_spare(village)
    with pytest.raises(CascadeError) as refused:
        keying.choose_person(sheet=spare, enrolment=elsewhere, by=scope(village.trainer))
    assert refused.value.status == 404


def test_keyed_in_it_is_an_attempt_like_any_other(village: Village) -> None:
    complete_activity(enrolment=village.enrolment, activity=WORKSHOP, by=SYSTEM)
    sheet = print_sheet(village)
    questions = [dict(one) for one in sheet.questions]
    attempt = key_in(sheet, village.trainer)
    assert (attempt.state, attempt.number, attempt.credit, attempt.passed) == ("submitted", 1, 5 * WHOLE, True)
    assert attempt.started_at == attempt.submitted_at
    assert attempt.deadline - attempt.started_at == timedelta(minutes=queries.settings_of(attempt).minutes)
    paper = queries.list_paper(attempt.id)
    kept = [(one["question_version_id"], one["topic"], one["order"]) for one in questions]
    assert [(one.question_version_id, one.topic, one.order) for one in paper] == kept
    steps = steps_of(attempt)
    assert {step.client for step in steps} == {f"paper:{sheet.shown}"}
    assert [step.position for step in steps] == [1, 2, 3, 4, 5]
    assert {step.language for step in steps} == {"kk"}
    told = queries.settings_of(attempt).paper
    assert told is not None
    assert (told.number, told.day) == (sheet.shown, clock.today(village.country.district.time_zone))
    assert db.session.get(CompletedActivity, (village.enrolment.id, "test")) is not None
    assert village.enrolment.completed_at is not None
    assert db.session.scalar(select(Certificate).where(Certificate.enrolment_id == village.enrolment.id)) is not None
    assert (sheet.state, sheet.draft, sheet.attempt_id) == (State.KEYED, {}, attempt.id)
    assert [one.details["code"] for one in acts("papertests.keyed_in")] == [sheet.shown]
    assert len(acts("assessment.paper_recorded")) == 1
    assert list(list_differences()) == []


def test_help_in_force_is_in_the_settings_and_the_deadline_agrees(village: Village) -> None:
    terms = Terms(50, 10, (), "sight", "", clock.today(), None)
    give_accommodation(holder=village.account.person, terms=terms, by=SYSTEM)
    attempt = key_in(print_sheet(village), village.trainer)
    settings = queries.settings_of(attempt)
    assert settings.extra is not None
    assert attempt.deadline - attempt.started_at == timedelta(minutes=settings.minutes + settings.extra.adds)
    assert list(list_differences()) == []


def test_what_was_left_blank_has_no_step_and_no_point(village: Village) -> None:
    sheet = print_sheet(village)
    answers = right_answers(sheet)
    del answers[2], answers[4]
    attempt = key_in(sheet, village.trainer, answers)
    assert [step.position for step in steps_of(attempt)] == [1, 3, 5]
    assert (attempt.credit, attempt.passed) == (3 * WHOLE, False)
    assert list(list_differences()) == []
    blank_account, blank_enrolment = make_learner(village.country.precinct, village.version)
    blank = key_in(print_sheet(village, blank_enrolment), village.trainer, {})
    assert (blank.credit, steps_of(blank)) == (0, [])
    assert blank.person_id == blank_account.person_id


def test_a_receipt_proves_it(village: Village) -> None:
    received = find_received(key_in(print_sheet(village), village.trainer))
    assert received is not None
    assert received.answers == 5
    officer = make_officer(village.country.district)
    assert check_code(received.code, scope(officer)).attempt.id == received.attempt.id


def test_a_spare_sheet_becomes_somebodys(village: Village) -> None:
    sheet = print_spare(village)
    with pytest.raises(Refused):
        key_in(sheet, village.trainer)
    keying.choose_person(sheet=sheet, enrolment=village.enrolment, by=scope(village.trainer))
    assert key_in(sheet, village.trainer).person_id == village.account.person_id
    assert list(list_differences()) == []


def test_whoever_has_a_paper_of_their_own_writes_on_no_spare_one(village: Village) -> None:
    own, spare = print_sheet(village), print_spare(village)
    with pytest.raises(Refused, match=own.shown):
        keying.choose_person(sheet=spare, enrolment=village.enrolment, by=scope(village.trainer))
    void_sheet(sheet=own, because=Because.LOST, by=scope(village.trainer))
    keying.choose_person(sheet=spare, enrolment=village.enrolment, by=scope(village.trainer))
    assert key_in(spare, village.trainer).passed


def test_a_paper_of_an_earlier_version_counts_by_that_version(village: Village) -> None:
    sheet = print_sheet(village)
    newer = make_course(title=texts("Better"), note=texts("Words"), change="editorial")
    db.session.refresh(village.enrolment)
    assert village.enrolment.version_id == newer.id
    attempt = key_in(sheet, village.trainer)
    assert (attempt.version_id, attempt.passed) == (sheet.version_id, True)
    assert list(list_differences()) == []


def test_read_back_first_and_changed_meanwhile(village: Village) -> None:
    sheet = print_sheet(village)
    draft(sheet, village.trainer)
    seen = keying.digest_of(sheet)
    answers = right_answers(sheet)
    del answers[1]
    draft(sheet, make_officer(village.country.district), answers)
    with pytest.raises(Refused):
        keying.confirm(sheet=sheet, digest=seen, by=scope(village.trainer))
    waits_for(village, sheet)


def test_confirmed_twice_there_is_one_result(village: Village) -> None:
    sheet = print_sheet(village)
    draft(sheet, village.trainer)
    digest = keying.digest_of(sheet)
    keying.confirm(sheet=sheet, digest=digest, by=scope(village.trainer))
    with pytest.raises(Refused, match=sheet.shown):
        keying.confirm(sheet=sheet, digest=digest, by=scope(village.trainer))
    assert len(queries.list_attempts(village.enrolment.id)) == 1


def test_a_test_going_on_on_the_screen_hinders_until_it_is_closed(village: Village) -> None:
    sheet = print_sheet(village)
    attempt = make_attempt(village.account, village.enrolment)
    draft(sheet, village.trainer)
    refuses(village, sheet)
    submit_attempt(attempt=attempt, by=scope(village.account))
    refuses(village, sheet)  # the waiting time of that attempt
    let_time_pass(attempt, days=3)
    with time_machine.travel(clock.now(), tick=False):
        assert keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(village.trainer)).number == 2


def test_passed_meanwhile_it_is_refused_and_declared_void_by_hand(village: Village) -> None:
    sheet = print_sheet(village)
    attempt = make_attempt(village.account, village.enrolment)
    answer_all(attempt, village.account)
    submit_attempt(attempt=attempt, by=scope(village.account))
    draft(sheet, village.trainer)
    refuses(village, sheet)
    void_sheet(sheet=sheet, because=Because.PASSED, by=scope(village.trainer))
    assert (sheet.state, sheet.draft, sheet.voided_because) == (State.VOID, {}, "passed")
    with pytest.raises(Refused, match=sheet.shown):
        draft(sheet, village.trainer)


def test_the_waiting_time_counts_on_the_day_that_stands_on_the_paper(village: Village) -> None:
    """A failed test of the 1st opens the way on the 2nd: a paper of the 1st does not count, one of the 2nd does."""
    with time_machine.travel("2026-11-01T10:00:00+05:00", tick=False) as moment:
        attempt = start_attempt(enrolment=village.enrolment, by=scope(village.account))
        submit_attempt(attempt=attempt, by=scope(village.account))
        sheet = print_spare(village)
        moment.move_to("2026-11-04T10:00:00+05:00")
        keying.choose_person(sheet=sheet, enrolment=village.enrolment, by=scope(village.trainer))
        draft(sheet, village.trainer, written_on=clock.today() - timedelta(days=3))
        refuses(village, sheet)
        draft(sheet, village.trainer, written_on=clock.today() - timedelta(days=2))
        assert keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(village.trainer)).number == 2


def test_used_up_it_is_refused(village: Village) -> None:
    sheet = print_sheet(village)
    for _turn in range(queries.settings_of(make_attempt(village.account, village.enrolment)).attempts):
        attempt = start_attempt(enrolment=village.enrolment, by=scope(village.account))
        submit_attempt(attempt=attempt, by=scope(village.account))
        let_time_pass(attempt, days=2)
    draft(sheet, village.trainer)
    refuses(village, sheet)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_on_which_nobody_can_have_written(village: Village, days: int) -> None:
    sheet = print_sheet(village)
    draft(sheet, village.trainer, written_on=clock.today(sheet.commission.time_zone) + timedelta(days=days))
    with pytest.raises(Refused):
        keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(village.trainer))
    waits_for(village, sheet)


def test_what_does_not_fit_is_kept_and_not_confirmed(village: Village) -> None:
    sheet = print_sheet(village)
    answers = right_answers(sheet)
    answers[1] = {"choice": "nowhere"}
    draft(sheet, village.trainer, answers)
    assert set(keying.find_faults(sheet)) == {1}
    with pytest.raises(Refused):
        keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(village.trainer))
    waits_for(village, sheet)


def test_void_says_why_and_is_recorded(village: Village) -> None:
    sheet = print_sheet(village)
    void_sheet(sheet=sheet, because=Because.UNUSED, by=scope(village.trainer))
    with pytest.raises(Refused):
        void_sheet(sheet=sheet, because=Because.UNUSED, by=scope(village.trainer))
    (act,) = acts("papertests.voided")
    assert act.subject == f"person:{village.account.person_id}"
    assert act.details["because"] == "unused"
    assert print_sheet(village).id != sheet.id, "another one can be printed"


class TestCorrecting:
    def test_wrong_becomes_right_and_the_course_goes_on(self, village: Village) -> None:
        complete_activity(enrolment=village.enrolment, activity=WORKSHOP, by=SYSTEM)
        sheet, officer = print_sheet(village), make_officer(village.country.district)
        answers = right_answers(sheet)
        right = dict(answers)
        for place in (1, 2, 3):
            del answers[place]
        attempt = key_in(sheet, village.trainer, answers)
        assert not attempt.passed
        draft(sheet, officer, right)
        assert keying.list_changes(sheet) == [1, 2, 3]
        keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason="Overlooked", by=scope(officer))
        assert (attempt.credit, attempt.passed) == (5 * WHOLE, True)
        assert village.enrolment.completed_at is not None
        assert len(steps_of(attempt)) == 5
        (act,) = acts("assessment.paper_corrected")
        assert act.details["places"] == [1, 2, 3]
        assert (act.details["before"]["passed"], act.details["after"]["passed"]) == (False, True)
        (said,) = acts("papertests.corrected")
        value = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == said.id)).one()
        assert value.after == "Overlooked"
        assert list(list_differences()) == []
        assert (sheet.state, sheet.draft) == (State.KEYED, {})

    def test_right_becomes_wrong_and_the_certificate_falls(self, village: Village) -> None:
        complete_activity(enrolment=village.enrolment, activity=WORKSHOP, by=SYSTEM)
        sheet, officer = print_sheet(village), make_officer(village.country.district)
        attempt = key_in(sheet, village.trainer)
        certificate = db.session.scalar(select(Certificate).where(Certificate.enrolment_id == village.enrolment.id))
        assert certificate is not None
        draft(sheet, officer, {1: right_answers(sheet)[1]})
        keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason="Another paper", by=scope(officer))
        db.session.refresh(certificate)
        assert (attempt.passed, attempt.credit) == (False, WHOLE)
        assert certificate.withdrawn_at is not None
        assert "test" not in list_done(village.enrolment.id)
        steps = [step for step in steps_of(attempt) if step.response == {}]
        assert [step.position for step in steps] == [2, 3, 4, 5]
        assert [step.base_revision for step in steps] == [one.id for one in steps_of(attempt)[1:5]]
        assert list(list_differences()) == []

    def test_twice_the_later_stands(self, village: Village) -> None:
        sheet, officer = print_sheet(village), make_officer(village.country.district)
        right = right_answers(sheet)
        attempt = key_in(sheet, village.trainer, {})
        for answers in ({1: right[1]}, {2: right[2]}):
            draft(sheet, officer, answers)
            keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason="Again", by=scope(officer))
        counted = {place: one.response for place, one in queries.list_counted(attempt.id).items() if one.response}
        assert counted == {2: right[2]}
        assert list(list_differences()) == []

    def test_who_may_not_and_what_is_refused(self, village: Village) -> None:
        sheet, officer = print_sheet(village), make_officer(village.country.district)
        attempt = key_in(sheet, village.trainer)
        with pytest.raises(Refused, match=sheet.shown):
            draft(sheet, village.trainer, {})
        draft(sheet, officer, right_answers(sheet))
        with pytest.raises(Refused, match="differs"):
            keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason="Why", by=scope(officer))
        draft(sheet, officer, {})
        with pytest.raises(Refused, match="why"):
            keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason=" ", by=scope(officer))
        with pytest.raises(Refused, match="meanwhile"):
            keying.correct(sheet=sheet, digest="another", reason="Why", by=scope(officer))
        with pytest.raises(Forbidden):
            keying.correct(sheet=sheet, digest=keying.digest_of(sheet), reason="Why", by=scope(village.trainer))
        assert attempt.passed
        assert len(db.session.scalars(select(AnswerStep)).all()) == 5


def test_the_document_waits_for_the_worker(village: Village) -> None:
    print_sheet(village)
    asked = db.session.query(PaperPrint).one()
    assert (asked.document_id, asked.job is not None and asked.job.kind) == (None, "papertests.print")


def test_another_attempt_is_as_any(village: Village) -> None:
    """A paper that failed is followed by a test on the screen, after the usual time."""
    attempt = key_in(print_sheet(village), village.trainer, {})
    let_time_pass(attempt, days=2)
    assert make_attempt(village.account, village.enrolment).number == 2
    assert db.session.get_one(Enrolment, village.enrolment.id).started_at is not None
    assert db.session.query(Attempt).count() == 2
