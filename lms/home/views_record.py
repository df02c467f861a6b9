"""The record of a person and of a commission, for those who look after them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions import permissions
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import INSPECTORS, WATCHERS
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.core.web import access
from lms.core.web.paging import asked_page
from lms.home.record import PAGE, About, about_commission, about_person, count_entries, list_entries
from lms.home.record_details import field_words
from lms.home.record_words import act_words


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/record", view_func=record_start)
    blueprint.add_url_rule("/people/<int:person_id>/record", view_func=person_record)
    blueprint.add_url_rule("/commissions/<int:commission_id>/record", view_func=commission_record)


@access.duty(*INSPECTORS)
def record_start() -> ResponseReturnValue:
    """The record of the top of the reader's own branch, or a choice when there are several."""
    places = sorted(current_scope().places(*INSPECTORS))
    if len(places) == 1:
        return redirect(url_for("home.commission_record", commission_id=places[0]))
    tops = [db.session.get_one(Commission, place) for place in places]
    return render_template("home/record_start.html", tops=tops, name_of=name_of)


@access.duty(*INSPECTORS)
def person_record(person_id: int) -> ResponseReturnValue:
    """What was done about a person who sits or sat in the reader's branch, or holds a role there and no seat."""
    scope = current_scope()
    person = permissions.get_person_ever(scope, person_id, *INSPECTORS)
    back = url_for("commissions.history", person_id=person.id)
    return _page(person.full_name, back, about_person(person.id, scope))


@access.duty(*INSPECTORS)
def commission_record(commission_id: int) -> ResponseReturnValue:
    """What was done about a commission of the reader's branch."""
    commission = permissions.get_commission(current_scope(), commission_id, *INSPECTORS)
    back = url_for("commissions.show", commission_id=commission.id)
    return _page(name_of(commission), back, about_commission(commission.id, is_central=commission.level == Level.CEC))


def _page(name: str, back: str, about: About) -> str:
    total = count_entries(about)
    page, last = asked_page(total, PAGE)
    path, lines = request.path, list_entries(about, page=page)
    people = {person_id for line in lines for one in line.details for person_id, _name in one.people}
    return render_template(
        "home/record.html",
        name=name,
        back=back,
        total=total,
        lines=lines,
        reached=permissions.list_ever(current_scope(), people, *WATCHERS),
        page=page,
        last=last,
        act_words=act_words,
        field_words=field_words,
        address=lambda n: f"{request.script_root}{path}?page={n}",
    )
