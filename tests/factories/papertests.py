"""Papers for tests: a country with the small course, somebody who may take its test, sheets printed and written on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from typing import Any

from lms.accounts.models import Account
from lms.assessment.models import Attempt
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.learning.models import Enrolment
from lms.papertests import keying
from lms.papertests.actions import Wanted, print_sheets
from lms.papertests.keying import Keyed
from lms.papertests.models import PaperSheet
from lms.questions.kinds.registry import get_kind
from lms.questions.models import Question, QuestionVersion
from tests.factories.assessment import make_learner
from tests.factories.commissions import Country, make_country, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.questions import KIND_NAMES, question_body

numbers = count(1)


@dataclass
class Village:
    """A precinct without the internet: a learner who has read everything, and the trainer who prints and keys in."""

    country: Country
    version: CourseVersion
    account: Account
    enrolment: Enrolment
    trainer: Account


def make_village(**course: Any) -> Village:
    """The small country and its course, a learner of the precinct, a trainer of the district."""
    country, version = make_country(), make_course(**course)
    account, enrolment = make_learner(country.precinct, version, surname="Ауылбекова")
    return Village(country, version, account, enrolment, make_officer(country.district, Role.TRAINER))


def wanted(village: Village, *enrolments: Enrolment, **more: Any) -> Wanted:
    """Papers for these enrolments, for the district."""
    ids = tuple(one.id for one in enrolments)
    return Wanted(village.country.district, village.version.course_id, ids, **more)


def print_sheet(village: Village, enrolment: Enrolment | None = None) -> PaperSheet:
    """The sheet of one person; the village's learner where none is named."""
    asked = print_sheets(wanted=wanted(village, enrolment or village.enrolment), by=scope(village.trainer))
    return db.session.get_one(PaperSheet, asked.sheets[0])


def print_spare(village: Village) -> PaperSheet:
    """A sheet without a name."""
    asked = print_sheets(wanted=wanted(village, spare=1), by=scope(village.trainer))
    return db.session.get_one(PaperSheet, asked.sheets[0])


def right_answers(sheet: PaperSheet) -> dict[int, dict[str, Any]]:
    """What gets the whole credit, by place."""
    found = {}
    for asked in keying.list_asked(sheet):
        rules = get_kind(asked.question.kind).rules
        found[asked.position] = dict(rules.right_response(asked.body))
    return found


def draft(
    sheet: PaperSheet, by: Account, answers: Mapping[int, Any] | None = None, written_on: date | None = None
) -> None:
    """Key in what is right, today, unless told otherwise."""
    said = right_answers(sheet) if answers is None else answers
    keyed = Keyed(said, written_on or clock.today(sheet.commission.time_zone))
    keying.save_draft(sheet=sheet, keyed=keyed, by=scope(by))


def key_in(sheet: PaperSheet, by: Account, answers: Mapping[int, Any] | None = None) -> Attempt:
    """Key in and confirm."""
    draft(sheet, by, answers)
    return keying.confirm(sheet=sheet, digest=keying.digest_of(sheet), by=scope(by))


def print_every_kind(village: Village, *, kinds: Sequence[str] = KIND_NAMES, **changes: Any) -> PaperSheet:
    """A sheet with a question of every kind, its parts in an order of their own. `changes`: laid over each question."""
    sheet = print_sheet(village)
    sheet.questions = [
        {
            "position": position,
            "question_version_id": _keep(kind, **changes).id,
            "topic": "opening",
            "order": get_kind(kind).rules.shuffle(question_body(kind), Random(7)),
        }
        for position, kind in enumerate(kinds, start=1)
    ]
    db.session.flush()
    return sheet


def _keep(kind: str, **changes: Any) -> QuestionVersion:
    """A question of this kind in the bank."""
    question = Question(code=f"small/{kind}-{next(numbers)}")
    db.session.add(question)
    db.session.flush()
    version = QuestionVersion(
        question_id=question.id,
        number=1,
        kind=kind,
        topic="opening",
        use="test",
        source=["law"],
        body=question_body(kind, **changes),
        checksum=str(question.id),
        created_at=clock.now(),
    )
    db.session.add(version)
    db.session.flush()
    return version
