"""One thing of every kind, all belonging to one precinct of one district: what nobody outside that branch may see."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account, LinkedIdentity, PendingAnswer, RecoveryCode
from lms.assessment.models import Accommodation, Attempt, PaperQuestion, QuestionRuling
from lms.bank.actions import begin_draft
from lms.bank.models import FieldCase
from lms.campaigns.queries import get_open_campaign
from lms.certificates.models import Certificate, CertificatePrint
from lms.commissions.models import Commission, ReserveEntry
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.jobs.models import Job
from lms.curriculum.models import Course, CourseText, CourseVersion, Module, ModuleText, Topic, TopicTitle
from lms.fairness.models import Analysis, Dispute, IntegrityNote, IntegritySign
from lms.fairness.rules import Tally
from lms.learning.models import Enrolment
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.rules import new_number
from lms.people.vault import seal_text
from lms.questions.models import Question, QuestionVersion
from lms.rosters import actions
from lms.sittings.models import Sitting, SittingAttempt, SittingRemark
from lms.sittings.rules import new_code
from lms.workshops.models import CalendarKey, Workshop, WorkshopCommission
from tests.factories.commissions import (
    WITH_RESERVE,
    Country,
    give_phone,
    make_country,
    make_member,
    make_passkey,
    make_person,
    scope,
)
from tests.factories.questions import question_dict
from tests.factories.rosters import RUSSIAN, person, workbook

CANARY = "Құпиянова"
"""The owner's surname: it may stand on no page of anyone outside the branch."""
PHONE = "+77059998877"
LANGUAGES = ("kk", "ru", "en")


@dataclass
class World:
    """The country, the owner of everything, and the ids that addresses need."""

    country: Country
    owner: Account
    ids: dict[str, Any]


def make_world() -> World:
    """A member with an enrolment, an attempt, a workshop, a certificate and a calendar."""
    country = make_country(own_file=WITH_RESERVE)
    return make_things(country, make_course(), Place(country.precinct, country.district, CANARY, PHONE))


@dataclass(frozen=True)
class Place:
    """Whose things are made: the commission in which the owner sits, the one that looks after it, and by what the owner
    is known again."""

    where: Commission
    above: Commission
    canary: str
    phone: str


def make_things(country: Country, version: CourseVersion, place: Place) -> World:
    """One thing of every kind, all belonging to one member of a commission."""
    owner = make_member(place.where, surname=place.canary)
    give_phone(owner, place.phone)
    enrolment = _enrol(owner, version)
    attempt = _attempt(owner, enrolment)
    workshop = _workshop(place, version)
    certificate = _certificate(owner, enrolment, place)
    key = CalendarKey(person_id=owner.person_id, key=secrets.token_urlsafe(24))
    job = Job(kind="none", params={}, state="done", account_id=country.head.id, created_at=clock.now())
    asked = CertificatePrint(commission_id=place.where.id, asked_by_id=None, asked_at=clock.now(), count=1)
    db.session.add_all([key, job, asked])
    db.session.flush()
    ids = {
        "commission_id": place.where.id,
        "person_id": owner.person_id,
        "enrolment_id": enrolment.id,
        "attempt_id": attempt.id,
        "workshop_id": workshop.id,
        "sitting_id": _room(attempt, workshop),
        "certificate_id": certificate.id,
        "version_id": version.id,
        "course_id": version.course_id,
        "campaign_id": enrolment.campaign_id,
        "accommodation_id": _help(owner),
        "job_id": job.id,
        "print_id": asked.id,
        "import_id": _roster(place),
        "entry_id": _reserve(place),
        **_fairness(attempt, place),
        **_papers(enrolment, place),
        **_bank(owner, version, place, country),
        "position": 1,
        "number": 1,
        "code": "opening",
        "course": "world",
        "module": "opening",
        "key": key.key,
        "account_id": owner.id,
        "passkey_id": _ways_in(owner),
    }
    return World(country, owner, ids)


