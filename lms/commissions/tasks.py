"""What the worker does about commissions."""

from __future__ import annotations

from typing import Any

from lms.commissions.leaving import END_SLIPS, end_slips_of_leavers
from lms.commissions.permissions import SYSTEM
from lms.core.jobs.queue import Progress, work


@work(END_SLIPS)
def end_slips(_progress: Progress, params: dict[str, Any]) -> None:
    """End the unused slips of those of some people who hold neither a seat nor a role any more."""
    end_slips_of_leavers(person_ids=params["person_ids"], by=SYSTEM)
