"""Guesses at somebody's way in: told to the person once a quarter of an hour is over, by the worker. Signing in takes
no part in it, so that nothing of it shows which logins there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, select

from lms.accounts import rules
from lms.accounts.models import Account, SignInWindow
from lms.core import clock
from lms.core.audit.actions import record_all
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.database.engine import own_reading
from lms.core.database.inserting import insert_into
from lms.people.vault import keyed_hash

TOLD = "accounts.guessed_at"
STEPS = {"sign_in": "", "second_step": "second:"}
"""At what somebody guesses, and what stands before the login where tries are counted."""
SHOWN_FOR = timedelta(days=30)
_TOLD_KEY = "told"
"""In place of a hash: the guesses of this window were told."""


@dataclass(frozen=True)
class Guesses:
    """How often somebody guessed at an account on one day, in vain."""

    on: date
    tries: int
    at_second_step: bool


@dataclass(frozen=True)
class _System:
    account_id: int | None = None


def tell_guesses() -> None:
    """Write into the record, for each account that was guessed at in a quarter of an hour that is over, how often; one
    entry for each, and none twice."""
    db.session.flush()
    with own_reading() as connection:  # hashing every login takes a moment, and nobody's writing is to wait for it
        found = {window: list(_guessed_in(window, connection)) for window in _list_untold(connection)}
    for window, guessed in found.items():
        began = datetime.fromtimestamp(window * rules.WINDOW_SECONDS, UTC).isoformat()
        acts = [
            (f"account:{account_id}", {"tries": tries, "from": began, "step": step})
            for account_id, step, tries in guessed
        ]
        if _mark_told(window) and acts:
            record_all(TOLD, by=_System(), acts=acts)


def list_guesses(account_id: int) -> list[Guesses]:
    """What was guessed at an account in the last days, the latest day first."""
    entries = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.subject == f"account:{account_id}",
            AuditEntry.action == TOLD,
            AuditEntry.at > clock.now() - SHOWN_FOR,
        )
    )
    tries: dict[tuple[date, bool], int] = defaultdict(int)
    for entry in entries:
        on = clock.day_of(datetime.fromisoformat(entry.details["from"]))
        tries[on, entry.details["step"] == "second_step"] += entry.details["tries"]
    return [Guesses(on, count, second) for (on, second), count in sorted(tries.items(), reverse=True)]


def _list_untold(connection: Connection) -> list[int]:
    """Quarters of an hour that are over, with guesses, of which nothing was told yet."""
    now = rules.window_of(clock.machine_time().timestamp())
    told = select(SignInWindow.window).where(SignInWindow.key == _TOLD_KEY)
    guessed = SignInWindow.tries >= rules.TRIES_PER_LOGIN
    return list(
        connection.scalars(
            select(SignInWindow.window)
            .where(SignInWindow.window < now, guessed, SignInWindow.window.not_in(told))
            .distinct()
            .order_by(SignInWindow.window)
        )
    )


def _mark_told(window: int) -> bool:
    """Whether nobody else has told of it yet."""
    mark = insert_into(SignInWindow).values(key=_TOLD_KEY, window=window, tries=0).on_conflict_do_nothing()
    return db.session.execute(mark.returning(SignInWindow.key)).first() is not None


def _guessed_in(window: int, connection: Connection) -> Iterator[tuple[int, str, int]]:
    """(account, step, tries) of those who were guessed at. Counts are kept under hashes, so every login is hashed."""
    rows = connection.execute(
        select(SignInWindow.key, SignInWindow.tries).where(
            SignInWindow.window == window, SignInWindow.tries >= rules.TRIES_PER_LOGIN
        )
    )
    counted = {key: tries for key, tries in rows}  # noqa: C416 - rows are no pairs to mypy
    for account_id, login in connection.execute(select(Account.id, Account.login).order_by(Account.id)):
        for step, before in STEPS.items():
            tries = counted.get(keyed_hash("try-login", f"{before}{login}"), 0)
            if rules.is_guessing(tries):
                yield account_id, step, tries
