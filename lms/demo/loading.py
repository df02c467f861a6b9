"""What loads of every size share: the course, what came of it, how far it is, and where nothing may be loaded."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from lms.campaigns.models import Installation
from lms.commissions.names import REFERENCE
from lms.commissions.permissions import SYSTEM
from lms.core.config import ROOT
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.reporting.actions import rebuild_counters

PACK = ROOT / "courses" / "election-day"
SHORT_PACK = ROOT / "courses" / "late-start"
"""For those who come to a seat in the last days."""
Progress = Callable[[str, int, int], None]
"""What is being done, how much of it, of how much."""


class Loaded(StrEnum):
    """What came of loading."""

    NOW = "now"
    EARLIER = "earlier"


def count_anew(campaign_id: int) -> None:
    """Count anew what is kept beside the rows, after a load of any size: the counters of completion."""
    rebuild_counters(campaign_id=campaign_id, by=SYSTEM)


def check_may_load() -> Installation | None:
    """What the installation says of itself, None when it is not set up yet. Refused where real people are."""
    installation = db.session.get(Installation, 1)
    if installation is not None and not installation.demo:
        raise Refused(
            "This installation is for real people, so no invented ones are put among them. Nothing has changed."
        )
    if installation is not None and installation.country != REFERENCE:
        raise Refused(
            f"The demo is a region of Kazakhstan, and the rules of {installation.country} hold here. It needs an "
            "installation of its own: set INSTANCE, and DATABASE_URL on PostgreSQL. Nothing has changed."
        )
    return installation
