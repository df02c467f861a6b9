"""Rosters to take away: the empty one, and the present one of a branch, for which a reason is asked."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import OVERSEERS, Scope
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.web import access
from lms.core.web.languages import _
from lms.rosters import in_force

OFFICERS = OVERSEERS
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_to(blueprint: Blueprint) -> None:
    """Register this page."""
    blueprint.add_url_rule("/rosters/template.xlsx", view_func=template)


@access.duty(*OFFICERS)
def template() -> ResponseReturnValue:
    """The empty roster to fill in."""
    return _send(in_force.empty_roster(), _("Empty roster"))


def send_present(commission: Commission, reason: str, scope: Scope) -> ResponseReturnValue:
    """The present roster of a branch, recorded with the reason."""
    commission_id = commission.id
    db.session.rollback()  # nothing is written yet; other people's answers need not wait while the file is made
    with only_reading():
        content, count = in_force.roster_in_force(db.session.get_one(Commission, commission_id))
        db.session.rollback()
    commission = db.session.get_one(Commission, commission_id)
    in_force.note_export(commission=commission, reason=reason, count=count, by=scope)
    return _send(content, _("Roster %(name)s", name=name_of(commission)))


def _send(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=WORKBOOK, as_attachment=True, download_name=f"{name}.xlsx")
