"""The desk of those who look after a branch: what waits there, whom to call, letters for those without a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.models import Campaign
from lms.campaigns.queries import find_open_campaign, get_open_campaign
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name
from lms.commissions.permissions import OVERSEERS, Scope, get_commission
from lms.commissions.queries import has_precinct
from lms.commissions.slips import slip_expiry
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.home import desk, letters, words
from lms.home.calls import Asked, CallList, find_noted, list_last_contacts, list_meanwhile
from lms.home.models import ContactAttempt
from lms.home.rules import Want, proposed_day, read_cursor
from lms.people.models import Person
from lms.reporting import lists
from lms.reporting.places import list_above, list_places, list_places_with_parents
from lms.reporting.words import days_to, missing_words

OFFICERS = OVERSEERS
MOST_PRINTED = 600
"""More people than this are printed territory by territory."""


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/desk", view_func=desk_start)
    blueprint.add_url_rule("/desk/<int:commission_id>", view_func=desk_of_branch)
    blueprint.add_url_rule("/desk/<int:commission_id>/calls", view_func=calls)
    blueprint.add_url_rule("/desk/<int:commission_id>/calls/print", view_func=print_calls)
    blueprint.add_url_rule("/desk/<int:commission_id>/letters", view_func=print_letters, methods=["GET", "POST"])


@access.duty(*OFFICERS)
def desk_start() -> ResponseReturnValue:
    """The desk of the reader's own branch, or a choice when there are several."""
    tops = desk.list_desks(current_scope())
    if len(tops) == 1:
        return redirect(url_for("home.desk_of_branch", commission_id=tops[0].id))
    return render_template("home/desk_start.html", tops=tops, name_of=name_of)


@access.duty(*OFFICERS)
def desk_of_branch(commission_id: int) -> ResponseReturnValue:
    """What waits in a branch: a line for each kind of thing, leading to those whom it concerns."""
    scope = current_scope()
    found = get_commission(scope, commission_id, *OVERSEERS)
    campaign = find_open_campaign()
    if campaign is None:
        return render_template("home/desk_closed.html", commission=found, name_of=name_of)
    made = desk.desk_of(scope, found, campaign.id)
    below = [one for one in made.territories if one.count(Want.MISSING)]
    places = list_places([one.id for one in below])
    return render_template(
        "home/desk.html",
        desk=made,
        called=desk.count_called(found.id, campaign.id, clock.today(found.time_zone)),
        below=below if len(made.territories) > 1 else [],
        places=places,
        with_others={place.parent_id for place in places.values()},
        **_common(scope, found, campaign),
    )


@access.duty(*OFFICERS)
def calls(commission_id: int) -> ResponseReturnValue:
    """Whom to call: a page of people with what each has yet to do, and what came of earlier calls."""
    scope = current_scope()
    found = get_commission(scope, commission_id, *OVERSEERS)
    campaign = get_open_campaign()
    listed = _call_list(scope, found, campaign)
    before, cursor = request.args.get("to"), read_cursor(request.args.get("from", ""))
    called = desk.count_called(found.id, campaign.id, listed.asked.today)
    page = listed.page_from(cursor) if before is None else listed.page_before(read_cursor(before))
    at = request.args.get("at", type=int)
    noted = find_noted(scope, request.args.get("noted", type=int))
    return render_template(
        "home/calls.html",
        page=page,
        following={one.person_id: below.person_id for one, below in pairwise(page.people)},
        total=listed.count(),
        counted_at=listed.desk.counted_at(listed.asked.want),
        hidden=listed.count_hidden() if called else 0,
        asked=listed.asked,
        proposed=proposed_day(listed.asked.today, campaign.election_on),
        contacts=list_last_contacts(member.person_id for member in page.people),
        noted=noted,
        meanwhile=_noted_meanwhile(noted),
        said_at=at if at in {one.person_id for one in page.people} else None,
        **_people_words(page.people),
        **_common(scope, found, campaign),
    )


def _noted_meanwhile(noted: tuple[ContactAttempt, Person] | None) -> Sequence[tuple[ContactAttempt, Person | None]]:
    """What was noted of the same person after the reader's page was shown and before the reader's own call."""
    since = request.args.get("since", type=int)
    if noted is None or since is None:
        return []
    return list_meanwhile(noted[1].id, since=since, before=noted[0].id)


@access.duty(*OFFICERS)
def print_calls(commission_id: int) -> ResponseReturnValue:
    """The same list on paper, with room for notes; by territory when it is too long for one print."""
    scope = current_scope()
    found = get_commission(scope, commission_id, *OVERSEERS)
    campaign = get_open_campaign()
    listed = _call_list(scope, found, campaign)
    people = listed.all(MOST_PRINTED)
    too_many = len(people) > MOST_PRINTED
    called = 0 if too_many else desk.count_called(found.id, campaign.id, listed.asked.today)
    return render_template(
        "home/calls_print.html",
        people=[] if too_many else people,
        too_many=too_many,
        hidden=listed.count_hidden() if called and not listed.asked.called else 0,
        asked=listed.asked,
        **_below(listed, "home.print_calls"),
        **_people_words([] if too_many else people),
        **_common(scope, found, campaign),
    )


