"""Lists of people as the pages arrange them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import request, url_for

from lms.commissions.rules import Office
from lms.learning.rules import State
from lms.reporting.members import Colleague, Member
from lms.reporting.rules import Figures, Lacking, is_ready, lacking

FILTERS = ("state", "office", "signed-in", "own")
"""What the address of a list may ask for."""


def figures_of(people: Sequence[Member]) -> Figures:
    """The figures of a list that holds everyone of a commission."""
    finished = sum(member.state is State.FINISHED for member in people)
    return Figures(len(people), sum(member.state is State.BEGUN for member in people), finished)


def is_precinct_ready(people: Sequence[Member], percent: int) -> bool:
    """Whether the precinct of these people, who are everyone in it, is ready."""
    finished = [member.office for member in people if member.state is State.FINISHED]
    leaders = len({Office.CHAIR.value, Office.SECRETARY.value} & set(finished))
    return is_ready(must=len(people), finished=len(finished), leaders=leaders, percent=percent)


def figures_of_colleagues(people: Sequence[Colleague]) -> Figures:
    """The figures of what a chair sees."""
    return Figures(len(people), 0, sum(one.finished for one in people))


def lacking_of(people: Sequence[Colleague], percent: int) -> Lacking:
    """What the precinct of these people, who are everyone in it, lacks to be ready."""
    return lacking([(one.office, one.finished) for one in people], percent)


def by_commission(people: Sequence[Member]) -> list[tuple[int, list[Member]]]:
    """The people of each commission together, in the order given."""
    return [(place, list(group)) for place, group in groupby(people, key=lambda member: member.commission_id)]


def page_address(page: int) -> str:
    """The address of another page of the list asked for now."""
    asked: dict[str, Any] = {name: request.args.get(name) for name in FILTERS}
    return url_for(request.endpoint or "", **(request.view_args or {}), **asked, page=page)
