"""Every route, tried by everyone who has no business there: nothing of a foreign branch is shown or changed.

Planted faults, each of which is found first: a route that asks for no scope, a search that does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import true
from werkzeug.routing import Rule

from lms.accounts.models import Account
from lms.commissions import permissions
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.core.web.access import mark_of
from lms.home import finding_people
from tests.conftest import Client, rolled_back, undone
from tests.factories.commissions import make_member, make_officer, sign_in_as
from tests.factories.world import CANARY, PHONE, World, make_world

ABSENT = 999_999
OPEN_BY_SECRET = {"workshops.calendar"}
"""Opened by a secret in the address, which is what protects it."""
OF_A_COURSE = {"learning.materials", "learning.cases", "learning.form", "learning.glossary"}
"""What is taught, by the course's code: it names nobody, and everyone signed in may read it."""
ACTORS = ("member next door", "trainer elsewhere", "sister officer", "officer of a sister region", "stranger")


@pytest.fixture(scope="module")
def world(_app: Flask) -> Iterator[World]:
    """The owner's things, made once."""
    with rolled_back(_app):
        made = make_world()
        db.session.commit()
        yield made


@pytest.fixture
def app(_app: Flask, world: World) -> Iterator[Flask]:
    """The app with those things in it; what a test does there has not happened afterwards."""
    with undone():
        yield _app


def actor(name: str, world: World) -> Account | None:
    """The account of somebody without business in the owner's branch."""
    country = world.country
    made = {
        "member next door": lambda: make_member(country.second_precinct, surname="Басқаева"),
        "trainer elsewhere": lambda: make_officer(country.sister_district, Role.TRAINER),
        "sister officer": lambda: make_officer(country.sister_district),
        "officer of a sister region": lambda: make_officer(country.sister_region),
        "stranger": lambda: None,
    }
    return made[name]()


def rules_with_objects(app: Flask) -> Iterator[Rule]:
    """Routes that name an object, and are not open to everybody."""
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        opened = mark is None or mark.public or rule.endpoint in OPEN_BY_SECRET | OF_A_COURSE
        if rule.arguments and not opened:
            yield rule


def address(rule: Rule, ids: dict[str, Any]) -> str:
    """The address of a route for these objects; an object the world does not know fails the test."""
    unknown = rule.arguments - ids.keys()
    assert not unknown, f"{rule.endpoint}: teach tests/factories/world.py about {sorted(unknown)}"
    built = rule.build({name: ids[name] for name in rule.arguments})
    assert built is not None, rule.endpoint
    return "/en" + built[1]


@pytest.mark.parametrize("name", ACTORS)
def test_foreign_things_look_absent(app: Flask, client: Client, world: World, name: str) -> None:
    come_as(client, name, world)
    assert list_leaks(client, world, name, list(rules_with_objects(app))) == []


def come_as(client: Client, name: str, world: World) -> None:
    """Make the browser that of somebody without business there."""
    account = actor(name, world)
    if account is not None:
        sign_in_as(client, account)


def list_leaks(client: Client, world: World, name: str, rules: list[Rule]) -> list[tuple[str, str, int, int]]:
    """What is not as if it were not there: method, route, status of the thing and of one that is absent."""
    absent = {**world.ids, **{key: ABSENT for key in world.ids if key.endswith("_id")}, "course": "absent"}
    allowed, leaks = ({302, 401} if name == "stranger" else {404}), []
    for rule in rules:
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            there = client.open(address(rule, world.ids), method=method)
            gone = client.open(address(rule, absent), method=method)
            named = CANARY in there.text or PHONE in there.text
            if there.status_code not in allowed or there.status_code != gone.status_code or named:
                leaks.append((method, rule.rule, there.status_code, gone.status_code))
    return leaks


@pytest.mark.parametrize("name", ACTORS)
def test_lists_name_nobody_of_a_foreign_branch(app: Flask, client: Client, world: World, name: str) -> None:
    come_as(client, name, world)
    assert [*list_named(app, client, world), *list_found(client)] == []


def list_named(app: Flask, client: Client, world: World) -> list[tuple[str, str]]:
    """Pages of no object that name the owner, each with what was asked for."""
    leaks = []
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or set()):
            continue
        for query in ("", f"?q={CANARY}", f"?q={PHONE}", f"?commission={world.ids['commission_id']}"):
            page = client.get("/en" + rule.rule + query, follow_redirects=True)
            if names_owner(page.data, query):
                leaks.append((rule.rule, query))
    return leaks


def list_found(client: Client) -> list[str]:
    """Words for which the search, which hears them in no address, shows the owner."""
    leaks = []
    for typed in (CANARY, PHONE, PHONE[-4:]):
        typing = client.post("/en/search/typing", data={"q": typed})
        whole = client.post("/en/search", data={"q": typed}, follow_redirects=True)
        if names_owner(typing.data, "") or names_owner(whole.data, ""):
            leaks.append(typed)
    return leaks


def names_owner(content: bytes, query: str) -> bool:
    """Whether a page names the owner, other than by saying again what was asked for."""
    text = content.decode(errors="replace")  # a file may be no text
    for said in (f'value="{CANARY}"', f"“{CANARY}”", f'value="{PHONE}"', f"“{PHONE}”", query):
        text = text.replace(said, "") if said else text
    return CANARY in text or PHONE in text


def test_the_walk_finds_a_route_that_asks_for_no_scope(
    app: Flask, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: a planted fault opens a person to whoever knows the number."""
    monkeypatch.setattr(permissions, "get_seat_reached", lambda _scope, one, *_roles: find_seat_of(one))
    come_as(client, "sister officer", world)
    opened = [rule for rule in rules_with_objects(app) if rule.endpoint == "commissions.person"]
    assert [leak[:3] for leak in list_leaks(client, world, "sister officer", opened)] == [
        ("GET", "/people/<int:person_id>", 200)
    ]


def test_the_walk_finds_a_search_that_asks_for_no_scope(
    app: Flask, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: a planted fault finds people wherever they sit."""
    monkeypatch.setattr(finding_people, "is_commission_in", lambda *_asked: true())
    come_as(client, "sister officer", world)
    assert list_found(client) == [CANARY, PHONE, PHONE[-4:]]


def test_the_owner_of_the_branch_is_let_in(app: Flask, client: Client, world: World) -> None:
    """The matrix above would also be empty if nobody were let in anywhere."""
    sign_in_as(client, make_officer(world.country.district))
    assert CANARY in client.get(f"/en/commissions/{world.ids['commission_id']}").text
    assert CANARY in client.get(f"/en/people/{world.ids['person_id']}").text
    assert list_found(client) == [CANARY, PHONE, PHONE[-4:]]
