"""Commissions of constituencies: where they stand, who sees them, what their members take, rosters, the tree."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns.queries import get_open_campaign
from lms.commissions import queries
from lms.commissions.actions import create_commission
from lms.commissions.models import Commission
from lms.commissions.names import constituency_names
from lms.commissions.permissions import SYSTEM, may_reach
from lms.commissions.reshaping import move_commission, set_seats
from lms.commissions.rules import Level, Role, Territory, level_of, list_below, may_stand_under
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.countries.reading import FILES
from lms.curriculum.actions import require_course
from lms.curriculum.rules import levels_that_must
from lms.learning.models import Enrolment
from lms.rosters import actions
from lms.rosters.applying import apply_import
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope, sign_in_as
from tests.factories.rosters import RUSSIAN, commission_rows, workbook
from tests.factories.world import make_course


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade."""
    return make_country()


def constituency(parent: Commission, number: int = 4) -> Commission:
    """A new commission of a constituency."""
    return create_commission(
        parent=parent,
        level=Level.CONSTITUENCY,
        territory=Territory.CONSTITUENCY,
        names=constituency_names(number),
        seats=7,
        number=number,
        by=SYSTEM,
    )


def test_where_one_may_stand() -> None:
    assert level_of(Territory.CONSTITUENCY) is Level.CONSTITUENCY
    assert may_stand_under("constituency", "country")
    assert may_stand_under("district", "constituency")
    assert not may_stand_under("constituency", "district")
    assert not may_stand_under("precinct", "constituency")
    assert Territory.CONSTITUENCY in list_below("country", constituencies=True)
    assert Territory.CONSTITUENCY not in list_below("country", constituencies=False)


def test_territorial_commissions_stand_below_it_and_its_officer_reaches_them(country: Country) -> None:
    place = constituency(country.central)
    assert place.code == "KZ-C04"
    officer = scope(make_officer(place))
    assert not may_reach(officer, country.precinct.id)
    move_commission(commission=country.district, parent=place, since=clock.today(), by=SYSTEM)
    assert may_reach(officer, country.precinct.id)
    assert not may_reach(officer, country.sister_precinct.id)
    assert [one.id for one in queries.list_way_up(country.precinct.id)] == [
        country.central.id,
        place.id,
        country.district.id,
        country.precinct.id,
    ]
    assert [one.id for one in queries.list_children(country.central.id)] == [
        country.region.id,
        country.sister_region.id,
        place.id,
    ]


def test_numbers_of_both_kinds_are_counted_apart(country: Country) -> None:
    constituency(country.central, 9)
    names = dict.fromkeys(("kk", "ru", "en"), "Abai region")
    third = create_commission(
        parent=country.central, level=Level.TEC, territory=Territory.REGION, names=names, seats=7, by=SYSTEM
    )
    assert third.code == "KZ-03"


def test_its_members_take_what_territorial_members_take(country: Country) -> None:
    version, place = make_course(), constituency(country.central)
    for level in levels_that_must(Level(version.level)):
        require_course(course=version.course, campaign=get_open_campaign(), level=level, by=SYSTEM)
    members = [make_member(place), make_member(country.district)]
    enrolled = set(db.session.scalars(select(Enrolment.person_id)))
    assert {one.person_id for one in members} <= enrolled


def test_a_roster_brings_one_in_by_its_number(country: Country) -> None:
    rows = [RUSSIAN, *commission_rows("Окружная избирательная комиссия № 4", range(1, 4))]
    rows += commission_rows("ТИК: Алматинская область", range(11, 13))
    for _time in range(2):
        made = actions.upload(
            content=workbook(("1", rows)), file_name="r.xlsx", commission=country.central, full=True, by=SYSTEM
        )
        actions.read_import(roster_import=made, by=SYSTEM)
        if made.counts["outcomes"]["new"]:
            apply_import(roster_import=made, leave_out_problems=False, by=SYSTEM)
    assert made.counts["outcomes"] == {"new": 0, "unchanged": 5, "changed": 0, "leaving": 0, "problem": 0}
    place = queries.find_commission_by_code("KZ-C04")
    assert place is not None
    assert (place.level, place.parent_id) == ("con", country.central.id)
    assert {row.language: row.name for row in place.names}["ru"] == "ОИК № 4"
    assert len(queries.list_members(place.id)) == 3


def test_a_district_roster_brings_none_in(country: Country) -> None:
    rows = [RUSSIAN, *commission_rows("ОИК № 4", range(1, 3))]
    made = actions.upload(
        content=workbook(("1", rows)), file_name="r.xlsx", commission=country.district, full=True, by=SYSTEM
    )
    actions.read_import(roster_import=made, by=SYSTEM)
    assert made.counts["problems"] == {"commission outside your branch": 2}


def test_one_is_made_on_a_page_and_stands_in_the_tree(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    address = f"/en/commissions/{country.central.id}/below/new"
    assert 'value="constituency"' in client.get(address).text
    data = {"territory": "constituency", "number": "", "seats": "7", "kk": "", "ru": "", "en": "", "time_zone": ""}
    refused = client.post(address, data=data)
    assert "Type the number of the precinct or constituency" in refused.text
    assert client.post(address, data={**data, "number": "3"}).status_code == 302
    place = queries.find_commission_by_code("KZ-C03")
    assert place is not None
    make_member(place)
    assert "ConEC No. 3" in client.get(f"/en/commissions/{country.central.id}").text
    shown = client.get(f"/en/commissions/{place.id}")
    assert shown.status_code == 200
    assert "New commission below" in shown.text
    progress = client.get(f"/en/completion/{country.central.id}/tree")
    assert progress.status_code == 200
    assert "ConEC No. 3" in progress.text


def test_where_the_country_knows_none_nobody_makes_one(app: Flask, client: Client) -> None:
    country = make_country_without()
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    address = f"/en/commissions/{country.central.id}/below/new"
    assert 'value="constituency"' not in client.get(address).text
    data = {"territory": "constituency", "number": "3", "seats": "7"}
    assert client.post(address, data=data).status_code == 422
    assert queries.find_commission_by_code("KZ-C03") is None
    rows = [RUSSIAN, *commission_rows("ОИК № 4", range(1, 3))]
    made = actions.upload(
        content=workbook(("1", rows)), file_name="r.xlsx", commission=country.central, full=True, by=SYSTEM
    )
    actions.read_import(roster_import=made, by=SYSTEM)
    assert made.counts["problems"] == {"commission not recognised": 2}


def make_country_without() -> Country:
    """The small cascade where the file lists no constituencies."""
    text = (FILES / "kz.yaml").read_text(encoding="utf-8")
    level = text[text.index("  # Removed from the law") : text.index("  - level: tec")]
    size = text[text.index("  - level: con\n    usual") : text.index("  - level: tec\n    usual")]
    return make_country(own_file=text.replace(level, "").replace(size, ""))


def test_seats_are_those_that_the_country_knows(country: Country) -> None:
    with pytest.raises(Refused, match="has 7 seats"):
        set_seats(commission=country.central, seats=8, since=clock.today(), by=SYSTEM)
    set_seats(commission=country.district, seats=9, since=clock.today(), by=SYSTEM)
    with pytest.raises(Refused, match="from 1 to 30"):
        set_seats(commission=country.district, seats=31, since=clock.today(), by=SYSTEM)
