"""What the pages of completion share: the way up, the words, how the address sorts a table."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name
from lms.commissions.permissions import OVERSEERS, WATCHERS, Scope, may_reach
from lms.core import clock
from lms.reporting import lists, pages, words
from lms.reporting.places import list_above
from lms.reporting.rules import Order

WATCHING = WATCHERS


def asked_order() -> tuple[Order, bool]:
    """How the address sorts the table, and whether downwards."""
    asked = request.args.get("sort", "")
    order = Order(asked) if asked in set(Order) else Order.MISSING
    return order, request.args.get("order", "down" if order.goes_down else "up") == "down"


def common(scope: Scope, found: Commission, pace: pages.Pace) -> dict[str, Any]:
    """What every page of completion is told."""
    way = [
        (place.name, url_for("reporting.commission", commission_id=place.id)) for place in list_above(scope, found.id)
    ]
    return {
        "commission": found,
        "way": way,
        "oversees": lambda: may_reach(scope, found.id, *OVERSEERS),
        "pace": pace,
        "words": words,
        "lists": lists,
        "office_name": office_name,
        "name_of": name_of,
        "names_of": lambda lines: [line.place.name for line in lines],
        "now": clock.now(),
    }
