"""The figures of a campaign on one sheet: the country and each region, of the composition of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import func, select

from lms.campaigns.models import Campaign
from lms.campaigns.queries import is_demo
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.documents.pdf import render_pdf
from lms.core.web.languages import clock_seconds, date_in_full, pick
from lms.reporting import pages
from lms.reporting.places import list_places
from lms.reporting.rules import Figures

IN_PRINT = str.maketrans({"\u202f": "\u00a0"})
"""The print fonts lack the thin space."""


@dataclass(frozen=True)
class Part:
    """One region, the central commission's own seats, or everything together."""

    code: str
    name: str
    commissions: int
    members: int
    must: int
    begun: int
    finished: int
    missing: int
    precincts: int
    precincts_ready: int


@dataclass(frozen=True)
class Summary:
    """The sheet."""

    campaign: str
    election_on: date
    composition_on: date
    """Of which day the composition of the commissions is."""
    as_of: datetime
    total: Part
    regions: list[Part]

    def as_json(self) -> dict[str, Any]:
        """The sheet for programs: dates in ISO form."""
        dated = {name: getattr(self, name).isoformat() for name in ("election_on", "composition_on", "as_of")}
        return {**asdict(self), **dated}


def summarise(central: Commission, campaign: Campaign) -> Summary:
    """The sheet of a campaign, in the language spoken."""
    pace = pages.pace_of(campaign, central.time_zone)
    counted = pages.count_branch(SYSTEM, central, campaign.id, pace)
    places = list_places(row.commission_id for row in counted.rows)
    commissions, members = _count_commissions(central.id), _count_members(central.id)
    parts = [
        _part(places[row.commission_id].code, places[row.commission_id].name, row.figures,
              commissions.get(row.commission_id, 0), members.get(row.commission_id, 0))
        for row in sorted(counted.rows, key=lambda row: places[row.commission_id].code)
    ]  # fmt: skip
    figures = Figures.total([row.figures for row in counted.rows])
    total = _part(central.code, "", figures, sum(commissions.values()), sum(members.values()))
    name = pick({row.language: row.name for row in campaign.names})
    return Summary(
        name, campaign.election_on, clock.today(central.time_zone), counted.as_of or clock.now(), total, parts
    )


def print_summary(summary: Summary, language: str) -> bytes:
    """The sheet as a PDF, in the language spoken."""
    html = render_template(
        "reporting/summary_print.html", summary=summary, language=language, demo=is_demo(),
        date_in_full=date_in_full, clock_seconds=clock_seconds,
    )  # fmt: skip
    return render_pdf(html.translate(IN_PRINT), render_template("reporting/summary_print.css"))


def _part(code: str, name: str, figures: Figures, commissions: int, members: int) -> Part:
    return Part(
        code, name, commissions, members, figures.must, figures.begun, figures.finished, figures.missing,
        figures.precincts, figures.ready,
    )  # fmt: skip


def _count_commissions(central_id: int) -> Mapping[int, int]:
    """How many open commissions there are in each region; one at the centre."""
    region = _regions(central_id)
    rows = db.session.execute(
        select(region.c.region, func.count())
        .join(Commission, Commission.id == region.c.place)
        .where(Commission.closed_on.is_(None))
        .group_by(region.c.region)
    )
    return {one: count for one, count in rows}  # noqa: C416 - rows are no pairs to mypy


def _count_members(central_id: int) -> Mapping[int, int]:
    """How many people hold a seat in each region."""
    region = _regions(central_id)
    rows = db.session.execute(
        select(region.c.region, func.count())
        .join(Appointment, Appointment.commission_id == region.c.place)
        .where(Appointment.ends_on.is_(None))
        .group_by(region.c.region)
    )
    return {one: count for one, count in rows}  # noqa: C416 - rows are no pairs to mypy


def _regions(central_id: int) -> Any:
    """Every commission with the region to which it belongs; the central one belongs to itself."""
    below = select(CommissionClosure.descendant_id).where(
        CommissionClosure.ancestor_id == central_id, CommissionClosure.depth == 1
    )
    return (
        select(CommissionClosure.ancestor_id.label("region"), CommissionClosure.descendant_id.label("place"))
        .where(
            CommissionClosure.ancestor_id.in_(below)
            | ((CommissionClosure.ancestor_id == central_id) & (CommissionClosure.depth == 0))
        )
        .subquery()
    )
