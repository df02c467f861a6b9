"""Prints of many certificates are erased after their term. Certificates stay, with the name of their holder: they are
signed, and whoever was shown one may check it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from lms.certificates.models import Certificate, CertificatePrint
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.core.documents.removing import remove


def list_certified(person_ids: Collection[int]) -> list[int]:
    """For each certificate of these people, whose it is."""
    held = select(Certificate.person_id).where(Certificate.person_id.in_(person_ids))
    return list(db.session.scalars(held))


def _remove_prints(ids: Keys) -> int:
    going = CertificatePrint.id.in_(ids)
    documents = db.session.scalars(select(CertificatePrint.document_id).where(going)).all()
    gone = count_done(delete(CertificatePrint).where(going))
    remove([one for one in documents if one is not None])
    return gone


OLD_PRINTS = DueRows(CertificatePrint.id, lambda before: CertificatePrint.asked_at <= before, _remove_prints)
