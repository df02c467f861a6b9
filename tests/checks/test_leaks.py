"""Every route, tried by everyone who has no business there: nothing of a foreign branch is shown or changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from lms.accounts.models import Account
from lms.commissions.rules import Role
from lms.core.web.access import mark_of
from tests.conftest import Client
from tests.factories.commissions import make_member, make_officer, sign_in_as
from tests.factories.world import CANARY, PHONE, World, make_world

ABSENT = 999_999
OPEN_BY_SECRET = {"workshops.calendar"}
"""Opened by a secret in the address, which is what protects it."""
OF_A_COURSE = {"learning.materials", "learning.cases", "learning.form", "learning.glossary"}
"""What is taught, by the course's code: it names nobody, and everyone signed in may read it."""
ACTORS = ("member next door", "trainer elsewhere", "sister officer", "officer of a sister region", "stranger")


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
def test_foreign_things_look_absent(app: Flask, client: Client, name: str) -> None:
    world = make_world()
    account = actor(name, world)
    if account is not None:
        sign_in_as(client, account)
    absent = {**world.ids, **{key: ABSENT for key in world.ids if key.endswith("_id")}, "course": "absent"}
    leaks = []
    for rule in rules_with_objects(app):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            there = client.open(address(rule, world.ids), method=method)
            gone = client.open(address(rule, absent), method=method)
            allowed = {302, 401} if account is None else {404}
            if there.status_code not in allowed or there.status_code != gone.status_code:
                leaks.append((method, rule.rule, there.status_code, gone.status_code))
            elif CANARY in there.text or PHONE in there.text:
                leaks.append((method, rule.rule, "names the owner", ""))
    assert leaks == []


@pytest.mark.parametrize("name", ACTORS)
def test_lists_name_nobody_of_a_foreign_branch(app: Flask, client: Client, name: str) -> None:
    world = make_world()
    account = actor(name, world)
    if account is not None:
        sign_in_as(client, account)
    leaks = []
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or set()):
            continue
        for query in ("", f"?q={CANARY}", f"?q={PHONE}", f"?commission={world.ids['commission_id']}"):
            page = client.get("/en" + rule.rule + query, follow_redirects=True)
            whole = page.data.decode(errors="replace")  # a file may be no text
            text = whole.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
            if CANARY in text.replace(query, "") or PHONE in text.replace(f'value="{PHONE}"', "").replace(query, ""):
                leaks.append((rule.rule, query))
    assert leaks == []


def test_the_owner_of_the_branch_is_let_in(app: Flask, client: Client) -> None:
    """The matrix above would also be empty if nobody were let in anywhere."""
    world = make_world()
    sign_in_as(client, make_officer(world.country.district))
    assert CANARY in client.get(f"/en/commissions/{world.ids['commission_id']}").text
    assert CANARY in client.get(f"/en/people/{world.ids['person_id']}").text
