"""Signing in through an OpenID Connect provider that really answers: linked, found by number, and everything bent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
import time_machine
from flask import Flask
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.accounts import actions, linking, provider
from lms.accounts.models import Account, LinkedIdentity, PendingAnswer
from lms.accounts.provider import Vouched
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.provider import Provider, read_provider
from lms.people.models import Person
from lms.people.vault import open_text
from tests.accounts.oidc_provider import CLIENT, SECRET, OidcProvider, running
from tests.conftest import Client
from tests.factories.commissions import make_account, make_country, make_member, make_officer, sign_in_as

PASSWORD = "three short words"


@pytest.fixture(scope="module")
def _server() -> Iterator[OidcProvider]:
    with running() as served:
        yield served


@pytest.fixture
def there(_server: OidcProvider) -> OidcProvider:
    """The provider as it should be, with one person signed in there."""
    fresh = OidcProvider(issuer=_server.issuer, key=_server.key)
    vars(_server).update(vars(fresh))
    provider.forget_providers()
    return _server


@pytest.fixture
def ours(app: Flask, there: OidcProvider) -> Iterator[Provider]:
    """The settings that name the provider."""
    named = Provider(there.issuer, CLIENT, SECRET, {"en": "State ID", "kk": "Мемлекеттік ID"})
    yield from configured(app, named)


def configured(app: Flask, named: Provider) -> Iterator[Provider]:
    """The app with a provider for the time of the test."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, provider=named)
    yield named
    app.extensions["settings"] = settings


@pytest.fixture
def member(ours: Provider) -> Account:
    """A member with a password."""
    made = make_member(make_country().precinct)
    actions.choose_password(account=made, password=PASSWORD)
    return made


def link(account: Account, ours: Provider, subject: str = "person-1") -> None:
    """Have the subject sign in to the account."""
    linking.link(account=account, provider=ours, subject=subject)


def go(client: Client, start: str = "/en/sign-in/provider") -> str:
    """There, as a browser goes: the address at which it comes back."""
    away = client.get(start)
    assert away.status_code == 302, away.text
    answer = requests.get(away.headers["Location"], allow_redirects=False, timeout=5)
    back: str = answer.headers["Location"]
    assert back.startswith("http://localhost/sign-in/provider/back?")
    return back.removeprefix("http://localhost")


def come_back(client: Client, back: str) -> TestResponse:
    """The page that a browser shows in the end."""
    return client.get(back, headers={"Accept-Language": "en"}, follow_redirects=True)


def is_signed_in(client: Client) -> bool:
    """Whether somebody is."""
    return client.get("/en/account").status_code == 200


def test_there_and_back_signs_in_whoever_is_linked(client: Client, member: Account, ours: Provider) -> None:
    link(member, ours)
    assert "Sign in through State ID" in client.get("/en/sign-in").text
    back = go(client, "/en/sign-in/provider?next=/account")
    page = come_back(client, back)
    assert (page.status_code, page.request.path, member.login in page.text) == (200, "/en/account", True)
    assert member.last_seen_at is not None
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts.signed_in")).all()
    assert [one.details for one in said] == [{"through": ours.issuer}]


def test_next_leads_only_to_our_own_pages(client: Client, member: Account, ours: Provider) -> None:
    link(member, ours)
    page = client.get(go(client, "/en/sign-in/provider?next=//evil.example"))
    assert page.headers["Location"].endswith("/")
    assert "evil" not in page.headers["Location"]


