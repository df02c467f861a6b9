"""A Kyrgyz installation from its first command on: sizes, a roster with PINs, the reserve, a certificate; and how the
rules of an installation change, or do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.campaigns.models import Installation
from lms.campaigns.queries import find_open_campaign, this_country
from lms.cli import main
from lms.commissions import queries
from lms.commissions.actions import create_commission
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.reserve import Waiting, find_next, put_into_reserve
from lms.commissions.rules import Act, Level, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.kept import forget_everything
from lms.countries.reading import FILES
from lms.curriculum.actions import require_course
from lms.operations.actions import check_country
from lms.people.actions import NewPerson
from lms.people.models import Person
from lms.people.queries import find_by_number
from lms.people.schemes.pin import make_number
from lms.rosters import actions
from lms.rosters.applying import apply_import
from lms.rosters.models import RosterImport
from tests.conftest import Client, forget_request
from tests.factories.certificates import certify
from tests.factories.commissions import make_officer, make_person, sign_in_as
from tests.factories.rosters import workbook
from tests.factories.seats import sent
from tests.factories.world import make_course

HEADINGS = ("Избирательная комиссия", "Фамилия", "Имя", "Отчество", "ПИН", "Должность", "Кем предложен", "Телефон")
PARTIES = ("Ата-Журт", "Бир Бол", "Кыргызстан", "Республика")
COUNCIL = "Алайский районный кенеш"


def types(*words: str) -> Result:
    """The answer of a command."""
    return CliRunner().invoke(main, list(words))


def pin(serial: int) -> str:
    """A demo PIN."""
    return make_number(2 if serial % 2 else 1, date(1980, 1, 1 + serial % 28), serial, demo=True)


@pytest.fixture
def kyrgyz(app: Flask) -> Commission:
    """The central commission of a Kyrgyz demo installation."""
    answer = types("init", "--login", "head", "--country", "kg", "--demo")
    assert answer.exit_code == 0, answer.stderr
    forget_request()
    central = queries.find_central()
    assert central is not None
    return central


def make(parent: Commission, territory: Territory, seats: int, number: int | None = None) -> Commission:
    level = Level.PEC if territory is Territory.PRECINCT else Level.TEC
    names = dict.fromkeys(("kk", "ru", "en"), "Алайский район")
    return create_commission(
        parent=parent, level=level, territory=territory, names=names, seats=seats, number=number, by=SYSTEM
    )


def roster_of(name: str, *, first: int, council: int, parties: tuple[str, ...] = PARTIES) -> list[list[str]]:
    """A block: the chair first; members of the council, and one of each party."""
    bodies = [*[COUNCIL] * council, *parties]
    return [
        [
            name if place == 0 else "",
            "Асанова",
            "Айгүл",
            "Маратовна",
            pin(first + place),
            "председатель" if place == 0 else "член",
            body,
            "+996555123456",
        ]
        for place, body in enumerate(bodies)
    ]


def take(rows: list[list[str]], where: Commission) -> RosterImport:
    made = actions.upload(
        content=workbook(("Алай", [HEADINGS, *rows])), file_name="kg.xlsx", commission=where, full=True, by=SYSTEM
    )
    actions.read_import(roster_import=made, by=SYSTEM)
    return made


def test_it_begins_with_the_sizes_names_and_time_of_the_country(kyrgyz: Commission) -> None:
    country = this_country()
    assert (country.code, kyrgyz.code, kyrgyz.time_zone) == ("kg", "KG", "Asia/Bishkek")
    assert queries.count_seats(kyrgyz.id) == (8 if clock.today() >= date(2026, 6, 1) else 12)
    assert clock.home_zone() == "Asia/Bishkek"
    with pytest.raises(Refused, match="from 11 to 30 seats"):
        make(kyrgyz, Territory.DISTRICT, 7)
    district = make(kyrgyz, Territory.DISTRICT, 11)
    assert district.code == "KG-01"
    with pytest.raises(Refused, match="from 7 to 30"):
        make(district, Territory.PRECINCT, 5, number=17)


def test_from_a_roster_to_a_certificate(kyrgyz: Commission, client: Client) -> None:
    version = make_course()
    campaign = find_open_campaign()
    assert campaign is not None
    require_course(course=version.course, campaign=campaign, level=Level.PEC, by=SYSTEM)
    district = make(kyrgyz, Territory.DISTRICT, 11)
    rows = [
        *roster_of("ТИК: Алайский район", first=100, council=5),
        *roster_of("УШК № 17", first=200, council=1),
    ]
    made = take(rows, kyrgyz)
    assert made.counts["outcomes"]["new"] == 14, made.counts
    apply_import(roster_import=made, leave_out_problems=False, by=SYSTEM)
    place = queries.find_commission_by_code("KG-01-P17")
    assert place is not None
    assert queries.count_seats(place.id) == 7
    assert len(queries.list_members(place.id)) == 5
    assert len(queries.list_members(district.id)) == 9

    officer = make_officer(district)
    sign_in_as(client, officer)
    shown = client.get(f"/ru/commissions/{place.id}").text
    assert "Резерв" in shown
    leaving = find_by_number(pin(202))
    assert leaving is not None
    today = clock.today()
    for serial, party in ((301, "Бир Бол"), (302, "Ата-Журт")):
        put_into_reserve(
            commission=place,
            coming=NewPerson(number=pin(serial), surname=f"Касымова{'а' * (serial - 300)}", given_name="Нурзат"),
            waiting=Waiting(party, today, Act("3", today)),
            by=SYSTEM,
        )
    address = f"/ru/people/{leaving.id}/replace"
    offered = client.get(address).text
    assert "Касымоваа" in offered
    assert "ПИН" in offered
    assert "ИИН" not in offered
    assert "14 цифр" in offered
    entry = find_next(place, leaving=queries.find_seat_of(leaving.id))
    assert entry is not None
    done = client.post(
        f"{address}?reserve={entry.id}",
        data={
            **sent(surname=entry.person.surname, given_name="Нурзат", nominated_by="Бир Бол", phone=""),
            "number": "",
        },
    )
    assert done.status_code == 302, done.text
    assert entry.end == "entered"
    assert find_by_number(pin(301)) is not None
    refused = client.post(
        f"/ru/commissions/{place.id}/seat",
        data=sent(number=pin(401), nominated_by="«Республика»", phone="0555 123 456"),
    )
    assert refused.status_code == 422
    assert "От этой партии в комиссии уже есть член" in refused.text

    certificate = certify(open_account_of(entry.person_id))
    assert certificate.number.startswith(f"KG-{today.year}-PEC-")
    assert certificate.facts["issuer"]["ru"] == "Центральная избирательная комиссия"


def open_account_of(person_id: int) -> Account:
    """The account of a person, new."""
    return open_account(person=db.session.get_one(Person, person_id), by=SYSTEM)


def test_a_roster_says_what_is_wrong_with_a_pin_and_a_party(kyrgyz: Commission) -> None:
    rows = roster_of("УИК № 17", first=500, council=1, parties=("Бир Бол", "«БИР БОЛ»", "Ата-Журт"))
    rows[1][4] = "840515300123"
    rows.append(["", "Асанова", "Айгүл", "", pin(600)[:9] + "x", "член", COUNCIL, ""])
    rows.append(["", "Асанова", "Айгүл", "", make_number(1, date(1980, 5, 5), 77, demo=False), "член", COUNCIL, ""])
    made = take(rows, make(kyrgyz, Territory.DISTRICT, 11))
    assert made.counts["problems"] == {
        "identity number is not 14 digits": 2,
        "identity number names no birth date": 1,
    }
    rows[1][4] = pin(501)
    twice = take(rows[:4], make(kyrgyz, Territory.DISTRICT, 11))
    assert "more than one member of a party after applying" in str(twice.notes)


def test_the_rules_change_by_a_command_and_only_while_nobody_is_here(app: Flask, tmp_path: Path) -> None:
    assert types("country", "kg").exit_code == 1
    assert types("init", "--login", "head").exit_code == 0
    changed = types("country", "kg")
    assert changed.exit_code == 0, changed.stderr
    forget_everything()
    forget_request()
    assert this_country().identity_number == "pin"
    assert queries.find_central().code == "KG"  # type: ignore[union-attr]
    make_person()
    back = types("country", "kz")
    assert back.exit_code == 1
    assert "identity numbers of the scheme pin" in back.stderr
    own = tmp_path / "own.yaml"
    own.write_text((FILES / "kg.yaml").read_text(encoding="utf-8").replace("years: 5", "years: 2"), encoding="utf-8")
    assert types("country", str(own)).exit_code == 0
    forget_everything()
    assert this_country().reserve.years == 2  # type: ignore[union-attr]
    assert db.session.scalars(select(Installation.country_file)).one()


def test_codes_of_commissions_hold_the_country(kyrgyz: Commission) -> None:
    make(kyrgyz, Territory.DISTRICT, 11)
    answer = types("country", "kz")
    assert answer.exit_code == 1
    assert "codes begin with KG" in answer.stderr


def test_a_setting_that_names_another_country_stops_the_server(kyrgyz: Commission) -> None:
    check_country("")
    check_country("kg")
    with pytest.raises(Refused, match="lms country kz"):
        check_country("kz")


def test_the_demo_of_kazakhstan_is_not_put_into_another_country(kyrgyz: Commission) -> None:
    answer = types("demo", "load")
    assert answer.exit_code == 1
    assert "the rules of kg hold here" in answer.stderr


def test_an_unknown_country_sets_nothing_up(app: Flask) -> None:
    answer = types("init", "--login", "head", "--country", "uz")
    assert answer.exit_code == 1
    assert "No country uz" in answer.stderr
    assert db.session.scalar(select(Installation.id)) is None
