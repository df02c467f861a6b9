"""What is due by the schedule is erased, what is not stays; in batches, each recorded by its count; on after a kill."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts.actions import issue_code
from lms.accounts.models import Account, AccountSession, OneTimeCode, SignInWindow
from lms.assessment.helping import Terms, give_accommodation
from lms.campaigns.actions import archive_campaign, open_campaign
from lms.campaigns.models import Campaign
from lms.campaigns.queries import get_open_campaign, list_closed_before
from lms.certificates.models import CertificatePrint
from lms.commissions.actions import end_appointments, grant_role
from lms.commissions.duplicates import merge_people
from lms.commissions.models import Appointment, ReserveEntry
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.erasing import count_values
from lms.core.audit.models import AuditEntry
from lms.core.audit.sealing import look_at_chain
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.documents.models import StoredFile
from lms.core.errors import Forbidden
from lms.core.jobs import queue
from lms.core.jobs.models import Job
from lms.fairness.actions import judge_sign
from lms.fairness.disputing import dispute_question
from lms.fairness.integrity import Judgement
from lms.fairness.models import Dispute, IntegrityNote, IntegritySign
from lms.home.actions import note_contact
from lms.home.models import ContactAttempt
from lms.home.rules import Outcome
from lms.people.actions import correct_person
from lms.people.models import Person, PersonKey
from lms.retention import actions, queries, running, tasks
from lms.retention.errors import WrongTerm
from lms.retention.models import RetentionTerm
from lms.retention.schedule import BY_CODE
from lms.rosters.actions import discard
from lms.rosters.applying import apply_import
from lms.rosters.models import RosterChange, RosterImport, RosterRow
from lms.rosters.states import ImportState
from lms.sittings.actions import remark
from lms.sittings.models import SittingRemark
from tests.factories.assessment import make_learner
from tests.factories.canary import EMAIL, PHONE, send
from tests.factories.commissions import (
    Country,
    make_country,
    make_member,
    make_officer,
    make_person,
    open_browser,
    scope,
)
from tests.factories.curriculum import make_course
from tests.factories.fairness import make_narrow_course, sit
from tests.factories.rosters import person as row_of
from tests.factories.sittings import SUPERVISED, begin, make_room
from tests.factories.workshops import Setting

DAY = timedelta(days=1)


@pytest.fixture
def country(app: Flask, settings: Settings) -> Country:
    """The small cascade, in an installation without files of other tests."""
    shutil.rmtree(settings.files, ignore_errors=True)
    found = make_country()
    make_course()
    return found


def run() -> dict[str, int]:
    """Everything that is due now is erased; how many of each category that has any."""
    db.session.commit()
    return {code: count for code, count in running.run_schedule(by=SYSTEM, keep=db.session.commit).items() if count}


def due(code: str) -> int:
    """How much of a category is due now."""
    return next(one.due for one in queries.list_standing() if one.category.code == code)


def later(code: str, *, short_of: timedelta = timedelta(0)) -> Any:
    """The moment at which the term of what happens now is over; or so much before."""
    days = queries.find_days(BY_CODE[code])
    return time_machine.travel(clock.machine_time() + days * DAY + timedelta(minutes=20) - short_of, tick=False)


def count(model: type[Any], *which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*which)) or 0


def holds(code: str, rows: Callable[[], int], kept: int = 0) -> None:
    """Of a category that has rows: a day before its term nothing is erased, after it all but `kept`."""
    before = rows()
    assert before > kept
    with later(code, short_of=DAY):
        assert code not in run()
    assert rows() == before
    with later(code):
        assert due(code) > 0
        assert run()[code] == 1 + (before - kept - 1)
        assert due(code) == 0
    assert rows() == kept


def test_sessions(country: Country) -> None:
    open_browser(make_member(country.precinct))
    holds("sessions", lambda: count(AccountSession))


def test_codes(country: Country) -> None:
    account = make_member(country.precinct)
    for _once in range(3):
        issue_code(account=account, expires_at=clock.now(), by=SYSTEM)
    db.session.execute(update(OneTimeCode).values(revoked_at=None))
    holds("codes", lambda: count(OneTimeCode))


def test_a_code_that_works_stays(country: Country) -> None:
    issue_code(account=make_member(country.precinct), expires_at=clock.now() + 400 * DAY, by=SYSTEM)
    with later("codes"):
        assert run() == {}
    assert count(OneTimeCode) == 1


def test_tries_to_sign_in(country: Country) -> None:
    now = int(clock.machine_time().timestamp() // 900)
    db.session.add_all([SignInWindow(key="a", window=now, tries=1), SignInWindow(key="a", window=now - 97, tries=1)])
    assert run() == {"tries": 1}
    assert count(SignInWindow) == 1


def applied(country: Country) -> RosterImport:
    made = send(country, row_of(1, "член", "УИК № 17", phone=PHONE), row_of(2, "член", "УИК № 17"))
    apply_import(roster_import=made, leave_out_problems=True, by=SYSTEM)
    return made


def test_rosters_that_were_applied(country: Country) -> None:
    made = applied(country)
    file = content_of(made)
    assert file.exists()
    with later("rosters", short_of=DAY):
        assert "rosters" not in run()
    with later("rosters"):
        assert run()["rosters"] >= 1 + 2
    db.session.refresh(made)
    assert (made.state, made.file_id, made.erased_at is not None) == (ImportState.APPLIED, None, True)
    assert not file.exists()
    assert count(RosterRow) == count(RosterChange) == count(StoredFile) == 0
    assert made.counts["rows"] == 2, "figures stay"
    assert count(Person, Person.phone == PHONE) == 1, "the people stay as they are"


def content_of(made: RosterImport) -> Path:
    assert made.file is not None
    return storage.path_of(made.file.sha256)


def test_a_list_that_nobody_applied_is_discarded(country: Country) -> None:
    made = send(country, row_of(1, "член", "УИК № 17"))
    file = content_of(made)
    with later("rosters_left"):
        assert run()["rosters_left"] == 1 + 1
    db.session.refresh(made)
    assert (made.state, made.file_id) == (ImportState.DISCARDED, None)
    assert not file.exists()
    assert count(RosterRow) == 0


def test_a_list_at_work_is_left(country: Country) -> None:
    made = send(country, row_of(1, "член", "УИК № 17"))
    job = Job(kind="rosters.apply", params={}, state="running", created_at=clock.machine_time())
    db.session.add(job)
    db.session.flush()
    made.job_id = job.id
    with later("rosters_left"):
        assert run() == {}


def test_a_discarded_list_leaves_the_disk_when_that_is_committed(country: Country) -> None:
    made = send(country, row_of(1, "член", "УИК № 17"))
    db.session.commit()
    file = content_of(made)
    discard(roster_import=made, by=SYSTEM)
    assert file.exists()
    db.session.rollback()
    db.session.commit()
    assert file.exists(), "what was rolled back has not happened"
    discard(roster_import=made, by=SYSTEM)
    db.session.commit()
    assert not file.exists()


def test_a_list_discarded_before_files_went_too(country: Country) -> None:
    made = send(country, row_of(1, "член", "УИК № 17"))
    file = content_of(made)
    made.state = ImportState.DISCARDED
    assert run()["rosters"] >= 1
    assert not file.exists()


def close_campaign(after: timedelta = timedelta(0)) -> None:
    """The open campaign is over and closed; another one is open."""
    before = get_open_campaign()
    before.election_on = clock.today() - DAY
    before.called_on = clock.today() - 60 * DAY
    archive_campaign(campaign=before, by=SYSTEM)
    today = clock.today()
    made = open_campaign(code="next", names={"en": "Next"}, called_on=today, election_on=today + 60 * DAY, by=SYSTEM)
    made.called_on, made.election_on = today + after, today + after + 60 * DAY


def test_a_campaign_is_over_by_the_day_of_the_country(country: Country) -> None:
    closed = get_open_campaign()
    close_campaign()
    assert closed.closed_on is not None
    midnight = clock.start_of(closed.closed_on + DAY)
    before, after = (
        db.session.scalars(list_closed_before(midnight + way * timedelta(minutes=1))).all() for way in (-1, 1)
    )
    assert (before, after) == ([], [closed.id])


def test_notes_of_calls(country: Country) -> None:
    seat = find_seat_of(make_member(country.precinct).person_id)
    assert seat is not None
    note_contact(seat=seat, campaign_id=get_open_campaign().id, outcome=Outcome.REACHED, note="ill", by=SYSTEM)
    with later("calls"):
        assert run() == {}, "an open campaign protects"
    close_campaign()
    with later("calls", short_of=2 * DAY):
        assert "calls" not in run()
    with later("calls", short_of=-DAY):
        assert run()["calls"] == 1
    (call,) = db.session.scalars(select(ContactAttempt))
    assert (call.note, call.outcome) == ("", "reached")


def test_why_somebody_was_helped(country: Country) -> None:
    member = make_member(country.precinct)
    given = Terms(50, 0, ("reader",), "sight", "saw badly", clock.today(), None)
    made = give_accommodation(holder=member.person, terms=given, by=SYSTEM)
    with later("help"):
        assert run() == {}, "an open campaign protects"
    close_campaign()
    with later("help", short_of=2 * DAY):
        assert "help" not in run()
    with later("help", short_of=-DAY):
        assert run()["help"] == 1
    db.session.refresh(made)
    assert (made.reason, made.note, made.helps, made.percent) == ("", "", [], 50)


def test_words_about_tests(country: Country) -> None:
    account, enrolment = make_learner(country.precinct, make_narrow_course())
    attempt = sit(account, enrolment, said={"choice": "c"})
    dispute_question(attempt=attempt, position=1, words="It is wrong, I think.", by=scope(account))
    sign = IntegritySign(
        version_id=attempt.version_id, kind="pace", attempt_id=attempt.id, seen={}, found_at=clock.now()
    )
    db.session.add(sign)
    db.session.flush()
    judge_sign(sign=sign, judgement=Judgement.HARMLESS, words="Knew the questions.", by=SYSTEM)
    with later("tests"):
        assert "tests" not in run(), "an open campaign protects"
    close_campaign()
    with later("tests", short_of=2 * DAY):
        assert "tests" not in run()
    with later("tests", short_of=-DAY):
        assert run()["tests"] == 2
    assert db.session.scalars(select(Dispute.words)).all() == [""]
    assert db.session.execute(select(IntegrityNote.words, IntegrityNote.judgement)).all() == [("", "harmless")]


def test_notes_on_tests_in_a_room(country: Country) -> None:
    setting = Setting(country, make_course(id="room", test=SUPERVISED), make_officer(country.district, Role.TRAINER))
    learner = make_learner(setting.country.precinct, setting.version)
    room = make_room(setting)
    attempt = begin(learner, room)
    for kind, note in (("left_room", ""), ("other", "Slept.")):
        remark(sitting=room, attempt=attempt, kind=kind, note=note, by=scope(setting.trainer))
    close_campaign()
    with later("tests", short_of=2 * DAY):
        assert "tests" not in run()
    with later("tests", short_of=-DAY):
        assert run()["tests"] == 1
    rows = db.session.execute(select(SittingRemark.kind, SittingRemark.note).order_by(SittingRemark.id)).all()
    assert rows == [("left_room", ""), ("other", "")]


@dataclass
class Former:
    """Somebody who left the seat today, after a campaign that is closed."""

    person: Person
    seat: Appointment


def former(country: Country) -> Former:
    account = make_member(country.precinct)
    seat = find_seat_of(account.person_id)
    assert seat is not None
    seat.nominated_by = "Party Z"
    correct_person(person=account.person, fields={"phone": PHONE, "email": EMAIL}, by=SYSTEM)
    end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
    return Former(account.person, seat)


def test_contacts_of_former_members(country: Country) -> None:
    gone = former(country)
    close_campaign()
    with later("people", short_of=2 * DAY):
        assert "people" not in run()
    with later("people", short_of=-DAY):
        assert run()["people"] == 1
        assert due("people") == 0
    one = gone.person
    assert (one.number_encrypted, one.number_hash, one.number_last4, one.phone, one.email) == (None, None, "", "", "")
    assert gone.seat.nominated_by == ""
    assert one.full_name == "Серікова Айгүл Маратқызы", "the name stays with the seat that was held"
    assert one.contacts_erased_at is not None
    assert count(PersonKey, PersonKey.person_id == one.id) == 0


def test_who_nominated_somebody_for_a_reserve_goes_by_the_same_term(country: Country) -> None:
    person, day = make_person(), clock.today()
    person.number_encrypted = person.number_hash = None
    person.phone = person.email = ""
    entry = ReserveEntry(
        commission_id=country.precinct.id, person_id=person.id, nominated_by="Party Z", turn=1,
        valid_from=day, valid_until=day, act="7", act_on=day,
    )  # fmt: skip
    db.session.add(entry)
    close_campaign()
    with later("people", short_of=-DAY):
        assert run()["people"] == 1
    assert entry.nominated_by == ""


def sits_again(gone: Former, country: Country) -> None:
    gone.seat.ends_on = None


def has_role(gone: Former, country: Country) -> None:
    account = db.session.scalars(select(Account).where(Account.person_id == gone.person.id)).one()
    grant_role(account=account, role=Role.TRAINER, commission=country.district, by=SYSTEM)


def left_later(gone: Former, country: Country) -> None:
    gone.seat.ends_on = clock.today() + 30 * DAY


def came_later(gone: Former, country: Country) -> None:
    gone.person.created_at = clock.now() + 30 * DAY


def is_joined_to_a_member(gone: Former, country: Country) -> None:
    merge_people(kept=make_member(country.precinct).person, merged=gone.person, by=SYSTEM)


def campaign_reopened(gone: Former, country: Country) -> None:
    db.session.execute(
        update(Campaign).where(Campaign.code == "next").values(state="archived", closed_on=date(2020, 1, 1))
    )
    db.session.execute(update(Campaign).where(Campaign.code == "test").values(state="open"))
    db.session.expire_all()


def campaign_closed_later(gone: Former, country: Country) -> None:
    db.session.execute(update(Campaign).where(Campaign.code == "test").values(closed_on=clock.today() + 30 * DAY))
    db.session.expire_all()


@pytest.mark.parametrize(
    "protection",
    [sits_again, has_role, left_later, came_later, is_joined_to_a_member, campaign_reopened, campaign_closed_later],
)
def test_who_is_protected(country: Country, protection: Callable[[Former, Country], None]) -> None:
    gone = former(country)
    close_campaign()
    protection(gone, country)
    with later("people", short_of=-DAY):
        assert "people" not in run()
    assert gone.person.phone == PHONE


def test_values_of_the_record(country: Country) -> None:
    gone = former(country)
    close_campaign(after=4000 * DAY)
    entries = count(AuditEntry)
    with later("record", short_of=DAY):
        assert "record" not in run()
    with later("record"):
        assert run()["record"] == 2
    assert count_values([f"person:{gone.person.id}"]) == 0
    assert count(AuditEntry, AuditEntry.action == "people.corrected") == 1
    assert count(AuditEntry) > entries
    assert look_at_chain().broken is None
    assert gone.person.phone == PHONE or gone.person.contacts_erased_at is not None


@pytest.mark.parametrize("protection", [sits_again, has_role])
def test_values_of_whoever_sits_or_has_a_role_stay(country: Country, protection: Callable[..., None]) -> None:
    gone = former(country)
    close_campaign(after=4000 * DAY)
    protection(gone, country)
    with later("record"):
        assert "record" not in run()
    assert count_values([f"person:{gone.person.id}"]) == 2


def test_values_of_the_open_campaign_stay(country: Country) -> None:
    former(country)
    with later("record"):
        assert "record" not in run()


def test_prints_of_certificates(country: Country) -> None:
    stored = storage.store(b"%PDF of many", name="many.pdf", media_type="application/pdf")
    asked = CertificatePrint(
        commission_id=country.district.id, asked_by_id=None, asked_at=clock.now(), count=2, document_id=stored.id
    )
    db.session.add(asked)
    path = storage.path_of(stored.sha256)
    holds("prints", lambda: count(CertificatePrint))
    assert not path.exists()


def test_content_that_another_row_names_stays(country: Country) -> None:
    kept = storage.store(b"%PDF twice", name="kept.pdf", media_type="application/pdf")
    again = storage.store(b"%PDF twice", name="again.pdf", media_type="application/pdf")
    db.session.add(
        CertificatePrint(commission_id=country.district.id, asked_at=clock.now(), count=1, document_id=again.id)
    )
    with later("prints"):
        assert run()["prints"] == 1
    assert storage.read(kept.id)[1] == b"%PDF twice"


def test_work_that_is_done(country: Country) -> None:
    made = send(country, row_of(1, "член", "УИК № 17"))
    now = clock.machine_time()
    jobs = [Job(kind="tests", params={}, state=state, sentence="Серікова", created_at=now, ended_at=ended)
            for state, ended in (("done", now), ("failed", now), ("queued", None))]  # fmt: skip
    db.session.add_all(jobs)
    db.session.flush()
    made.job_id = jobs[1].id
    with later("jobs", short_of=DAY):
        assert "jobs" not in run()
    with later("jobs"):
        assert run()["jobs"] == 2
    left = {(one.state, one.sentence) for one in db.session.scalars(select(Job))}
    assert left == {("failed", ""), ("queued", "Серікова")}, "one is named by a roster, one is not done"


def test_files_that_nobody_names(country: Country) -> None:
    stored = storage.store(b"named", name="n", media_type="text/plain")
    lost = storage.path_of("ab" + "0" * 62)
    lost.parent.mkdir(parents=True, exist_ok=True)
    half = lost.parent / "tmp12345"
    for path in (lost, half):
        path.write_bytes(b"lost")
    assert "left_files" not in run(), "they are young: their rows may be about to be committed"
    old = (clock.machine_time() - 2 * DAY).timestamp()
    for path in (lost, half, storage.path_of(stored.sha256)):
        os.utime(path, (old, old))
    assert run() == {"left_files": 2}
    assert due("left_files") == 0
    assert not lost.exists()
    assert not half.exists()
    assert storage.read(stored.id)[1] == b"named"


def test_what_is_stored_once_more_is_young_again(country: Country) -> None:
    lost = storage.path_of(hashlib.sha256(b"again").hexdigest())
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"again")
    old = (clock.machine_time() - 2 * DAY).timestamp()
    os.utime(lost, (old, old))
    storage.store(b"again", name="a", media_type="text/plain")
    db.session.rollback()
    assert "left_files" not in run(), "another process may be about to commit its row"


def test_each_batch_is_kept_and_a_killed_run_goes_on(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_member(country.precinct)
    for _once in range(25):
        issue_code(account=account, expires_at=clock.now(), by=SYSTEM)
    db.session.commit()
    small = tuple(replace(one, batch=10) for one in running.SCHEDULE)
    monkeypatch.setattr(running, "SCHEDULE", small)

    class Killed(Exception):
        """The process ends here."""

    def keep() -> None:
        if count(OneTimeCode) == 0:
            raise Killed
        db.session.commit()

    with later("codes"):
        with pytest.raises(Killed):
            running.run_schedule(by=SYSTEM, keep=keep)
        db.session.rollback()
        assert count(OneTimeCode) == 5, "two batches of ten are kept, the third has not happened"
        assert run() == {"codes": 5}
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.erased").order_by(AuditEntry.id))
    assert [one.details for one in told] == [{"count": n, "days": 30} for n in (10, 10, 5)]
    row = db.session.get_one(RetentionTerm, "codes")
    assert (row.erased, row.total) == (5, 25)


def test_what_began_to_need_it_meanwhile_is_not_erased(country: Country) -> None:
    gone = former(country)
    close_campaign()
    category = BY_CODE["people"]
    with later("people", short_of=-DAY):
        before = queries.begun_before(category.due[0], queries.find_days(category))
        assert category.due[0].list(before, 10, None) == [gone.person.id]
        gone.seat.ends_on = None
        db.session.flush()
        assert actions.erase_batch(category=category, due=category.due[0], keys=[gone.person.id], by=SYSTEM) == 0
    assert gone.person.phone == PHONE


def test_terms_are_set_within_bounds_and_recorded(country: Country) -> None:
    head = scope(country.head)
    assert actions.set_terms(days={"codes": 7, "calls": 90}, by=head) == ["codes"]
    assert queries.find_days(BY_CODE["codes"]) == 7
    for days in ({"codes": 366}, {"codes": 0}, {"tries": 2}, {"calls": 30, "people": 364}):
        with pytest.raises(WrongTerm, match="Type a number of days from"):
            actions.set_terms(days=days, by=head)
    assert queries.find_days(BY_CODE["calls"]) == 90
    for other in (make_officer(country.region), make_officer(country.central, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            actions.set_terms(days={"codes": 8}, by=scope(other))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.term_set")).one()
    assert (entry.subject, entry.details) == ("retention:codes", {"before": 30, "after": 7})


def test_the_term_that_was_set_counts(country: Country) -> None:
    issue_code(account=make_member(country.precinct), expires_at=clock.now(), by=SYSTEM)
    actions.set_terms(days={"codes": 3}, by=SYSTEM)
    holds("codes", lambda: count(OneTimeCode))


def test_it_is_asked_for_once_a_night(country: Country) -> None:
    db.session.commit()
    night = clock.start_of(clock.machine_time().date() + DAY) + timedelta(hours=3)
    for hours, asked in ((-2, 0), (0, 1), (0.1, 1), (1.5, 1), (24, 2), (24.5, 2)):
        with time_machine.travel(night + timedelta(hours=hours), tick=False):
            tasks.run_by_night()
            db.session.commit()
            queue.call_worker()
            db.session.commit()
            assert count(Job, Job.kind == queries.RUN) == asked, hours
    assert {one.state for one in db.session.scalars(select(Job).where(Job.kind == queries.RUN))} == {"done"}
    assert all(one.run_at is not None for one in queries.list_standing())
