"""The first page of everyone, search, and the health check."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError

from lms.accounts.factor_pages import provider_label
from lms.accounts.guesses import list_guesses
from lms.accounts.models import SignInWindow
from lms.accounts.queries import factors_of
from lms.accounts.session import get_session_account
from lms.campaigns.queries import find_open_campaign, get_open_campaign
from lms.commissions.identity import current_scope
from lms.commissions.names import name_of, office_name
from lms.commissions.permissions import WATCHERS, Scope, get_seat_in_care
from lms.commissions.queries import find_left_seat, find_seat_of
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.engine import own_transaction
from lms.core.database.trouble import trouble_of
from lms.core.errors import NotFound, Refused
from lms.core.web import access, metrics
from lms.core.web.downloads import private_file
from lms.core.web.identity import Identity, current_identity
from lms.core.web.languages import NAMES, _
from lms.home import (
    finding,
    finding_places,
    own,
    today,
    views_arrival,
    views_campaigns,
    views_desk,
    views_record,
    words,
)
from lms.home.actions import note_contact
from lms.home.calls import find_newest, list_contacts
from lms.home.errors import AlreadyBack, NotSeen
from lms.home.forms import ContactForm, LanguageForm
from lms.home.news import list_news
from lms.home.own_data import gather
from lms.home.own_data_words import sections_of
from lms.home.rules import Outcome, is_news
from lms.people.actions import correct_person
from lms.reporting import lists as reporting_lists
from lms.reporting import words as reporting_words
from lms.reporting.members import list_colleagues
from lms.reporting.places import list_places_with_parents
from lms.workshops.needing import find_needs
from lms.workshops.queries import list_own

blueprint = Blueprint("home", __name__, template_folder="templates")
views_arrival.add_to(blueprint)
views_campaigns.add_to(blueprint)
views_desk.add_to(blueprint)
views_record.add_to(blueprint)
log = structlog.get_logger(__name__)
SEARCHED = "q"
WATCHING = WATCHERS


@blueprint.get("/")
@access.signed_in
def start() -> ResponseReturnValue:
    """What to do next: for everyone their own training, for those who look after a branch what waits there. Of whoever
    has left their seat nothing is asked any more."""
    me, scope = get_me(), current_scope()
    workshops, seat = list_own(me.person_id, clock.now()), find_seat_of(me.person_id)
    page: dict[str, Any] = {
        "me": me,
        "seat": seat,
        "must": find_needs(seat).must if seat is not None and workshops else None,
        "courses": own.list_own_courses(me.person_id, workshops),
        "workshops": workshops,
        "election_on": campaign.election_on if (campaign := find_open_campaign()) else None,
        "news": list_news(me.person_id),
        "name_of": name_of,
        "office_name": office_name,
    }
    if me.duties & set(WATCHING):
        return render_template(
            "home/today.html",
            branches=today.list_branches(scope),
            tasks=today.list_tasks(scope),
            words=reporting_words,
            **page,
        )
    if seat is None and (left := find_left_seat(me.person_id)) is not None:
        return render_template("home/left.html", left=left, **page)
    return render_template("home/start.html", **_chaired(scope), words=reporting_words, lists=reporting_lists, **page)


def _chaired(scope: Scope) -> dict[str, Any]:
    """Who has finished in the precinct that the reader chairs, and which share of them is asked."""
    campaign = find_open_campaign()
    if campaign is None or scope.chaired_id is None:
        return {"chaired": [], "ready_percent": 0}
    return {"chaired": list_colleagues(scope.chaired_id, campaign.id), "ready_percent": campaign.ready_percent}


@blueprint.route("/account", methods=["GET", "POST"])
@access.signed_in
def account() -> ResponseReturnValue:
    """The reader's own account: language of learning, password, calendar."""
    found = get_session_account()
    form = LanguageForm(language=found.person.language)
    if form.validate_on_submit():
        correct_person(person=found.person, fields={"language": form.language.data}, by=current_scope())
        flash(_("Kept: you learn in %(language)s.", language=NAMES[form.language.data]))
        return redirect(f"/{form.language.data}{url_for('home.account').removeprefix(request.script_root)}")
    page = render_template(
        "home/account.html",
        form=form,
        account=found,
        guesses=list_guesses(found.id),
        factors=factors_of(found),
        provider_label=provider_label(),
        seat=find_seat_of(found.person_id),
        name_of=name_of,
        office_name=office_name,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/account/data")
@access.signed_in
def own_data_page() -> ResponseReturnValue:
    """What is kept of the reader, to be read."""
    page = render_template("home/own_data.html", sections=sections_of(gather(get_session_account())))
    return page, 200, {"Cache-Control": "no-store"}


@blueprint.get("/account/data.json")
@access.signed_in
def own_data() -> ResponseReturnValue:
    """Everything that is kept of the reader, as one file."""
    found = get_session_account()
    record("home.own_data_taken", by=current_scope(), subject=f"person:{found.person_id}")
    return private_file(gather(found), "my-data.json")


@blueprint.get("/search")
@access.duty(*WATCHING)
def search() -> ResponseReturnValue:
    """People and commissions that fit the words sent last; the way back leads here without a second sending."""
    scope, typed = current_scope(), str(session.get(SEARCHED, ""))
    return _search_page(typed, finding.search(scope, typed) if typed else finding.Found(), "")


@blueprint.post("/search")
@access.duty(*WATCHING)
def search_for() -> ResponseReturnValue:
    """Keep the words in the session and show what fits: nobody's name stands in an address or a log."""
    typed = _typed()
    try:
        finding.check_words(typed)
    except Refused as refusal:
        return _search_page("", finding.Found(), refusal.sentence), 422
    session[SEARCHED] = typed
    return redirect(url_for("home.search"), 303)


@blueprint.post("/search/typing")
@access.duty(*WATCHING)
def search_while_typing() -> ResponseReturnValue:
    """What fits so far, as options under the search box; nothing is kept, and no name stands in an address."""
    typed = _typed()
    try:
        found = finding.search(current_scope(), typed, most=finding.WHILE_TYPING)
    except Refused:
        found = finding.Found()
    return _found_page("home/search_typing.html", found, typed=typed)


def _typed() -> str:
    return request.form.get("q", "").strip()[:100]


def _search_page(typed: str, found: finding.Found, sentence: str) -> str:
    precinct = finding_places.precinct_typed(typed) if typed else None
    on = finding_places.day_typed(typed) if typed else None
    return _found_page("home/search.html", found, typed=typed, sentence=sentence, precinct=precinct, on=on)


def _found_page(template: str, found: finding.Found, **words: Any) -> str:
    placed = [*found.people, *found.former]
    places = list_places_with_parents(
        [*(place.id for _person, place in placed), *(place.id for place in found.commissions)]
    )
    makes_courses = bool(get_me().duties & {"cec_administrator", "methodologist"})
    return render_template(template, found=found, places=places, name_of=name_of, makes_courses=makes_courses, **words)


@blueprint.route("/people/<int:person_id>/contact", methods=["GET", "POST"])
@access.duty(*views_desk.OFFICERS)
def contact(person_id: int) -> ResponseReturnValue:
    """A person to call: earlier attempts, and a form for what came of this one."""
    scope = current_scope()
    seat = get_seat_in_care(scope, person_id)
    person = seat.person
    form = ContactForm()
    newest, seen = find_newest(person.id), request.form.get("last", type=int)
    shown = newest if seen is None else seen
    if form.validate_on_submit():
        try:
            outcome = Outcome(form.outcome.data)
            is_back = outcome is Outcome.PUT_BACK
            note_contact(
                seat=seat,
                campaign_id=get_open_campaign().id,
                outcome=outcome,
                try_on=None if is_back else form.try_on.data,
                note=form.note.data,
                seen=seen,
                by=scope,
            )
        except AlreadyBack as refusal:
            flash(refusal.sentence, "wait")
            return redirect(views_desk.back_to_list(seat.commission_id, noted=person_id, is_back=True, is_said=False))
        except NotSeen as refusal:
            form.outcome.errors, shown = [refusal.sentence], newest
        except Refused as refusal:
            form.try_on.errors = [refusal.sentence]
        else:
            since = seen if is_news(seen, newest) else None
            return redirect(views_desk.back_to_list(seat.commission_id, noted=person_id, is_back=is_back, since=since))
    page = render_template(
        "home/contact.html",
        form=form,
        person=person,
        seat=seat,
        contacts=list_contacts(person.id),
        last=shown,
        kept=views_desk.kept_list(),
        words=words,
        name_of=name_of,
        office_name=office_name,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """200 when the database takes a write, 503 with the reason when not."""
    try:
        with own_transaction() as connection:
            connection.execute(insert(SignInWindow).values(key="health", window=0, tries=0))
            connection.execute(delete(SignInWindow).where(SignInWindow.key == "health"))
    except SQLAlchemyError as fault:
        reason = trouble_of(fault) or type(fault).__name__
        log.error("not_healthy", reason=str(reason))
        return Response(f"the database takes no write: {reason}\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/metrics")
@access.public
def figures() -> ResponseReturnValue:
    """Figures for whoever watches the server; asked from this machine only."""
    metrics.check_is_near()
    return Response(metrics.figures(), mimetype=metrics.MEDIA_TYPE)


def get_me() -> Identity:
    """Who reads; the access mark has let nobody else in."""
    me = current_identity()
    if me is None:
        raise NotFound
    return me
