"""How people sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import Model
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
    """Shortened: which network, not which device (`rules.short_address`)."""
    browser: Mapped[str]
    """`rules.browser_of`"""


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
