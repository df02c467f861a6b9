"""Pages of completion: will we be ready, and who is missing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.models import Campaign
from lms.campaigns.queries import find_open_campaign, get_open_campaign
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level, Office
from lms.core import clock
from lms.core.web import access
from lms.core.web.languages import current_language
from lms.learning.rules import State
from lms.reporting import lists, members, pages, paging, permissions, queries, views_tree
from lms.reporting.everyone import branch
from lms.reporting.export import in_one_reading, note_export, stream_csv, table_csv
from lms.reporting.forms import ExportForm
from lms.reporting.outlook import branch_sentence
from lms.reporting.permissions import Detail
from lms.reporting.places import list_places_with_parents
from lms.reporting.rules import Order
from lms.reporting.web import WATCHING, asked_order, common

blueprint = Blueprint("reporting", __name__, template_folder="templates")
views_tree.add_to(blueprint)
ON_ONE_PAGE = 100
MOST_CALLS = 300
"""More than a district has are called district by district."""


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
    shared = common(scope, found, pace)
    if detail is Detail.PASS_ONLY:
        people = members.list_colleagues(found.id, campaign.id)
        percent = campaign.ready_percent
        return render_template("reporting/own_precinct.html", people=people, percent=percent, **shared)
    if found.level == Level.PEC:
        return _precinct(scope, found, campaign, shared)
    return _branch(scope, found, campaign.id, pace, shared)


def _branch(
    scope: Scope, found: Commission, campaign_id: int, pace: pages.Pace, shared: dict[str, Any]
) -> ResponseReturnValue:
    (order, down), only = asked_order(), request.args.get("show") == "not-ready"
    counted = pages.count_branch(scope, found, campaign_id, pace)
    told = pages.branch_of(counted, pace, order=order, down=down, only_not_ready=only)
    return render_template(
        "reporting/branch.html",
        branch=told,
        sentence=branch_sentence(told, pace),
        order=order,
        orders=Order,
        down=down,
        only_not_ready=only,
        **shared,
    )


def _precinct(scope: Scope, found: Commission, campaign: Campaign, shared: dict[str, Any]) -> ResponseReturnValue:
    people = members.list_members(scope, [found.id], campaign.id, members.Wanted())
    people.sort(key=lambda member: member.state is State.FINISHED)
    return render_template(
        "reporting/precinct.html",
        people=people,
        ready=lists.is_precinct_ready(people, campaign.ready_percent),
        percent=campaign.ready_percent,
        titles=members.module_titles(people, current_language()),
        **shared,
    )


@blueprint.get("/completion/<int:commission_id>/people")
@access.duty(*WATCHING)
def people(commission_id: int) -> ResponseReturnValue:
    """The people behind a figure."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    page = paging.list_page(
        scope, found, campaign.id, _wanted(), number=request.args.get("page", 1, type=int), of=ON_ONE_PAGE
    )
    return render_template(
        "reporting/people.html",
        people=page.people,
        places=list_places_with_parents(member.commission_id for member in page.people),
        total=page.total,
        page=page.number,
        last=page.last,
        offices=Office,
        **common(scope, found, pages.pace_of(campaign, found.time_zone)),
    )


@blueprint.get("/completion/<int:commission_id>/call-list")
@access.duty(*WATCHING)
def call_list(commission_id: int) -> ResponseReturnValue:
    """Whom to call, with phones, ready to be printed; the lists of those below when these are too many for one."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    wanted = members.Wanted(missing=True)
    total = paging.count_wanted(scope, found, campaign.id, wanted)
    pace = pages.pace_of(campaign, found.time_zone)
    if total > MOST_CALLS and found.level != Level.PEC:
        counted = pages.count_branch(scope, found, campaign.id, pace)
        below = pages.branch_of(counted, pace, order=Order.MISSING, down=True, only_not_ready=False)
        return render_template("reporting/call_lists.html", total=total, branch=below, **common(scope, found, pace))
    listed = members.list_members(scope, branch(found.id), campaign.id, wanted)
    return render_template(
        "reporting/call_list.html",
        people=listed,
        places=list_places_with_parents(member.commission_id for member in listed),
        **common(scope, found, pace),
    )


@blueprint.route("/completion/<int:commission_id>/list", methods=["GET", "POST"])
@access.duty(*WATCHING)
def export(commission_id: int) -> ResponseReturnValue:
    """Say what the list is needed for; on sending, everyone who must, as CSV, sent while it is read."""
    scope, form = current_scope(), ExportForm()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    if not form.validate_on_submit():
        page = render_template(
            "reporting/take_out.html", form=form, **common(scope, found, pages.pace_of(campaign, found.time_zone))
        )
        return page, 422 if form.is_submitted() else 200
    note_export(commission_id=found.id, reason=form.reason.data, by=scope)
    top, campaign_id = found.id, campaign.id
    parts = stream_with_context(in_one_reading(lambda: stream_csv(scope, top, campaign_id)))
    return _as_file(Response(parts, mimetype="text/csv"), f"completion-{found.code}", found)


@blueprint.get("/completion/<int:commission_id>/table.csv")
@access.duty(*WATCHING)
def table(commission_id: int) -> ResponseReturnValue:
    """The table of a branch as CSV, sorted and filtered as the page is."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    pace = pages.pace_of(campaign, found.time_zone)
    (order, down), only = asked_order(), request.args.get("show") == "not-ready"
    counted = pages.count_branch(scope, found, campaign.id, pace)
    shown = pages.branch_of(counted, pace, order=order, down=down, only_not_ready=only)
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
