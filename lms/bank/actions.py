"""Write a question: begin, save, send, return, approve, publish. Each step keeps a copy of what it was about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.bank import permissions, queries, rules
from lms.bank.errors import DraftFaulty, NotThatState
from lms.bank.models import Draft, DraftStep, FieldCase
from lms.bank.rules import CaseState, DraftState, Why
from lms.bank.words import topic_words
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.curriculum.models import Course
from lms.curriculum.queries import count_drawable, find_newest_of, get_course
from lms.curriculum.settings import EntrySettings, TestSettings
from lms.questions.actions import Written, keep_questions, withdraw_question
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.models import Question, QuestionVersion
from lms.questions.queries import newest_versions
from lms.questions.rules import load_question
from lms.questions.uses import Use


def begin_draft(
    *,
    course: Course,
    kind: str,
    by: Scope,
    body: Mapping[str, Any] | None = None,
    head: Mapping[str, Any] | None = None,
) -> Draft:
    """A draft of a new question of this kind. `head`: what is known already of its id, topic, use and sources."""
    get_kind(kind)
    ground = queries.ground_of(course)
    usual = {"topic": ground.topics[0], "use": Use.TEST.value, "source": [], "difficulty": "medium"}
    draft = _begin(course, kind, usual | dict(head or {}), body or {}, by)
    draft.head = {"id": f"bank-{draft.id}", **draft.head}
    db.session.flush()
    return draft


def begin_renewal(*, question: Question, by: Scope) -> Draft:
    """A draft that begins with what the newest version of a question says; the one that is being written when there is
    one."""
    permissions.check_may_write(by)
    going_on = queries.find_open_draft(question.id)
    if going_on is not None:
        return going_on
    newest, course = queries.list_question_versions(question.id)[0], get_course(question.code.partition("/")[0])
    head = queries.head_of(question.code, newest)
    return _begin(course, newest.kind, head, dict(newest.body), by, question_id=question.id)


def begin_from_case(*, case: FieldCase, course: Course, by: Scope) -> Draft:
    """A draft that tells a case from below: of kind `case` where there is that kind, else of `single`."""
    permissions.check_may_write(by)
    told = rules.told(case.happened, case.done, case.question)
    kind = "case" if "case" in KINDS else "single"
    draft = begin_draft(course=course, kind=kind, by=by, body={"text": {case.language: told}})
    draft.case_id = case.id
    db.session.flush()
    return draft


def save_draft(
    *, draft: Draft, revision: int, head: Mapping[str, Any], body: Mapping[str, Any], by: Scope
) -> DraftStep | None:
    """None when the draft says it now; the copy that was kept of a save that was built on an earlier `revision` than
    the draft has, which stays as it is. Nothing need be complete. Saves stand in no record: what is sent, approved and
    published does."""
    person = permissions.check_may_edit(by, draft)
    _hold(draft, DraftState.DRAFT)
    if revision != draft.revision:
        return _keep_copy(draft, Why.STALE, person, revision=revision, head=head, body=body)
    draft.head = {**draft.head, **head, "id": draft.head.get("id")}
    draft.body = dict(body)
    draft.revision += 1
    draft.edited_at = clock.now()
    db.session.flush()
    return None


def send_for_review(*, draft: Draft, by: Scope) -> None:
    """It waits for another methodologist from now on. DraftFaulty with every fault while it has any."""
    person = permissions.check_may_edit(by, draft)
    _hold(draft, DraftState.DRAFT)
    _check_whole(draft)
    draft.state, draft.note = DraftState.IN_REVIEW.value, ""
    _note("bank.sent_for_review", draft, Why.SENT, person, by)


def return_draft(*, draft: Draft, note: str, by: Scope) -> None:
    """It is its author's again, with what is to be changed. The author takes it back without a word."""
    person = permissions.check_may_write(by)
    _hold(draft, DraftState.IN_REVIEW, DraftState.REVIEWED)
    note = note.strip()[: rules.LONGEST_TEXT]
    if person != draft.author_id and not note:
        raise Refused(_("Say what is to be changed, so that the author knows."))
    draft.state, draft.note, draft.reviewer_id = DraftState.DRAFT.value, note, None
    _note("bank.returned", draft, Why.RETURNED, person, by)


def approve(*, draft: Draft, by: Scope) -> None:
    """It may be published. Forbidden for its author."""
    person = permissions.check_may_review(by, draft)
    _hold(draft, DraftState.IN_REVIEW)
    _check_whole(draft)
    draft.state, draft.reviewer_id = DraftState.REVIEWED.value, person
    _note("bank.approved", draft, Why.APPROVED, person, by)


