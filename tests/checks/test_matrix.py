"""Every route, as everybody, on the own branch, a sister's and a parent's, GET and POST: who gets in is what the table
in `matrix.py` says, nothing foreign is shown, who only reads changes nothing, and no form gives anybody a role.

Planted faults, each of which the walk finds first: a route that asks for no scope, a role given sideways, a page that
writes for whoever only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.accounts.models import Account
from lms.commissions import actions, permissions
from lms.commissions.forms import GrantForm
from lms.commissions.models import Appointment, Commission, RoleGrant
from lms.commissions.permissions import SYSTEM, Scope, find_account_named, get_seat_reached, may_grant, scope_of
from lms.commissions.rules import Level, Office, Role, may_role_stand_at
from lms.core.database.base import Model, db
from lms.core.web.access import mark_of
from lms.people.actions import correct_person
from tests.checks.matrix import ANYONE, ENTRY, INSPECTORS, SIGNED_IN
from tests.conftest import Client, rolled_back, undone
from tests.factories.commissions import (
    WITH_RESERVE,
    Country,
    make_account,
    make_country,
    make_member,
    make_officer,
    sign_in_as,
)
from tests.factories.world import CANARY, PHONE, Place, World, make_course, make_things

FOREIGN = {"sister": ("Сырттанова", "+77051112233"), "parent": ("Жоғарыева", "+77054445566")}
"""By what the owner of foreign things is known again."""
OWN_ACCOUNT = {
    *("account", "account_session", "calendar_key", "one_time_code", "sign_in_window"),
    *("passkey", "pending_answer", "recovery_code"),
}
COUNTED = {"completion_change", "completion_round", "completion_unit"}
"""What is counted afresh for whoever reads."""
RECORD = {"audit_entry", "audit_value", "audit_seal", "audit_origin"}
COURSE_THINGS = {
    **dict.fromkeys(("figure", "name", "form"), "absent"),
    **dict.fromkeys(("question", "draft", "copy", "case_id"), 999_999),
    "language": "kk",
}
"""What the small course of the world has none of."""
ABSENT = {
    "GET accounts.come_back",
    "GET accounts.go_linking",
    "GET accounts.go_to_provider",
    "GET accounts.link_identity",
    "POST accounts.link_identity",
    "GET accounts.unlink_identity",
    "POST accounts.unlink_identity",
    "GET certificates.print_file",
    "GET certificates.verify",
    "GET commissions.merge",
    "POST commissions.merge",
    "GET commissions.revoke",
    "GET curriculum.figure",
    *(f"GET bank.{name}" for name in ("case", "copy", "draft", "question")),
    *(f"POST bank.{name}" for name in ("autosave", "case", "move", "rewrite", "save")),
    *(f"POST bank.{name}" for name in ("take_back", "tell", "use_copy", "withdraw")),
    *(
        f"{way} exchange.{name}"
        for way, name in (("GET", "download"), ("GET", "show"), ("POST", "apply"), ("POST", "undo"))
    ),
    "GET learning.cases",
    "GET learning.form",
    "GET learning.glossary",
    "GET manuals.download",
    "GET manuals.earlier",
    "GET papertests.print_file",
    "GET manuals.newest",
    "GET rosters.columns",
    "POST rosters.columns",
    "GET rosters.sent",
}
"""What looks absent also to those who may read it: the world holds none."""
READ_ONLY = ("auditor", "reporting officer")
CENTRAL = ("methodologist", "CEC administrator")
"""Whose branch is the whole country: nothing is foreign to them."""
MADE: dict[str, Callable[[Country], Account | None]] = {
    "stranger": lambda country: None,
    "member": lambda country: make_member(country.precinct),
    "chair": lambda country: make_member(country.precinct, Office.CHAIR),
    "trainer": lambda country: make_officer(country.district, Role.TRAINER),
    "reporting officer": lambda country: make_officer(country.district, Role.REPORTING_OFFICER),
    "auditor": lambda country: make_officer(country.district, Role.AUDITOR),
    "territorial officer": lambda country: make_officer(country.district),
    "methodologist": lambda country: make_officer(country.central, Role.METHODOLOGIST),
    "CEC administrator": lambda country: make_officer(country.central, Role.CEC_ADMINISTRATOR),
}
NAMES = ("owner", *MADE)


@dataclass(frozen=True)
class Ground:
    """One country for every walk: things of a precinct, of a sister's precinct and of the region above, and everybody
    who walks."""

    country: Country
    worlds: dict[str, World]
    accounts: dict[str, Account | None]


@pytest.fixture(scope="module")
def ground(_app: Flask) -> Iterator[Ground]:
    """The ground, made once."""
    with rolled_back(_app):
        country, version = make_country(own_file=WITH_RESERVE), make_course()
        places = {
            "own": Place(country.precinct, country.district, CANARY, PHONE),
            "sister": Place(country.sister_precinct, country.sister_district, *FOREIGN["sister"]),
            "parent": Place(country.region, country.region, *FOREIGN["parent"]),
        }
        worlds = {branch: make_things(country, version, place) for branch, place in places.items()}
        accounts = {"owner": worlds["own"].owner, **{name: make(country) for name, make in MADE.items()}}
        db.session.commit()
        yield Ground(country, worlds, accounts)


@pytest.fixture
def app(_app: Flask, ground: Ground) -> Iterator[Flask]:
    """The app on that ground; what a test does there has not happened afterwards."""
    with undone():
        yield _app


@dataclass
class Walk:
    """One person, what is theirs, a sister's and a parent's, and the browser they walk in."""

    name: str
    account: Account | None
    country: Country
    worlds: dict[str, World]
    client: Client
    cookie: str = ""
    rules: list[Rule] = field(default_factory=list)

    def opens(self, method: str, address: str, data: dict[str, Any]) -> TestResponse:
        """The answer to one request, from a browser that is as it was at the beginning."""
        if self.cookie:
            self.client.set_cookie("session", self.cookie)
        return self.client.open(address, method=method, data=data)

    def posted(self) -> dict[str, Any]:
        """Fields by which somebody would raise themselves, if any form heard them."""
        me = self.account
        own = {"account": me.id, "account_id": me.id, "person_id": me.person_id, "login": me.login} if me else {}
        central = self.country.central.id
        raised = {"role": "cec_administrator", "roles": "cec_administrator", "is_admin": "1", "admin": "1"}
        granted = {"granted_by_id": self.country.head.id, "commission": central, "commission_id": central}
        return {**own, **raised, **granted, "duties": "cec_administrator", "office": "chair", "valid_until": ""}


@pytest.fixture
def walk(app: Flask, client: Client, ground: Ground, request: pytest.FixtureRequest) -> Walk:
    """Somebody who is signed in, with every route before them."""
    return walk_as(request.param, ground, client)


def walk_as(name: str, ground: Ground, client: Client) -> Walk:
    """The same, of this name."""
    account, ways = ground.accounts[name], list(client.application.url_map.iter_rules())
    walked = Walk(name, account, ground.country, ground.worlds, client, rules=ways)
    if account is not None:
        sign_in_as(client, account)
        cookie = client.get_cookie("session")
        walked.cookie = cookie.value if cookie else ""
    return walked


everybody = pytest.mark.parametrize("walk", NAMES, indirect=True)


def methods_of(rule: Rule) -> list[str]:
    """GET, POST or both."""
    return sorted((rule.methods or set()) & {"GET", "POST"})


def address_of(rule: Rule, ids: dict[str, Any]) -> str:
    """The address of a route for these objects; an object the world does not know fails the test."""
    ids = {**ids, **COURSE_THINGS}
    unknown = rule.arguments - ids.keys()
    assert not unknown, f"{rule.endpoint}: teach tests/factories/world.py about {sorted(unknown)}"
    built = rule.build({name: ids[name] for name in rule.arguments})
    assert built is not None, rule.endpoint
    return "/en" + built[1]


def names_an_object(rule: Rule) -> bool:
    """Whether the route names something that belongs to a branch; courses and campaigns belong to none."""
    return any(name.endswith("_id") for name in rule.arguments - {"version_id", "course_id", "campaign_id", "job_id"})


def is_in(answer: TestResponse) -> bool:
    """Whether somebody was let in."""
    to_sign_in = answer.status_code == 302 and "/sign-in?next=" in answer.headers["Location"]
    return answer.status_code not in (401, 403, 404) and not to_sign_in


def place_of(method: str, rule: Rule) -> str:
    """The line of the table."""
    return f"{method} {rule.endpoint}"


def test_every_route_stands_in_the_table(app: Flask) -> None:
    there = {place_of(method, rule) for rule in app.url_map.iter_rules() for method in methods_of(rule)}
    assert there - ENTRY.keys() == set(), "place these in tests/checks/matrix.py"
    assert ENTRY.keys() - there == set(), "these are no routes any more"


def test_the_table_says_no_more_than_the_marks(app: Flask) -> None:
    """Who gets in somewhere is let through the door by its mark."""
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        assert mark is not None
        for method in methods_of(rule):
            inside = ENTRY.get(place_of(method, rule), frozenset())
            open_to = {name.lower().replace(" ", "_") for name in inside}
            assert mark.public or "stranger" not in inside, rule
            assert not mark.duties or open_to <= mark.duties, rule


@everybody
def test_who_gets_in_on_the_own_branch(walk: Walk) -> None:
    assert list_wrong(walk) == []


def list_wrong(walk: Walk) -> list[tuple[str, Any]]:
    """What the table says otherwise, on the own branch."""
    wrong: list[tuple[str, Any]] = []
    ids = walk.worlds["own"].ids
    grants = grants_now()
    for rule in walk.rules:
        for method in methods_of(rule):
            with undone():
                answer = walk.opens(method, address_of(rule, ids), walk.posted() if method == "POST" else {})
                if grants_now() != grants:
                    wrong.append((place_of(method, rule), "changed roles"))
            absent = answer.status_code == 404 and place_of(method, rule) in ABSENT
            if is_in(answer) != (walk.name in ENTRY[place_of(method, rule)]) and not absent:
                wrong.append((place_of(method, rule), answer.status_code))
            if walk.name not in CENTRAL and names_foreigners(answer):
                wrong.append((place_of(method, rule), "names foreigners"))
    return wrong


HOLDERS: dict[str, Callable[[Country], Account]] = {
    "beside": lambda country: make_officer(country.district),
    "of a sister district": lambda country: make_officer(country.sister_district),
    "of the region": lambda country: make_officer(country.region, Role.AUDITOR),
    "of the central commission": lambda country: make_officer(country.central, Role.CEC_ADMINISTRATOR),
}
"""People who hold a role and no seat."""


@pytest.mark.parametrize("walk", [name for name in NAMES if name not in CENTRAL], indirect=True)
def test_no_holder_of_a_role_elsewhere_is_reached(walk: Walk) -> None:
    """Who holds a role and no seat is reached in the own branch alone, to be read; a new slip comes from above."""
    inspects = walk.name in INSPECTORS
    for number, (kind, make) in enumerate(HOLDERS.items()):
        holder, surname = make(walk.country), "Қызметова" + "абвг"[number] * 3
        correct_person(person=holder.person, fields={"surname": surname}, by=SYSTEM)
        db.session.commit()
        opened, before = set(), everything()
        ids = {**walk.worlds["own"].ids, "person_id": holder.person_id, "account_id": holder.id}
        for rule in walk.rules:
            mark = mark_of(walk.client.application.view_functions[rule.endpoint])
            if "person_id" not in rule.arguments or (mark is not None and mark.public):
                continue
            for method in methods_of(rule):
                answer = walk.opens(method, address_of(rule, ids), walk.posted() if method == "POST" else {})
                if is_in(answer) or surname.encode() in answer.data:
                    opened.add(place_of(method, rule))
        found = walk.opens("POST", "/en/search/typing", {"q": surname}).text
        assert opened == (READ_OF_A_HOLDER if inspects and kind == "beside" else set()), kind
        assert (f'data-to="/en/people/{holder.person_id}"' in found) is (inspects and kind == "beside"), kind
        assert changed(before) - RECORD - OWN_ACCOUNT == set()


READ_OF_A_HOLDER = {"GET commissions.person", "GET commissions.history", "GET home.person_record"}


def names_foreigners(answer: TestResponse) -> bool:
    """Whether an answer names the owner of foreign things."""
    return any(word.encode() in answer.data for words in FOREIGN.values() for word in words)


@pytest.mark.parametrize("walk", [name for name in NAMES if name not in CENTRAL], indirect=True)
@pytest.mark.parametrize("branch", FOREIGN)
def test_nothing_of_a_foreign_branch_is_shown_or_changed(walk: Walk, branch: str) -> None:
    before = everything()
    assert list_leaks(walk, branch) == []
    assert changed(before) == set()


def list_leaks(walk: Walk, branch: str) -> list[tuple[str, int]]:
    """What lets somebody in on a branch that is not theirs, or names its owner."""
    allowed = {302, 401} if walk.account is None else {404}
    ids, leaks = walk.worlds[branch].ids, []
    for rule in walk.rules:
        mark = mark_of(walk.client.application.view_functions[rule.endpoint])
        if not names_an_object(rule) or (mark is not None and mark.public):
            continue
        for method in methods_of(rule):
            answer = walk.opens(method, address_of(rule, ids), walk.posted() if method == "POST" else {})
            if answer.status_code not in allowed or names_foreigners(answer):
                leaks.append((place_of(method, rule), answer.status_code))
    return leaks


@pytest.mark.parametrize("walk", READ_ONLY, indirect=True)
def test_who_only_reads_changes_nothing_but_their_own_account(walk: Walk) -> None:
    assert walk.account is not None
    own = f"id={walk.account.id}, "
    for branch in walk.worlds:
        before = everything()
        read_all(walk, branch)
        assert changed(before) <= OWN_ACCOUNT | RECORD | COUNTED
        assert {row for row in before["account"] ^ everything()["account"] if not row.startswith(own)} == set()


def read_all(walk: Walk, branch: str) -> None:
    """Ask for everything of a branch, and send every form."""
    for rule in walk.rules:
        for method in methods_of(rule):
            if rule.endpoint.startswith("accounts."):
                continue
            data = walk.posted() if method == "POST" else {}
            walk.opens(method, address_of(rule, walk.worlds[branch].ids), data)


@everybody
def test_a_role_is_given_by_its_form_alone_and_by_the_rule(walk: Walk) -> None:
    """Every role, at every height, to oneself, to a member of a precinct and to somebody without a seat."""
    assert list_gains(walk) == []


def list_gains(walk: Walk) -> list[tuple[str, str, str]]:
    """Roles that were given against the rule, or refused against it: commission, role, login."""
    stranger, country = make_account(), walk.country
    friend = make_member(country.precinct)
    db.session.commit()
    gains = []
    for where in (country.central, country.region, country.district, country.sister_district, country.precinct):
        for role in Role:
            for account in filter(None, (walk.account, friend, stranger)):
                before, expected = grants_now(), may_be_given(walk, role, where, account)
                with undone():
                    data = {"role": role.value, "login": account.login, "sure": "1"}
                    walk.opens("POST", f"/en/commissions/{where.id}/roles", data)
                    if (grants_now() != before) != expected:
                        gains.append((where.code, role.value, account.login))
    return gains


def may_be_given(walk: Walk, role: Role, where: Commission, account: Account) -> bool:
    """Whether the rule lets this person give the role to the account."""
    if walk.account is None or account.id == walk.account.id:
        return False
    stands, scope = may_role_stand_at(role, Level(where.level)), scope_of(walk.account)
    return stands and may_grant(scope, role, where.id) and find_account_named(scope, account.login) is not None


def grants_now() -> list[tuple[Any, ...]]:
    """Every grant that was not revoked."""
    held = select(RoleGrant.account_id, RoleGrant.role, RoleGrant.commission_id, RoleGrant.valid_until)
    return [tuple(row) for row in db.session.execute(held.where(RoleGrant.revoked_at.is_(None)).order_by(RoleGrant.id))]


def everything() -> dict[str, set[str]]:
    """Every row of every table, in words."""
    return {mapper.class_.__tablename__: rows_of(mapper.class_) for mapper in Model.registry.mappers}


def rows_of(model: type[Model], *which: Any) -> set[str]:
    """The rows of a table, in words."""
    table = model.__table__
    rows = db.session.execute(select(table).where(*which)).mappings()
    return {", ".join(f"{name}={value}" for name, value in row.items()) + "," for row in rows}


def changed(before: dict[str, set[str]]) -> set[str]:
    """The tables whose rows are others than before."""
    return {name for name, rows in everything().items() if rows != before[name]}


def test_the_walk_finds_a_route_that_asks_for_no_scope(
    app: Flask, client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: a planted fault opens a commission to whoever knows its number."""
    monkeypatch.setattr(permissions, "get_commission", lambda _scope, one, *_roles: db.session.get(Commission, one))
    walk = walk_as("auditor", ground, client)
    walk.rules = [rule for rule in walk.rules if rule.endpoint in ("commissions.show", "reporting.commission")]
    assert list_leaks(walk, "sister") == [("GET commissions.show", 200)]


