"""Undoing a roster on real connections, while somebody whom it added is just signing in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.errors import CascadeError
from lms.people.models import Person
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from lms.rosters.undoing import undo_import
from tests.factories.commissions import make_country
from tests.factories.installations import NewInstallation, installations
from tests.postgres import Server
from tests.rosters.test_actions import apply, roster, take

WAIT = 1.0
"""Seconds in which the other one has long come to the rows."""


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("races")) as make:
        yield make


def undo(app: Flask, import_id: int, said: list[str]) -> None:
    """Undo the import in a thread of its own."""
    with app.app_context():
        try:
            undo_import(roster_import=db.session.get_one(RosterImport, import_id), by=SYSTEM)
            db.session.commit()
        except CascadeError as refusal:
            db.session.rollback()
            said.append(refusal.sentence)
        finally:
            db.session.remove()


def test_who_is_just_signing_in_is_waited_for(new: NewInstallation) -> None:
    app = new()
    with app.app_context():
        upgrade()
        country = make_country()
        made = take(roster([1, 2, 3]), SYSTEM, country.district)
        apply(made, SYSTEM)
        person = db.session.scalars(select(Person).join(Appointment, Appointment.person_id == Person.id)).first()
        assert person is not None
        account_id, import_id = open_account(person=person, by=SYSTEM).id, made.id
        db.session.commit()

        said: list[str] = []
        db.session.execute(update(Account).where(Account.id == account_id).values(password_hash="set"))
        other = threading.Thread(target=undo, args=(app, import_id, said))
        other.start()
        time.sleep(WAIT)
        db.session.commit()
        other.join()
        assert said
        assert "1 person whom it added has signed in" in said[0]
        assert db.session.get_one(Account, account_id).password_hash == "set"
        assert db.session.get_one(RosterImport, import_id).state == ImportState.APPLIED
        db.session.remove()
