"""What the worker does by itself."""

from __future__ import annotations

from lms.accounts import actions, browsers, pending
from lms.core.jobs.queue import every_minute


@every_minute("accounts.forget_what_is_over")
def forget_what_is_over() -> None:
    """Delete old counts of tries, sessions that are over by their age, and what was asked and never answered."""
    actions.forget_old_windows()
    browsers.forget_old_sessions()
    pending.forget_old()