def test_the_walk_finds_a_role_given_sideways(
    app: Flask, client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: with a planted fault an officer makes others what they are themselves. (The database would
    still refuse it, so its trigger is taken away too.)"""
    on = " ON role_grant" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER role_grant_given{on}"))
    offer = GrantForm.offer
    monkeypatch.setattr(GrantForm, "offer", lambda form, _roles: offer(form, list(Role)))
    monkeypatch.setattr(actions, "check_may_grant", lambda _scope, _role, _place: None)
    walk = walk_as("territorial officer", ground, client)
    gained = {(code, role) for code, role, _login in list_gains(walk)}
    assert (walk.country.district.code, Role.TERRITORIAL_OFFICER) in gained
    assert walk.country.sister_district.code not in {code for code, _role in gained}


def test_the_walk_finds_what_a_reader_changes(
    app: Flask, client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: with a planted fault whoever looks at a member lengthens the name."""

    def look_and_write(scope: Scope, one: int, *roles: Role) -> Appointment:
        found = get_seat_reached(scope, one, *roles)
        found.person.surname += "!"
        return found

    monkeypatch.setattr(permissions, "get_seat_reached", look_and_write)
    walk, before = walk_as("auditor", ground, client), everything()
    walk.rules = [rule for rule in walk.rules if rule.endpoint == "commissions.person"]
    read_all(walk, "own")
    assert changed(before) - OWN_ACCOUNT == {"person"}


def test_the_walk_would_see_a_leak(app: Flask, client: Client, ground: Ground) -> None:
    """The own things are named to those who may read them: the canaries sing."""
    own = ground.worlds["own"]
    for name in READ_ONLY:
        walk_as(name, ground, client)
        assert CANARY in client.get(f"/en/people/{own.ids['person_id']}").text
        assert CANARY in client.get(f"/en/commissions/{own.ids['commission_id']}").text
    assert SIGNED_IN < ANYONE
