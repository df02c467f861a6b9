"""Issue certificates, keep their documents, print many at once, withdraw them."""

from __future__ import annotations

from sqlalchemy import update

from lms.certificates import queries, rules
from lms.certificates.facts import claim_of, gather
from lms.certificates.keys import signing_key
from lms.certificates.models import Certificate, CertificatePrint
from lms.certificates.permissions import check_may_print, check_may_withdraw
from lms.certificates.signing import sign_claim
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.core import clock
from lms.core.audit.actions import Actor, record, record_aside
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.errors import Refused
from lms.core.jobs.queue import ask_for
from lms.core.web.languages import _
from lms.learning.events import CompletionRestored, CompletionWithdrawn, CourseCompleted
from lms.learning.models import Enrolment

LONGEST_REASON = 500


def issue_for_completion(event: CourseCompleted) -> None:
    """Issue the certificate of a completed course and ask the worker to render it."""
    issue_certificate(enrolment=db.session.get_one(Enrolment, event.enrolment_id), by=SYSTEM)


def issue_certificate(*, enrolment: Enrolment, by: Scope) -> Certificate:
    """The certificate of a completed enrolment; the one it has already when it has one. Refused before completion."""
    issued = queries.find_of_enrolment(enrolment.id)
    if issued is not None and not (issued.fell_with_course and enrolment.completed_at):
        return issued
    if enrolment.completed_at is None:
        raise Refused(_("The course is not completed yet, so there is no certificate."))
    if issued is not None:
        return _issue_anew(issued, enrolment, by)
    day = clock.today()
    facts, seat = gather(enrolment, issued_on=day)
    certificate = Certificate(
        campaign_id=enrolment.campaign_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        commission_id=seat.commission_id if seat else None,
        kind=facts["kind"],
        number=facts["number"],
        code=rules.new_code(),
        facts=dict(facts),
        payload=sign_claim(claim_of(facts), signing_key()),
        issued_on=day,
        valid_until=rules.valid_until(day),
    )
    db.session.add(certificate)
    db.session.flush()
    record("certificates.issued", by=by, subject=f"certificate:{certificate.id}", enrolment=enrolment.id)
    ask_for(queries.RENDER, by=by, certificate_id=certificate.id)
    return certificate


def _issue_anew(certificate: Certificate, enrolment: Enrolment, by: Scope) -> Certificate:
    """A certificate that fell with its course, after the course was completed once more: the same row and code, so that
    what was printed before can still be checked, with the facts of today."""
    day = clock.today()
    facts, seat = gather(enrolment, issued_on=day)
    certificate.commission_id = seat.commission_id if seat else None
    certificate.number, certificate.facts = facts["number"], dict(facts)
    certificate.payload = sign_claim(claim_of(facts), signing_key())
    certificate.issued_on, certificate.valid_until = day, rules.valid_until(day)
    certificate.document_id = None
    reinstate_certificate(certificate=certificate, by=by)
    ask_for(queries.RENDER, by=by, certificate_id=certificate.id)
    return certificate


def withdraw_with_completion(event: CompletionWithdrawn) -> None:
    """Withdraw the certificate of a course that no longer counts as completed. One that somebody withdrew before stays
    as it is."""
    certificate = queries.find_of_enrolment(event.enrolment_id)
    if certificate is None or certificate.withdrawn_at is not None:
        return
    certificate.withdrawn_at, certificate.withdrawn_because = clock.now(), event.reason[:LONGEST_REASON]
    certificate.fell_with_course = True
    record(
        "certificates.withdrawn",
        by=event.by or SYSTEM,
        subject=f"certificate:{certificate.id}",
        values={"withdrawn_because": ("", certificate.withdrawn_because)},
    )


def reinstate_with_completion(event: CompletionRestored) -> None:
    """Have the certificate of a course that counts as completed again hold again, if it fell with the course."""
    certificate = queries.find_of_enrolment(event.enrolment_id)
    if certificate is not None and certificate.fell_with_course:
        reinstate_certificate(certificate=certificate, by=event.by or SYSTEM)


def reinstate_certificate(*, certificate: Certificate, by: Actor) -> None:
    """Have a certificate that fell with its course hold again."""
    certificate.withdrawn_at, certificate.withdrawn_because, certificate.fell_with_course = None, "", None
    record("certificates.reinstated", by=by, subject=f"certificate:{certificate.id}")


def ask_to_render(*, certificate: Certificate, by: Scope) -> None:
    """Ask the worker to render a certificate that has no document; harmless while it is being rendered already."""
    if certificate.document_id is None and not queries.is_being_rendered(certificate.id):
        ask_for(queries.RENDER, by=by, certificate_id=certificate.id)


def keep_document(*, certificate_id: int, content: bytes, by: Scope) -> None:
    """Keep the rendered PDF of a certificate; the first one kept stays."""
    certificate = db.session.get_one(Certificate, certificate_id)
    if certificate.document_id is not None:
        return
    stored = storage.store(content, name=f"{certificate.number}.pdf", media_type="application/pdf")
    certificate.document_id = stored.id
    db.session.flush()
    record("certificates.rendered", by=by, subject=f"certificate:{certificate_id}", sha256=stored.sha256)


def withdraw_certificate(*, certificate: Certificate, reason: str, by: Scope) -> None:
    """Declare a certificate void, for a reason; the check page says so at once. Refused without a reason or twice."""
    check_may_withdraw(by, certificate)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say why the certificate is withdrawn."))
    changed = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_because=reason)
        .returning(Certificate.id)
    ).scalar_one_or_none()
    if changed is None:
        raise Refused(_("This certificate was withdrawn before. Nothing has changed."))
    db.session.refresh(certificate)
    record(
        "certificates.withdrawn",
        by=by,
        subject=f"certificate:{certificate.id}",
        values={"withdrawn_because": ("", reason)},
    )


def note_taken(*, certificate: Certificate, by: Scope) -> None:
    """Record, the first time, that the holder has opened the document: from now on it may be on paper."""
    if queries.was_taken(certificate.id):
        return
    record_aside("certificates.taken", by=by, subject=f"certificate:{certificate.id}")


def note_printed(*, commission: Commission, count: int, by: Scope) -> None:
    """Record that someone printed the certificates of a commission at once."""
    check_may_print(by, commission.id)
    record("certificates.printed", by=by, subject=f"commission:{commission.id}", count=count)


def ask_to_print(*, commission: Commission, by: Scope) -> CertificatePrint:
    """Ask the worker for all certificates of a commission and of those below it as one document. Refused when there are
    none."""
    check_may_print(by, commission.id)
    count = queries.count_of_commission(commission.id, printable=True)
    if not count:
        raise Refused(_("There is no certificate to print here yet."))
    asked = CertificatePrint(commission_id=commission.id, asked_by_id=by.account_id, asked_at=clock.now(), count=count)
    db.session.add(asked)
    db.session.flush()
    asked.job_id = ask_for(queries.PRINT, by=by, print_id=asked.id).id
    note_printed(commission=commission, count=count, by=by)
    return asked


def keep_print(*, print_id: int, content: bytes) -> None:
    """Keep the document of a print that was asked for."""
    asked = db.session.get_one(CertificatePrint, print_id)
    name = f"certificates-{asked.commission.code}.pdf"
    asked.document_id = storage.store(content, name=name, media_type="application/pdf").id
    db.session.flush()
