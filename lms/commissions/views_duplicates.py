"""The page of people who may be one and the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions import duplicates
from lms.commissions.duplicates import Likeness, Pair
from lms.commissions.identity import current_scope
from lms.commissions.names import office_name
from lms.commissions.permissions import OVERSEERS
from lms.core.database.base import db
from lms.core.web import access
from lms.core.web.languages import _
from lms.people.models import Person

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/people/duplicates", view_func=show_duplicates)
    blueprint.add_url_rule("/people/<int:person_id>/merge", view_func=merge, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/part", view_func=part, methods=["POST"])


@access.duty(*OFFICERS)
def show_duplicates() -> ResponseReturnValue:
    """Pairs of people of the branch who may be one, and those who were merged."""
    scope = current_scope()
    pairs = duplicates.list_pairs(scope)
    merged = duplicates.list_merged(scope)
    return render_template(
        "commissions/duplicates.html",
        pairs=pairs,
        why=_why,
        most=duplicates.MOST,
        merged=[(one, db.session.get_one(Person, one.merged_into_id)) for one in merged],
        **_cards([person for pair in pairs for person in (pair.one, pair.other)]),
    )


@access.duty(*OFFICERS)
def merge(person_id: int) -> ResponseReturnValue:
    """Show both and ask; on sending, have this person stand for the other one too."""
    scope = current_scope()
    kept = duplicates.get_person_of_branch(scope, person_id)
    merged = duplicates.get_person_of_branch(scope, request.values.get("merged", 0, type=int))
    if request.method == "GET":
        duplicates.check_may_merge(kept, merged)
        return render_template("commissions/merge.html", kept=kept, merged=merged, **_cards([kept, merged]))
    duplicates.merge_people(kept=kept, merged=merged, by=scope)
    flash(_("%(name)s now stands for both.", name=kept.full_name))
    return redirect(url_for("commissions.show_duplicates"))


@access.duty(*OFFICERS)
def part(person_id: int) -> ResponseReturnValue:
    """Take a merge back."""
    scope = current_scope()
    merged = duplicates.get_person_of_branch(scope, person_id)
    duplicates.part_people(merged=merged, by=scope)
    flash(_("The two are two people again."))
    return redirect(url_for("commissions.show_duplicates"))


def _cards(people: Sequence[Person]) -> dict[str, Any]:
    """What is shown of people who may be one."""
    return {
        "seats": duplicates.seats_of({person.id for person in people}),
        "born": {person.id: duplicates.birth_date_of(person) for person in people},
        "office_name": office_name,
    }


def _why(pair: Pair) -> str:
    words = {Likeness.NAME_AND_BIRTH_DATE: _("like name, same birth date"), Likeness.PHONE: _("same phone")}
    return ", ".join(words[one] for one in pair.why)
