"""How people sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.people.models import Person


class Account(Model):
    """A person's way in. The login stands on the printed slip."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(default=None)
    """None until the person has chosen a password."""
    session_version: Mapped[int] = mapped_column(default=1)
    """Raised to end every session of the account at once."""
    totp_encrypted: Mapped[bytes | None] = mapped_column(default=None)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """The last time step whose code was used: a code works once."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None] = mapped_column(default=None)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (NO_NUMBER_TWICE,)

    person: Mapped[Person] = relationship()


class AccountSession(Model):
    """A browser in which somebody is signed in. The session lives as long as its row."""

    __tablename__ = "account_session"

    key: Mapped[str] = mapped_column(primary_key=True)
    """128 random bits; the signed cookie names it."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    """To a few minutes."""
    address: Mapped[str]
    """Shortened: which network, not which device (`visitors.short_address`)."""
    browser: Mapped[str]
    """`visitors.browser_of`"""


class OneTimeCode(Model):
    """The code on a slip: kept as a keyed hash, dated, of one use."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInWindow(Model):
    """How often a login or an address has been tried within one window of time."""

    __tablename__ = "sign_in_window"

    key: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of the login or of the address."""
    window: Mapped[int] = mapped_column(primary_key=True)
    tries: Mapped[int]


class Passkey(Model):
    """A passkey (WebAuthn credential) that somebody proves the second step with."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    """As the authenticator sent it (COSE)."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often the authenticator says that it signed; 0 for those that do not count."""
    transports: Mapped[list[str]]
    """How a browser reaches it (`internal`, `hybrid`, `usb`...), as it said itself."""
    name: Mapped[str]
    """What the person calls it."""
    backed_up: Mapped[bool]
    """Whether it lies on more than one device, as it said when it was used last."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCode(Model):
    """A code that stands in for the second step once: kept as a keyed hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class LinkedIdentity(Model):
    """An account's name at the provider, linked by the person. Of what the provider says, only the subject is kept."""

    __tablename__ = "linked_identity"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    issuer: Mapped[str]
    subject_hash: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of issuer and subject: by it the account is found."""
    subject_encrypted: Mapped[bytes]
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class PendingAnswer(Model):
    """What was asked of a browser, or of a provider through it, and is answered at most once and soon."""

    __tablename__ = "pending_answer"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of what the answer is known by (`pending`)."""
    value: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime] = mapped_column(index=True)
