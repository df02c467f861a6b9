"""What the worker does about certificates. Nothing is held in the database while pages are laid out: nobody waits."""

from __future__ import annotations

from typing import Any

from lms.certificates import actions, printing, queries
from lms.certificates.models import Certificate, CertificatePrint
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import Progress, work


@work(queries.RENDER)
def render(_progress: Progress, params: dict[str, Any]) -> None:
    """Render one certificate and keep its document; nothing to do when it has one or was withdrawn."""
    certificate_id = int(params["certificate_id"])
    with only_reading():
        certificate = db.session.get_one(Certificate, certificate_id)
        if certificate.document_id is not None or certificate.withdrawn_at is not None:
            return
        sheet = printing.sheet_of(certificate)
        db.session.rollback()
    content = printing.render_sheets([sheet], title=f"Сертификат № {sheet.facts['number']}")
    actions.keep_document(certificate_id=certificate_id, content=content, by=SYSTEM)


@work(queries.PRINT)
def print_many(progress: Progress, params: dict[str, Any]) -> None:
    """Render all certificates of a commission as one document."""
    print_id = int(params["print_id"])
    with only_reading():
        asked = db.session.get_one(CertificatePrint, print_id)
        if asked.document_id is not None:
            return
        title = f"Сертификаттар / Сертификаты {asked.commission.code}"
        sheets = [printing.sheet_of(one) for one in queries.list_to_print(asked.commission_id)]
        db.session.rollback()
    content = printing.render_sheets(sheets, title=title, progress=progress)
    actions.keep_print(print_id=print_id, content=content)
