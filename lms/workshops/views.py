"""Pages of workshops: the list, scheduling, one workshop, its sign-in sheet. Attendance and calendar stand beside."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.queries import find_open_campaign
from lms.cascade.queries import count_trained_by
from lms.commissions.identity import current_scope
from lms.commissions.permissions import WATCHERS, Scope, may_reach
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.errors import CascadeError, NotFound
from lms.core.web import access
from lms.core.web.languages import _, current_language, pick
from lms.curriculum.queries import list_newest_versions
from lms.workshops import actions, choosing, listing, queries, rules, views_attendance, views_calendar, words
from lms.workshops.closing import check_campaign_is_open, closed_sentence, is_closed
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
        if doubt := _doubt(form):
            return _form_page(scope, form, title=_("Schedule a workshop"), doubt=doubt)
        try:
            workshop = actions.schedule_workshop(plan=form.plan(), by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            if workshop.ends_at < clock.now():
                flash(_("The workshop is recorded as held. Say now who came."))
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
    check_campaign_is_open(workshop)
    form = _offered(scope, WorkshopForm(data=values_of(workshop)), workshop)
    if _is_decided(form):
        if form.day.data != values_of(workshop)["day"] and (doubt := _doubt(form)):
            return _form_page(scope, form, title=_("Change the workshop"), workshop=workshop, doubt=doubt)
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
    """One workshop: when and where for everyone invited; who came for those who lead it. Whoever was invited and has
    left the seat is told so on the first page."""
    scope = current_scope()
    try:
        workshop = queries.get_workshop(scope, workshop_id)
    except NotFound:
        if queries.was_invited_before(scope.person_id, workshop_id):
            return redirect(url_for("home.start"))
        raise
    looks_after = may_manage(scope, workshop)
    closed = is_closed(workshop)
    manages = looks_after and not closed
    counts = looks_after or may_reach(scope, workshop.organiser_id, Role.AUDITOR)
    rows = listing.list_rows(workshop) if counts else []
    return render_template(
        "workshops/show.html",
        workshop=workshop,
        title=queries.title_of(workshop),
        offset=rules.utc_offset(workshop.starts_at, workshop.time_zone),
        manages=manages,
        counts=counts,
        expected=[row for row in rows if row.way is not rules.Way.CAME],
        invited=sum(row.way is rules.Way.INVITED for row in rows),
        guests=[row for row in rows if row.way is rules.Way.GUEST],
        besides=sum(row.way is rules.Way.CAME and bool(row.present) for row in rows),
        here=[row for row in rows if row.present],
        categories=rules.count_by_category([row.category for row in rows if row.present]),
        category_name=words.category_name,
        trained=count_trained_by(workshop.trainer_id, workshop.campaign_id),
        watches=bool(scope.grants),
        closed=closed_sentence() if closed else "",
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
    own = workshop.course_id if workshop else 0
    versions = [one for one in list_newest_versions() if one.workshop or one.course_id == own]
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


def _doubt(form: WorkshopForm) -> rules.Doubt | None:
    """What is to be asked about the day before anything is done; None once it was answered for that day."""
    campaign, zones = find_open_campaign(), {choice.value for choice in form.time_zone.choices}
    today = clock.today(form.time_zone.data if form.time_zone.data in zones else "")
    election_on = campaign.election_on if campaign else date.max
    found = rules.find_doubt(form.day.data, today=today, election_on=election_on)
    return None if found is None or request.form.get("knowing") == _answer(found, form) else found


def _answer(doubt: rules.Doubt, form: WorkshopForm) -> str:
    return f"{doubt.value} {form.day.data.isoformat()}"


def _form_page(
    scope: Scope,
    form: WorkshopForm,
    *,
    title: str,
    workshop: Workshop | None = None,
    doubt: rules.Doubt | None = None,
) -> ResponseReturnValue:
    looking = "look" in request.form or "tick" in request.form
    typed, courses = form.words.data or "", {choice.value: choice.label for choice in form.course.choices}
    course_id = form.course.data if form.course.data in courses else next(iter(courses), 0)
    choice = choosing.choose(
        scope, area_id=form.area.data, words=typed, chosen=form.chosen, course_id=course_id, workshop=workshop
    )
    if "tick" in request.form:
        form.tick([one.id for one in choice.shown])
    form.offer_areas(choice.areas, choice.area_id)
    if doubt is not None:
        form.form_errors.append(words.doubt_sentence(doubt, form.day.data))
    page = render_template(
        "workshops/form.html",
        form=form,
        choice=choice,
        title=title,
        workshop=workshop,
        course=courses.get(course_id, ""),
        to_answer=_answer(doubt, form) if doubt else "",
        answer=words.doubt_answer(doubt) if doubt else "",
    )
    return page, 422 if form.is_submitted() and not looking else 200
