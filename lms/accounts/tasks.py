"""What the worker does by itself."""

from __future__ import annotations

from lms.accounts import actions, browsers, guesses, pending
from lms.core.jobs.queue import every_minute


@every_minute("accounts.forget_what_is_over")
def forget_what_is_over() -> None:
    """Tell whose way in was guessed at; then delete old counts of tries, sessions that are over by their age, and what
    was asked and never answered."""
    guesses.tell_guesses()
    actions.forget_old_windows()
    browsers.forget_old_sessions()
    pending.forget_old()
