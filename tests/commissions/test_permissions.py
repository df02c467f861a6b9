"""What a person may see is decided by where they sit."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.commissions.permissions import (
    OVERSEERS,
    WATCHERS,
    get_commission,
    list_grantable,
    may_grant,
    may_reach,
    may_see_nomination,
)
from lms.commissions.rules import Office, Role
from lms.core.errors import NotFound
from tests.factories.commissions import make_country, make_member, make_officer, scope


def test_an_officer_reaches_the_own_branch_only(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.district))
    assert may_reach(officer, country.district.id, Role.TERRITORIAL_OFFICER)
    assert may_reach(officer, country.precinct.id, Role.TERRITORIAL_OFFICER)
    for foreign in (country.central, country.region, country.sister_district, country.sister_precinct):
        assert not may_reach(officer, foreign.id)
        with pytest.raises(NotFound):
            get_commission(officer, foreign.id)


def test_a_trainer_has_no_officer_rights(app: Flask) -> None:
    country = make_country()
    trainer = scope(make_officer(country.district, Role.TRAINER))
    assert may_reach(trainer, country.precinct.id, Role.TRAINER)
    assert not may_reach(trainer, country.precinct.id, Role.TERRITORIAL_OFFICER)
    assert not may_grant(trainer, Role.TRAINER, country.district.id)


def test_a_member_reaches_no_commission_and_a_chair_knows_the_own_precinct(app: Flask) -> None:
    country = make_country()
    member = scope(make_member(country.precinct))
    chair = scope(make_member(country.precinct, Office.CHAIR))
    assert not may_reach(member, country.precinct.id)
    assert member.chaired_id is None
    assert chair.chaired_id == country.precinct.id
    assert not may_reach(chair, country.precinct.id)


def test_an_officer_grants_below_but_never_central_roles(app: Flask) -> None:
    country = make_country()
    officer = scope(make_officer(country.region))
    assert may_grant(officer, Role.TRAINER, country.district.id)
    assert not may_grant(officer, Role.TRAINER, country.sister_region.id)
    assert not may_grant(officer, Role.CEC_ADMINISTRATOR, country.central.id)
    assert may_grant(scope(country.head), Role.METHODOLOGIST, country.central.id)


def test_what_is_given_is_told_by_the_place(app: Flask) -> None:
    country = make_country()
    officer, head = scope(make_officer(country.region)), scope(country.head)
    assert list_grantable(head, country.central.id) == list_grantable(head, country.district.id) == list(Role)
    assert list_grantable(officer, country.region.id) == [Role.TRAINER]
    below = [Role.TERRITORIAL_OFFICER, Role.TRAINER, Role.REPORTING_OFFICER]
    assert list_grantable(officer, country.district.id) == below
    for foreign in (country.central, country.sister_region):
        assert list_grantable(officer, foreign.id) == []


@pytest.mark.parametrize("role", [Role.REPORTING_OFFICER, Role.AUDITOR])
def test_who_only_reads_sees_names_and_looks_after_nobody(app: Flask, role: Role) -> None:
    country = make_country()
    reader = scope(make_officer(country.district, role))
    assert may_reach(reader, country.precinct.id, *WATCHERS)
    assert not may_reach(reader, country.precinct.id, *OVERSEERS)
    assert not may_reach(reader, country.sister_precinct.id)
    assert list_grantable(reader, country.precinct.id) == []
    assert may_see_nomination(reader, country.precinct.id) == (role is Role.AUDITOR)
