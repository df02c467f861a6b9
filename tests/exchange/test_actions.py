"""Files become drafts, once; drafts nobody touched can be dropped again."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.bank.actions import save_draft
from lms.bank.models import Draft
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.documents.models import StoredFile
from lms.core.errors import Forbidden, Refused
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_questions, list_topics
from lms.exchange import actions, queries
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.registry import get_format
from lms.exchange.models import ImportedDraft, QuestionImport
from lms.exchange.rules import ImportState, draft_of, is_untouched, lacks_of
from lms.questions.queries import codes_of
from tests.factories.bank import make_writer
from tests.factories.commissions import Country, make_country, make_officer, scope
from tests.factories.curriculum import make_course

GIFT = b"::One::Is it? {T}\n\n::Two::Tell. {}\n\n$CATEGORY: counting\n\n::One::What? {=a ~b}\n"


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def writer(country: Country, version: CourseVersion) -> Account:
    return make_writer(country)


def upload(writer: Account, version: CourseVersion, content: bytes = GIFT, name: str = "a.gift") -> QuestionImport:
    topic = list_topics(version.id)[0].code
    return actions.upload(
        content=content,
        file_name=name,
        form="",
        language="en",
        course=version.course,
        topic=topic,
        by=scope(writer),
    )


def apply(writer: Account, one: QuestionImport) -> None:
    actions.apply_import(one=one, by=scope(writer), progress=lambda _done, _total: None)


def undo(writer: Account, one: QuestionImport) -> None:
    actions.undo_import(one=one, by=scope(writer), progress=lambda _done, _total: None)


def drafts() -> list[Draft]:
    return list(db.session.scalars(select(Draft).where(Draft.state != "dropped").order_by(Draft.id)))


def test_nothing_but_the_file_is_kept_before_drafts_are_made(writer: Account, version: CourseVersion) -> None:
    one = upload(writer, version, name="C:\\my\\a.gift")
    assert (one.file_name, one.form, one.state) == ("a.gift", "gift", ImportState.READ)
    assert one.counts == {"questions": 3, "imported": 2, "changed": 0, "skipped": 1}
    assert drafts() == []


def test_drafts_say_what_the_file_says_and_lack_the_rest(writer: Account, version: CourseVersion) -> None:
    one = upload(writer, version)
    apply(writer, one)
    first, second = drafts()
    assert (first.head["id"], second.head["id"]) == ("one", "one-2")
    assert first.head["topic"] == one.topic
    assert first.body == {"text": {"en": "Is it?"}, "answer": True}
    assert (first.kind, first.revision, first.state) == ("true-false", 1, "draft")
    assert [made.place for made in queries.list_drafts(one.id)] == [0, 2]
    assert one.state == ImportState.APPLIED
    said = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert said[-4:] == ["exchange.uploaded", "bank.draft_begun", "bank.draft_begun", "exchange.applied"]


def test_the_same_file_again_changes_nothing(writer: Account, version: CourseVersion) -> None:
    one = upload(writer, version)
    apply(writer, one)
    again = upload(writer, version)
    for twice in (one, again):
        with pytest.raises(Refused, match="very same file already"):
            apply(writer, twice)
    assert len(drafts()) == 2
    assert again.state == ImportState.READ


def test_ids_of_the_course_are_not_taken_twice(writer: Account, version: CourseVersion) -> None:
    key = queries.list_questions("small")[0]["id"]
    apply(writer, upload(writer, version, f"::{key}::Is it? {{T}}".encode()))
    apply(writer, upload(writer, version, f"::{key}::Is it not? {{T}}".encode()))
    assert [draft.head["id"] for draft in drafts()] == [f"{key}-2", f"{key}-3"]


def test_untouched_drafts_are_dropped_together_and_may_be_made_again(writer: Account, version: CourseVersion) -> None:
    one = upload(writer, version)
    apply(writer, one)
    undo(writer, one)
    assert (one.state, drafts()) == (ImportState.UNDONE, [])
    apply(writer, one)
    assert len(drafts()) == 2
    assert [draft.head["id"] for draft in drafts()] == ["one", "one-2"]


def test_a_draft_that_was_worked_on_keeps_all_of_them(writer: Account, version: CourseVersion) -> None:
    one = upload(writer, version)
    apply(writer, one)
    draft = drafts()[0]
    save_draft(draft=draft, revision=1, head={}, body=draft.body, by=scope(writer))
    with pytest.raises(Refused, match="1 draft of this file was worked on"):
        undo(writer, one)
    assert len(drafts()) == 2


def test_only_who_writes_questions_brings_them_in(country: Country, writer: Account, version: CourseVersion) -> None:
    trainer = make_officer(country.central, Role.REPORTING_OFFICER)
    with pytest.raises(Forbidden):
        upload(trainer, version)
    one = upload(writer, version)
    with pytest.raises(Forbidden):
        apply(trainer, one)
    with pytest.raises(Forbidden):
        actions.note_export(course="small", form="gift", count=1, by=scope(trainer))


@pytest.mark.parametrize(
    ("content", "topic", "language", "error"),
    [(b"", "", "en", UnreadableFile), (GIFT, "nowhere", "en", Refused), (GIFT, "", "de", Refused)],
)
def test_what_cannot_be_taken_leaves_nothing(
    writer: Account, version: CourseVersion, content: bytes, topic: str, language: str, error: type[Exception]
) -> None:
    topic = topic or list_topics(version.id)[0].code
    said = {"file_name": "x", "form": "", "course": version.course, "by": scope(writer)}
    with pytest.raises(error):
        actions.upload(content=content, topic=topic, language=language, **said)
    for model in (QuestionImport, ImportedDraft, StoredFile):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_questions_of_a_course_as_a_pack_says_them(writer: Account, version: CourseVersion) -> None:
    found = queries.list_questions("small")
    assert len({raw["id"] for raw in found}) == len(found) > 3
    topic = found[0]["topic"]
    assert {raw["topic"] for raw in queries.list_questions("small", topic=topic)} == {topic}
    assert {raw["kind"] for raw in queries.list_questions("small", kind="single")} == {"single"}
    assert queries.list_questions("nothing") == []


def test_rules() -> None:
    raw = {"id": "x", "kind": "true-false", "topic": "t", "text": {"ru": "a"}, "answer": True}
    assert lacks_of(raw) == ["kk", "en", "explanation", "source"]
    assert draft_of(raw, "y", "u", ["u"]) == (
        "true-false",
        {"id": "y", "topic": "u"},
        {"text": {"ru": "a"}, "answer": True},
    )
    assert draft_of(raw, "y", "u", ["t", "u"])[1]["topic"] == "t"
    assert [is_untouched("draft", 1), is_untouched("draft", 2), is_untouched("in_review", 1)] == [True, False, False]


def test_what_the_bank_has_word_for_word_is_not_brought_in_again(writer: Account, version: CourseVersion) -> None:
    questions = list_questions(version.id)
    names = codes_of(one.id for one in questions)
    raws = [queries.raw_of(names[one.id], one) for one in questions[:3]]
    raws[0] = {**raws[0], "explanation": {"kk": "Басқа.", "ru": "Другое.", "en": "Otherwise."}}
    content = get_format("cascade").write(raws, "en")
    one = upload(writer, version, content, "bank.yaml")
    read = actions.read_import(one).items
    assert [item.sentences for item in read[1:]] == [["The bank has it already, word for word."]] * 2
    assert "The bank has another version of it." in read[0].sentences
    apply(writer, one)
    assert [draft.draft.body["explanation"]["en"] for draft in queries.list_drafts(one.id)] == ["Otherwise."]
