"""What stands beside the modules of a course: training forms, practical cases, words. For everyone signed in."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.identity import current_identity
from lms.core.web.languages import current_language
from lms.curriculum import queries as curriculum
from lms.curriculum.models import CourseVersion
from lms.curriculum.shelf import find_course
from lms.learning import queries
from lms.learning.cases import show_case
from lms.learning.web import blueprint


@blueprint.get("/courses/<string:course>/materials")
@access.signed_in
def materials(course: str) -> ResponseReturnValue:
    """Everything that stands beside the modules, for those who are not on the course: trainers, officers."""
    page = read_version(course)
    return render_template("learning/materials.html", **page, beside=queries.list_beside(page["version"].id))


@blueprint.get("/courses/<string:course>/cases")
@access.signed_in
def cases(course: str) -> ResponseReturnValue:
    """Every practical case of the course by module, to print; with what follows when `answers` is asked for."""
    page = read_version(course)
    version_id = page["version"].id
    modules = {module.code: module for module in curriculum.list_modules(version_id)}
    shown = [show_case(case, {}) for case in curriculum.list_cases(version_id)]
    ordered = sorted(shown, key=lambda case: modules[case.module].position)
    groups = [(modules[code], list(found)) for code, found in groupby(ordered, key=lambda case: case.module)]
    if not groups:
        raise NotFound
    return render_template("learning/cases.html", **page, groups=groups, answers=bool(request.args.get("answers")))


@blueprint.get("/courses/<string:course>/forms/<string:form>")
@access.signed_in
def form(course: str, form: str) -> ResponseReturnValue:
    """A training form, to look at or to print."""
    page = read_version(course)
    return render_template("learning/form.html", **page, form=curriculum.get_form(page["version"].id, form))


@blueprint.get("/courses/<string:course>/glossary")
@access.signed_in
def glossary(course: str) -> ResponseReturnValue:
    """The words of the course in the reader's language, those of the other languages beside."""
    page = read_version(course)
    terms = curriculum.list_terms(page["version"].id)
    if not terms:
        raise NotFound
    others = [language for language in terms[0].terms if language != current_language()]
    return render_template("learning/glossary.html", **page, terms=terms, others=others)


def read_version(course: str) -> dict[str, Any]:
    """The version that the reader learns, else the newest of the course; NotFound when there is no such course."""
    me, found = current_identity(), find_course(course)
    if me is None or found is None:
        raise NotFound
    enrolment = queries.find_open_enrolment(me.person_id, found.id)
    version: CourseVersion | None = enrolment.version if enrolment else curriculum.find_newest_version(found.id)
    if version is None:
        raise NotFound
    return {"version": version, "enrolled": enrolment is not None}
