"""Which roles do what with papers, each in its branch."""

from __future__ import annotations

from lms.commissions.permissions import OVERSEERS
from lms.commissions.rules import Role
from lms.workshops.permissions import SCHEDULERS

HANDLERS = SCHEDULERS
"""Print papers and key them in."""
READERS = (*HANDLERS, Role.AUDITOR)
"""See which papers are out."""
CORRECTORS = OVERSEERS
"""Correct what was keyed in wrongly."""
