"""A commission is closed when it is empty, and moved with everything below it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.commissions.models import Commission, CommissionClosure, CommissionParent
from lms.commissions.permissions import SYSTEM, may_reach
from lms.commissions.queries import list_children, list_way_up
from lms.commissions.reshaping import close_commission, move_commission
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.factories.commissions import Country, make_country, make_member, make_officer, precinct, scope


@pytest.fixture
def country(app: Flask) -> Country:
    """The small country."""
    return make_country()


def pairs() -> set[tuple[int, int, int]]:
    """The closure as the parents of today would have it."""
    parents = {one.id: one.parent_id for one in db.session.scalars(select(Commission))}
    found = set()
    for place in parents:
        above, depth = place, 0
        while above is not None:
            found.add((above, place, depth))
            above, depth = parents[above], depth + 1
    return found


def closure() -> set[tuple[int, int, int]]:
    """The closure as it stands."""
    return {(one.ancestor_id, one.descendant_id, one.depth) for one in db.session.scalars(select(CommissionClosure))}


def test_a_district_moves_with_its_precincts(country: Country) -> None:
    officer = make_officer(country.sister_region)
    move_commission(commission=country.district, parent=country.sister_region, since=clock.today(), by=SYSTEM)
    assert closure() == pairs()
    assert [one.id for one in list_way_up(country.precinct.id)] == [
        country.central.id, country.sister_region.id, country.district.id, country.precinct.id,
    ]  # fmt: skip
    assert country.district.code == f"{country.region.code}-01"
    assert country.precinct.code == f"{country.district.code}-P17"
    assert may_reach(scope(officer), country.precinct.id)
    dated = db.session.scalars(
        select(CommissionParent).where(CommissionParent.commission_id == country.district.id)
    ).all()
    assert [(one.parent_id, one.valid_to is None) for one in sorted(dated, key=lambda one: one.id)] == [
        (country.region.id, False), (country.sister_region.id, True),
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["itself", "precinct"])
def test_nothing_is_put_below_itself(country: Country, where: str) -> None:
    parent = country.district if where == "itself" else country.precinct
    with pytest.raises(Refused, match="below itself"):
        move_commission(commission=country.district, parent=parent, since=clock.today(), by=SYSTEM)


def test_a_number_that_is_taken_there_is_refused(country: Country) -> None:
    precinct(country.sister_district, 17)
    with pytest.raises(Refused, match="already"):
        move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today(), by=SYSTEM)
    assert closure() == pairs()


def test_who_does_not_look_after_both_is_refused(country: Country) -> None:
    officer = scope(make_officer(country.district))
    with pytest.raises(Forbidden):
        move_commission(commission=country.precinct, parent=country.sister_district, since=clock.today(), by=officer)


def test_only_an_empty_commission_is_closed(country: Country) -> None:
    for full in (country.district, country.central):
        with pytest.raises(Refused, match="nobody sits"):
            close_commission(commission=full, on=clock.today(), by=SYSTEM)
    make_member(country.precinct)
    with pytest.raises(Refused, match="nobody sits"):
        close_commission(commission=country.precinct, on=clock.today(), by=SYSTEM)
    close_commission(commission=country.second_precinct, on=clock.today(), by=SYSTEM)
    assert [one.id for one in list_children(country.district.id)] == [country.precinct.id]
