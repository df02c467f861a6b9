"""Read courses, their versions, modules and questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from lms.accounts.models import Account
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.curriculum.models import (
    Case,
    Course,
    CourseVersion,
    Exposure,
    Figure,
    Form,
    Module,
    Requirement,
    Source,
    Term,
    Topic,
    VersionQuestion,
)
from lms.people.models import Person
from lms.questions.models import Question, QuestionVersion
from lms.questions.queries import full_code


def find_course(code: str) -> Course | None:
    """The course with this code."""
    return db.session.scalar(select(Course).where(Course.code == code))


def get_course(code: str) -> Course:
    """The course with this code; NotFound otherwise."""
    course = find_course(code)
    if course is None:
        raise NotFound(f"There is no course '{code}'.")
    return course


def find_newest_version(course_id: int) -> CourseVersion | None:
    """The version of a course that new learners get."""
    return db.session.scalar(
        select(CourseVersion).where(CourseVersion.course_id == course_id).order_by(CourseVersion.number.desc()).limit(1)
    )


def find_newest_of(course: str) -> CourseVersion | None:
    """The version that new learners of the course with this code get."""
    found = find_course(course)
    return find_newest_version(found.id) if found else None


def list_newest_ids() -> Sequence[int]:
    """Ids of the newest version of every course, by the course's code."""
    return db.session.scalars(
        select(func.max(CourseVersion.id)).join(Course).group_by(Course.id, Course.code).order_by(Course.code)
    ).all()


def list_newest_versions() -> Sequence[CourseVersion]:
    """The newest version of every course, by the course's code, with its modules."""
    newest = select(func.max(CourseVersion.id)).group_by(CourseVersion.course_id)
    return db.session.scalars(
        select(CourseVersion)
        .join(Course)
        .where(CourseVersion.id.in_(newest))
        .options(selectinload(CourseVersion.course), selectinload(CourseVersion.modules))
        .order_by(Course.code)
    ).all()


def list_versions(course_id: int) -> Sequence[CourseVersion]:
    """All versions of a course, the newest first."""
    return db.session.scalars(
        select(CourseVersion).where(CourseVersion.course_id == course_id).order_by(CourseVersion.number.desc())
    ).all()


def get_version(course: str, number: int) -> CourseVersion:
    """One version of the course with this code; NotFound otherwise."""
    version = db.session.scalar(
        select(CourseVersion).join(Course).where(Course.code == course, CourseVersion.number == number)
    )
    if version is None:
        raise NotFound
    return version


def list_modules(version_id: int) -> Sequence[Module]:
    """The modules of a version in the order of learning, with their texts."""
    return db.session.scalars(select(Module).where(Module.version_id == version_id).order_by(Module.position)).all()


def get_module(version_id: int, code: str) -> Module:
    """One module of a version; NotFound otherwise."""
    module = db.session.scalar(select(Module).where(Module.version_id == version_id, Module.code == code))
    if module is None:
        raise NotFound
    return module


def list_topics(version_id: int) -> Sequence[Topic]:
    """The topics of a version, with their titles."""
    return db.session.scalars(select(Topic).where(Topic.version_id == version_id).order_by(Topic.position)).all()


