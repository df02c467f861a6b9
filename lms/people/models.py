"""Who a person is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import NO_NUMBER_TWICE, Model
from lms.core.web.languages import _


def polite_name(given_name: str, patronymic: str) -> str:
    """Given name and patronymic: how a person is greeted."""
    return " ".join(part for part in (given_name, patronymic) if part)


def erased_name() -> str:
    """What stands where a name was erased, in the reader's language."""
    return _("(name erased)")


class Person(Model):
    """One human being, once. A person may have no account."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    surname: Mapped[str]
    given_name: Mapped[str]
    patronymic: Mapped[str] = mapped_column(default="")
    number_encrypted: Mapped[bytes | None] = mapped_column(default=None)
    """The identity number, encrypted (see `lms.people.vault`)."""
    number_hash: Mapped[str | None] = mapped_column(unique=True, default=None)
    """Keyed hash by which the number is found."""
    number_last4: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    """As +77011234567, or empty."""
    email: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="kk")
    """Language of learning: kk, ru or en."""
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    contacts_erased_at: Mapped[datetime | None] = mapped_column(default=None)
    """When identity number, phone and e-mail were erased because their term was over."""
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    """When all that is personal was erased on request. The surname is empty then, unless a certificate needs it."""

    __table_args__ = (
        Index("ix_person_surname_given_name", "surname", "given_name"),
        Index("ix_person_number_last4", "number_last4"),
        NO_NUMBER_TWICE,
    )

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic, as written in the roster; a neutral word where they were erased."""
        if not self.surname:
            return erased_name()
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def polite_name(self) -> str:
        """Given name and patronymic: how a person is greeted."""
        return polite_name(self.given_name, self.patronymic) if self.surname else erased_name()

    @property
    def masked_number(self) -> str:
        """The identity number as it may be shown: the last four digits only."""
        return f"•••• •••• {self.number_last4}" if self.number_last4 else ""


class PersonKey(Model):
    """A word by which a person is found: a folded part of the name, or digits of the phone (see `lms.people.folding`).
    Written together with the person."""

    __tablename__ = "person_key"

    key: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"), primary_key=True)
    """Compared letter by letter, so that a beginning is a range."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    __table_args__ = (Index("ix_person_key_person_id", "person_id"), {"sqlite_with_rowid": False})
