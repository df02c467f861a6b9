"""The record of a person and of a commission, for those who look after them."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions import permissions
from lms.commissions.identity import current_scope
from lms.commissions.names import name_of
from lms.commissions.permissions import INSPECTORS
from lms.commissions.rules import Level
from lms.core.web import access
from lms.core.web.paging import asked_page
from lms.home.record import PAGE, About, about_commission, about_person, count_entries, list_entries
from lms.home.record_details import field_words
from lms.home.record_words import act_words


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/people/<int:person_id>/record", view_func=person_record)
    blueprint.add_url_rule("/commissions/<int:commission_id>/record", view_func=commission_record)


@access.duty(*INSPECTORS)
def person_record(person_id: int) -> ResponseReturnValue:
    """What was done about a person who sits or sat in the reader's branch."""
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
    path = request.path
    return render_template(
        "home/record.html",
        name=name,
        back=back,
        total=total,
        lines=list_entries(about, page=page),
        page=page,
        last=last,
        act_words=act_words,
        field_words=field_words,
        address=lambda n: f"{request.script_root}{path}?page={n}",
    )
