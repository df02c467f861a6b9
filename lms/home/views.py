"""The first page of everyone, search, and the health check."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError

from lms.accounts.models import SignInWindow
from lms.commissions.identity import current_scope
from lms.commissions.names import name_of
from lms.core import clock
from lms.core.database.engine import own_transaction
from lms.core.errors import NotFound, Refused
from lms.core.web import access
from lms.core.web.identity import Identity, current_identity
from lms.home import finding, own, today
from lms.workshops.queries import list_own

blueprint = Blueprint("home", __name__, template_folder="templates")
log = structlog.get_logger(__name__)
WATCHING = ("cec_administrator", "methodologist", "territorial_officer", "trainer")


@blueprint.get("/")
@access.signed_in
def start() -> ResponseReturnValue:
    """What to do next: for everyone their own training, for those who look after a branch what waits there."""
    me, scope = get_me(), current_scope()
    watches = bool(me.duties & set(WATCHING))
    return render_template(
        "home/start.html",
        me=me,
        courses=own.list_own_courses(me.person_id),
        workshops=list_own(me.person_id, clock.now()),
        branches=today.list_branches(scope) if watches else [],
        rosters=today.list_waiting_rosters(scope) if watches else [],
        unticked=today.list_unticked_workshops(scope) if watches else [],
        watches=watches,
        chaired=scope.chaired_id,
        name_of=name_of,
    )


@blueprint.route("/search", methods=["GET", "POST"])
@access.duty(*WATCHING)
def search() -> ResponseReturnValue:
    """People and commissions by name. Sent as a form, so that nobody's name stands in an address or a log."""
    typed = request.form.get("q", "").strip()[:100]
    sentence, found = "", finding.Found([], [])
    try:
        found = finding.search(current_scope(), typed)
    except Refused as refusal:
        sentence = refusal.sentence
    page = render_template("home/search.html", typed=typed, found=found, sentence=sentence, name_of=name_of)
    return page, 422 if sentence else 200


@blueprint.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """200 when the database takes a write, 503 with the reason when not."""
    try:
        with own_transaction() as connection:
            connection.execute(insert(SignInWindow).values(key="health", window=0, tries=0))
            connection.execute(delete(SignInWindow).where(SignInWindow.key == "health"))
    except SQLAlchemyError as fault:
        log.error("not_healthy", reason=type(fault).__name__)
        return Response(f"the database takes no write: {type(fault).__name__}\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def get_me() -> Identity:
    """Who reads; the access mark has let nobody else in."""
    me = current_identity()
    if me is None:
        raise NotFound
    return me
