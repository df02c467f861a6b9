"""A learner's pages: the course with its steps, and a module to read with its self-check."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.identity import Identity, current_identity
from lms.core.web.languages import _
from lms.curriculum.models import Module
from lms.curriculum.queries import list_cases
from lms.curriculum.settings import EntrySettings, TestSettings
from lms.curriculum.shelf import find_course, get_module
from lms.curriculum.words import title_of
from lms.learning import actions, queries, rules, self_check, views_materials
from lms.learning.cases import show_case
from lms.learning.models import Enrolment
from lms.learning.steps import StepState, find_next, list_steps
from lms.learning.web import blueprint

__all__ = ["blueprint", "views_materials"]


@blueprint.get("/courses/<string:course>")
@access.signed_in
def course(course: str) -> ResponseReturnValue:
    """The course: what to do next, and every step."""
    _me, enrolment = my_enrolment(course)
    steps = list_steps(enrolment)
    version = enrolment.version
    page = {
        "enrolment": enrolment,
        "version": version,
        "test": TestSettings.model_validate(version.test),
        "steps": steps,
        "next_step": find_next(steps),
        "is_asked": bool(enrolment.completed_at) or version.course_id not in queries.list_unasked(enrolment.person_id),
        "beside": queries.list_beside(version.id),
        "entry_size": EntrySettings.model_validate(version.entry).size if version.entry else 0,
        "may_ask_before": rules.may_be_asked_before([step.activity for step in steps if step.state is StepState.DONE]),
    }
    return render_template("learning/course.html", **page)


@blueprint.get("/courses/<string:course>/modules/<string:module>")
@access.signed_in
def module(course: str, module: str) -> ResponseReturnValue:
    """A module to read."""
    _me, enrolment = my_enrolment(course)
    found = get_module(enrolment.version_id, module)
    return module_page(enrolment, found, self_check.unanswered(course, found))


@blueprint.post("/courses/<string:course>/modules/<string:module>")
@access.signed_in
def check_myself(course: str, module: str) -> ResponseReturnValue:
    """The self-check sent: told at once what is right; the module counts as read."""
    me, enrolment = my_enrolment(course)
    found = get_module(enrolment.version_id, module)
    check = self_check.answered(course, found, request.form)
    if check.is_answered:
        actions.complete_activity(enrolment=enrolment, activity=rules.module_activity(found.code), by=me)
    return module_page(enrolment, found, check), 200 if check.is_answered else 422


@blueprint.post("/courses/<string:course>/modules/<string:module>/read")
@access.signed_in
def mark_read(course: str, module: str) -> ResponseReturnValue:
    """Read, without the self-check: on to the next step."""
    me, enrolment = my_enrolment(course)
    found = get_module(enrolment.version_id, module)
    actions.complete_activity(enrolment=enrolment, activity=rules.module_activity(found.code), by=me)
    flash(_("“%(title)s” is marked as read.", title=title_of(found)))
    coming = find_next(list_steps(enrolment))
    if coming is not None and coming.module is not None:
        return redirect(url_for("learning.module", course=course, module=coming.module.code))
    return redirect(url_for("learning.course", course=course))


def module_page(enrolment: Enrolment, found: Module, check: self_check.SelfCheck) -> str:
    """The page of a module, with its self-check as it stands."""
    steps = list_steps(enrolment)
    own = next(step for step in steps if step.module is not None and step.module.id == found.id)
    page = {
        "enrolment": enrolment,
        "version": enrolment.version,
        "module": found,
        "step": own,
        "place": steps.index(own) + 1,
        "total": sum(step.module is not None for step in steps),
        "next_step": find_next(steps),
        "check": check,
        "cases": [show_case(case, request.args) for case in list_cases(found.version_id, found.code)],
    }
    return render_template("learning/module.html", **page)


def my_enrolment(course: str) -> tuple[Identity, Enrolment]:
    """The reader and their enrolment on a course in the open campaign; NotFound when there is none."""
    me, found = current_identity(), find_course(course)
    if me is None or found is None:
        raise NotFound
    enrolment = queries.find_open_enrolment(me.person_id, found.id)
    if enrolment is None:
        raise NotFound
    return me, enrolment
