"""Roles from the command line."""

from __future__ import annotations

from click.testing import CliRunner, Result
from flask import Flask

from lms.cli import main
from lms.commissions.permissions import scope_of
from lms.commissions.rules import Role
from lms.core.database.base import db
from tests.factories.commissions import Country, make_account, make_country, make_officer


def lms(*words: str) -> Result:
    """The answer of an `lms` command."""
    return CliRunner().invoke(main, words)


def roles(act: str, country: Country, login: str, by: str, role: str = "trainer") -> Result:
    """`lms roles grant` or `revoke` at the district."""
    return lms("roles", act, "--role", role, "--commission", country.district.code, "--login", login, "--by", by)


def test_a_role_is_given_and_taken(app: Flask) -> None:
    country = make_country()
    account = make_account(login="trainer")
    given = roles("grant", country, "Trainer", "head")
    assert (given.exit_code, given.stderr) == (0, "")
    assert scope_of(account).grants == {(Role.TRAINER, country.district.id)}
    assert roles("revoke", country, "trainer", "head").exit_code == 0
    assert not scope_of(account).grants


def test_a_refusal_is_a_sentence_on_standard_error_and_nothing_has_happened(app: Flask) -> None:
    country = make_country()
    account = make_account(login="trainer")
    sister = make_officer(country.sister_district)
    db.session.commit()
    refused = {
        roles("grant", country, "trainer", sister.login): "Ask the commission above",
        roles("grant", country, "nobody", "head"): "no account with the login nobody",
        roles("grant", country, "trainer", "nobody"): "no account with the login nobody",
        roles("revoke", country, "trainer", "head"): "does not hold that role",
        roles("grant", country, "trainer", "head", "methodologist"): "right level",
    }
    for answer, sentence in refused.items():
        assert answer.exit_code == 1
        assert answer.stdout == ""
        assert sentence in answer.stderr
    assert not scope_of(account).grants


def test_used_wrongly_it_says_how(app: Flask) -> None:
    answer = lms("roles", "grant", "--role", "king")
    assert answer.exit_code == 2
    assert lms("roles", "grant", "--help").exit_code == 0


def test_an_unknown_commission_is_named(app: Flask) -> None:
    make_country()
    words = ("--role", "trainer", "--login", "head", "--by", "head")
    answer = lms("roles", "grant", "--commission", "KZ-99", *words)
    assert answer.exit_code == 1
    assert "KZ-99" in answer.stderr
