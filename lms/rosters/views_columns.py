"""The page on which an officer says which column is what."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.commissions.permissions import OVERSEERS
from lms.core.errors import Refused
from lms.core.web import access
from lms.rosters import telling
from lms.rosters.messages import column_name
from lms.rosters.permissions import get_import
from lms.rosters.reading.headings import Field

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register this page."""
    blueprint.add_url_rule("/rosters/<int:import_id>/columns", view_func=columns, methods=["GET", "POST"])


@access.duty(*OFFICERS)
def columns(import_id: int) -> ResponseReturnValue:
    """Each heading of the file with what it may mean; on sending, that is kept and the file is read again."""
    scope = current_scope()
    found = get_import(scope, import_id)
    headings, refusal = telling.get_headings(found), ""
    chosen = _chosen(len(headings)) if request.method == "POST" else telling.guess_columns(found, headings)
    if request.method == "POST":
        try:
            telling.say_columns(roster_import=found, columns=chosen, by=scope)
            return redirect(url_for("rosters.show", import_id=found.id))
        except Refused as wrong:
            refusal = wrong.sentence
    page = render_template(
        "rosters/columns.html",
        found=found,
        headings=headings,
        chosen=chosen,
        offered=[(field.value, column_name(field)) for field in telling.OFFERED],
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _chosen(count: int) -> dict[int, Field]:
    """What was chosen for each column; one that is not used is left out."""
    known = {field.value for field in telling.OFFERED}
    sent = {place: request.form.get(f"column-{place}", "") for place in range(count)}
    return {place: Field(value) for place, value in sent.items() if value in known}
