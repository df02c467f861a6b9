"""Which account a provider's word is for: linked by the person, or found by identity number. None is ever made."""

from __future__ import annotations

from sqlalchemy import delete, select

from lms.accounts import queries
from lms.accounts.actions import ActorOf
from lms.accounts.models import Account, LinkedIdentity
from lms.accounts.provider import Vouched
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.provider import Provider
from lms.core.web.languages import _
from lms.people.queries import find_by_number
from lms.people.vault import keyed_hash, seal_text


def link(*, account: Account, provider: Provider, subject: str) -> None:
    """Have the provider's `subject` sign in to the account from now on; an earlier link of the account ends. Refused
    when the subject signs in to another account."""
    holder = _find_linked(provider, subject)
    if holder is not None and holder.account_id != account.id:
        raise Refused(_("This identity is linked to another account here. Ask its holder, or your commission."))
    unlink(account=account, recorded=False)
    db.session.add(
        LinkedIdentity(
            account_id=account.id,
            issuer=provider.issuer,
            subject_hash=_hash(provider, subject),
            subject_encrypted=seal_text(subject),
            linked_at=clock.now(),
        )
    )
    db.session.flush()
    record("accounts.identity_linked", by=ActorOf(account), subject=f"account:{account.id}", issuer=provider.issuer)


def unlink(*, account: Account, recorded: bool = True) -> None:
    """End the account's link, if there is one."""
    ended = delete(LinkedIdentity).where(LinkedIdentity.account_id == account.id)
    if db.session.execute(ended.returning(LinkedIdentity.issuer)).first() is not None and recorded:
        record("accounts.identity_unlinked", by=ActorOf(account), subject=f"account:{account.id}")


def find_link(account_id: int) -> LinkedIdentity | None:
    """The link of an account."""
    return db.session.get(LinkedIdentity, account_id)


def sign_in(*, provider: Provider, vouched: Vouched) -> Account | None:
    """The account that the provider's word opens, its sign-in recorded; None when there is none. Whoever had a password
    and lost it by a reset comes with the new slip first."""
    account = _find_account(provider, vouched)
    if account is None or account.disabled_at is not None:
        return None
    if account.password_hash is None and account.last_seen_at is not None:
        raise Refused(_("Your commission gave you a new slip. Sign in with it once, and choose a password."))
    account.last_seen_at = clock.now()
    record("accounts.signed_in", by=ActorOf(account), subject=f"account:{account.id}", through=provider.issuer)
    return account


def _find_account(provider: Provider, vouched: Vouched) -> Account | None:
    linked = _find_linked(provider, vouched.subject)
    if linked is not None:
        linked.last_used_at = clock.now()
        return db.session.get(Account, linked.account_id)
    person = find_by_number(vouched.number) if vouched.number else None
    return None if person is None else queries.find_account_of(person.id)


def _find_linked(provider: Provider, subject: str) -> LinkedIdentity | None:
    return db.session.scalar(select(LinkedIdentity).where(LinkedIdentity.subject_hash == _hash(provider, subject)))


def _hash(provider: Provider, subject: str) -> str:
    return keyed_hash("linked-identity", f"{provider.issuer}\n{subject}")
