"""Pages of rooms for tests: the list, opening one, the room itself, its code for the wall."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import CascadeError, Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.paging import asked_page
from lms.curriculum.queries import list_newest_versions
from lms.curriculum.words import title_of
from lms.sittings import actions, pages, queries, rules, views_joining, views_running, words
from lms.sittings.forms import OpenForm
from lms.sittings.permissions import OPENERS, READERS, check_may_run
from lms.workshops.models import Workshop
from lms.workshops.permissions import check_may_manage
from lms.workshops.queries import course_titles, get_workshop

blueprint = Blueprint("sittings", __name__, template_folder="templates")
views_joining.add_to(blueprint)
views_running.add_to(blueprint)


@blueprint.app_template_global()
def rooms_open_at(workshop: Workshop) -> list[int]:
    """The rooms of a workshop that are open, by number."""
    return [one.id for one in queries.list_open_at(workshop.id, clock.now())]


@blueprint.app_template_global()
def offers_room(workshop: Workshop) -> bool:
    """Whether the page of a workshop offers to open a room."""
    return rules.is_offered_at(workshop.ends_at, clock.now())


@blueprint.get("/sittings")
@access.duty(*READERS)
def start() -> ResponseReturnValue:
    """The rooms of the reader's branches, the newest first."""
    scope = current_scope()
    total = queries.count_sittings(scope)
    page, last = asked_page(total, queries.PAGE)
    found = queries.list_sittings(scope, page)
    now = clock.now()
    return render_template(
        "sittings/list.html",
        sittings=found,
        titles=course_titles({one.course_id for one in found}),
        begun=queries.count_begun([one.id for one in found]),
        is_open=lambda one: one.window.is_open(now),
        total=total,
        page=page,
        last=last,
        may_open=scope.holds(*OPENERS),
        address=lambda n: url_for("sittings.start", page=n),
    )


@blueprint.route("/sittings/new", methods=["GET", "POST"])
@access.duty(*OPENERS)
def new() -> ResponseReturnValue:
    """Open a room, at a workshop with its course and place."""
    scope = current_scope()
    workshop = _find_workshop(scope)
    form = _offered(scope, workshop)
    if form.validate_on_submit():
        try:
            sitting = actions.open_sitting(plan=form.plan(), workshop=workshop, by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The room is open. Show its code to those who take the test here, and to nobody else."))
            return redirect(url_for("sittings.show", sitting_id=sitting.id))
    page = render_template("sittings/new.html", form=form, workshop=workshop)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/sittings/<int:sitting_id>")
@access.duty(*READERS)
def show(sitting_id: int) -> ResponseReturnValue:
    """A room: its code, who has begun and how far, who is expected; once it is over, what came of it."""
    scope = current_scope()
    sitting = queries.get_sitting(scope, sitting_id)
    return render_template(
        "sittings/show.html",
        **pages.show_page(scope, sitting),
        code=rules.show_code(sitting.code),
        remark_words=words.remark_words,
    )


@blueprint.get("/sittings/<int:sitting_id>/screen")
@access.duty(*OPENERS)
def screen(sitting_id: int) -> ResponseReturnValue:
    """The code for the wall, readable from the back of the room, and how to get there; no names."""
    scope = current_scope()
    sitting = queries.get_sitting(scope, sitting_id)
    check_may_run(scope, sitting)
    if not sitting.window.is_open(clock.now()):
        raise Refused(_("This room is closed. Open a new one; whoever has begun goes on without it."))
    address = f"{pages.whole_address()}/courses/{sitting.course.code}/test"
    return render_template(
        "sittings/screen.html",
        sitting=sitting,
        title=pages.title_of(sitting),
        code=rules.show_code(sitting.code),
        address=pages.short_address(),
        picture=segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=2, light="#fff"),
    )


def _find_workshop(scope: Scope) -> Workshop | None:
    """The workshop at which a room is to be opened, if one is said; the reader may manage it."""
    workshop_id = request.values.get("workshop", 0, type=int)
    if not workshop_id:
        return None
    workshop = get_workshop(scope, workshop_id)
    check_may_manage(scope, workshop)
    return workshop


def _offered(scope: Scope, workshop: Workshop | None) -> OpenForm:
    """The form with what this reader may choose from, and with what a workshop says already."""
    given = {} if workshop is None else {"course": workshop.course_id, "place": workshop.place}
    if workshop is not None:
        given["hours"] = rules.hours_to(workshop.ends_at, clock.now())
    form = OpenForm(data=given)
    places = db.session.query(Commission).filter(Commission.id.in_(scope.places(*OPENERS))).order_by(Commission.code)
    courses = [(one.course_id, title_of(one)) for one in list_newest_versions()]
    form.offer(
        courses=courses if len(courses) == 1 else [(0, _("Choose")), *courses],
        commissions=[(one.id, name_of(one)) for one in places],
    )
    return form
