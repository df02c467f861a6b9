"""A person's calendar: the page that tells its address, and the feed itself."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.config import Settings
from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import _
from lms.workshops import actions, queries
from lms.workshops.feed import calendar_of


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/calendar", view_func=calendar_page)
    blueprint.add_url_rule("/calendar/renew", view_func=renew_calendar, methods=["POST"])
    blueprint.add_url_rule("/calendar/<string:key>.ics", endpoint="calendar", view_func=feed)


@access.signed_in
def calendar_page() -> ResponseReturnValue:
    """The address of the person's own calendar, and a way to renew it."""
    scope = current_scope()
    if scope.person_id is None:
        raise NotFound
    row = queries.find_calendar_key(scope.person_id)
    settings: Settings = current_app.extensions["settings"]
    address = f"{settings.public_url}/calendar/{row.key}.ics" if row else ""
    return render_template(
        "workshops/calendar.html", address=address, own=queries.list_own(scope.person_id, clock.now())
    )


@access.signed_in
def renew_calendar() -> ResponseReturnValue:
    """Make a new address; the old one stops working."""
    scope = current_scope()
    if scope.person_id is None:
        raise NotFound
    actions.renew_calendar_key(person_id=scope.person_id, by=scope)
    flash(_("This is your calendar address now. An earlier one no longer works."))
    return redirect(url_for("workshops.calendar_page"))


@access.public
def feed(key: str) -> ResponseReturnValue:
    """The calendar behind a secret address, in the person's own language."""
    person = queries.get_person_of_key(key)
    response: Response = make_response(calendar_of(person.id, person.language, clock.now()))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)
