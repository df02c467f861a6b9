"""Correct what is known about a commission or a seat without anyone coming or going."""

from __future__ import annotations

from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import Scope
from lms.core.audit.actions import record
from lms.core.database.base import db


def correct_nomination(*, appointment: Appointment, nominated_by: str, by: Scope) -> None:
    """Set who nominated a member. The values stand aside in the record: they are political-opinion data."""
    before = appointment.nominated_by
    appointment.nominated_by = nominated_by
    db.session.flush()
    record(
        "commissions.nomination_corrected",
        by=by,
        subject=f"commission:{appointment.commission_id}",
        values={"nominated_by": (before, nominated_by)},
        person=appointment.person_id,
    )


def set_time_zone(*, commission: Commission, time_zone: str, by: Scope) -> None:
    """Set the commission's time zone (an IANA name, checked by the caller)."""
    before = commission.time_zone
    commission.time_zone = time_zone
    db.session.flush()
    record("commissions.time_zone_set", by=by, subject=f"commission:{commission.id}", before=before, after=time_zone)
