"""Which certificate somebody holds, for rooms that may not ask this one themselves."""

from __future__ import annotations

from typing import Protocol

from lms.certificates.queries import find_of_enrolment, may_be_on_paper


class Asking(Protocol):
    """A question that another room asks."""

    certificate_id: int | None
    """Where the answer goes: the certificate that holds."""
    number: str
    commission_id: int | None
    printed: bool

    @property
    def enrolment_id(self) -> int:
        """Of which completed course."""


def tell_certificate(event: Asking) -> None:
    """Say which certificate was issued for a completed course and was not withdrawn, and whether somebody may have it
    on paper."""
    certificate = find_of_enrolment(event.enrolment_id)
    if certificate is None or certificate.withdrawn_at is not None:
        return
    event.certificate_id, event.number = certificate.id, certificate.number
    event.commission_id, event.printed = certificate.commission_id, may_be_on_paper(certificate)
