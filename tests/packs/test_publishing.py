"""Publishing and exporting packs: versions never change, the same again makes none, an export imports back the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from lms.cli import main
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion, Module, ModuleText, Requirement, VersionQuestion
from lms.learning.models import Enrolment
from lms.packs.actions import Published, load_pack, publish_pack
from lms.packs.checking import check_pack
from lms.packs.exporting import export_version
from lms.questions.models import Question, QuestionVersion
from lms.questions.rules import checksum_of, load_question
from tests.factories.commissions import Country, make_account, make_country, make_member, make_officer, scope
from tests.factories.curriculum import make_pack
from tests.factories.packs import pack_dict, write_pack
from tests.factories.questions import question_dict, texts

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "small")


def publish(folder: Path) -> Published:
    return publish_pack(pack=load_pack(folder), by=SYSTEM)


def mend(folder: Path, old: str = "Closing too early", new: str = "Closing the doors too early") -> None:
    for path in folder.glob("modules/count/*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_pack_becomes_a_version_with_everything_it_says(pack: Path) -> None:
    published = publish(pack)
    version = published.version
    assert (published.is_new, version.number, version.change, version.level) == (True, 1, "material", "pec")
    assert [module.code for module in queries.list_modules(version.id)] == ["opening", "count"]
    assert {text.language: text.title for text in version.texts} == texts("Small course")
    assert [topic.code for topic in queries.list_topics(version.id)] == ["opening", "count"]
    module = queries.get_module(version.id, "count")
    assert {text.language for text in module.texts} == {"kk", "ru", "en"}
    assert "(ru)" in next(text.body for text in module.texts if text.language == "ru")
    assert len(queries.list_questions(version.id)) == 29
    assert [key for key, _question in queries.list_self_check("small", module)] == ["count-s1", "count-s2"]
    assert version.test["blueprint"][0] == {"topic": "opening", "draw": 3}


def test_the_same_again_makes_no_version(pack: Path) -> None:
    first = publish(pack)
    again = publish(pack)
    assert (again.is_new, again.version.id) == (False, first.version.id)
    write_pack(pack, pack_dict(change="editorial", note=texts("Said otherwise")))
    assert not publish(pack).is_new
    assert db.session.scalar(select(func.count(CourseVersion.id))) == 1


def test_a_change_makes_a_version_and_keeps_the_questions_that_stay(pack: Path) -> None:
    first = publish(pack).version
    path = pack / "questions/count.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Because the act", "As the act", 1), encoding="utf-8")
    second = publish(pack).version
    assert (second.number, second.course_id) == (2, first.course_id)
    before = {question.id for question in queries.list_questions(first.id)}
    after = {question.id for question in queries.list_questions(second.id)}
    assert len(before & after) == 28
    assert db.session.scalar(select(func.max(QuestionVersion.number))) == 2
    assert db.session.scalar(select(func.count(Question.id))) == 29


def test_going_back_to_an_earlier_content_is_a_new_version(pack: Path) -> None:
    first = publish(pack).version
    mend(pack)
    publish(pack)
    mend(pack, "Closing the doors too early", "Closing too early")
    third = publish(pack)
    assert (third.is_new, third.version.number, third.version.checksum) == (True, 3, first.checksum)


USAGE = {"difficulty": "hard", "valid": {"from": date(2026, 1, 1), "until": date(2027, 12, 31)}}


def test_difficulty_and_days_come_in_and_go_out_the_same(pack: Path, tmp_path: Path) -> None:
    path = pack / "questions/count.yaml"
    said = '"difficulty": "hard", "valid": {"from": 2026-01-01, "until": 2027-12-31}, "text"'
    path.write_text(path.read_text(encoding="utf-8").replace('"text"', said, 1), encoding="utf-8")
    version = publish(pack).version
    hard = [one for one in queries.list_questions(version.id) if one.difficulty == "hard"]
    assert [(one.valid_from, one.valid_until) for one in hard] == [(date(2026, 1, 1), date(2027, 12, 31))]
    again = check_pack(export_version(version, tmp_path / "out")).pack
    assert again is not None
    assert again.checksum == version.checksum
    assert not publish(tmp_path / "out").is_new


def test_what_is_not_said_of_a_question_changes_no_checksum() -> None:
    """Checksums of before stay: an export of a version of before is compared with what was written then."""
    loaded = load_question(question_dict("single"))
    said = [loaded.id, loaded.kind, loaded.topic, loaded.use.value, loaded.source, loaded.body]
    assert loaded.checksum == checksum_of(said)
    assert load_question(question_dict("single", difficulty="medium")).checksum == loaded.checksum
    assert load_question(question_dict("single", **USAGE)).checksum != loaded.checksum


def test_a_question_is_found_by_the_words_of_its_newest_version(pack: Path) -> None:
    publish(pack)
    found = db.session.scalars(select(Question).where(Question.code == "small/count-single")).one()
    assert "what is right? (kk)" in found.words
    assert found.languages == "kk ru en"


def test_the_act_is_on_record(pack: Path) -> None:
    version = publish(pack).version
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "curriculum.version_published"))
    assert entry is not None
    assert entry.details["checksum"] == version.checksum


@pytest.mark.parametrize("role", [Role.TERRITORIAL_OFFICER, Role.TRAINER])
def test_only_methodologists_and_the_centre_publish(pack: Path, role: Role) -> None:
    country = make_country()
    officer = make_officer(country.region, role)
    with pytest.raises(Forbidden, match="methodologist"):
        publish_pack(pack=load_pack(pack), by=scope(officer))
    with pytest.raises(Forbidden):
        publish_pack(pack=load_pack(pack), by=scope(make_account()))
    methodologist = make_officer(country.central, Role.METHODOLOGIST)
    version = publish_pack(pack=load_pack(pack), by=scope(methodologist)).version
    assert version.published_by_id == methodologist.id


def test_a_pack_with_a_fault_is_refused_whole(pack: Path) -> None:
    (pack / "modules/count/ru.md").unlink()
    with pytest.raises(Refused, match=r"ru\.md:1: this file is missing[\s\S]*nothing is published"):
        publish(pack)
    assert db.session.scalar(select(func.count(CourseVersion.id))) == 0


def test_a_published_row_cannot_be_changed_in_the_session(pack: Path) -> None:
    version = publish(pack).version
    with pytest.raises(Refused, match="never changes"), db.session.begin_nested():
        queries.get_module(version.id, "count").texts[0].body = "Something else"
    with pytest.raises(Refused, match="never changes"), db.session.begin_nested():
        db.session.delete(queries.list_questions(version.id)[0])


@pytest.mark.parametrize(
    "statement",
    [
        update(ModuleText).values(body="x"),
        update(CourseVersion).values(number=7),
        update(QuestionVersion).values(source="x"),
        delete(VersionQuestion),
        delete(Module),
        text("update course_version set checksum = 'x'"),
        text("delete from question_version"),
    ],
)
def test_a_published_row_cannot_be_changed_in_the_database(pack: Path, statement: object) -> None:
    publish(pack)
    with pytest.raises((IntegrityError, DatabaseError), match="never change"), db.session.begin_nested():
        db.session.execute(statement)  # type: ignore[call-overload]


def test_an_export_imports_back_the_same(pack: Path, tmp_path: Path) -> None:
    version = publish(pack).version
    out = export_version(version, tmp_path / "out" / "again")
    checked = check_pack(out)
    assert checked.faults == []
    assert checked.pack is not None
    assert checked.pack.checksum == version.checksum
    assert not publish(out).is_new
    assert list(tmp_path.glob("out/.*")) == []


def test_the_course_that_ships_survives_the_way_there_and_back(tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[2] / "courses" / "election-day"
    version = publish(shipped).version
    again = check_pack(export_version(version, tmp_path / "again")).pack
    assert again is not None
    assert again.checksum == version.checksum
    assert again.file.note == load_pack(shipped).file.note


def test_a_version_from_before_the_source_marks_stays_as_it_is(tmp_path: Path) -> None:
    version = publish_pack(pack=replace(make_pack(), sources=()), by=SYSTEM).version
    with pytest.raises(Refused, match="before there were source marks"):
        export_version(version, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_goes_to_a_new_folder_only(pack: Path) -> None:
    version = publish(pack).version
    with pytest.raises(Refused, match="not empty"):
        export_version(version, pack)


def test_an_export_tells_when_the_database_was_tampered_with(pack: Path, tmp_path: Path) -> None:
    version = publish(pack).version
    db.session.add(ModuleText(module_id=queries.get_module(version.id, "count").id, language="fr", title="x", body="x"))
    db.session.flush()
    db.session.expire_all()
    with pytest.raises(Refused, match="stored other than it was published"):
        export_version(version, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def country() -> Country:
    return make_country()


def test_a_new_course_is_required_of_precincts_and_those_who_train_them(pack: Path, country: Country) -> None:
    member, trainer = make_member(country.precinct), make_member(country.region)
    publish(pack)
    assert set(db.session.scalars(select(Requirement.level))) == {"pec", "tec", "con"}
    enrolled = set(db.session.scalars(select(Enrolment.person_id)))
    assert enrolled == {member.person_id, trainer.person_id}
    late = make_member(country.second_precinct)
    assert late.person_id in set(db.session.scalars(select(Enrolment.person_id)))


def test_who_has_not_begun_gets_the_new_version(pack: Path, country: Country) -> None:
    fresh, begun = make_member(country.precinct), make_member(country.precinct)
    first = publish(pack).version
    rows = {row.person_id: row for row in db.session.scalars(select(Enrolment))}
    rows[begun.person_id].started_at = first.published_at
    db.session.flush()
    mend(pack)
    second = publish(pack).version
    db.session.expire_all()
    assert rows[fresh.person_id].version_id == second.id
    assert rows[begun.person_id].version_id == first.id


def test_a_typo_mended_reaches_those_who_have_begun_too(pack: Path, country: Country) -> None:
    begun, done = make_member(country.precinct), make_member(country.precinct)
    first = publish(pack).version
    rows = {row.person_id: row for row in db.session.scalars(select(Enrolment))}
    rows[begun.person_id].started_at = rows[done.person_id].started_at = first.published_at
    rows[done.person_id].completed_at = first.published_at
    db.session.flush()
    mend(pack)
    write_text = pack_dict(change="editorial")
    (pack / "pack.yaml").unlink()
    kept = {path: path.read_text(encoding="utf-8") for path in pack.glob("modules/*/*.md")}
    write_pack(pack, write_text)
    for path, said in kept.items():
        path.write_text(said, encoding="utf-8")
    second = publish(pack).version
    db.session.expire_all()
    assert second.change == "editorial"
    assert rows[begun.person_id].version_id == second.id
    assert rows[done.person_id].version_id == first.id


@pytest.fixture
def lms(app: object) -> FlaskCliRunner:
    return app.test_cli_runner()  # type: ignore[attr-defined,no-any-return]


def test_commands_check_publish_and_export(pack: Path, tmp_path: Path, lms: FlaskCliRunner, country: Country) -> None:
    assert lms.invoke(main, ["packs", "check", str(pack)]).exit_code == 0
    first = lms.invoke(main, ["packs", "publish", str(pack), "--by", "head"])
    assert (first.exit_code, first.stdout) == (0, "small: version 1 is published.\n")
    again = lms.invoke(main, ["packs", "publish", str(pack), "--by", "head"])
    assert "nothing was published" in again.stdout
    out = tmp_path / "out"
    assert lms.invoke(main, ["packs", "export", "small", "--out", str(out)]).exit_code == 0
    assert lms.invoke(main, ["packs", "check", str(out), "--json"]).exit_code == 0
    nothing = lms.invoke(main, ["packs", "export", "moon", "--out", str(tmp_path / "moon")])
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "no such version" in nothing.stderr


def test_commands_refuse_with_a_sentence(pack: Path, tmp_path: Path, lms: FlaskCliRunner, country: Country) -> None:
    (pack / "modules/count/ru.md").unlink()
    checked = lms.invoke(main, ["packs", "check", str(pack)])
    assert checked.exit_code == 1
    assert "ru.md:1: this file is missing" in checked.stdout
    assert "1 faults" in checked.stderr
    assert lms.invoke(main, ["packs", "publish", str(pack), "--by", "head"]).exit_code == 1
    stranger = lms.invoke(main, ["packs", "publish", str(pack), "--by", "nobody"])
    assert (stranger.exit_code, "no account" in stranger.stderr) == (1, True)
    assert lms.invoke(main, ["packs", "check", str(tmp_path / "empty")]).exit_code == 1
