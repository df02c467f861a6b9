"""Pages of personal data: the terms, what is due; and one person's data erased, or taken out for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.numbers import read_typed
from lms.commissions.identity import current_scope
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web import access
from lms.core.web.downloads import private_file
from lms.core.web.languages import _, date_in_full, speaking
from lms.home.own_data_words import sections_of
from lms.people.models import Person
from lms.people.queries import find_by_number, list_entries_of
from lms.retention import queries, words
from lms.retention.actions import give_out, set_terms
from lms.retention.erasing import erase_person, look_at
from lms.retention.errors import hindrance_sentence
from lms.retention.forms import EraseForm, FindForm, GiveOutForm, terms_form
from lms.retention.rules import Hindrance
from lms.retention.schedule import SCHEDULE

blueprint = Blueprint("retention", __name__, template_folder="templates")
ADMINISTRATORS = (Role.CEC_ADMINISTRATOR,)
READERS = (*ADMINISTRATORS, Role.AUDITOR)


@blueprint.get("/retention")
@access.duty(*READERS)
def schedule() -> ResponseReturnValue:
    """What is kept how long, how much is due, and when it was last erased."""
    return _schedule_page(_terms())


@blueprint.post("/retention")
@access.duty(*ADMINISTRATORS)
def change_terms() -> ResponseReturnValue:
    """Set other terms."""
    form = _terms()
    if form.validate_on_submit():
        days = {one.code: form[one.code].data for one in SCHEDULE if not one.term.is_fixed}
        try:
            changed = set_terms(days=days, by=current_scope())
        except (Refused, Forbidden) as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The terms are kept. What is due by them is erased tonight.") if changed else _("Nothing changed."))
            return redirect(url_for("retention.schedule"))
    return _schedule_page(form), 422


@blueprint.post("/retention/person")
@access.duty(*ADMINISTRATORS)
def find() -> ResponseReturnValue:
    """The person with the identity number that was sent: it stands in no address and in no log."""
    form = FindForm()
    if form.validate_on_submit():
        written, wrong = read_typed(form.number.data)
        person = find_by_number(written.number) if written.number else None
        if person is not None:
            wanted = "retention.data_of" if request.form.get("for") == "file" else "retention.erase"
            return redirect(url_for(wanted, person_id=person.id))
        form.number.errors = [wrong or _("Nobody with this identity number is known here, or it was erased.")]
    return _schedule_page(_terms(), form), 422


@blueprint.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
@access.duty(*ADMINISTRATORS)
def erase(person_id: int) -> ResponseReturnValue:
    """What of a person's data would be erased and what stays; on sending, erase it for good."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    form = EraseForm()
    if form.validate_on_submit():
        try:
            erase_person(person=person, reason=form.reason.data, by=current_scope())
        except (Refused, Forbidden) as refusal:
            form.reason.errors = [refusal.sentence]
        else:
            flash(_("The data is erased. What stays is listed here."))
            return redirect(url_for("retention.erase", person_id=person_id))
    return _erase_page(person, form), 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:person_id>/give-out", methods=["GET", "POST"])
@access.duty(*ADMINISTRATORS)
def data_of(person_id: int) -> ResponseReturnValue:
    """A person's own data, taken out for somebody who cannot take it themselves: once a reason is given, as a file or
    as a page to print."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound
    person = list_entries_of(found)[0]
    form = GiveOutForm()
    if form.validate_on_submit():
        try:
            kept = give_out(person=person, reason=form.reason.data, by=current_scope())
        except Refused as refusal:
            form.reason.errors = [refusal.sentence]
        else:
            return (
                _given_page(person, kept)
                if request.form.get("as") == "page"
                else private_file(kept, f"data-{person.id}.json")
            )
    page = render_template("retention/give_out.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


def _given_page(person: Person, kept: dict[str, Any]) -> ResponseReturnValue:
    with speaking(person.language):
        sections = sections_of(kept)
        heading = _("What was kept of this person on %(day)s.", day=date_in_full(clock.today()))
    page = render_template("retention/given_out.html", person=person, sections=sections, heading=heading)
    return page, 200, {"Cache-Control": "no-store"}


def _erase_page(person: Person, form: EraseForm) -> str:
    found = look_at(person, current_scope())
    return render_template(
        "retention/erase.html",
        person=found.people[0],
        found=found,
        form=form,
        goes=words.goes_words(found.goes),
        stays=words.stays_words(found.stays),
        done=found.hindrance is Hindrance.ERASED,
        hindrance=hindrance_sentence(found.hindrance, found.waiting) if found.hindrance else "",
    )


def _terms() -> Any:
    return terms_form(SCHEDULE, **{one.code: queries.find_days(one) for one in SCHEDULE})


def _schedule_page(form: Any, find_form: FindForm | None = None) -> str:
    return render_template(
        "retention/schedule.html",
        form=form,
        find_form=find_form or FindForm(formdata=None),
        standing=queries.list_standing(),
        changes=current_scope().holds(*ADMINISTRATORS),
        words=words,
    )
