"""Prints of many certificates are erased after their term. Certificates stay, with the name of their holder: they are
signed, and whoever was shown one may check it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lms.certificates.models import Certificate, CertificatePrint
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys
from lms.core.documents.removing import remove_with_documents


def list_certified(person_ids: Collection[int]) -> list[int]:
    """For each certificate of these people, whose it is."""
    held = select(Certificate.person_id).where(Certificate.person_id.in_(person_ids))
    return list(db.session.scalars(held))


def _remove_prints(ids: Keys) -> int:
    return remove_with_documents(CertificatePrint, ids)


OLD_PRINTS = DueRows(CertificatePrint.id, lambda before: CertificatePrint.asked_at <= before, _remove_prints)
