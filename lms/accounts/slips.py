"""What the holder of a slip is told whose code does not work any more."""

from __future__ import annotations

from lms.accounts import queries, rules
from lms.accounts.actions import hash_code
from lms.accounts.rules import End
from lms.core import clock
from lms.core.web.languages import _, day_and_time


def say_end(*, login: str, secret: str) -> str:
    """How the code `secret` of the account `login` ended, and what to do now; empty for whoever holds no right code.

    What is looked up depends on what was typed and never on what there is: nobody learns from it which logins exist.
    """
    code = rules.read_code(secret)
    found = queries.find_code_of(login, hash_code(code)) if code is not None else None
    if found is None:
        return ""
    row, account = found
    ended = rules.end_of_code(
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        expires_at=row.expires_at,
        has_password=account.password_hash is not None,
        now=clock.now(),
    )
    return "" if ended is None else _words(ended[0], day_and_time(ended[1]))


def _words(end: End, when: str) -> str:
    return {
        End.USED: _(
            "This slip was used on %(when)s. Sign in with the password that was chosen then. If you do not know it, or "
            "it was not you, ask your territorial commission for a new slip.",
            when=when,
        ),
        End.USED_BEFORE: _(
            "This slip was used on %(when)s and does not work any more. Take the newest slip, or ask your territorial "
            "commission for one.",
            when=when,
        ),
        End.TAKEN_BACK: _(
            "This slip stopped working on %(when)s: a newer one was printed, or it was withdrawn. Sign in with your "
            "password if you have chosen one; otherwise take the newest slip, or ask your territorial commission for "
            "one.",
            when=when,
        ),
        End.RAN_OUT: _("This slip was valid until %(when)s. Ask your territorial commission for a new one.", when=when),
    }[end]