def test_an_answer_is_taken_once(client: Client, member: Account, ours: Provider) -> None:
    link(member, ours)
    back = go(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert come_back(client, back).request.path == "/en/"
    client.post("/en/sign-out")
    page = come_back(client, back)
    assert ("was not begun in this browser" in page.text, is_signed_in(client)) == (True, False)
    client.set_cookie("session", cookie.value)  # the browser as it was before it came back
    page = come_back(client, back)
    assert ("was not begun in this browser" in page.text, is_signed_in(client)) == (True, False)


def test_the_answer_to_somebody_elses_request_is_refused(
    app: Flask, client: Client, member: Account, ours: Provider
) -> None:
    link(member, ours)
    stranger: Any = app.test_client()
    page = come_back(stranger, go(client))
    assert ("was not begun in this browser" in page.text, is_signed_in(stranger)) == (True, False)
    go(client)
    page = come_back(client, "/sign-in/provider/back?state=guessed&code=guessed")
    assert ("was not begun in this browser" in page.text, is_signed_in(client)) == (True, False)


def test_an_answer_after_ten_minutes_is_too_late(client: Client, member: Account, ours: Provider) -> None:
    link(member, ours)
    back = go(client)
    with time_machine.travel(clock.machine_time() + timedelta(minutes=11)):
        page = come_back(client, back)
    assert ("took too long" in page.text, is_signed_in(client)) == (True, False)


BENT: dict[str, dict[str, Any]] = {
    "forged signature": {"signs_with": RSAKey.generate_key(2048, {"kid": "one"})},
    "signed with what a client knows": {"signs_with": OctKey.import_key(SECRET * 2), "algorithm": "HS256"},
    "unsigned": {"algorithm": "none"},
    "wrong nonce": {"claims": {"sub": "person-1", "nonce": "another"}},
    "no nonce": {"without_nonce": True},
    "wrong audience": {"claims": {"sub": "person-1", "aud": "another"}},
    "several audiences, meant for another": {"claims": {"sub": "person-1", "aud": [CLIENT, "other"], "azp": "other"}},
    "wrong audience, handed on to us": {"claims": {"sub": "person-1", "aud": "another", "azp": CLIENT}},
    "wrong issuer": {"claims": {"sub": "person-1", "iss": "https://id.example"}},
    "out of date": {"claims": {"sub": "person-1", "exp": 1_700_000_000}},
    "from the future": {"claims": {"sub": "person-1", "iat": 4_000_000_000, "exp": 4_000_000_300}},
    "no subject": {"claims": {"sub": ""}},
}


@pytest.mark.parametrize("bent", BENT.values(), ids=BENT)
def test_a_token_that_is_not_as_it_should_be_opens_nothing(
    client: Client, member: Account, ours: Provider, there: OidcProvider, bent: dict[str, Any]
) -> None:
    link(member, ours)
    for name, value in bent.items():
        setattr(there, name, value)
    if there.algorithm == "none":
        there.token = unsigned(there)  # type: ignore[method-assign]
    page = come_back(client, go(client))
    vars(there).pop("token", None)
    assert ("is not to be believed" in page.text, is_signed_in(client)) == (True, False)
    assert page.request.path == "/en/sign-in"
    assert client.post("/en/sign-in", data={"login": member.login, "secret": PASSWORD}).status_code == 302


def unsigned(there: OidcProvider) -> Any:
    """Tokens without a signature."""

    def token(nonce: str) -> str:
        there.algorithm = "RS256"
        head, body, _signature = OidcProvider.token(there, nonce).split(".")
        assert head
        return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}."

    return token


