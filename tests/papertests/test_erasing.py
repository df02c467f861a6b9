"""What of papers is erased: documents with names after their term, drafts that were left, and both at a person's
request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms.commissions.actions import end_appointments
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.core import clock
from lms.core.database.base import db
from lms.core.documents.models import StoredFile
from lms.core.jobs import queue
from lms.home.own_data import gather
from lms.papertests import erasing
from lms.papertests.actions import print_sheets
from lms.papertests.models import PaperPrint, PaperSheet
from lms.retention.erasing import erase_person, look_at
from lms.retention.schedule import BY_CODE
from tests.factories.assessment import make_learner
from tests.factories.commissions import scope
from tests.factories.papertests import Village, draft, make_village, print_sheet, wanted


@pytest.fixture
def village(app: Flask) -> Village:
    return make_village()


def printed(village: Village) -> PaperPrint:
    """Both learners' papers as one document, laid out."""
    _account, other = make_learner(village.country.precinct, village.version)
    asked = print_sheets(wanted=wanted(village, village.enrolment, other), by=scope(village.trainer))
    db.session.commit()
    queue.call_worker()
    db.session.refresh(asked)
    assert asked.document_id is not None
    return asked


def test_documents_go_after_their_term_and_sheets_stay(village: Village) -> None:
    printed(village)
    before = clock.now() - timedelta(days=BY_CODE["papers"].term.usual)
    assert erasing.OLD_PRINTS.count(before) == 0
    later = clock.now() + timedelta(seconds=1)
    keys = erasing.OLD_PRINTS.list(later, 10, None)
    assert erasing.OLD_PRINTS.erase(keys, later) == 1
    assert (db.session.query(PaperPrint).count(), db.session.query(StoredFile).count()) == (0, 0)
    assert db.session.query(PaperSheet).count() == 2


def test_drafts_that_were_left_go(village: Village) -> None:
    sheet = print_sheet(village)
    draft(sheet, village.trainer)
    later = clock.now() + timedelta(seconds=1)
    assert erasing.LEFT_DRAFTS.count(sheet.printed_at - timedelta(days=1)) == 0
    assert erasing.LEFT_DRAFTS.erase(erasing.LEFT_DRAFTS.list(later, 10, None), later) == 1
    db.session.refresh(sheet)
    assert (sheet.draft, sheet.drafted_at) == ({}, None)


def test_a_persons_documents_and_drafts_go_at_their_request(village: Village) -> None:
    asked = printed(village)
    own, other = (db.session.get_one(PaperSheet, one) for one in asked.sheets)
    for sheet in (own, other):
        draft(sheet, village.trainer)
    seat = find_seat_of(village.account.person_id)
    assert seat is not None
    end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
    assert look_at(village.account.person).goes["papers"] == 2
    erase_person(person=village.account.person, reason="asked for it", by=scope(village.country.head))
    assert db.session.query(PaperPrint).count() == 0
    db.session.refresh(own)
    db.session.refresh(other)
    assert (own.draft, bool(other.draft)) == ({}, True)


def test_a_person_finds_their_papers_in_the_own_data(village: Village) -> None:
    sheet = print_sheet(village)
    draft(sheet, village.trainer)
    (told,) = gather(village.account)["papers"]
    assert (told["number"], bool(told["draft"])) == (sheet.number, True)
