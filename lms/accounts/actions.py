"""What happens to accounts: opened, given a code, signed in, given a password and a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import Connection, delete, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.accounts import passwords, queries, rules
from lms.accounts.browsers import delete_sessions
from lms.accounts.events import WayInChanged
from lms.accounts.models import Account, LinkedIdentity, OneTimeCode, Passkey, RecoveryCode, SignInWindow
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.engine import own_reading
from lms.core.database.inserting import insert_into
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _
from lms.people.models import Person
from lms.people.vault import keyed_hash, open_text, seal_text

TOTP_STEP = 30


def open_account(*, person: Person, login: str | None = None, by: Actor) -> Account:
    """A new account of `person`, without a password; `login` is drawn when not given."""
    if login is not None and queries.find_account(login) is not None:
        raise Refused(_("The login %(login)s is taken. Choose another.", login=login))
    while login is None or queries.find_account(login) is not None:
        login = rules.new_login()
    account = Account(person_id=person.id, login=login, created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    record("accounts.opened", by=by, subject=f"account:{account.id}")
    return account


def issue_code(*, account: Account, expires_at: datetime, by: Actor) -> str:
    """A fresh one-time code; earlier unused ones stop working. Shown once, kept only as a keyed hash."""
    code = rules.new_code()
    keep_code(account=account, code=code, expires_at=expires_at)
    record("accounts.code_issued", by=by, subject=f"account:{account.id}", expires_at=expires_at.isoformat())
    return code


def keep_code(*, account: Account, code: str, expires_at: datetime) -> None:
    """Make `code` the one that works: earlier unused ones stop working, this one is kept as a keyed hash. Whoever draws
    codes for many people writes the record of it."""
    revoke_codes(account)
    db.session.add(
        OneTimeCode(account_id=account.id, code_hash=hash_code(code), created_at=clock.now(), expires_at=expires_at)
    )


def forget_ways_in(account: Account) -> None:
    """Have nothing that the person knows, holds or has linked open the account any more, and no browser stay signed in.
    Whoever calls this records why."""
    account.password_hash, account.totp_encrypted = None, None
    for way in (Passkey, RecoveryCode, LinkedIdentity):
        db.session.execute(delete(way).where(way.account_id == account.id))
    account.session_version += 1
    delete_sessions(account.id)


def reset_access(*, account: Account, by: Actor, reason: str = "") -> None:
    """Take away password, second factor (app, passkeys, recovery codes), link to a provider and sessions: the person
    signs in with a new code. Where there is none of them and no reason is said, nothing was taken away and nothing is
    said to have been. The reason stands aside in the record, where it can be erased: it may name people."""
    had_way_in = queries.has_way_in(account)
    forget_ways_in(account)
    revoke_codes(account)
    if had_way_in or reason:
        values = {"reason": ("", reason)} if reason else None
        record("accounts.access_reset", by=by, subject=f"account:{account.id}", values=values)
    publish(WayInChanged(account.person_id))


def end_slips_and_sessions(*, account: Account, by: Actor) -> None:
    """Make every unused code of the account worthless and sign it out everywhere. A password that the person has chosen
    goes on working, so that what was learnt can be looked at."""
    revoke_codes(account)
    account.session_version += 1
    delete_sessions(account.id)
    record("accounts.slips_and_sessions_ended", by=by, subject=f"account:{account.id}")


def revoke_codes(account: Account) -> None:
    """Make every unused code of the account worthless."""
    _end_codes(account, OneTimeCode.revoked_at)


def _end_codes(account: Account, how: InstrumentedAttribute[datetime | None]) -> None:
    db.session.execute(
        update(OneTimeCode).where(OneTimeCode.account_id == account.id, *queries.not_ended()).values({how: clock.now()})
    )


def hash_code(code: str) -> str:
    """The keyed hash under which a one-time code is kept."""
    return keyed_hash("one-time-code", code)


def count_try(*, login: str, address: str, connection: Connection | None = None) -> bool:
    """Count one try to sign in, on a connection of its own where one is given; False when this login or address was
    tried too often in this quarter of an hour (`rules.may_try`)."""
    window = rules.window_of(clock.machine_time().timestamp())
    by_login = _count(connection, keyed_hash("try-login", login), window)
    by_address = _count(connection, keyed_hash("try-address", address), window)
    return rules.may_try(by_login, by_address)


def count_own_try(*, what: str, by: Actor) -> bool:
    """Count one try of somebody who is signed in to guess a code of this kind; False when there were too many in this
    quarter of an hour. No address is counted: a whole room sits behind one, and none of them is to be locked out by
    what another types."""
    window = rules.window_of(clock.machine_time().timestamp())
    return rules.may_try(_count(None, _own_key(what, by), window), 0)


def forget_own_tries(*, what: str, by: Actor) -> None:
    """A right code clears the count."""
    db.session.execute(delete(SignInWindow).where(SignInWindow.key == _own_key(what, by)))


def _own_key(what: str, by: Actor) -> str:
    return keyed_hash("try-own", f"{what}:{by.account_id}")


def forget_tries(*, login: str, address: str) -> None:
    """A good sign-in clears the count of its login and is no failure at its address."""
    window = rules.window_of(clock.machine_time().timestamp())
    for key, left in (
        (keyed_hash("try-address", address), SignInWindow.tries - 1),
        (keyed_hash("try-login", login), literal(0)),
    ):
        counted = update(SignInWindow).where(SignInWindow.key == key, SignInWindow.window == window)
        db.session.execute(counted.where(SignInWindow.tries > 0).values(tries=left))


def check_sign_in(*, login: str, secret: str) -> Account | None:
    """The account whose password or valid one-time code `secret` is; None otherwise, after the same work. The password
    is compared before the account is read to be changed: that takes long, and nobody is to wait for it."""
    db.session.flush()
    with own_reading() as connection:
        kept = connection.scalar(select(Account.password_hash).where(Account.login == login))
    matches = passwords.is_password(secret, kept)
    account = queries.find_account(login)
    code = rules.read_code(secret)
    valid = queries.find_valid_code(account.id if account else 0, hash_code(code or ""), clock.now())
    if account is None or account.disabled_at is not None:
        return None
    return account if (matches and account.password_hash == kept) or valid is not None else None


def note_sign_in(*, account: Account, secret: str) -> bool:
    """Record a good sign-in, or that its second step is still to come; True when it was made with a one-time code, so
    that a password is to be chosen."""
    account.last_seen_at = clock.now()
    code = rules.read_code(secret)
    with_code = account.password_hash is None or (
        code is not None and queries.find_valid_code(account.id, hash_code(code), clock.now()) is not None
    )
    act = "accounts.first_step_passed" if queries.factors_of(account) else "accounts.signed_in"
    record(act, by=ActorOf(account), subject=f"account:{account.id}", with_code=with_code)
    return with_code


def note_second_step(*, account: Account) -> None:
    """Record that somebody is in, by a good second step."""
    record("accounts.signed_in", by=ActorOf(account), subject=f"account:{account.id}", second_step=True)


@dataclass(frozen=True)
class ActorOf:
    """A person acting on their own account."""

    account: Account

    @property
    def account_id(self) -> int | None:
        """The account's id."""
        return self.account.id


