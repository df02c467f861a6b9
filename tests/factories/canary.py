"""One person with unmistakable values, who came and went through the real actions; and a search for these values in
every column of every table and in every file of the installation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import JSON, LargeBinary, String, select

from lms.accounts.actions import choose_password
from lms.accounts.models import Account, LinkedIdentity, Passkey
from lms.accounts.queries import find_account_of
from lms.accounts.recovery import make_codes
from lms.assessment.helping import Terms, give_accommodation
from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import end_appointments
from lms.commissions.corrections import correct_nomination
from lms.commissions.duplicates import merge_people
from lms.commissions.models import Appointment, ReserveEntry
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.queries import find_seat_of
from lms.commissions.slips import draw_slips, issue_slips, slip_expiry
from lms.core import clock
from lms.core.config import Settings
from lms.core.database.base import Model, db
from lms.core.jobs.models import Job
from lms.home.actions import note_contact
from lms.home.rules import Outcome
from lms.people.actions import NewPerson, add_people, correct_person, reveal_number
from lms.people.folding import keys_of
from lms.people.models import Person
from lms.people.queries import find_by_number
from lms.people.vault import number_hash, open_bytes, seal_text
from lms.rosters import actions
from lms.rosters.applying import apply_import
from lms.rosters.models import RosterImport
from lms.workshops.actions import renew_calendar_key
from tests.factories.commissions import Country, open_browser
from tests.factories.rosters import RUSSIAN, demo_number, workbook
from tests.factories.rosters import person as row_of

SURNAME, GIVEN_NAME, PATRONYMIC = "Құмарғазиева", "Перизатгүл", "Ыдырысбекқызы"
NUMBER, OTHER_NUMBER = demo_number(7101, "710203"), demo_number(7102, "710203")
PHONE, OTHER_PHONE = "+77479998877", "+77479998866"
EMAIL = "perizatgul@canary.example"
PARTY, OTHER_PARTY = "Қиыр партиясы", "Party of Canaries"
NAMES = (SURNAME, GIVEN_NAME, PATRONYMIC)
VALUES = (NUMBER, OTHER_NUMBER, PHONE, PHONE[2:], OTHER_PHONE, OTHER_PHONE[2:], EMAIL, PARTY, OTHER_PARTY)
"""Everything but the name. The birth date stands in the number."""


@dataclass
class Canary:
    """The person, an entry merged into it, the account, and the rosters that brought them."""

    person: Person
    alias: Person
    account: Account
    applied: list[RosterImport]
    discarded: RosterImport


def send(country: Country, *rows: list[Any], full: bool = False) -> RosterImport:
    """A roster of the district, read."""
    content = workbook(("Лист1", [RUSSIAN, *rows]))
    made = actions.upload(content=content, file_name="list.xlsx", commission=country.district, full=full, by=SYSTEM)
    actions.read_import(roster_import=made, by=SYSTEM)
    return made


def row(**cells: Any) -> list[Any]:
    """The canary as a row of a roster."""
    known = {"surname": SURNAME, "given": GIVEN_NAME, "patronymic": PATRONYMIC, "number": NUMBER, "party": PARTY}
    return row_of(71, "член", "УИК № 17", **{**known, "phone": PHONE, "email": EMAIL, **cells})


def make_canary(country: Country) -> Canary:
    """The canary came by a roster, was corrected by another, called, signed in, joined with a second entry of theirs,
    and has left: nothing is committed."""
    first = send(country, row(), row_of(72, "член", "УИК № 17"))
    apply_import(roster_import=first, leave_out_problems=True, by=SYSTEM)
    person = find_by_number(NUMBER)
    assert person is not None
    second = send(country, row(phone=OTHER_PHONE, party=OTHER_PARTY), row(number=NUMBER[:11]))
    apply_import(roster_import=second, leave_out_problems=True, by=SYSTEM)
    discarded = send(country, row(phone=PHONE))
    actions.discard(roster_import=discarded, by=SYSTEM)
    seat = find_seat_of(person.id)
    assert seat is not None
    account = _sign_in(person, seat)
    note = f"{GIVEN_NAME}: {PHONE}"
    note_contact(seat=seat, campaign_id=get_open_campaign().id, outcome=Outcome.REACHED, note=note, by=SYSTEM)
    given = Terms(50, 0, ("reader",), "sight", f"{SURNAME}: {PHONE}", clock.today(), None)
    give_accommodation(holder=person, terms=given, by=SYSTEM)
    correct_person(person=person, fields={"phone": PHONE, "surname": f"{SURNAME}-Ким"}, by=SYSTEM)
    correct_person(person=person, fields={"surname": SURNAME}, by=SYSTEM)
    correct_nomination(appointment=seat, nominated_by=PARTY, by=SYSTEM)
    reveal_number(person=person, reason=f"{SURNAME} asked", by=SYSTEM)
    said = f"{SURNAME} {GIVEN_NAME} {PATRONYMIC}"
    now = clock.machine_time()
    db.session.add(Job(kind="tests", params={}, state="failed", sentence=said, created_at=now, ended_at=now))
    alias = _alias(country, person)
    end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
    return Canary(person, alias, account, [first, second], discarded)


def _sign_in(person: Person, seat: Appointment) -> Account:
    drawn = draw_slips([(person, None, seat.commission)])
    issue_slips(drawn, expires_at=slip_expiry(), commission=seat.commission, by=SYSTEM)
    account = find_account_of(person.id)
    assert account is not None
    choose_password(account=account, password="бес сөзден тұратын құпиясөз")
    open_browser(account)
    renew_calendar_key(person_id=person.id, by=scope_of(account))
    db.session.add_all(
        [
            Passkey(
                account_id=account.id,
                credential_id=b"credential",
                public_key=b"key",
                sign_count=1,
                transports=[],
                name=f"{SURNAME}: {PHONE}",
                backed_up=False,
                created_at=clock.now(),
            ),
            LinkedIdentity(
                account_id=account.id,
                issuer="https://id.example",
                subject_hash="subject",
                subject_encrypted=seal_text(EMAIL),
                linked_at=clock.now(),
            ),
        ]
    )
    make_codes(account=account)
    day = date(2019, 1, 1)
    db.session.add(
        ReserveEntry(
            commission_id=seat.commission_id,
            person_id=person.id,
            nominated_by=PARTY,
            turn=1,
            valid_from=day,
            valid_until=day,
            act="7",
            act_on=day,
        )
    )
    return account


def _alias(country: Country, person: Person) -> Person:
    known = NewPerson(OTHER_NUMBER, SURNAME, GIVEN_NAME, PATRONYMIC, phone=OTHER_PHONE, email=EMAIL)
    alias = db.session.get_one(Person, add_people(people=[known], by=SYSTEM)[0])
    seats = db.session.query(Appointment).filter_by(person_id=person.id).all()
    held = Appointment(
        seat_id=seats[0].seat_id,
        commission_id=country.precinct.id,
        person_id=alias.id,
        office="member",
        nominated_by=PARTY,
        starts_on=date(2019, 1, 1),
        ends_on=date(2020, 1, 1),
    )
    db.session.add(held)
    db.session.flush()
    merge_people(kept=person, merged=alias, by=SYSTEM)
    return alias


def traces(*, names: bool = True) -> set[str]:
    """Where any of the values stands (`table.column`), with the names or without: in every text or blob of every table,
    encrypted ones opened, hashes and keys of search too; and `file <name>` for files of the installation."""
    needles = {*VALUES, *(NAMES if names else ())}
    hashes = {number_hash(NUMBER), number_hash(OTHER_NUMBER)}
    keys = keys_of(SURNAME, GIVEN_NAME, PATRONYMIC, PHONE) | keys_of(SURNAME, GIVEN_NAME, PATRONYMIC, OTHER_PHONE)
    found = set()
    for table, column, value in _values():
        words = _opened(value)
        exact = hashes | (keys if table == "person_key" else set())
        if words in exact or any(needle in words for needle in needles):
            found.add(f"{table}.{column}")
    for path, content in _files():
        if any(needle.encode() in content for needle in needles):
            found.add(f"file {path.name}")
    return found


def _values() -> Iterator[tuple[str, str, Any]]:
    db.session.flush()
    for table in Model.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, (String, JSON, LargeBinary))]
        if columns:
            for values in db.session.execute(select(*columns)):
                for column, value in zip(columns, values, strict=True):
                    if value is not None:
                        yield table.name, column.name, value


def _opened(value: Any) -> str:
    if isinstance(value, bytes):
        return _decrypted(value).decode(errors="replace")
    return value if isinstance(value, str) else str(value)


def _decrypted(content: bytes) -> bytes:
    try:
        return open_bytes(content)
    except InvalidToken:
        return content


def _files() -> Iterator[tuple[Path, bytes]]:
    """Files of the installation: what they hold, spreadsheets unpacked. The database's own file is read as it lies on
    the disk, unless its transaction is open still (a test that is rolled back)."""
    settings: Settings = current_app.extensions["settings"]
    open_still = not hasattr(db.engine, "raw_connection")
    for path in sorted(one for one in settings.instance.rglob("*") if one.is_file()):
        if open_still and path.name.startswith("cascade.db"):
            continue
        content = _decrypted(path.read_bytes())
        yield path, _unpacked(content)


def _unpacked(content: bytes) -> bytes:
    import io
    import zipfile

    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist())
