"""Publish versions of courses, and say who must take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from lms.campaigns.models import Campaign
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import Model, db
from lms.core.events import publish
from lms.curriculum import queries, rules
from lms.curriculum.events import CourseRequired, VersionPublished
from lms.curriculum.models import (
    Case,
    Course,
    CourseText,
    CourseVersion,
    Exposure,
    Figure,
    Form,
    Module,
    ModuleText,
    Requirement,
    Source,
    Term,
    Topic,
    TopicTitle,
    VersionQuestion,
)
from lms.curriculum.permissions import check_may_publish
from lms.curriculum.rules import Edition
from lms.questions.models import QuestionVersion


def publish_version(*, edition: Edition, questions: Sequence[QuestionVersion], by: Scope) -> CourseVersion:
    """The next version of the course, made with these questions; it never changes from now on."""
    check_may_publish(by)
    course = queries.find_course(edition.course)
    if course is None:
        course = Course(code=edition.course)
        db.session.add(course)
        db.session.flush()
    version = _add_version(course, edition, by)
    _add_contents(db.session(), version, edition, questions)
    record(
        "curriculum.version_published",
        by=by,
        subject=f"course:{course.id}",
        version=version.id,
        number=version.number,
        change=version.change,
        checksum=version.checksum,
    )
    publish(VersionPublished(course.id, version.id, rules.touches_learning(version.change)))
    return version


def require_course(
    *, course: Course, campaign: Campaign, level: Level, late_days: int | None = None, by: Scope
) -> Requirement:
    """That members of commissions of `level` must take the course in the campaign; saying it twice changes nothing.
    `late_days`: only those who come to their seats so many days before the election or fewer."""
    check_may_publish(by)
    for requirement in queries.list_requirements(course.id, campaign.id):
        if requirement.level == level:
            return requirement
    requirement = Requirement(campaign_id=campaign.id, course_id=course.id, level=level.value, late_days=late_days)
    db.session.add(requirement)
    db.session.flush()
    record("curriculum.required", by=by, subject=f"course:{course.id}", campaign=campaign.id, level=level.value)
    publish(CourseRequired(campaign.id, course.id, level.value, late_days))
    return requirement


def count_papers(*, version_id: int, papers: int, counts: Mapping[int, int], to: int) -> None:
    """Add so many papers of a version, and on how many of them each question stands; `to`: the newest of them."""
    row = db.session.get(Exposure, version_id)
    if row is None:
        row = Exposure(version_id=version_id, papers=0, counts={}, counted_to=0, counted_at=clock.now())
        db.session.add(row)
    added = {str(question): row.counts.get(str(question), 0) + more for question, more in counts.items()}
    row.papers, row.counts, row.counted_to, row.counted_at = row.papers + papers, row.counts | added, to, clock.now()
    db.session.flush()


def _add_version(course: Course, edition: Edition, by: Scope) -> CourseVersion:
    newest = queries.find_newest_version(course.id)
    version = CourseVersion(
        course_id=course.id,
        number=newest.number + 1 if newest else 1,
        change=edition.change.value,
        level=edition.level.value,
        law_date=edition.law_date,
        workshop=edition.workshop,
        late_days=edition.late_days,
        test=edition.test,
        entry=edition.entry,
        checksum=edition.checksum,
        published_at=clock.now(),
        published_by_id=by.account_id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _add_contents(
    session: Session, version: CourseVersion, edition: Edition, questions: Sequence[QuestionVersion]
) -> None:
    for language, title in edition.titles.items():
        summary, note = edition.summaries[language], edition.notes[language]
        session.add(CourseText(version_id=version.id, language=language, title=title, summary=summary, note=note))
    for position, topic in enumerate(edition.topics):
        row = Topic(version_id=version.id, code=topic.code, position=position, module_code=topic.module)
        row.titles = [TopicTitle(language=language, title=title) for language, title in topic.titles.items()]
        session.add(row)
    for position, module in enumerate(edition.modules):
        added = Module(
            version_id=version.id,
            code=module.code,
            position=position,
            minutes=module.minutes,
            self_check=list(module.self_check),
        )
        added.texts = [
            ModuleText(language=language, title=module.titles[language], body=body)
            for language, body in module.bodies.items()
        ]
        session.add(added)
    session.add_all(VersionQuestion(version_id=version.id, question_version_id=kept.id) for kept in questions)
    session.add_all(_materials(version.id, edition))
    session.flush()


def _materials(version_id: int, edition: Edition) -> Iterator[Model]:
    """The rows of what stands beside the modules."""
    for at, source in enumerate(edition.sources):
        yield Source(version_id=version_id, position=at, **vars(source))
    for figure in edition.figures:
        yield Figure(version_id=version_id, **vars(figure))
    for at, case in enumerate(edition.cases):
        told = {"code": case.code, "module_code": case.module, "source": case.source, "body": case.body}
        yield Case(version_id=version_id, position=at, **told)
    for at, form in enumerate(edition.forms):
        yield Form(version_id=version_id, position=at, **vars(form))
    for at, term in enumerate(edition.terms):
        yield Term(version_id=version_id, position=at, **vars(term))