def publish(*, draft: Draft, by: Scope) -> QuestionVersion:
    """The new version of the question. It comes to papers when the course is renewed. Refused when it says just what
    the newest version says, or when that one is newer than the draft."""
    person = permissions.check_may_write(by)
    _hold(draft, DraftState.REVIEWED)
    _check_whole(draft)
    ground = queries.ground_of(draft.course)
    loaded = load_question(rules.raw_of(draft.kind, draft.head, draft.body), ground.languages)
    before = newest_versions(draft.course.code).get(f"{draft.course.code}/{loaded.id}")
    _check_news(draft, loaded.checksum, before)
    written = Written(draft.author_id, draft.reviewer_id)
    version = keep_questions(course=draft.course.code, questions=[loaded], by=by, written=written)[0]
    draft.state, draft.question_id = DraftState.PUBLISHED.value, version.question_id
    if draft.case_id is not None:
        queries.get_case(draft.case_id).state = CaseState.USED.value
    _note("bank.published", draft, Why.PUBLISHED, person, by, version=version.id)
    return version


def _check_news(draft: Draft, checksum: str, before: QuestionVersion | None) -> None:
    if before is None:
        return
    if draft.question_id is None:
        raise Refused(_("There is a question with this id already. Begin a new version of that one."))
    if before.checksum == checksum:
        raise Refused(_("This says just what the newest version says: there is nothing to publish."))
    if before.created_at > draft.created_at:
        raise Refused(_("A newer version was published while this was written. Begin again from that one."))


def drop(*, draft: Draft, by: Scope) -> None:
    """The draft is written no more; nothing published changes."""
    permissions.check_may_edit(by, draft)
    _hold(draft, *rules.OPEN)
    draft.state = DraftState.DROPPED.value
    db.session.flush()
    record("bank.dropped", by=by, subject=f"draft:{draft.id}")


def check_may_withdraw(questions: Sequence[Question]) -> None:
    """Refused when one of them is shown at the end of a module: that one is written anew instead; and when too few
    would be left for a test to be drawn."""
    shown = [one.code for one in questions if queries.is_self_check(one.id)]
    if shown:
        said = ", ".join(shown)
        raise Refused(
            _("Modules show these questions to their readers: write a new version instead. %(codes)s", codes=said)
        )
    _check_enough_left(questions)


def _check_enough_left(questions: Sequence[Question]) -> None:
    for code in sorted({one.code.partition("/")[0] for one in questions}):
        version = find_newest_of(code)
        if version is None:
            continue
        counts = count_drawable(version.id, [one.id for one in questions])
        parts = [(Use.TEST, TestSettings.model_validate(version.test).blueprint)]
        parts += [(Use.ENTRY, EntrySettings.model_validate(version.entry).blueprint)] if version.entry else []
        for use, blueprint in parts:
            if short := rules.find_shortage(blueprint, use, counts):
                raise Refused(
                    _(
                        "A paper of the course draws %(draw)s on “%(topic)s”, and only %(left)s would be left: nobody "
                        "could begin the test. Publish others on this topic first and renew the course.",
                        topic=topic_words(code, short[0]),
                        draw=short[1],
                        left=short[2],
                    )
                )


def withdraw_all(*, questions: Sequence[int], reason: str, by: Scope) -> int:
    """How many of these questions are withdrawn now that were not before. Refused as `check_may_withdraw`."""
    permissions.check_may_write(by)
    found = [one for number in questions if (one := queries.get_question(number)).withdrawn_at is None]
    check_may_withdraw(found)
    for question in found:
        withdraw_question(question=question, reason=reason, by=by)
    return len(found)


def _begin(
    course: Course, kind: str, head: dict[str, Any], body: Mapping[str, Any], by: Scope, question_id: int | None = None
) -> Draft:
    person, now = permissions.check_may_write(by), clock.now()
    draft = Draft(
        course_id=course.id,
        question_id=question_id,
        kind=kind,
        head=head,
        body=dict(body),
        author_id=person,
        created_at=now,
        edited_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    record("bank.draft_begun", by=by, subject=f"draft:{draft.id}", course=course.code, kind=kind)
    return draft


def _hold(draft: Draft, *states: DraftState) -> None:
    """Keep others from moving the draft meanwhile; NotThatState when it stands elsewhere by now."""
    db.session.refresh(draft, with_for_update=True)
    if draft.state not in states:
        raise NotThatState(_("This draft has moved on meanwhile. Look at it again."))


def _check_whole(draft: Draft) -> None:
    raw = rules.raw_of(draft.kind, draft.head, draft.body)
    faults = rules.find_draft_faults(raw, queries.ground_of(draft.course))
    if faults:
        raise DraftFaulty(_("The question is not whole yet. Correct what is said beside its fields."), faults)


def _note(action: str, draft: Draft, why: Why, person: int, by: Scope, **details: Any) -> None:
    db.session.flush()
    _keep_copy(draft, why, person, revision=draft.revision, head=draft.head, body=draft.body)
    record(action, by=by, subject=f"draft:{draft.id}", revision=draft.revision, **details)


def _keep_copy(
    draft: Draft, why: Why, person: int, *, revision: int, head: Mapping[str, Any], body: Mapping[str, Any]
) -> DraftStep:
    step = DraftStep(
        draft_id=draft.id,
        why=why.value,
        revision=revision,
        head=dict(head),
        body=dict(body),
        note=draft.note,
        person_id=person,
        at=clock.now(),
    )
    db.session.add(step)
    db.session.flush()
    return step