def test_keys_that_changed_are_asked_for_anew(
    client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    link(member, ours)
    come_back(client, go(client))
    client.post("/en/sign-out")
    old, there.key = there.key, RSAKey.generate_key(2048, {"kid": "one"})
    assert come_back(client, go(client)).request.path == "/en/"
    there.key = old


def test_the_description_is_asked_for_once(client: Client, member: Account, there: OidcProvider) -> None:
    for _number in range(3):
        come_back(client, go(client))
    assert there.asked.count("/.well-known/openid-configuration") == there.asked.count("/keys") == 1


def test_whoever_says_no_there_is_told_so(client: Client, member: Account, there: OidcProvider) -> None:
    there.refuses = True
    page = come_back(client, go(client))
    assert "You were not signed in at State ID." in page.text


def test_a_provider_that_is_down_leaves_the_usual_way(
    client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    link(member, ours)
    back = go(client)
    there.broken = 500
    page = come_back(client, back)
    assert "State ID does not answer now" in page.text
    provider.forget_providers()
    page = client.get("/en/sign-in/provider", follow_redirects=True)
    assert "State ID does not answer now" in page.text
    asked = len(there.asked)
    client.get("/en/sign-in/provider")
    assert len(there.asked) == asked  # left alone for a while: nobody waits for it
    assert client.post("/en/sign-in", data={"login": member.login, "secret": PASSWORD}).status_code == 302


def test_a_provider_that_is_not_there_leaves_the_usual_way(app: Flask, client: Client, ours: Provider) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, provider=replace(ours, issuer="http://127.0.0.1:1"))
    page = client.get("/en/sign-in/provider", follow_redirects=True)
    assert (page.status_code, "does not answer now" in page.text, "Password" in page.text) == (200, True, True)


def test_a_provider_under_another_name_is_not_asked_further(
    app: Flask, client: Client, ours: Provider, there: OidcProvider
) -> None:
    there.describe = lambda: {**OidcProvider.describe(there), "issuer": "https://id.example"}  # type: ignore[method-assign]
    page = client.get("/en/sign-in/provider", follow_redirects=True)
    del vars(there)["describe"]
    assert "does not answer now" in page.text


def test_nobody_and_nothing_is_made_for_the_unknown(
    client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    def counted() -> list[int]:
        return [len(db.session.scalars(select(model)).all()) for model in (Account, Person, LinkedIdentity)]

    before = counted()
    page = come_back(client, go(client))
    assert ("no account here is linked to you" in page.text, is_signed_in(client)) == (True, False)
    assert counted() == before


def test_a_number_counts_only_where_the_claim_is_named(
    app: Flask, client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    assert member.person.number_encrypted is not None
    number = open_text(member.person.number_encrypted)
    there.claims = {"sub": "stranger", "iin": number}
    come_back(client, go(client))
    assert not is_signed_in(client)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, provider=replace(ours, number_claim="iin"))
    for other in ("", "999999999999", int(number or 0), None, [number]):
        there.claims = {"sub": "stranger", "iin": other}
        come_back(client, go(client))
        assert not is_signed_in(client)
    there.claims = {"sub": "stranger", "iin": number}
    assert come_back(client, go(client)).request.path == "/en/"
    assert is_signed_in(client)
    assert db.session.scalars(select(LinkedIdentity)).all() == []


def test_who_has_never_signed_in_chooses_a_password_and_who_was_reset_needs_the_slip(ours: Provider) -> None:
    named = replace(ours, number_claim="iin")
    account = make_account()
    account.password_hash = None
    number = open_text(account.person.number_encrypted or b"")
    vouched = Vouched("stranger", number, has_second_factor=False)
    assert linking.sign_in(provider=named, vouched=vouched) is account
    with pytest.raises(Refused, match="new slip"):
        linking.sign_in(provider=named, vouched=vouched)
    account.disabled_at = clock.now()
    assert linking.sign_in(provider=named, vouched=vouched) is None


def test_a_role_holder_is_still_asked_for_the_second_step(
    app: Flask, client: Client, ours: Provider, there: OidcProvider
) -> None:
    officer = make_officer(make_country().district)
    link(officer, ours)
    there.claims = {"sub": "person-1", "acr": "low", "amr": ["pwd"]}
    come_back(client, go(client))
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor?")
    client.post("/en/sign-out")
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, provider=replace(ours, second_factor=frozenset({"high", "hwk"})))
    come_back(client, go(client))
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor?")
    for enough in ({"acr": "high"}, {"amr": ["pwd", "hwk"]}):
        client.post("/en/sign-out")
        there.claims = {"sub": "person-1", **enough}
        come_back(client, go(client))
        assert client.get("/en/").status_code == 200
    officer.totp_encrypted = None
    db.session.commit()
    assert client.get("/en/").status_code == 200
    client.post("/en/sign-out")
    there.claims = {"sub": "person-1"}
    come_back(client, go(client))
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor/set-up")


def test_a_person_links_their_own_account_with_the_present_password(
    client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    sign_in_as(client, member)
    assert "Sign in through State ID" in client.get("/en/account").text
    assert client.get("/en/account/identity/there").headers["Location"] == "/en/account/identity"
    wrong = client.post("/en/account/identity", data={"current": "my guess"})
    assert (wrong.status_code, "not the password" in wrong.text) == (422, True)
    page = client.post("/en/account/identity", data={"current": PASSWORD})
    assert (page.status_code, "Go to State ID" in page.text) == (200, True)
    page = come_back(client, go(client, "/en/account/identity/there"))
    assert "From now on you can also sign in through State ID." in page.text
    kept = db.session.scalars(select(LinkedIdentity)).one()
    assert (kept.account_id, open_text(kept.subject_encrypted)) == (member.id, "person-1")
    assert "person-1" not in kept.subject_hash
    assert client.get("/en/account/identity/there").headers["Location"] == "/en/account/identity"
    client.post("/en/sign-out")
    assert come_back(client, go(client)).request.path == "/en/"
    assert client.post("/en/account/identity/remove", data={"current": "my guess"}).status_code == 422
    assert client.post("/en/account/identity/remove", data={"current": PASSWORD}).status_code == 302
    client.post("/en/sign-out")
    come_back(client, go(client))
    assert not is_signed_in(client)
    said = [one for one in db.session.scalars(select(AuditEntry.action)) if "identity_" in one]
    assert said == ["accounts.identity_linked", "accounts.identity_unlinked"]


def test_a_link_is_made_for_whoever_began_it_only(
    client: Client, member: Account, ours: Provider, there: OidcProvider
) -> None:
    sign_in_as(client, member)
    client.post("/en/account/identity", data={"current": PASSWORD})
    back = go(client, "/en/account/identity/there")
    with client.session_transaction() as session:
        state = session["o"]
    other = make_member(make_country_once())
    sign_in_as(client, other)
    with client.session_transaction() as session:
        session["o"] = state
    page = come_back(client, back)
    assert "You were signed out meanwhile" in page.text
    assert db.session.scalars(select(LinkedIdentity)).all() == []


def make_country_once() -> Any:
    """The precinct of the country that is there."""
    return db.session.scalars(select(Commission).where(Commission.level == Level.PEC)).first()


def test_one_identity_opens_one_account(ours: Provider, member: Account) -> None:
    link(make_account(), ours)
    with pytest.raises(Refused, match="linked to another account"):
        link(member, ours)
    link(member, ours, "person-2")
    link(member, ours, "person-3")
    kept = db.session.scalars(select(LinkedIdentity))
    assert {open_text(one.subject_encrypted) for one in kept} == {"person-1", "person-3"}


def test_a_reset_takes_the_link_too(ours: Provider, member: Account) -> None:
    link(member, ours)
    actions.reset_access(account=member, by=SYSTEM)
    assert db.session.scalars(select(LinkedIdentity)).all() == []


def test_nothing_of_the_token_is_kept_or_logged_but_the_subject(
    client: Client, member: Account, ours: Provider, there: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = io.StringIO()
    monkeypatch.setattr("sys.stderr", logged)
    link(member, ours)
    there.claims = {"sub": "person-1", "name": "Tokenova", "email": "tokenova@id.example"}
    come_back(client, go(client))
    there.claims["aud"] = "another"
    come_back(client, go(client))
    back, there.broken = go(client), 500
    come_back(client, back)
    kept = " ".join(str(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table)).all())
    for secret in ("Tokenova", "tokenova", "nothing here", "person-1"):
        assert secret not in kept
        assert secret not in logged.getvalue()
    assert "provider away" in logged.getvalue()
    assert db.session.scalars(select(PendingAnswer)).all() == []


def test_without_a_provider_there_is_no_button_and_no_way(client: Client) -> None:
    make_country()
    assert "provider" not in client.get("/en/sign-in").text
    for address in ("/en/sign-in/provider", "/en/sign-in/provider/back?state=a&code=b"):
        assert client.get(address).status_code == 404
    sign_in_as(client, make_account())
    for address in ("/en/account/identity", "/en/account/identity/there", "/en/account/identity/remove"):
        assert client.get(address).status_code == 404
    assert "identity" not in client.get("/en/account").text


# the settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A provider named in the environment."""
    for name in ("FILE", "KK", "RU", "EN"):
        monkeypatch.delenv(f"OIDC_LABEL_{name}", raising=False)
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example")
    monkeypatch.setenv("OIDC_CLIENT_ID", "cascade")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "secret")
    return monkeypatch


def test_the_settings_are_read(environment: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "secret").write_text(" from a file\n")
    environment.setenv("OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    environment.setenv("OIDC_LABEL_RU", "Госуслуги")
    environment.setenv("OIDC_SCOPE", "profile openid")
    environment.setenv("OIDC_SECOND_FACTOR", "high, hwk")
    read = read_provider()
    assert read == Provider(
        issuer="https://id.example",
        client_id="cascade",
        client_secret="from a file",
        labels={"ru": "Госуслуги"},
        scope="openid profile",
        second_factor=frozenset({"high", "hwk"}),
    )
    assert "from a file" not in repr(read)


def test_no_issuer_is_no_provider(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("OIDC_ISSUER")
    assert read_provider() is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("OIDC_ISSUER", "http://id.example", "over https only"),
        ("OIDC_ISSUER", "id.example", "no address of a provider"),
        ("OIDC_ISSUER", "https://id.example?a=b", "no address of a provider"),
        ("OIDC_ISSUER", "https://[", "no address"),
        ("OIDC_CLIENT_ID", "", "OIDC_CLIENT_ID is not"),
        ("OIDC_CLIENT_SECRET", " ", "no secret is"),
        ("OIDC_CLIENT_SECRET_FILE", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(
    environment: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(Refused, match=sentence):
        read_provider()