def list_questions(version_id: int) -> Sequence[QuestionVersion]:
    """Every question a version is made with, for the test and for self-checks, in the order of the bank."""
    return db.session.scalars(
        select(QuestionVersion)
        .join(VersionQuestion, VersionQuestion.question_version_id == QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(VersionQuestion.version_id == version_id)
        .order_by(Question.code)
    ).all()


def list_self_check(course: str, module: Module) -> list[tuple[str, QuestionVersion]]:
    """The self-check of a module: (id as in the pack, question), in the module's order."""
    wanted = {full_code(course, key): key for key in module.self_check}
    rows = db.session.execute(
        select(Question.code, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(VersionQuestion, VersionQuestion.question_version_id == QuestionVersion.id)
        .where(VersionQuestion.version_id == module.version_id, Question.code.in_(wanted))
    )
    found = {wanted[code]: question for code, question in rows}
    return [(key, found[key]) for key in module.self_check if key in found]


def count_drawable(version_id: int, without: Collection[int]) -> dict[tuple[str, str, str], int]:
    """(use, topic, difficulty) -> how many questions of a version are not withdrawn, those `without` (ids of questions)
    left out."""
    rows = db.session.execute(
        select(QuestionVersion.use, QuestionVersion.topic, QuestionVersion.difficulty, func.count())
        .join(VersionQuestion, VersionQuestion.question_version_id == QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            VersionQuestion.version_id == version_id, Question.withdrawn_at.is_(None), Question.id.not_in(list(without))
        )
        .group_by(QuestionVersion.use, QuestionVersion.topic, QuestionVersion.difficulty)
    )
    return {(use, topic, difficulty): count for use, topic, difficulty, count in rows}


def has_question(version_id: int, question_version_id: int) -> bool:
    """Whether a version of a course is made with this version of a question."""
    return db.session.get(VersionQuestion, (version_id, question_version_id)) is not None


def list_sources(version_id: int) -> Sequence[Source]:
    """The sources of a version, in the pack's order."""
    return db.session.scalars(select(Source).where(Source.version_id == version_id).order_by(Source.position)).all()


def list_figures(version_id: int) -> Sequence[Figure]:
    """The figures of a version, by code."""
    return db.session.scalars(select(Figure).where(Figure.version_id == version_id).order_by(Figure.code)).all()


def get_figure(version_id: int, code: str) -> Figure:
    """One figure of a version; NotFound otherwise."""
    figure = db.session.get(Figure, (version_id, code))
    if figure is None:
        raise NotFound
    return figure


def list_cases(version_id: int, module: str | None = None) -> Sequence[Case]:
    """The practical cases of a version, or of one of its modules, in the pack's order."""
    chosen = select(Case).where(Case.version_id == version_id).order_by(Case.position)
    return db.session.scalars(chosen.where(Case.module_code == module) if module else chosen).all()


def list_forms(version_id: int) -> Sequence[Form]:
    """The training forms of a version, in the pack's order."""
    return db.session.scalars(select(Form).where(Form.version_id == version_id).order_by(Form.position)).all()


def get_form(version_id: int, code: str) -> Form:
    """One training form of a version; NotFound otherwise."""
    form = db.session.get(Form, (version_id, code))
    if form is None:
        raise NotFound
    return form


def list_terms(version_id: int) -> Sequence[Term]:
    """The glossary of a version, in the pack's order."""
    return db.session.scalars(select(Term).where(Term.version_id == version_id).order_by(Term.position)).all()


def find_exposure(version_id: int) -> Exposure | None:
    """On how many papers the questions of a version stood when that was counted last."""
    return db.session.get(Exposure, version_id)


def find_counted_to() -> int:
    """The newest attempt whose paper is counted in; 0 when none is."""
    return db.session.scalar(select(func.max(Exposure.counted_to))) or 0


def list_requirements(course_id: int, campaign_id: int) -> Sequence[Requirement]:
    """Whose members must take a course in a campaign."""
    return db.session.scalars(
        select(Requirement).where(Requirement.course_id == course_id, Requirement.campaign_id == campaign_id)
    ).all()


def names_of_publishers(versions: Sequence[CourseVersion]) -> dict[int, str]:
    """Who published each version, by the version's id; versions published by the system are left out."""
    rows = db.session.execute(
        select(CourseVersion.id, Person)
        .join(Account, Account.id == CourseVersion.published_by_id)
        .join(Person, Person.id == Account.person_id)
        .where(CourseVersion.id.in_([version.id for version in versions]))
    )
    return {version_id: person.polite_name for version_id, person in rows.tuples()}
