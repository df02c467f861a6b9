"""Servers with a planted fault each in how people sign in, for the campaign of guesses to find."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Flask, g
from sqlalchemy import Connection, select
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.accounts import actions, passwords, queries, rules
from lms.accounts.models import Account, SignInWindow
from lms.app import create_app
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.setup import keep_changes
from lms.people.vault import keyed_hash


def create_late_counting_app() -> Flask:
    """It counts a try after it has checked it: those who come at the same moment are all checked."""
    count, check = actions.count_try, actions.check_sign_in

    def look(*, login: str, address: str, connection: Connection | None = None) -> bool:
        g.tried = {"login": login, "address": address}
        keys = keyed_hash("try-login", login), keyed_hash("try-address", address)
        return rules.may_try(*(1 + _tries(connection, key) for key in keys))

    def check_and_count(*, login: str, secret: str) -> Account | None:
        found = check(login=login, secret=secret)
        keep_changes()
        count(**g.tried)
        return found

    actions.count_try, actions.check_sign_in = look, check_and_count
    return create_app()


def create_process_counting_app() -> Flask:
    """Each of its processes counts for itself, and forgets when it ends."""
    tries = Counter[tuple[str, str]]()

    def count(*, login: str, address: str, connection: Connection | None = None) -> bool:
        tries.update([("login", login), ("address", address)])
        return rules.may_try(tries["login", login], tries["address", address])

    actions.count_try = count
    return create_app()


def create_trusting_app() -> Flask:
    """It believes whatever address a request says it comes from, though no proxy stands before it."""
    app = create_app()
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]
    return app


def create_saving_app() -> Flask:
    """It saves itself the work of a hash where there is no such login."""
    compare = passwords.is_password
    passwords.is_password = lambda password, kept: kept is not None and compare(password, kept)
    return create_app()


def create_telling_app() -> Flask:
    """It says that there is no such login."""
    check = actions.check_sign_in

    def check_and_tell(**words: Any) -> Account | None:
        found = check(**words)
        if queries.find_account(words["login"]) is None:
            raise Refused("There is no such login.")
        return found

    actions.check_sign_in = check_and_tell
    return create_app()


def create_shutting_app() -> Flask:
    """It shuts a whole address out after as many failures as one login has tries."""
    rules.may_try = lambda _by_login, by_address: by_address <= rules.TRIES_PER_LOGIN
    return create_app()


def _tries(connection: Connection | None, key: str) -> int:
    window = rules.window_of(clock.machine_time().timestamp())
    counted = select(SignInWindow.tries).where(SignInWindow.key == key, SignInWindow.window == window)
    return (connection or db.session).execute(counted).scalar() or 0