def choose_password(*, account: Account, password: str, session: str = "") -> None:
    """Set the person's own password; the code that led here and every session but `session` stop working."""
    password = rules.read_password(password)
    fault = rules.password_fault(password, account.login) or ("common" if passwords.is_common(password) else None)
    if fault is not None:
        raise Refused(password_sentence(fault))
    account.password_hash = passwords.hash_password(password)
    account.session_version += 1
    delete_sessions(account.id, but=session)
    _end_codes(account, OneTimeCode.used_at)
    record("accounts.password_chosen", by=ActorOf(account), subject=f"account:{account.id}")
    publish(WayInChanged(account.person_id))


def password_sentence(fault: str) -> str:
    """What is wrong with a password and what to do."""
    return {
        "short": _("The password is too short. Take at least %(n)s characters.", n=rules.MIN_PASSWORD),
        "long": _("The password is too long. Take at most %(n)s characters.", n=rules.MAX_PASSWORD),
        "ours": _("This password is guessed at once: it is a word of the elections. Take several words."),
        "common": _("Many people have this password, so it is tried first. Take several words."),
        "login": _("The password holds your login. Take something else."),
        "same": _("This password is too easy to guess. Mix more different characters."),
    }[fault]


def new_totp_secret() -> str:
    """A fresh secret for a code generator (base32)."""
    return pyotp.random_base32()


def set_up_second_factor(*, account: Account, secret: str, code: str) -> None:
    """Keep `secret` as the account's second factor, once `code` shows that the person's device has it."""
    step = matching_step(secret, code, 0)
    if step is None:
        raise Refused(_("The six digits do not match. Wait for the next ones and try again."))
    account.totp_encrypted = seal_text(secret)
    account.totp_last_step = step
    record("accounts.second_factor_set", by=ActorOf(account), subject=f"account:{account.id}")


def remove_app(*, account: Account) -> None:
    """Take the authenticator app away; whoever calls this has seen that the person may be without it."""
    account.totp_encrypted = None
    record("accounts.second_factor_removed", by=ActorOf(account), subject=f"account:{account.id}")


def prove_second_factor(*, account: Account, code: str) -> bool:
    """Whether `code` is the account's present code, not used before."""
    if account.totp_encrypted is None:
        return False
    step = matching_step(open_text(account.totp_encrypted), code, account.totp_last_step)
    if step is None:
        return False
    account.totp_last_step = step
    return True


def matching_step(secret: str, code: str, after: int) -> int | None:
    """The time step (30 s) later than `after` whose code this is, one step of clock error allowed; None if none."""
    digits = "".join(ch for ch in code if ch.isdigit())
    now = int(clock.machine_time().timestamp()) // TOTP_STEP
    generator = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if step > after and pyotp.utils.strings_equal(generator.at(step * TOTP_STEP), digits):
            return step
    return None


def forget_old_windows() -> None:
    """Delete counts of tries older than a day (called by the worker)."""
    oldest = rules.window_of(clock.machine_time().timestamp()) - 96
    for row in db.session.scalars(select(SignInWindow).where(SignInWindow.window < oldest).limit(10_000)):
        db.session.delete(row)


def _count(connection: Connection | None, key: str, window: int) -> int:
    statement = insert_into(SignInWindow).values(key=key, window=window, tries=1)
    statement = statement.on_conflict_do_update(
        index_elements=["key", "window"], set_={"tries": SignInWindow.tries + 1}
    )
    where = connection or db.session
    tries: int = where.execute(statement.returning(SignInWindow.tries)).scalar_one()
    return tries
