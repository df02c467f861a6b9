"""Read certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select, true
from sqlalchemy.sql import ColumnElement

from lms.certificates.models import Certificate, CertificatePrint
from lms.commissions.models import Commission, CommissionClosure
from lms.commissions.permissions import INSPECTORS, OVERSEERS, Scope, commissions_in, is_commission_in
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.jobs.models import Job
from lms.people.models import Person

PAGE = 100
RENDER, PRINT = "certificates.render", "certificates.print"
"""Kinds of jobs."""
_TAKEN = select(AuditEntry.id).where(AuditEntry.action == "certificates.taken")


def find_by_code(code: str) -> Certificate | None:
    """The certificate with this code (as kept, see `rules.read_code`)."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code))


def find_of_enrolment(enrolment_id: int) -> Certificate | None:
    """The certificate of an enrolment."""
    return db.session.scalar(select(Certificate).where(Certificate.enrolment_id == enrolment_id))


def was_taken(certificate_id: int) -> bool:
    """Whether the holder has opened the document of a certificate."""
    taken = _TAKEN.where(AuditEntry.subject == f"certificate:{certificate_id}")
    return db.session.scalar(taken.limit(1)) is not None


def may_be_on_paper(certificate: Certificate) -> bool:
    """Whether somebody may have a certificate on paper or as a file: its holder has opened it, or those of the
    commission or of one above it were printed since it was issued."""
    if was_taken(certificate.id):
        return True
    issued = db.session.scalar(
        select(func.min(AuditEntry.id)).where(
            AuditEntry.subject == f"certificate:{certificate.id}", AuditEntry.action == "certificates.issued"
        )
    )
    above = db.session.scalars(
        select(CommissionClosure.ancestor_id).where(CommissionClosure.descendant_id == certificate.commission_id)
    )
    printed = select(AuditEntry.id).where(
        AuditEntry.subject.in_([f"commission:{one}" for one in above]),
        AuditEntry.action == "certificates.printed",
        AuditEntry.id > (issued or 0),
    )
    return db.session.scalar(printed.limit(1)) is not None


def get_own(person_id: int, certificate_id: int) -> Certificate:
    """The certificate, if it is this person's; NotFound otherwise."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None or certificate.person_id != person_id:
        raise NotFound
    return certificate


def get_looked_after(scope: Scope, certificate_id: int) -> Certificate:
    """The certificate, if the reader looks after the holder's commission; NotFound otherwise."""
    certificate = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id, _looked_after(scope)))
    if certificate is None:
        raise NotFound
    return certificate


def list_own(person_id: int) -> Sequence[Certificate]:
    """A person's certificates, the newest first."""
    return db.session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id.desc())
    ).all()


def list_of_commission(commission_id: int, *, page: int = 1) -> Sequence[tuple[Certificate, Person, Commission]]:
    """One page of the certificates of a commission and of those below it, by commission and name."""
    rows = db.session.execute(
        select(Certificate, Person, Commission)
        .join(Person, Person.id == Certificate.person_id)
        .join(Commission, Commission.id == Certificate.commission_id)
        .where(Certificate.commission_id.in_(_branch(commission_id)))
        .order_by(Commission.parent_id, Commission.number, Person.surname, Person.given_name, Certificate.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def count_of_commission(commission_id: int, *, printable: bool = False) -> int:
    """How many certificates there are in a commission and below it; `printable` leaves out withdrawn ones."""
    counted = select(func.count(Certificate.id)).where(Certificate.commission_id.in_(_branch(commission_id)))
    if printable:
        counted = counted.where(Certificate.withdrawn_at.is_(None))
    return db.session.scalar(counted) or 0


def list_to_print(commission_id: int) -> Sequence[Certificate]:
    """All certificates of a commission and of those below it that were not withdrawn, by commission and name."""
    return db.session.scalars(
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(Commission, Commission.id == Certificate.commission_id)
        .where(Certificate.commission_id.in_(_branch(commission_id)), Certificate.withdrawn_at.is_(None))
        .order_by(Commission.parent_id, Commission.number, Person.surname, Person.given_name, Certificate.id)
    ).all()


def get_print(scope: Scope, print_id: int) -> CertificatePrint:
    """A print asked for, if the reader may inspect its commission; NotFound otherwise."""
    found = db.session.scalar(
        select(CertificatePrint).where(
            CertificatePrint.id == print_id, is_commission_in(scope, CertificatePrint.commission_id, *INSPECTORS)
        )
    )
    if found is None:
        raise NotFound
    return found


def list_prints(commission_id: int) -> Sequence[CertificatePrint]:
    """The last five prints of a commission, the newest first."""
    return db.session.scalars(
        select(CertificatePrint)
        .where(CertificatePrint.commission_id == commission_id)
        .order_by(CertificatePrint.id.desc())
        .limit(5)
    ).all()


def is_being_rendered(certificate_id: int) -> bool:
    """Whether a job to render the certificate waits or runs."""
    waiting = db.session.scalars(
        select(Job.params)
        .where(Job.kind == RENDER, Job.state.in_(("queued", "running")))
        .order_by(Job.id.desc())
        .limit(1000)
    )
    return any(params.get("certificate_id") == certificate_id for params in waiting)


def _looked_after(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.everything else Certificate.commission_id.in_(commissions_in(scope, *OVERSEERS))


def _branch(commission_id: int) -> Select[tuple[int]]:
    return select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission_id)
