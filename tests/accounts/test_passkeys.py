"""Passkeys: made, proven and removed; what was made for something else, or before, is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.accounts import actions, passkeys, tasks
from lms.accounts.models import Account, Passkey, PendingAnswer, RecoveryCode
from lms.accounts.queries import Factors, factors_of
from lms.accounts.rules import TRIES_PER_LOGIN, RelyingParty, relying_party
from lms.commissions.permissions import SYSTEM
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from tests.accounts.authenticator import Authenticator
from tests.conftest import Client
from tests.factories.commissions import make_account, make_country, make_member, make_officer, sign_in_as

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
HERE = RelyingParty("localhost", "http://localhost")
PASSWORD = "three short words"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands at noon, at the beginning of a quarter of an hour."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(app: Flask) -> Account:
    """An account without a second step."""
    return make_account(login="someone")


def give_passkey(account: Account, device: Authenticator, name: str = "phone") -> Passkey:
    """A passkey of the device, kept."""
    question = passkeys.begin_adding(account=account, party=HERE, session="s")
    return passkeys.add(account=account, party=HERE, session="s", answer=device.make(question), name=name)


def prove(account: Account, device: Authenticator, session: str = "s") -> None:
    """One proof with the device."""
    question = passkeys.begin_proving(account=account, party=HERE, session=session)
    passkeys.prove(account=account, party=HERE, session=session, answer=device.sign(question))


def test_a_passkey_is_kept_and_proves_the_second_step(account: Account) -> None:
    device = Authenticator(backed_up=True)
    kept = give_passkey(account, device)
    assert (kept.name, kept.transports, kept.backed_up, kept.last_used_at) == (
        "phone",
        ["hybrid", "internal"],
        True,
        None,
    )
    prove(account, device)
    prove(account, device)
    assert (kept.sign_count, kept.last_used_at) == (2, NOON)
    assert factors_of(account).passkeys == 1


def test_authenticators_that_do_not_count_are_good_too(account: Account) -> None:
    device = Authenticator(counts=False)
    give_passkey(account, device)
    prove(account, device)
    prove(account, device)


def test_a_count_that_does_not_go_up_is_refused(account: Account) -> None:
    device = Authenticator(count=7)
    kept = give_passkey(account, device)
    prove(account, device)
    for back in (7, 3, 0):
        device.count = back
        with pytest.raises(Refused, match="was not accepted"):
            prove(account, device)
    assert kept.sign_count == 8


def test_an_answer_is_taken_once(account: Account) -> None:
    device = Authenticator(counts=False)
    give_passkey(account, device)
    question = passkeys.begin_proving(account=account, party=HERE, session="s")
    answer = device.sign(question)
    passkeys.prove(account=account, party=HERE, session="s", answer=answer)
    with pytest.raises(Refused, match="sent twice"):
        passkeys.prove(account=account, party=HERE, session="s", answer=answer)
    passkeys.begin_proving(account=account, party=HERE, session="s")
    with pytest.raises(Refused, match="was not accepted"):
        passkeys.prove(account=account, party=HERE, session="s", answer=answer)


def test_a_question_ends_after_five_minutes_and_is_forgotten(account: Account, noon: time_machine.Traveller) -> None:
    device = Authenticator()
    give_passkey(account, device)
    question = passkeys.begin_proving(account=account, party=HERE, session="s")
    noon.shift(timedelta(minutes=5))
    with pytest.raises(Refused, match="took too long"):
        passkeys.prove(account=account, party=HERE, session="s", answer=device.sign(question))
    passkeys.begin_proving(account=account, party=HERE, session="s")
    noon.shift(timedelta(minutes=6))
    tasks.forget_what_is_over()
    assert db.session.scalars(select(PendingAnswer)).all() == []


def test_the_answer_to_another_sessions_question_is_refused(account: Account) -> None:
    device = Authenticator()
    give_passkey(account, device)
    question = passkeys.begin_proving(account=account, party=HERE, session="one")
    passkeys.begin_proving(account=account, party=HERE, session="other")
    with pytest.raises(Refused, match="was not accepted"):
        passkeys.prove(account=account, party=HERE, session="other", answer=device.sign(question))


@pytest.mark.parametrize(
    "bent",
    [{"origin": "http://localhost.evil.example"}, {"party": "evil.example"}, {"verifies": False}],
    ids=["another origin", "another party", "without PIN or finger"],
)
def test_what_was_made_for_something_else_is_refused(account: Account, bent: dict[str, object]) -> None:
    with pytest.raises(Refused, match="was not accepted"):
        give_passkey(account, Authenticator(**bent))  # type: ignore[arg-type]
    device = Authenticator()
    kept = give_passkey(account, device)
    for name, value in bent.items():
        setattr(device, name, value)
    with pytest.raises(Refused, match="was not accepted"):
        prove(account, device)
    assert kept.last_used_at is None


def test_a_foreign_passkey_proves_nothing(account: Account) -> None:
    own, foreign = Authenticator(), Authenticator()
    give_passkey(account, own)
    give_passkey(make_account(), foreign)
    with pytest.raises(Refused, match="does not belong to your account"):
        prove(account, foreign)
    foreign.credential_id = own.credential_id
    with pytest.raises(Refused, match="was not accepted"):
        prove(account, foreign)
    with pytest.raises(Refused, match="kept already"):
        give_passkey(make_account(), own)


@pytest.mark.parametrize("answer", ["", "nothing", "[]", "{}", '{"id": 1}', '{"id": "é", "rawId": "é", "response": 3}'])
def test_what_is_no_answer_is_refused_with_a_sentence(account: Account, answer: str) -> None:
    passkeys.begin_adding(account=account, party=HERE, session="s")
    with pytest.raises(Refused):
        passkeys.add(account=account, party=HERE, session="s", answer=answer, name="")
    passkeys.begin_proving(account=account, party=HERE, session="s")
    with pytest.raises(Refused):
        passkeys.prove(account=account, party=HERE, session="s", answer=answer)


def test_ten_passkeys_are_enough(account: Account) -> None:
    for _number in range(passkeys.MOST):
        give_passkey(account, Authenticator())
    with pytest.raises(Refused, match="Remove one first"):
        give_passkey(account, Authenticator())


def test_a_reset_takes_passkeys_and_recovery_codes(account: Account) -> None:
    give_passkey(account, Authenticator())
    other = make_account()
    give_passkey(other, Authenticator())
    actions.reset_access(account=account, by=SYSTEM)
    assert not factors_of(account)
    assert factors_of(other).passkeys == 1


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://training.example", RelyingParty("training.example", "https://training.example")),
        ("https://training.example:8443", RelyingParty("training.example", "https://training.example:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("https://10.0.0.5", None),
        ("https://[2001:db8::1]", None),
        ("http://rehearsal", None),
    ],
)
def test_where_browsers_make_passkeys(address: str, party: RelyingParty | None) -> None:
    assert relying_party(address) == party


# the pages


def signed_in(client: Client, account: Account, *, proven: bool) -> None:
    """Make the browser that of the account; its second step proven or not."""
    sign_in_as(client, account)
    if not proven:
        with client.session_transaction() as session:
            session.pop("2")


def fresh_officer() -> Account:
    """A territorial officer who has set nothing up yet."""
    officer = make_officer(make_country().district)
    officer.totp_encrypted = None
    actions.choose_password(account=officer, password=PASSWORD)
    return officer


def ask(client: Client, way: str, **typed: str) -> str:
    """The question of a page."""
    response = client.post(f"/en/second-factor/{way}/question", data=typed)
    assert response.status_code == 200, response.text
    return response.text


def test_a_role_holder_sets_up_a_passkey_instead_of_an_app(client: Client) -> None:
    officer, device = fresh_officer(), Authenticator()
    signed_in(client, officer, proven=False)
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor/set-up")
    assert "Or with a passkey" in client.get("/en/second-factor/set-up").text
    assert 'data-passkey="create"' in client.get("/en/second-factor/set-up/passkey").text
    answer = device.make(ask(client, "set-up/passkey"))
    page = client.post("/en/second-factor/set-up/passkey", data={"answer": answer, "passkey_name": "  work phone "})
    assert (page.status_code, "From now on it is your second step" in page.text) == (200, True)
    assert client.get("/en/").status_code == 200
    assert "work phone" in client.get("/en/account/second-factor").text
    client.post("/en/sign-out")
    client.post("/en/sign-in", data={"login": officer.login, "secret": PASSWORD})
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor?")
    assert client.get("/en/account/second-factor").status_code == 302
    assert client.post("/en/second-factor/set-up/passkey/question").status_code == 422
    assert client.get("/en/second-factor/set-up/passkey").headers["Location"] == "/en/second-factor"
    page = client.get("/en/second-factor")
    assert ('data-passkey="get"' in page.text, "Six digits" in page.text) == (True, False)
    done = client.post("/en/second-factor/passkey?next=/account", data={"answer": device.sign(ask(client, "passkey"))})
    assert done.headers["Location"] == "/en/account"
    assert client.get("/en/account").status_code == 200
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts.passkey_added")).one()
    assert said.details == {"passkey": db.session.scalars(select(Passkey.id)).one()}


def test_whoever_has_a_passkey_reads_nothing_before_it_is_proven(client: Client) -> None:
    member = make_member(make_country().precinct)
    give_passkey(member, Authenticator())
    signed_in(client, member, proven=False)
    assert client.get("/en/").headers["Location"].startswith("/en/second-factor?")
    with_neither = client.post("/en/second-factor", data={"code": "000000"})
    assert (with_neither.status_code, client.get("/en/").status_code) == (422, 302)


def test_a_failed_passkey_says_so_and_the_other_ways_stay(client: Client) -> None:
    officer = make_officer(make_country().district)
    device = Authenticator()
    give_passkey(officer, device)
    signed_in(client, officer, proven=False)
    question = ask(client, "passkey")
    device.origin = "https://evil.example"
    page = client.post("/en/second-factor/passkey", data={"answer": device.sign(question)})
    assert (page.status_code, "was not accepted" in page.text, "Six digits" in page.text) == (422, True, True)
    device.origin = "http://localhost"
    replayed = client.post("/en/second-factor/passkey", data={"answer": device.sign(question)})
    assert (replayed.status_code, "sent twice" in replayed.text) == (422, True)
    assert client.get("/en/").status_code == 302
    without_script = client.post("/en/second-factor/passkey", data={})
    assert (without_script.status_code, "needs JavaScript" in without_script.text) == (422, True)


def test_passkeys_and_digits_are_counted_together(client: Client) -> None:
    officer = make_officer(make_country().district)
    device = Authenticator()
    give_passkey(officer, device)
    signed_in(client, officer, proven=False)
    for number in range(TRIES_PER_LOGIN):
        way, data = ("/passkey", {"answer": "{}"}) if number % 2 else ("", {"code": "000000"})
        assert client.post(f"/en/second-factor{way}", data=data).status_code == 422
    answer = device.sign(ask(client, "passkey"))
    held = client.post("/en/second-factor/passkey", data={"answer": answer})
    assert (held.status_code, "Too many tries" in held.text) == (429, True)
    digits = pyotp.TOTP(SECRET).at(NOON)
    assert client.post("/en/second-factor", data={"code": digits}).status_code == 429
    assert client.get("/en/").status_code == 302


def test_adding_on_my_account_asks_for_the_present_password(client: Client) -> None:
    member, device = make_member(make_country().precinct), Authenticator()
    actions.choose_password(account=member, password=PASSWORD)
    signed_in(client, member, proven=False)
    refused = client.post("/en/second-factor/set-up/passkey/question", data={"current": "my guess"})
    assert (refused.status_code, "not the password" in (refused.json or {})["sentence"]) == (422, True)
    missing = client.post("/en/second-factor/set-up/passkey/question")
    assert (missing.status_code, "Type the password" in (missing.json or {})["sentence"]) == (422, True)
    unasked = client.post("/en/second-factor/set-up/passkey", data={"answer": device.make('{"challenge": "AA"}')})
    assert (unasked.status_code, "sent twice" in unasked.text) == (422, True)
    question = ask(client, "set-up/passkey", current=PASSWORD)
    assert client.post("/en/second-factor/set-up/passkey", data={"answer": device.make(question)}).status_code == 200
    code = pyotp.TOTP(SECRET).at(NOON)
    assert client.post("/en/second-factor/set-up", data={"code": code, "current": "my guess"}).status_code == 422
    assert "Your role needs" not in client.get("/en/account/second-factor").text


def test_the_last_second_step_of_a_role_holder_stays(client: Client) -> None:
    officer, device = make_officer(make_country().district), Authenticator()
    actions.choose_password(account=officer, password=PASSWORD)
    signed_in(client, officer, proven=True)
    page = client.post("/en/account/second-factor/app/remove", data={"current": PASSWORD})
    assert (page.status_code, "your role needs one" in page.text) == (422, True)
    kept = give_passkey(officer, device)
    wrong = client.post("/en/account/second-factor/app/remove", data={"current": "my guess"})
    assert (wrong.status_code, "not the password" in wrong.text, officer.totp_encrypted is None) == (422, True, False)
    assert client.post("/en/account/second-factor/app/remove", data={"current": PASSWORD}).status_code == 302
    page = client.post(f"/en/account/passkeys/{kept.id}/remove", data={"current": PASSWORD})
    assert (page.status_code, "your role needs one" in page.text) == (422, True)
    assert factors_of(officer) == Factors(app=False, passkeys=1, codes_left=0)


def test_a_member_may_be_without_a_second_step_again(client: Client) -> None:
    member = make_member(make_country().precinct)
    actions.choose_password(account=member, password=PASSWORD)
    kept = give_passkey(member, Authenticator(), "old phone")
    signed_in(client, member, proven=True)
    client.post("/en/account/recovery-codes", data={"current": PASSWORD})
    assert "Remove the passkey “old phone”?" in client.get(f"/en/account/passkeys/{kept.id}/remove").text
    page = client.post(f"/en/account/passkeys/{kept.id}/remove", data={"current": PASSWORD}, follow_redirects=True)
    assert "“old phone” opens nothing any more" in page.text
    assert db.session.scalars(select(RecoveryCode)).all() == []
    actions_said = set(db.session.scalars(select(AuditEntry.action)))
    assert {"accounts.passkey_added", "accounts.passkey_removed"} <= actions_said


def test_nobody_removes_the_passkey_of_somebody_else(client: Client) -> None:
    member = make_member(make_country().precinct)
    actions.choose_password(account=member, password=PASSWORD)
    foreign = give_passkey(make_account(), Authenticator())
    signed_in(client, member, proven=True)
    for method in (client.get, client.post):
        assert method(f"/en/account/passkeys/{foreign.id}/remove", data={"current": PASSWORD}).status_code == 404


def test_an_app_moves_to_another_phone(client: Client, noon: time_machine.Traveller) -> None:
    officer = make_officer(make_country().district)
    actions.choose_password(account=officer, password=PASSWORD)
    signed_in(client, officer, proven=True)
    page = client.get("/en/second-factor/set-up")
    assert "Move to another authenticator app" in page.text
    with client.session_transaction() as session:
        secret = session["totp"]
    new = {"code": pyotp.TOTP(secret).at(NOON)}
    assert client.post("/en/second-factor/set-up", data=new).status_code == 422
    assert client.post("/en/second-factor/set-up", data={**new, "current": PASSWORD}).status_code == 200
    noon.shift(60)
    old, moved = (pyotp.TOTP(one).at(NOON + timedelta(seconds=60)) for one in (SECRET, secret))
    assert not actions.prove_second_factor(account=officer, code=old)
    assert actions.prove_second_factor(account=officer, code=moved)


def test_where_browsers_make_no_passkeys_the_pages_say_so(app: Flask, client: Client) -> None:
    officer = fresh_officer()
    signed_in(client, officer, proven=False)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, public_url="http://127.0.0.1:8000")
    try:
        for page in ("/en/second-factor/set-up", "/en/second-factor/set-up/passkey"):
            told = client.get(page).text
            assert ("need an address with HTTPS" in told, "data-passkey=" in told) == (True, False)
        asked = client.post("/en/second-factor/set-up/passkey/question")
        assert (asked.status_code, "HTTPS" in (asked.json or {})["sentence"]) == (422, True)
    finally:
        app.extensions["settings"] = settings
