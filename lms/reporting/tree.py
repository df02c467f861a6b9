"""The whole tree of territories in one view: every commission above the precincts with all below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.reporting.pages import Line, Pace, sort_lines
from lms.reporting.places import Place, list_places
from lms.reporting.queries import ChildFigures, count_by_child
from lms.reporting.rules import Figures, Order

MOST_ROWS = 600
"""Of a larger tree only those branches are unfolded that are asked for."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A row of the tree."""

    line: Line
    depth: int
    below: int
    """Territories directly below it."""
    is_open: bool
    """Whether they are shown."""


@dataclass(frozen=True)
class Tree:
    """A commission with every territory below it, in order."""

    rows: list[TreeRow]
    total: Figures
    as_of: datetime | None
    unfolds: bool
    """Whether branches are unfolded one by one, because there are too many rows."""


def tree_of(
    scope: Scope, top: Commission, campaign_id: int, pace: Pace, *, order: Order, down: bool, unfolded: Collection[int]
) -> Tree:
    """The tree below a commission, sorted within each branch. Of a very large one the branches `unfolded`."""
    counted = count_by_child(scope, top, campaign_id, since=pace.since)
    units = {unit: figures for row in counted.rows for unit, figures in row.units.items() if unit != top.id}
    places = list_places(units)
    children = _children(places, top.id)
    unfolds = len(places) > MOST_ROWS
    shown = set(unfolded) if unfolds else set(places)

    def line_of(place: Place) -> Line:
        own = {unit: units[unit] for unit in _with_all_below(place.id, children)}
        return Line(place, False, ChildFigures(place.id, False, own).figures, pace.forecast(own))

    def rows_below(parent_id: int, depth: int) -> Iterator[TreeRow]:
        for line in sort_lines([line_of(place) for place in children[parent_id]], order, down=down):
            below = children[line.place.id]
            is_open = bool(below) and line.place.id in shown
            yield TreeRow(line, depth, len(below), is_open)
            if is_open:
                yield from rows_below(line.place.id, depth + 1)

    total = Figures.total([row.figures for row in counted.rows])
    return Tree(list(rows_below(top.id, 0)), total, counted.as_of, unfolds)


def _children(places: Mapping[int, Place], top_id: int) -> defaultdict[int, list[Place]]:
    """Territories by the one directly above; those whose own is not in sight stand directly below the top."""
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places.values():
        above = place.parent_id if place.parent_id in places else None
        found[above or top_id].append(place)
    return found


def _with_all_below(unit: int, children: Mapping[int, list[Place]]) -> Iterator[int]:
    yield unit
    for place in children.get(unit, ()):
        yield from _with_all_below(place.id, children)
