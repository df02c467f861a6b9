"""Print papers: for those expected at a workshop, or for people of a commission; and the document itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.paths import way_to
from lms.commissions.permissions import get_commission
from lms.core.documents import storage
from lms.core.errors import NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _, current_language
from lms.curriculum.models import CourseVersion
from lms.papertests import actions, pages, permissions, queries
from lms.papertests.actions import Wanted
from lms.papertests.errors import PapersOut
from lms.papertests.forms import PrintForm
from lms.papertests.queries import Seated
from lms.papertests.roles import HANDLERS
from lms.papertests.words import STATES
from lms.workshops.listing import list_rows
from lms.workshops.models import Workshop
from lms.workshops.permissions import check_may_manage
from lms.workshops.queries import get_workshop


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/workshops/<int:workshop_id>/papers", view_func=for_workshop, methods=both)
    blueprint.add_url_rule("/commissions/<int:commission_id>/papers", view_func=for_commission, methods=both)
    blueprint.add_url_rule("/paper-prints/<int:paper_print_id>", view_func=show_print, methods=both)
    blueprint.add_url_rule("/paper-prints/<int:paper_print_id>/file", view_func=print_file)


@access.duty(*HANDLERS)
def for_workshop(workshop_id: int) -> ResponseReturnValue:
    """Papers for those who are expected at a workshop and still need its test."""
    scope = current_scope()
    workshop = get_workshop(scope, workshop_id)
    check_may_manage(scope, workshop)
    expected = list_rows(workshop)
    people = queries.list_expected(workshop, [one.person.id for one in expected])
    version = queries.get_newest(workshop.course_id)
    return _page(workshop.organiser, version, people, workshop=workshop, done=len(expected) - len(people))


@access.duty(*HANDLERS)
def for_commission(commission_id: int) -> ResponseReturnValue:
    """Papers for people of a commission and of those below it, course by course."""
    scope = current_scope()
    commission = get_commission(scope, commission_id, *HANDLERS)
    versions = queries.list_courses()
    if not versions:
        raise Refused(_("No course is published yet, so there is no test to print."))
    version = _choose_course(versions, commission)
    typed, after = request.args.get("q", "").strip()[:80], request.args.get("after", 0, type=int)
    people = queries.list_needing(commission.id, version.course_id, typed=typed, after=after, limit=queries.PAGE + 1)
    more = people[queries.PAGE - 1].enrolment.id if len(people) > queries.PAGE and not typed else None
    page: dict[str, Any] = {"typed": typed, "more": more, "versions": versions, "way": way_to(scope, commission)}
    return _page(commission, version, people[: queries.PAGE], **page)


@access.duty(*HANDLERS)
def show_print(paper_print_id: int) -> ResponseReturnValue:
    """How far a document is, and who got which number; it may be left and found again."""
    scope = current_scope()
    asked = permissions.get_print(scope, paper_print_id)
    if request.method == "POST":
        actions.ask_to_print_again(asked=asked, by=scope)
        return redirect(url_for("papertests.show_print", paper_print_id=asked.id))
    rows = queries.list_of_print(asked)
    return render_template("papertests/print_page.html", asked=asked, job=asked.job, rows=rows, states=STATES)


@access.duty(*HANDLERS)
def print_file(paper_print_id: int) -> ResponseReturnValue:
    """The document."""
    scope = current_scope()
    asked = permissions.get_print(scope, paper_print_id)
    permissions.check_may_open(scope, asked)
    if asked.document_id is None:
        raise NotFound
    row, content = storage.read(asked.document_id)
    response = send_file(BytesIO(content), mimetype="application/pdf", download_name=row.name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _choose_course(versions: Any, commission: Commission) -> CourseVersion:
    """The course that the address names; else one of the commission's level, or any."""
    code = request.args.get("course", "")
    by_code = {one.course.code: one for one in versions}
    fitting = [one for one in versions if one.level == commission.level]
    chosen: CourseVersion = by_code.get(code) or (fitting or versions)[0]
    return chosen


def _page(
    commission: Commission,
    version: CourseVersion,
    people: list[Seated],
    *,
    workshop: Workshop | None = None,
    **more: Any,
) -> ResponseReturnValue:
    scope = current_scope()
    form = PrintForm(language=workshop.language if workshop else current_language())
    ticked, asks_again = None, False
    if form.validate_on_submit():
        ticked = request.form.getlist("who", type=int)
        wanted = Wanted(
            commission=commission,
            course_id=version.course_id,
            enrolment_ids=tuple(ticked),
            spare=form.spare.data or 0,
            language=form.language.data,
            workshop=workshop,
            again=form.again.data,
        )
        try:
            asked = actions.print_sheets(wanted=wanted, by=scope)
        except Refused as refusal:
            asks_again = isinstance(refusal, PapersOut)
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The papers are being laid out."))
            return redirect(url_for("papertests.show_print", paper_print_id=asked.id))
    at = actions.moment_of(workshop)
    page = render_template(
        "papertests/print_form.html",
        form=form,
        commission=commission,
        version=version,
        candidates=pages.list_candidates(scope, people, ticked=ticked, at=at),
        asks_again=asks_again or form.again.data,
        prints=queries.list_prints(commission.id, workshop.id if workshop else None),
        workshop=workshop,
        **{"done": 0, "typed": "", "more": None, "versions": [], "way": [], **more},
    )
    return page, 422 if form.is_submitted() else 200
