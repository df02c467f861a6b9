"""Courses as a methodologist sees them: what is published, its versions, what each one says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, _
from lms.curriculum import queries, words
from lms.curriculum.models import CourseVersion
from lms.curriculum.permissions import COURSE_READERS
from lms.curriculum.pointing import drawing_of
from lms.curriculum.settings import EntrySettings, TestSettings
from lms.questions.uses import Use

blueprint = Blueprint("curriculum", __name__, template_folder="templates")


@blueprint.app_context_processor
def course_words() -> dict[str, Any]:
    """What every template may say of a course."""
    return {
        "title_of": words.title_of,
        "summary_of": words.summary_of,
        "note_of": words.note_of,
        "html_of": words.html_of,
        "sections_of": words.sections_of,
        "form_html_of": words.form_html_of,
    }


@blueprint.get("/curriculum")
@access.duty(*COURSE_READERS)
def courses() -> ResponseReturnValue:
    """Every course, with its newest version."""
    return render_template("curriculum/courses.html", versions=queries.list_newest_versions())


@blueprint.get("/curriculum/<string:course>")
@access.duty(*COURSE_READERS)
def course(course: str) -> ResponseReturnValue:
    """One course through all its versions."""
    versions = queries.list_versions(queries.get_course(course).id)
    names = queries.names_of_publishers(versions)
    return render_template("curriculum/course.html", versions=versions, names=names, newest=versions[0])


@blueprint.get("/curriculum/<string:course>/versions/<int:number>")
@access.duty(*COURSE_READERS)
def version(course: str, number: int) -> ResponseReturnValue:
    """What one version is made of: modules, test, questions."""
    found = queries.get_version(course, number)
    bank = Counter(question.topic for question in queries.list_questions(found.id) if question.use == Use.TEST)
    topics = queries.list_topics(found.id)
    titles = {topic.code: words.title_of(topic) for topic in topics}
    return render_template(
        "curriculum/version.html",
        version=found,
        modules=queries.list_modules(found.id),
        topics=topics,
        names_of=lambda codes: ", ".join(titles[code] for code in codes),
        test=TestSettings.model_validate(found.test),
        bank=bank,
        beside=list(count_beside(found)),
        entry=EntrySettings.model_validate(found.entry) if found.entry else None,
    )


def count_beside(version: CourseVersion) -> Iterator[tuple[str, int]]:
    """What stands beside the modules of a version, and how much of it."""
    yield _("Sources"), len(queries.list_sources(version.id))
    yield _("Figures"), len(queries.list_figures(version.id))
    yield _("Practical cases"), len(queries.list_cases(version.id))
    yield _("Training forms"), len(queries.list_forms(version.id))
    yield _("Words of the course"), len(queries.list_terms(version.id))


@blueprint.get("/curriculum/<string:course>/versions/<int:number>/modules/<string:module>")
@access.duty(*COURSE_READERS)
def module(course: str, number: int, module: str) -> ResponseReturnValue:
    """A module as learners of this version read it."""
    found = queries.get_version(course, number)
    return render_template("curriculum/module.html", version=found, module=queries.get_module(found.id, module))


@blueprint.get("/figures/<string:course>/<int:number>/<string:language>/<string:figure>.svg")
@access.public
def figure(course: str, number: int, language: str, figure: str) -> ResponseReturnValue:
    """The picture of a figure in one language; it never changes, so it may be kept for good."""
    if language not in LANGUAGES:
        raise NotFound
    found = queries.get_figure(queries.get_version(course, number).id, figure)
    response = Response(drawing_of(found, language), mimetype="image/svg+xml")
    response.cache_control.public = response.cache_control.immutable = True
    response.cache_control.max_age = 365 * 86400
    return response
