"""Take a file of questions in: keep it, make drafts of it, drop them again. Nothing published ever changes here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from lms.bank import actions as bank
from lms.bank.permissions import check_may_write
from lms.bank.queries import ground_of
from lms.bank.rules import raw_of
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.errors import Refused
from lms.core.jobs.queue import ask_for
from lms.core.web.languages import LANGUAGES, _, _n, current_language, day_and_time
from lms.curriculum.models import Course
from lms.exchange import queries
from lms.exchange.formats.registry import get_format
from lms.exchange.formats.shapes import Format, Read, Reading, Status
from lms.exchange.models import ImportedDraft, QuestionImport
from lms.exchange.naming import Names
from lms.exchange.rules import ImportState, draft_of
from lms.exchange.taking_in import find_format, read_questions
from lms.questions.queries import newest_versions
from lms.questions.rules import find_question_faults, load_question

APPLY, UNDO = "exchange.apply", "exchange.undo"
LONGEST_NAME = 120
Progress = Callable[[int, int], None]


def upload(
    *, content: bytes, file_name: str, form: str, language: str, course: Course, topic: str, by: Scope
) -> QuestionImport:
    """A new import of a file, kept as it came; nothing else is. Raises UnreadableFile with nothing kept when it cannot
    be read. `form`: the name of its format, guessed when empty; `topic`: where the file names none of the course."""
    check_may_write(by)
    ground = ground_of(course)
    if language not in LANGUAGES or topic not in ground.topics:
        raise Refused(_("Choose the language of the texts and a topic of the course."))
    chosen = get_format(form) if form else find_format(content)
    reading = _without_known(read_questions(content, language=language, form=chosen.name), chosen, course, topic)
    name = file_name.replace("\\", "/").rsplit("/", maxsplit=1)[-1][-LONGEST_NAME:] or "questions"
    file = storage.store(content, name=name, media_type="application/octet-stream")
    made = QuestionImport(
        file_id=file.id,
        file_name=name,
        checksum=hashlib.sha256(content).hexdigest(),
        form=chosen.name,
        language=language,
        course_id=course.id,
        topic=topic,
        state=ImportState.READ.value,
        counts=reading.count(),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    record("exchange.uploaded", by=by, subject=f"question_import:{made.id}", course=course.code, size=len(content))
    return made


def read_import(one: QuestionImport) -> Reading:
    """The questions of the file, each with what becomes of it, in the words of whoever looks."""
    _file, content = storage.read(one.file_id)
    reading = read_questions(content, language=one.language, form=one.form)
    if one.state == ImportState.APPLIED:
        return reading
    return _without_known(reading, get_format(one.form), one.course, one.topic)


def _without_known(reading: Reading, form: Format, course: Course, topic: str) -> Reading:
    """Of a format that keeps ids and every language: what the bank says already, word for word, is skipped."""
    if form.has_language:
        return reading
    ground = ground_of(course)
    known = {code: version.checksum for code, version in newest_versions(course.code).items()}

    def look(item: Read) -> Read:
        code = f"{course.code}/{item.question['id']}" if item.question else ""
        if item.question is None or code not in known:
            return item
        raw = raw_of(*draft_of(item.question, item.question["id"], topic, ground.topics))
        if find_question_faults(raw, ground.languages):
            return item
        if load_question(raw, ground.languages).checksum != known[code]:
            return replace(item, sentences=[*item.sentences, _("The bank has another version of it.")])
        said = _("The bank has it already, word for word.")
        return replace(item, status=Status.SKIPPED, sentences=[said], question=None)

    return Reading([look(item) for item in reading.items], reading.notes)


def ask_to(*, work: str, one: QuestionImport, by: Scope) -> None:
    """Have the worker make drafts of the file (APPLY), or drop them again (UNDO)."""
    check_may_write(by)
    (check_may_apply if work == APPLY else check_may_undo)(one)
    params = {"import_id": one.id, "account_id": by.account_id, "language": current_language()}
    one.job_id = ask_for(work, by=by, **params).id
    db.session.flush()


def check_may_apply(one: QuestionImport) -> None:
    """Raise Refused when drafts were made of this file already, here or by another import."""
    earlier = one if one.state == ImportState.APPLIED else queries.find_applied(one)
    if earlier is not None:
        when = day_and_time(earlier.applied_at) if earlier.applied_at else ""
        raise Refused(_("Drafts were made of the very same file already: %(when)s. Nothing has changed.", when=when))


def apply_import(*, one: QuestionImport, by: Scope, progress: Progress) -> None:
    """Make a draft of each question that is not skipped: all of them, or none."""
    check_may_write(by)
    db.session.refresh(one, with_for_update={"of": QuestionImport})
    check_may_apply(one)
    items = read_import(one).items
    topics, names = ground_of(one.course).topics, Names(queries.taken_ids(one.course_id, one.course.code))
    made = 0
    for place, item in enumerate(items):
        if item.question is None:
            continue
        key = names.free(item.question["id"])
        kind, head, body = draft_of(item.question, key, one.topic, topics)
        draft = bank.begin_draft(course=one.course, kind=kind, head=head, body=body, by=by)
        db.session.add(ImportedDraft(import_id=one.id, draft_id=draft.id, place=place))
        made += 1
        progress(place + 1, len(items))
    one.state, one.applied_at, one.undone_at = ImportState.APPLIED.value, clock.now(), None
    db.session.flush()
    record("exchange.applied", by=by, subject=f"question_import:{one.id}", course=one.course.code, count=made)


def check_may_undo(one: QuestionImport) -> None:
    """Raise Refused unless all drafts of the import are as they were made."""
    if one.state != ImportState.APPLIED:
        raise Refused(_("There are no drafts of this file. Open it again to see how it stands."))
    touched = queries.count_touched(queries.list_drafts(one.id))
    if touched:
        raise Refused(
            _n(
                "%(n)s draft of this file was worked on since. Drop those that are not wanted one by one.",
                "%(n)s drafts of this file were worked on since. Drop those that are not wanted one by one.",
                touched,
            )
        )


def undo_import(*, one: QuestionImport, by: Scope, progress: Progress) -> None:
    """Drop every draft of the import: all of them, or none."""
    check_may_write(by)
    db.session.refresh(one, with_for_update={"of": QuestionImport})
    check_may_undo(one)
    drafts = queries.list_drafts(one.id)
    for place, made in enumerate(drafts, start=1):
        bank.drop(draft=made.draft, by=by)
        progress(place, len(drafts))
    one.state, one.undone_at = ImportState.UNDONE.value, clock.now()
    db.session.flush()
    record("exchange.undone", by=by, subject=f"question_import:{one.id}", course=one.course.code, count=len(drafts))


def note_export(*, course: str, form: str, count: int, by: Scope) -> None:
    """Record that questions left the house: the answers to tests among them. Forbidden for whoever writes none."""
    check_may_write(by)
    record("exchange.exported", by=by, subject=f"course:{course}", form=form, count=count)
