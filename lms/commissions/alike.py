"""A number or a name that another commission of the region bears already: it may be meant so, and is asked about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlalchemy import and_, exists, or_, select

from lms.commissions import queries
from lms.commissions.models import Commission, CommissionClosure, CommissionName
from lms.commissions.names import name_of
from lms.commissions.rules import NUMBERED, Level, Territory, level_of
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _

_NUMBER = re.compile(r"\d{1,9}")


class AlikeInRegion(Refused):
    """Another commission of the region has this number or name: whoever typed it is asked whether it is meant so."""

    def __init__(self, other: Commission) -> None:
        super().__init__(
            _(
                "%(name)s (code %(code)s) in this region has this number or name already. Check it. If it is meant so, "
                "tick that below and save again.",
                name=name_of(other),
                code=other.code,
            )
        )


def check_new_alike(parent: Commission, territory: Territory, number: int | None, names: Mapping[str, str]) -> None:
    """Raise AlikeInRegion when a commission that is to be made below `parent` is called as another one of the region;
    what lies below the same one is refused anyhow."""
    if number is not None and queries.find_commission_numbered(parent.id, territory, number) is not None:
        return
    wanted = {" ".join(name.split()) for name in names.values()} - {""}
    numbers = numbers_in(wanted) | ({number} if number is not None else set())
    _check(parent.id, level_of(territory), numbers, wanted)


def check_renamed_alike(commission: Commission, names: Mapping[str, str]) -> None:
    """Raise AlikeInRegion when a commission would be called as another one of the region, and is not so far."""
    before = {row.name for row in commission.names}
    wanted = {" ".join(name.split()) for name in names.values()} - before - {""}
    numbers = numbers_in(wanted) - numbers_in(before) - {commission.number}
    above = commission.parent_id or commission.id
    _check(above, Level(commission.level), numbers, wanted, besides=commission.id)


def numbers_in(names: Collection[str]) -> set[int]:
    """The first number in each name: what else stands there may be that of a school or a street."""
    return {int(found[0]) for name in names if (found := _NUMBER.search(name))}


def _check(above: int, level: Level, numbers: set[int], names: set[str], *, besides: int = 0) -> None:
    """Look through the region in which the commission with the id `above` lies: the whole country for the central
    one. Names are compared with those of every level, numbers within their own."""
    region = queries.list_way_up(above)[:2][-1]
    called = exists().where(CommissionName.commission_id == Commission.id, CommissionName.name.in_(names))
    numbered = and_(Commission.level == level, Commission.number.in_(numbers))
    same = or_(called, numbered) if level in NUMBERED else called
    other = db.session.scalar(
        select(Commission)
        .join(CommissionClosure, CommissionClosure.descendant_id == Commission.id)
        .where(CommissionClosure.ancestor_id == region.id)
        .where(Commission.closed_on.is_(None), Commission.id != besides, same)
        .order_by(Commission.id)
        .limit(1)
    )
    if other is not None:
        raise AlikeInRegion(other)
