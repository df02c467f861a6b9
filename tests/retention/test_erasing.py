"""One person's values erased: nothing is found afterwards but what the schedule says stays; each refusal."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts.actions import check_sign_in
from lms.accounts.models import AccountSession
from lms.assessment.models import Attempt
from lms.commissions.actions import end_appointments, grant_role, revoke_role
from lms.commissions.duplicates import merge_people, part_people
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.audit.sealing import look_at_chain, seal
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.web.languages import speaking
from lms.home.finding import search
from lms.home.own_data import gather
from lms.home.record import about_person, count_entries
from lms.people.models import Person, PersonKey
from lms.people.queries import find_by_number
from lms.reporting import counting
from lms.reporting.models import CompletionCounter
from lms.retention import erasing, ledger, running
from lms.retention.erasing import erase_person, look_at
from lms.retention.errors import NotErased
from lms.retention.rules import Hindrance
from lms.rosters import actions
from lms.rosters.applying import apply_import
from lms.rosters.errors import Erased
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from lms.rosters.undoing import check_may_undo
from tests.factories.canary import GIVEN_NAME, NAMES, NUMBER, PHONE, SURNAME, Canary, make_canary, row, send, traces
from tests.factories.certificates import certify
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.rosters import person as row_of
from tests.factories.seats import replaced
from tests.factories.world import make_world

REASON = "a request of the person"


@pytest.fixture
def country(app: Flask) -> Country:
    found = make_country()
    make_course()
    return found


@pytest.fixture
def canary(country: Country, settings: Settings) -> Canary:
    """The canary, in an installation without files of other tests."""
    shutil.rmtree(settings.files, ignore_errors=True)
    ledger.path().unlink(missing_ok=True)
    found = make_canary(country)
    db.session.commit()
    return found


@pytest.fixture
def head(country: Country) -> Scope:
    return scope(country.head)


def erase(canary: Canary, head: Scope) -> None:
    """Erase the person, and what the next night takes away."""
    erase_person(person=canary.person, reason=REASON, by=head)
    db.session.commit()
    running.run_schedule(by=SYSTEM, keep=db.session.commit)


WHERE = {
    "accommodation.note",
    "appointment.nominated_by",
    "audit_value.after",
    "audit_value.before",
    "contact_attempt.note",
    "job.sentence",
    "linked_identity.subject_encrypted",
    "passkey.name",
    "person.email",
    "person.given_name",
    "person.number_encrypted",
    "person.number_hash",
    "person.patronymic",
    "person.phone",
    "person.surname",
    "person_key.key",
    "reserve_entry.nominated_by",
    "roster_change.payload",
    "roster_row.number_hash",
    "roster_row.payload",
}
"""Where the values stand before, besides the files of the two applied rosters."""


def test_before_it_the_search_finds_everything(canary: Canary) -> None:
    found = traces()
    assert {one for one in found if not one.startswith("file")} == WHERE
    assert len([one for one in found if one.startswith("file")]) == 2, "the applied ones; the discarded one is gone"


def test_nothing_is_left_anywhere(canary: Canary, head: Scope) -> None:
    erase(canary, head)
    assert traces() == set()


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ("erase_named", "roster_row.payload"),
        ("forget_words_about", "job.sentence"),
        ("erase_notes", "contact_attempt.note"),
        ("erase_helps", "accommodation.note"),
        ("erase_nominations", "appointment.nominated_by"),
        ("erase_values_of", "audit_value.before"),
        ("erase_people", "person.number_encrypted"),
    ],
)
def test_a_step_that_is_forgotten_is_found(
    canary: Canary, head: Scope, step: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, step, lambda *_args, **_values: 0)
    erase(canary, head)
    assert left in traces()


def test_a_certificate_keeps_the_name_and_nothing_else(country: Country, head: Scope) -> None:
    member = make_member(country.precinct, surname=SURNAME, given_name=GIVEN_NAME)
    certificate = certify(member)
    end_appointments(appointments=[seat_of(member.person_id)], on=clock.today(), by=SYSTEM)
    found = look_at(member.person)
    assert found.stays["certificates"] == 1
    assert "names" not in found.goes
    erase_person(person=member.person, reason=REASON, by=head)
    assert member.person.full_name.startswith(SURNAME)
    assert certificate.facts["holder"].startswith(SURNAME)
    assert (member.person.number_hash, member.person.number_last4, member.person.phone) == (None, "", "")
    assert db.session.scalar(select(func.count()).where(PersonKey.person_id == member.person_id)) == 0


def test_acts_are_counted_as_the_record_shows_them(country: Country, head: Scope) -> None:
    left = make_member(country.precinct, surname=SURNAME)
    replaced(left)
    shown = count_entries(about_person(left.person_id, head))
    assert look_at(left.person, head).stays["acts"] == shown > 1
    erase_person(person=left.person, reason=REASON, by=head)
    assert look_at(left.person, head).stays["acts"] == shown + 1, "the erasing itself"


def seat_of(person_id: int) -> Any:
    found = find_seat_of(person_id)
    assert found is not None
    return found


def test_a_neutral_word_stands_for_the_name(canary: Canary, head: Scope) -> None:
    erase(canary, head)
    said = set()
    for language in ("kk", "ru", "en"):
        with speaking(language):
            said.add(canary.person.full_name)
            assert canary.person.polite_name == canary.alias.full_name == canary.person.full_name
    assert len(said) == 3
    assert not any(name in words for name in NAMES for words in said)


def test_the_chain_holds_and_figures_stay(canary: Canary, head: Scope, country: Country) -> None:
    counting.settle()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert seal() is not None
    before = figures()
    erase(canary, head)
    counting.settle()
    assert figures() == before
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert seal() is not None
    assert look_at_chain().broken is None
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.erased")).one()
    assert entry.details["entries"] == [canary.person.id, canary.alias.id]
    values = db.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry.id)).all()
    assert [(one.field, one.after) for one in values] == [("reason", REASON)]


def figures() -> list[tuple[Any, ...]]:
    """The counters of every commission, but for the moment at which they were counted."""
    columns = [one for one in CompletionCounter.__table__.columns if one.name not in ("counted_at", "as_of")]
    return sorted(tuple(row) for row in db.session.execute(select(*columns)))


def test_they_can_neither_sign_in_nor_be_found(canary: Canary, head: Scope) -> None:
    login = canary.account.login
    erase(canary, head)
    assert check_sign_in(login=login, secret="бес сөзден тұратын құпиясөз") is None
    assert db.session.scalar(select(func.count()).where(AccountSession.account_id == canary.account.id)) == 0
    assert find_by_number(NUMBER) is None
    for typed in (SURNAME, PHONE):
        assert search(head, typed).people == []


def test_the_own_data_file_says_what_was_erased(canary: Canary, head: Scope) -> None:
    assert gather(canary.account)["erased"] == []
    erase(canary, head)
    (told,) = gather(canary.account)["erased"]
    assert {"identity_number", "phone", "name"} <= set(told["what"])
    assert NUMBER not in json.dumps(gather(canary.account))


def test_a_roster_that_named_them_cannot_be_undone_or_read_again(country: Country, head: Scope) -> None:
    apply(send(country, row(), row_of(72, "член", "УИК № 17")))
    person = find_by_number(NUMBER)
    assert person is not None
    leaving = send(country, row_of(72, "член", "УИК № 17"), full=True)
    apply_import(roster_import=leaving, leave_out_problems=True, let_leave=True, by=SYSTEM)
    check_may_undo(leaving, head)
    erase_person(person=person, reason=REASON, by=head)
    with pytest.raises(Erased, match="can neither be read again nor undone"):
        check_may_undo(leaving, head)
    leaving.state = ImportState.UNDONE
    with pytest.raises(Erased):
        actions.ask_to_read(roster_import=leaving, by=head)
    with pytest.raises(Erased):
        actions.compare_import(leaving)


def apply(made: RosterImport) -> None:
    """Apply a roster."""
    apply_import(roster_import=made, leave_out_problems=True, by=SYSTEM)


def test_a_merge_is_neither_taken_back_nor_made(canary: Canary, head: Scope, country: Country) -> None:
    erase_person(person=canary.alias, reason=REASON, by=head)
    assert canary.person.erased_at is not None, "entries of one human being go together"
    with pytest.raises(Refused, match="erased for good"):
        part_people(merged=canary.alias, by=SYSTEM)
    with pytest.raises(Refused, match="erased for good"):
        merge_people(kept=make_member(country.precinct).person, merged=canary.person, by=SYSTEM)


def hindrance(person: Person, head: Scope) -> Hindrance:
    """What keeps the person from being erased; nothing has changed."""
    before = person.phone, person.number_hash
    with pytest.raises(NotErased) as refusal:
        erase_person(person=person, reason=REASON, by=head)
    db.session.refresh(person)
    assert (person.phone, person.number_hash) == before
    return refusal.value.hindrance


def test_what_hinders(canary: Canary, country: Country, head: Scope) -> None:
    assert hindrance(make_member(country.precinct).person, head) is Hindrance.SEAT
    officer = make_officer(country.district)
    assert hindrance(officer.person, head) is Hindrance.ROLE
    revoke_role(account=officer, role=Role.TERRITORIAL_OFFICER, commission=country.district, by=SYSTEM)
    grant_role(
        account=officer, role=Role.TRAINER, commission=country.district, by=SYSTEM,
        first=clock.today() + timedelta(days=3),
    )  # fmt: skip
    assert hindrance(officer.person, head) is Hindrance.ROLE, "one that has yet to begin"
    waiting = send(country, row())
    with pytest.raises(NotErased, match=f"No. {waiting.id}. Apply or discard it first"):
        erase_person(person=canary.person, reason=REASON, by=head)
    actions.discard(roster_import=waiting, by=SYSTEM)
    erase(canary, head)
    assert hindrance(canary.person, head) is Hindrance.ERASED


def test_an_entry_joined_to_theirs_that_holds_a_seat_hinders(canary: Canary, country: Country, head: Scope) -> None:
    from tests.factories.commissions import seat

    seat(canary.alias, country.second_precinct)
    assert hindrance(canary.person, head) is Hindrance.SEAT


def test_nobody_is_erased_during_a_test(app: Flask) -> None:
    world = make_world()
    end_appointments(appointments=[seat_of(world.owner.person_id)], on=clock.today(), by=SYSTEM)
    head = scope(world.country.head)
    assert hindrance(world.owner.person, head) is Hindrance.TEST
    db.session.execute(update(Attempt).values(deadline=clock.now() - timedelta(minutes=1)))
    db.session.expire_all()
    assert look_at(world.owner.person).hindrance is Hindrance.ROSTER, "the world's roster names the owner, and waits"


def test_it_asks_for_a_reason_and_for_the_central_commission(canary: Canary, country: Country, head: Scope) -> None:
    for reason in ("", "  no ", "four"):
        with pytest.raises(Refused, match="who asked for it"):
            erase_person(person=canary.person, reason=reason, by=head)
    for by in (make_officer(country.region), make_officer(country.central, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            erase_person(person=canary.person, reason=REASON, by=scope(by))


@pytest.mark.parametrize("spelled", ["{}", "{}ны", "entered by mistake: {}"])
def test_a_reason_that_names_the_person_would_keep_the_name(canary: Canary, head: Scope, spelled: str) -> None:
    for name in (canary.person.surname, canary.person.given_name, canary.alias.surname):
        with pytest.raises(Refused, match="without the name"):
            erase_person(person=canary.person, reason=spelled.format(name), by=head)
    assert canary.person.surname


def test_the_list_of_erased_people_holds_no_values(canary: Canary, head: Scope) -> None:
    ledger.path().unlink(missing_ok=True)
    erase_person(person=canary.person, reason=REASON, by=head)
    assert not ledger.path().exists(), "only what is committed stands there"
    db.session.commit()
    assert [one.person for one in ledger.read()] == [canary.person.id, canary.alias.id]
    ledger.path().write_text(ledger.path().read_text()[:-9])
    assert ledger.complete() == 1, "a line that was cut off is written again"
    assert ledger.complete() == 0
    ledger.path().unlink()


def test_what_is_refused_leaves_no_trace_on_the_list(canary: Canary, head: Scope) -> None:
    ledger.path().unlink(missing_ok=True)
    db.session.commit()
    erase_person(person=canary.person, reason=REASON, by=head)
    db.session.rollback()
    db.session.commit()
    assert ledger.read() == []
