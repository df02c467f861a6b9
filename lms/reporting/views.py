"""Pages of completion: will we be ready, and who is missing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.queries import find_open_campaign, get_open_campaign
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name
from lms.commissions.permissions import OVERSEERS, Scope, may_reach
from lms.commissions.queries import list_way_up
from lms.commissions.rules import Level, Office
from lms.core import clock
from lms.core.web import access
from lms.core.web.languages import current_language
from lms.learning.rules import State
from lms.reporting import lists, members, pages, permissions, queries, words
from lms.reporting.export import note_export, stream_csv, table_csv
from lms.reporting.permissions import Detail
from lms.reporting.rules import Order

blueprint = Blueprint("reporting", __name__, template_folder="templates")
WATCHING = ("cec_administrator", "methodologist", "territorial_officer", "trainer")
ON_ONE_PAGE = 100
MOST_CALLS = 1000


@blueprint.get("/completion")
@access.duty(*WATCHING, "chair")
def start() -> ResponseReturnValue:
    """The completion of the reader's own branch, or a choice when there are several."""
    scope = current_scope()
    tops = queries.list_tops(scope)
    if len(tops) > 1:
        return render_template("reporting/start.html", tops=tops, name_of=name_of)
    own = tops[0].id if tops else scope.chaired_id
    return redirect(url_for("reporting.commission", commission_id=own))


@blueprint.get("/completion/<int:commission_id>")
@access.duty(*WATCHING, "chair")
def commission(commission_id: int) -> ResponseReturnValue:
    """How far a commission is: what is missing first, down to named members for those allowed."""
    scope = current_scope()
    found, detail = permissions.get_reported(scope, commission_id)
    campaign = find_open_campaign()
    if campaign is None:
        return render_template("reporting/no_campaign.html", commission=found, name_of=name_of)
    pace = pages.pace_of(campaign, found.time_zone)
    common = _common(scope, found, pace)
    if detail is Detail.PASS_ONLY:
        people = members.list_finished(found.id, campaign.id)
        return render_template("reporting/own_precinct.html", people=people, **common)
    if found.level == Level.PEC:
        return _precinct(scope, found, campaign.id, common)
    return _branch(scope, found, campaign.id, pace, common)


def _branch(
    scope: Scope, found: Commission, campaign_id: int, pace: pages.Pace, common: dict[str, Any]
) -> ResponseReturnValue:
    order, down, only = _asked()
    rows = pages.count_branch(scope, found, campaign_id, pace)
    return render_template(
        "reporting/branch.html",
        branch=pages.branch_of(rows, pace, order=order, down=down, only_not_ready=only),
        order=order,
        orders=Order,
        down=down,
        only_not_ready=only,
        **common,
    )


def _asked() -> tuple[Order, bool, bool]:
    """How the address sorts the table, whether downwards, and whether only what is not ready is shown."""
    order = Order(request.args.get("sort", "")) if request.args.get("sort", "") in set(Order) else Order.MISSING
    down = request.args.get("order", "down" if order.goes_down else "up") == "down"
    return order, down, request.args.get("show") == "not-ready"


def _precinct(scope: Scope, found: Commission, campaign_id: int, common: dict[str, Any]) -> ResponseReturnValue:
    people = members.list_members(scope, found.id, campaign_id, members.Wanted(own=True))
    people.sort(key=lambda member: member.state is State.FINISHED)
    return render_template(
        "reporting/precinct.html", people=people, titles=members.module_titles(current_language()), **common
    )


@blueprint.get("/completion/<int:commission_id>/people")
@access.duty(*WATCHING)
def people(commission_id: int) -> ResponseReturnValue:
    """The people behind a figure."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    wanted = _wanted()
    total = members.count_members(scope, found.id, campaign.id, wanted)
    last = max(1, -(-total // ON_ONE_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    listed = members.list_members(
        scope, found.id, campaign.id, wanted, offset=(page - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE
    )
    return render_template(
        "reporting/people.html",
        people=listed,
        places=queries.list_places(member.commission_id for member in listed),
        total=total,
        page=page,
        last=last,
        offices=Office,
        **_common(scope, found, pages.pace_of(campaign, found.time_zone)),
    )


@blueprint.get("/completion/<int:commission_id>/call-list")
@access.duty(*WATCHING)
def call_list(commission_id: int) -> ResponseReturnValue:
    """Whom to call, with phones, ready to be printed; the lists of those below when these are too many for one."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    wanted = members.Wanted(missing=True)
    total = members.count_members(scope, found.id, campaign.id, wanted)
    pace = pages.pace_of(campaign, found.time_zone)
    if total > MOST_CALLS and found.level != Level.PEC:
        rows = pages.count_branch(scope, found, campaign.id, pace)
        below = pages.branch_of(rows, pace, order=Order.MISSING, down=True, only_not_ready=False)
        return render_template("reporting/call_lists.html", total=total, branch=below, **_common(scope, found, pace))
    listed = members.list_members(scope, found.id, campaign.id, wanted)
    return render_template(
        "reporting/call_list.html",
        people=listed,
        places=queries.list_places(member.commission_id for member in listed),
        **_common(scope, found, pace),
    )


@blueprint.get("/completion/<int:commission_id>/list.csv")
@access.duty(*WATCHING)
def export(commission_id: int) -> ResponseReturnValue:
    """The list of everyone who must, as CSV, sent while it is read."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign_id = get_open_campaign().id
    note_export(commission_id=found.id, by=scope)
    response = Response(stream_with_context(stream_csv(scope, found.id, campaign_id)), mimetype="text/csv")
    return _as_file(response, f"completion-{found.code}", found)


@blueprint.get("/completion/<int:commission_id>/table.csv")
@access.duty(*WATCHING)
def table(commission_id: int) -> ResponseReturnValue:
    """The table of a branch as CSV, sorted and filtered as the page is."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    pace = pages.pace_of(campaign, found.time_zone)
    order, down, only = _asked()
    rows = pages.count_branch(scope, found, campaign.id, pace)
    shown = pages.branch_of(rows, pace, order=order, down=down, only_not_ready=only)
    response = Response("".join(table_csv(shown.lines)), mimetype="text/csv")
    return _as_file(response, f"completion-table-{found.code}", found)


def _as_file(response: Response, name: str, found: Commission) -> Response:
    name = f"{name}-{clock.today(found.time_zone).isoformat()}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _wanted() -> members.Wanted:
    asked = request.args
    state = asked.get("state", "").replace("-", "_")
    return members.Wanted(
        state=State(state) if state in set(State) else None,
        missing=state == "missing",
        office=asked.get("office") if asked.get("office") in set(Office) else None,
        never_signed_in=asked.get("signed-in") == "never",
        own=asked.get("own") == "1",
    )


def _common(scope: Scope, found: Commission, pace: pages.Pace) -> dict[str, Any]:
    way = [
        (name_of(above), url_for("reporting.commission", commission_id=above.id))
        for above in list_way_up(found.id)
        if above.id != found.id and may_reach(scope, above.id)
    ]
    return {
        "commission": found,
        "way": way,
        "oversees": may_reach(scope, found.id, *OVERSEERS),
        "pace": pace,
        "words": words,
        "lists": lists,
        "office_name": office_name,
        "name_of": name_of,
        "names_of": lambda lines: [name_of(line.commission) for line in lines],
        "now": clock.now(),
    }
