"""The whole tree in one view, and a precinct found by its number."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.queries import get_open_campaign
from lms.commissions.identity import current_scope
from lms.core.web import access
from lms.reporting import pages, permissions, queries
from lms.reporting.places import list_places_with_parents
from lms.reporting.rules import Order
from lms.reporting.tree import tree_of
from lms.reporting.web import WATCHING, asked_order, common

MOST_FOUND = 100
LARGEST = 99_999
"""No precinct bears a larger number."""


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/completion/<int:commission_id>/tree", view_func=tree)
    blueprint.add_url_rule("/completion/<int:commission_id>/precinct", view_func=precinct)


@access.duty(*WATCHING)
def tree(commission_id: int) -> ResponseReturnValue:
    """Every territory below a commission with all below it, in one table."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    pace = pages.pace_of(campaign, found.time_zone)
    order, down = asked_order()
    unfolded = request.args.getlist("open", type=int)
    shown = tree_of(scope, found, campaign.id, pace, order=order, down=down, unfolded=unfolded)
    return render_template(
        "reporting/tree.html", tree=shown, order=order, orders=Order, down=down, unfolded=unfolded,
        **common(scope, found, pace),
    )  # fmt: skip


@access.duty(*WATCHING)
def precinct(commission_id: int) -> ResponseReturnValue:
    """The precincts of a branch that bear a number; straight to the page of the only one."""
    scope = current_scope()
    found = permissions.get_watched(scope, commission_id)
    campaign = get_open_campaign()
    number = request.args.get("number", 0, type=int)
    figures = queries.find_precincts(scope, found.id, campaign.id, number) if 0 < number <= LARGEST else {}
    if len(figures) == 1:
        return redirect(url_for("reporting.commission", commission_id=next(iter(figures))))
    places = list_places_with_parents(figures)
    listed = sorted(figures, key=lambda place: places[place].code)[:MOST_FOUND]
    return render_template(
        "reporting/precincts.html", figures=figures, listed=listed, places=places,
        **common(scope, found, pages.pace_of(campaign, found.time_zone)),
    )  # fmt: skip
