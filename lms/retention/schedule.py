"""What personal data is kept how long: one table. What is not in it stays (`words.what_stays`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lms.accounts import erasing as accounts
from lms.assessment import erasing as assessment
from lms.certificates import erasing as certificates
from lms.core.database.due import Due
from lms.core.documents.removing import UnnamedContent
from lms.core.jobs import erasing as jobs
from lms.fairness import erasing as fairness
from lms.home import erasing as calls
from lms.papertests import erasing as papertests
from lms.retention import standing
from lms.retention.rules import Term
from lms.rosters import erasing as rosters
from lms.sittings import erasing as sittings

YEAR = 365
MANY, SOME, FEW = 1_000, 500, 100
"""Things erased in one transaction: rows, people, imports with their files."""


@dataclass(frozen=True)
class Category:
    """One kind of data. What it is, when its term begins and why it is kept so long stands in `words`."""

    code: str
    term: Term
    due: tuple[Due, ...]
    """What is erased, in this order."""
    batch: int = MANY
    """So many at once: nobody who saves an answer waits for more."""


SCHEDULE = (
    Category("sessions", Term(14, 1, 14), (accounts.OLD_SESSIONS,)),
    Category("tries", Term(1, 1, 1), (accounts.OLD_TRIES,)),
    Category("codes", Term(30, 1, YEAR), (accounts.OLD_CODES,)),
    Category("rosters", Term(YEAR, 30, 10 * YEAR), (rosters.APPLIED, rosters.ROWS, rosters.CHANGES)),
    Category("rosters_left", Term(180, 30, 2 * YEAR), (rosters.LEFT, rosters.ROWS)),
    Category("calls", Term(90, 1, 5 * YEAR), (calls.OLD_NOTES,)),
    Category("help", Term(90, 1, YEAR), (assessment.OLD_REASONS,)),
    Category("tests", Term(YEAR, 30, 5 * YEAR), (fairness.OLD_DISPUTES, fairness.OLD_SIGN_NOTES, sittings.OLD_REMARKS)),
    Category("people", Term(5 * YEAR, YEAR, 20 * YEAR), (standing.PEOPLE,), SOME),
    Category("record", Term(5 * YEAR, YEAR, 10 * YEAR), (standing.VALUES, standing.ORIGINS)),
    Category("prints", Term(30, 1, YEAR), (certificates.OLD_PRINTS,), FEW),
    Category("papers", Term(30, 1, YEAR), (papertests.OLD_PRINTS, papertests.LEFT_DRAFTS), FEW),
    Category("jobs", Term(90, 7, 2 * YEAR), (jobs.OLD_JOBS, jobs.OLD_SENTENCES)),
    Category("left_files", Term(1, 1, 1), (UnnamedContent(),)),
)
BY_CODE: Mapping[str, Category] = MappingProxyType({one.code: one for one in SCHEDULE})