def _help(owner: Account) -> int:
    """Help at tests for the owner."""
    made = Accommodation(
        campaign_id=get_open_campaign().id,
        person_id=owner.person_id,
        percent=50,
        minutes=0,
        helps=["reader"],
        reason="sight",
        note=f"{owner.person.surname} asked",
        starts_on=clock.today(),
        given_by_id=None,
        given_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def _bank(owner: Account, version: CourseVersion, place: Place, country: Country) -> dict[str, int]:
    """A draft of a question, which is the country's and names nobody, and a case from the field."""
    draft = begin_draft(course=version.course, kind="single", by=scope(country.head))
    draft.body = {"text": dict.fromkeys(LANGUAGES, "Who opens the precinct?")}
    case = FieldCase(
        sender_id=owner.person_id,
        commission_id=place.where.id,
        language="kk",
        happened=f"{place.canary} saw it",
        done="Nothing",
        question="What now?",
        sent_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    question = db.session.scalars(select(Question.id).where(Question.code.startswith(version.course.code))).first()
    return {"draft": draft.id, "copy": 1, "case_id": case.id, "question": question or 0}


def _fairness(attempt: Attempt, place: Place) -> dict[str, int]:
    """What was counted, disputed, ruled and seen about the owner's test; the ids that addresses need."""
    now = clock.now()
    question = db.session.scalars(
        select(PaperQuestion.question_version_id).where(PaperQuestion.attempt_id == attempt.id)
    ).one()
    figures = Tally({}).figures({}, enough=1).as_json()
    analysis = Analysis(version_id=attempt.version_id, asked_by_id=None, asked_at=now, made_at=now, figures=figures)
    ruling = db.session.scalar(select(QuestionRuling).where(QuestionRuling.question_version_id == question))
    if ruling is None:
        ruling = QuestionRuling(
            question_version_id=question, effect="point", reason="Both are right", made_by_id=None, made_at=now
        )
    dispute = Dispute(
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        question_version_id=question,
        words=f"{place.canary}: both are right",
        made_at=now,
    )
    sign = IntegritySign(
        version_id=attempt.version_id,
        kind="same_client",
        attempt_id=attempt.id,
        commission_id=place.where.id,
        seen={},
        found_at=now,
    )
    db.session.add_all([analysis, ruling, dispute, sign])
    db.session.flush()
    db.session.add(
        IntegrityNote(
            sign_id=sign.id, judgement="open", words=f"{place.canary} was asked", made_by_id=None, made_at=now
        )
    )
    return {"analysis_id": analysis.id, "question_id": question, "ruling_id": ruling.id, "sign_id": sign.id}


def _papers(enrolment: Enrolment, place: Place) -> dict[str, int]:
    """A paper of the owner that is out, and the document in which it was printed; the ids that addresses need."""
    question = db.session.scalars(select(PaperQuestion)).first()
    assert question is not None
    asked = {
        "position": 1,
        "question_version_id": question.question_version_id,
        "topic": question.topic,
        "order": question.order,
    }
    sheet = PaperSheet(
        number=new_number(),
        campaign_id=enrolment.campaign_id,
        course_id=enrolment.course_id,
        version_id=enrolment.version_id,
        commission_id=place.above.id,
        enrolment_id=enrolment.id,
        language="kk",
        questions=[asked],
        printed_at=clock.now(),
        printed_by_id=None,
    )
    db.session.add(sheet)
    db.session.flush()
    document = PaperPrint(commission_id=place.above.id, sheets=[sheet.id], asked_by_id=None, asked_at=clock.now())
    db.session.add(document)
    db.session.flush()
    return {"sheet_id": sheet.id, "paper_print_id": document.id}


def _reserve(place: Place) -> int:
    """Somebody who waits for a seat of the owner's commission."""
    today = clock.today()
    entry = ReserveEntry(
        commission_id=place.where.id,
        person_id=make_person(surname=place.canary, given_name="Кезекте").id,
        nominated_by=f"{place.canary} party",
        turn=1,
        valid_from=today,
        valid_until=today + timedelta(days=365),
        act="5",
        act_on=today,
    )
    db.session.add(entry)
    db.session.flush()
    return entry.id


def make_course() -> CourseVersion:
    """A published course of one module, one topic, one question."""
    course = Course(code="world")
    db.session.add(course)
    db.session.flush()
    test = {
        "minutes": 30,
        "pass_percent": 80,
        "attempts": 3,
        "hours_between": 24,
        "blueprint": [{"topic": "opening", "draw": 1}],
        "minimums": [],
    }
    version = CourseVersion(
        course_id=course.id,
        number=1,
        change="material",
        level="pec",
        law_date=date(2022, 11, 20),
        workshop=True,
        test=test,
        checksum="0" * 64,
        published_at=clock.now(),
        published_by_id=None,
    )
    version.texts = [CourseText(language=one, title="Course", summary="", note="") for one in LANGUAGES]
    module = Module(code="opening", position=1, minutes=5, self_check=[])
    module.texts = [ModuleText(language=one, title="Opening", body="::: aim\nTo open\n:::\n") for one in LANGUAGES]
    topic = Topic(code="opening", position=1, module_code="opening")
    topic.titles = [TopicTitle(language=one, title="Opening") for one in LANGUAGES]
    version.modules, version.topics = [module], [topic]
    db.session.add(version)
    db.session.flush()
    return version


def _ways_in(owner: Account) -> int:
    """Everything by which somebody may come in beside a password; the id of the passkey."""
    now = clock.now()
    link = {"issuer": "https://id.example", "subject_encrypted": seal_text(f"subject {owner.id}"), "linked_at": now}
    db.session.add(LinkedIdentity(account_id=owner.id, subject_hash=secrets.token_hex(32), **link))
    db.session.add(RecoveryCode(account_id=owner.id, code_hash=secrets.token_hex(32), created_at=now))
    db.session.add(PendingAnswer(kind="none", key=secrets.token_hex(32), value={"n": 1}, expires_at=now))
    return make_passkey(owner, f"{owner.person.surname}, phone").id


def _enrol(owner: Account, version: CourseVersion) -> Enrolment:
    enrolment = Enrolment(
        campaign_id=get_open_campaign().id,
        person_id=owner.person_id,
        course_id=version.course_id,
        version_id=version.id,
        enrolled_at=clock.now(),
        started_at=clock.now(),
    )
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def _attempt(owner: Account, enrolment: Enrolment) -> Attempt:
    body = question_dict("single")
    asked = _question(body)
    now = clock.now()
    attempt = Attempt(
        campaign_id=enrolment.campaign_id,
        enrolment_id=enrolment.id,
        person_id=owner.person_id,
        version_id=enrolment.version_id,
        number=1,
        settings=enrolment.version.test,
        started_at=now,
        deadline=now + timedelta(minutes=30),
        total=1,
    )
    db.session.add(attempt)
    db.session.flush()
    order = {"options": [option["id"] for option in body["options"]]}
    db.session.add(
        PaperQuestion(attempt_id=attempt.id, position=1, question_version_id=asked.id, topic="opening", order=order)
    )
    return attempt


def _question(body: dict[str, Any]) -> QuestionVersion:
    """The one question of the course, made when it is asked for first."""
    made = db.session.scalar(select(QuestionVersion).join(Question).where(Question.code == "world/opening-01"))
    if made is not None:
        return made
    question = Question(code="world/opening-01", newest=1)
    db.session.add(question)
    db.session.flush()
    made = QuestionVersion(
        question_id=question.id,
        number=1,
        kind="single",
        topic="opening",
        use="test",
        source=["law"],
        body=body,
        checksum="1" * 64,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _workshop(place: Place, version: CourseVersion) -> Workshop:
    start = clock.now() + timedelta(days=2)
    workshop = Workshop(
        campaign_id=get_open_campaign().id,
        course_id=version.course_id,
        organiser_id=place.above.id,
        trainer_id=make_member(place.above, surname=f"{place.canary}-2").person_id,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        time_zone="Asia/Aqtau",
        place=f"{place.canary} hall",
        seats=25,
        language="kk",
        created_by_id=None,
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    db.session.add(workshop)
    db.session.flush()
    db.session.add(WorkshopCommission(workshop_id=workshop.id, commission_id=place.where.id))
    return workshop


def _room(attempt: Attempt, workshop: Workshop) -> int:
    """The room in which the owner's test goes on, with a remark on it."""
    now = clock.now()
    sitting = Sitting(
        campaign_id=workshop.campaign_id,
        course_id=workshop.course_id,
        commission_id=workshop.organiser_id,
        workshop_id=workshop.id,
        supervisor_id=workshop.trainer_id,
        place=workshop.place,
        code=new_code(),
        opened_at=now,
        closes_at=now + timedelta(hours=3),
    )
    db.session.add(sitting)
    db.session.flush()
    db.session.add(SittingAttempt(attempt_id=attempt.id, sitting_id=sitting.id))
    note = f"{workshop.place}: was asked"
    db.session.add(SittingRemark(attempt_id=attempt.id, kind="other", note=note, made_by_id=None, made_at=now))
    db.session.flush()
    return sitting.id


def _certificate(owner: Account, enrolment: Enrolment, place: Place) -> Certificate:
    certificate = Certificate(
        campaign_id=enrolment.campaign_id,
        enrolment_id=enrolment.id,
        person_id=owner.person_id,
        commission_id=place.where.id,
        number=f"KZ-2026-PEC-{owner.id:06d}",
        code=secrets.token_urlsafe(16),
        facts={},
        payload="",
        issued_on=clock.today(),
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _roster(place: Place) -> int:
    """A roster of the district that was read and waits to be applied; it names the owner's surname."""
    content = workbook(("Лист1", [RUSSIAN, person(1, "Председатель", "УИК № 17", surname=place.canary)]))
    made = actions.upload(
        content=content, file_name=f"{place.canary}.xlsx", commission=place.above, full=True, by=SYSTEM
    )
    actions.read_import(roster_import=made, by=SYSTEM)
    return made.id