@access.duty(*OFFICERS)
def print_letters(commission_id: int) -> ResponseReturnValue:
    """Say for whom letters would be printed; on sending, the letters as one file, with slips where none works."""
    scope = current_scope()
    found = get_commission(scope, commission_id, *OVERSEERS)
    campaign = get_open_campaign()
    listed = _call_list(scope, found, campaign, want=Want.NO_PHONE)
    people = listed.all(letters.MOST_LETTERS)
    too_many = len(people) > letters.MOST_LETTERS
    if request.method == "POST":
        if not people or too_many:
            raise Refused(_("Letters are printed for 1 to %(n)s people at once.", n=letters.MOST_LETTERS))
        if _misread_precinct(found):
            raise Refused(_misread_precinct(found))
        return _send_letters(scope, found, campaign, people)
    return render_template(
        "home/letters.html",
        people=[] if too_many else people,
        printed={} if too_many else letters.printed_when(people),
        too_many=too_many,
        most=letters.MOST_LETTERS,
        asked=listed.asked,
        **_below(listed, "home.print_letters"),
        **_people_words([] if too_many else people),
        **_common(scope, found, campaign),
    )


def _send_letters(scope: Scope, found: Commission, campaign: Campaign, people: Any) -> ResponseReturnValue:
    commission_id, election_on, expires_at = found.id, campaign.election_on, slip_expiry()
    drawn, slips = letters.draw_letters(people, anew=request.form.get("codes") == "new", by=scope)
    db.session.rollback()  # nothing is written yet; other people's answers need not wait while the letters are drawn
    content = letters.render_letters(drawn, election_on=election_on)
    found = db.session.get_one(Commission, commission_id)
    letters.issue_letters(drawn, slips, expires_at=expires_at, commission=found, by=scope)
    name = _("Letters %(name)s", name=name_of(found)) + f" {clock.today(found.time_zone).isoformat()}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


def _call_list(scope: Scope, found: Commission, campaign: Campaign, want: Want | None = None) -> CallList:
    """The list that the address asks for."""
    asked = request.values.get("what", "")
    chosen = Asked(
        commission=found,
        campaign_id=campaign.id,
        want=want or (Want(asked) if asked in set(Want) else Want.MISSING),
        today=clock.today(found.time_zone),
        precinct=_read_precinct(),
        called=request.values.get("called") == "1" and want is None,
        own=request.values.get("own") == "1",
    )
    return CallList(scope, chosen, desk.desk_of(scope, found, campaign.id, [chosen.want]))


def _typed_precinct() -> str:
    return request.values.get("precinct", "").strip()[:20]


def _read_precinct() -> int | None:
    number = _typed_precinct()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None


def _misread_precinct(found: Commission) -> str:
    """What to say when something was typed as a precinct's number and is none, or none of this branch; empty
    otherwise."""
    number = _read_precinct()
    if not _typed_precinct() or (number is not None and has_precinct(found.id, number)):
        return ""
    if number is not None:
        return _("There is no precinct No. %(number)s in this branch. Check the number.", number=number)
    return _("“%(typed)s” is no precinct number. Type digits only; here are all precincts.", typed=_typed_precinct())


def _common(scope: Scope, found: Commission, campaign: Campaign) -> dict[str, Any]:
    return {
        "commission": found,
        "way": [
            (one.name, url_for("home.desk_of_branch", commission_id=one.id)) for one in list_above(scope, found.id)
        ],
        "days": days_to(campaign.election_on, clock.today(found.time_zone)),
        "now": clock.now(),
        "misread": _misread_precinct(found),
        "typed_precinct": _typed_precinct(),
        "words": words,
        "wants": Want,
        "name_of": name_of,
        "office_name": office_name,
    }


def _people_words(people: Any) -> dict[str, Any]:
    return {
        "groups": lists.by_commission(people),
        "places": list_places_with_parents(member.commission_id for member in people),
        "missing_words": missing_words,
    }


def _below(listed: CallList, endpoint: str) -> dict[str, Any]:
    """The territories of a list that is too long, the commission's own seats first, each with its address."""
    want, own = listed.asked.want, listed.asked.commission.id
    found = [one for one in listed.desk.territories if one.count(want)]
    names = list_places([one.id for one in found])

    def address(one: int) -> str:
        return url_for(endpoint, commission_id=one, what=want.value, own=1 if one == own else None)

    return {"below": [(names[one.id].name, address(one.id), one.count(want)) for one in found]}


@dataclass(frozen=True)
class Kept:
    """From which list somebody came, so that the way leads back there."""

    branch: int | None
    what: str
    precinct: str
    begin: str
    own: bool
    next: int | None
    """The person below on the list: there the work goes on."""


def kept_list() -> Kept:
    """What a form about one person keeps of the list."""
    asked = request.values
    return Kept(
        asked.get("branch", type=int),
        asked.get("what", "")[:20],
        asked.get("precinct", "")[:5],
        asked.get("from", "")[:20],
        asked.get("own") == "1",
        asked.get("next", type=int),
    )


def back_to_list(
    commission_id: int, *, noted: int, is_back: bool, is_said: bool = True, since: int | None = None
) -> str:
    """The list from which somebody came; that of the commission when none is known. What was noted of a person is said
    there at the person who comes next, or at that one who is back on the list; `since`: together with what others noted
    after that attempt. Not `is_said`: nothing was noted, and the list is shown from its head."""
    kept = kept_list()
    at = (noted if is_back else kept.next) if is_said else None
    known: dict[str, Any] = {"what": kept.what or None, "precinct": kept.precinct or None, "from": kept.begin or None}
    known |= {"own": 1 if kept.own else None, "noted": noted if is_said else None, "at": at, "since": since}
    if at:
        known["_anchor"] = f"person-{at}"
    return url_for("home.calls", commission_id=kept.branch or commission_id, **known)
