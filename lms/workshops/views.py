"""Pages of workshops: the list, scheduling, one workshop, its sign-in sheet. Attendance and calendar stand beside."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.cascade.queries import count_trained_by
from lms.commissions.identity import current_scope
from lms.commissions.permissions import WATCHERS, Scope, may_reach
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.errors import CascadeError
from lms.core.web import access
from lms.core.web.languages import _, current_language, pick
from lms.curriculum.queries import list_newest_versions
from lms.workshops import actions, choosing, listing, queries, rules, views_attendance, views_calendar, words
from lms.workshops.forms import WorkshopForm, values_of
from lms.workshops.models import Workshop
from lms.workshops.permissions import SCHEDULERS, check_may_manage, may_manage
from lms.workshops.sheet import render_sheet

blueprint = Blueprint("workshops", __name__, template_folder="templates")
views_attendance.add_to(blueprint)
views_calendar.add_to(blueprint)
TRAINERS = tuple(role.value for role in SCHEDULERS)
STAFF = WATCHERS


@blueprint.app_template_global()
def workshop_hours(workshop: Workshop) -> str:
    """From when to when, local time."""
    return words.hours_of(workshop)


@blueprint.get("/workshops")
@access.duty(*STAFF)
def schedule_list() -> ResponseReturnValue:
    """The workshops of the reader's branches: to come, or over."""
    scope, now = current_scope(), clock.now()
    past = request.args.get("when") == "past"
    page = max(1, request.args.get("page", 1, type=int))
    found = queries.list_workshops(scope, past=past, now=now, page=page)
    total = queries.count_workshops(scope, past=past, now=now)
    return render_template(
        "workshops/list.html",
        workshops=found,
        titles=queries.course_titles({one.course_id for one in found}),
        present=listing.count_present([one.id for one in found]),
        past=past,
        to_come=queries.count_to_come(scope, now) if not past else 0,
        page=page,
        last=-(-total // queries.PAGE),
        may_schedule=scope.holds(*SCHEDULERS),
        sees_rooms=scope.holds(*SCHEDULERS, Role.AUDITOR),
        sees_papers=scope.holds(*SCHEDULERS, Role.AUDITOR),
        address=lambda n: url_for("workshops.schedule_list", page=n, when="past" if past else None),
    )


@blueprint.route("/workshops/new", methods=["GET", "POST"])
@access.duty(*TRAINERS)
def new() -> ResponseReturnValue:
    """Schedule a workshop. Commissions are chosen area by area; what is typed and ticked stays meanwhile."""
    scope = current_scope()
    form = _offered(scope, WorkshopForm(language=current_language()))
    if _is_decided(form):
        try:
            workshop = actions.schedule_workshop(plan=form.plan(), by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The workshop is scheduled. The members see it on their page."))
            return redirect(url_for("workshops.show", workshop_id=workshop.id))
    return _form_page(scope, form, title=_("Schedule a workshop"))


@blueprint.route("/workshops/<int:workshop_id>/change", methods=["GET", "POST"])
@access.duty(*TRAINERS)
def change(workshop_id: int) -> ResponseReturnValue:
    """Change a workshop that has not been held."""
    scope = current_scope()
    workshop = queries.get_workshop(scope, workshop_id)
    check_may_manage(scope, workshop)
    form = _offered(scope, WorkshopForm(data=values_of(workshop)), workshop)
    if _is_decided(form):
        try:
            actions.change_workshop(workshop=workshop, plan=form.plan(), by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The workshop is changed. Calendars show it within an hour."))
            return redirect(url_for("workshops.show", workshop_id=workshop.id))
    return _form_page(scope, form, title=_("Change the workshop"), workshop=workshop)


@blueprint.post("/workshops/<int:workshop_id>/cancel")
@access.duty(*TRAINERS)
def cancel(workshop_id: int) -> ResponseReturnValue:
    """Call a workshop off."""
    scope = current_scope()
    workshop = queries.get_workshop(scope, workshop_id)
    actions.cancel_workshop(workshop=workshop, by=scope)
    flash(_("The workshop is cancelled. Members see it so on their page and in their calendars."))
    return redirect(url_for("workshops.show", workshop_id=workshop.id))


@blueprint.get("/workshops/<int:workshop_id>")
@access.signed_in
def show(workshop_id: int) -> ResponseReturnValue:
    """One workshop: when and where for everyone invited; who came for those who lead it."""
    scope = current_scope()
    workshop = queries.get_workshop(scope, workshop_id)
    manages = may_manage(scope, workshop)
    counts = manages or may_reach(scope, workshop.organiser_id, Role.AUDITOR)
    rows = listing.list_rows(workshop) if counts else []
    return render_template(
        "workshops/show.html",
        workshop=workshop,
        title=queries.title_of(workshop),
        offset=rules.utc_offset(workshop.starts_at, workshop.time_zone),
        manages=manages,
        counts=counts,
        rows=rows,
        here=[row for row in rows if row.present],
        categories=rules.count_by_category([row.category for row in rows if row.present]),
        category_name=words.category_name,
        trained=count_trained_by(workshop.trainer_id, workshop.campaign_id),
        watches=bool(scope.grants),
        invited=sum(1 for row in rows if row.expected),
        listed=rules.may_open_list(workshop.state, workshop.starts_at, clock.now()),
        opens=rules.may_take_attendance(workshop.state, workshop.starts_at, clock.now()),
        opens_at=workshop.starts_at - rules.ATTENDANCE_OPENS,
        over=workshop.ends_at < clock.now(),
    )


@blueprint.get("/workshops/<int:workshop_id>/sign-in-sheet")
@access.duty(*TRAINERS)
def sheet(workshop_id: int) -> ResponseReturnValue:
    """The sign-in sheet to print."""
    scope = current_scope()
    workshop = queries.get_workshop(scope, workshop_id)
    check_may_manage(scope, workshop)
    content = render_sheet(workshop, clock.now())
    name = f"sign-in-sheet-{workshop.id}.pdf"
    response = send_file(BytesIO(content), mimetype="application/pdf", download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _offered(scope: Scope, form: WorkshopForm, workshop: Workshop | None = None) -> WorkshopForm:
    """The form with what this reader may choose from."""
    versions = sorted(list_newest_versions(), key=lambda one: not one.workshop)
    titles = [(one.course_id, pick({text.language: text.title for text in one.texts})) for one in versions]
    zones = list(choosing.list_zones(scope))
    trainers = choosing.list_trainers(scope)
    if workshop is not None:
        if workshop.trainer_id not in {one for one, _name in trainers}:
            trainers = [(workshop.trainer_id, workshop.trainer.full_name), *trainers]
        zones = list(dict.fromkeys([workshop.time_zone, *zones]))
    form.offer(courses=titles, trainers=trainers, zones=zones)
    return form


def _is_decided(form: WorkshopForm) -> bool:
    """Whether the form was sent to be done, whole and valid; not merely to look at another area."""
    if "look" in request.form or "tick" in request.form:
        return False
    return bool(form.validate_on_submit())


def _form_page(
    scope: Scope, form: WorkshopForm, *, title: str, workshop: Workshop | None = None
) -> ResponseReturnValue:
    looking = "look" in request.form or "tick" in request.form
    words = form.words.data or ""
    choice = choosing.choose(scope, area_id=form.area.data, words=words, chosen=form.chosen, workshop=workshop)
    if "tick" in request.form:
        form.tick([one.id for one in choice.shown])
    form.offer_areas(choice.areas, choice.area_id)
    page = render_template("workshops/form.html", form=form, choice=choice, title=title, workshop=workshop)
    return page, 422 if form.is_submitted() and not looking else 200
