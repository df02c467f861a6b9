"""What the worker does by itself."""

from __future__ import annotations

from lms.accounts import actions, browsers
from lms.core.jobs.queue import every_minute


@every_minute("accounts.forget_what_is_over")
def forget_what_is_over() -> None:
    """Delete old counts of tries, and sessions that are over by their age."""
    actions.forget_old_windows()
    browsers.forget_old_sessions()
