"""Proofs asked of somebody who is signed in already: the present password, the second step. Every try is counted."""

from __future__ import annotations

from typing import Any

from flask import request

from lms.accounts import actions, passwords
from lms.accounts.models import Account
from lms.core.web.languages import _
from lms.core.web.setup import keep_changes


def fault_of_password(account: Account, typed: str) -> str | None:
    """What is wrong with the present password as typed, in a sentence; None when it is right."""
    keep_changes()
    login, address = f"password:{account.login}", _address()
    if not actions.count_try(login=login, address=address):
        return too_many()
    if not passwords.is_password(typed, account.password_hash):
        return _("This is not the password that you have now. Type it again.")
    actions.forget_tries(login=login, address=address)
    return None


def has_present_password(form: Any, account: Account) -> bool:
    """Whether the form's field `current` holds the present password; the field tells what is wrong."""
    fault = fault_of_password(account, form.current.data)
    if fault is not None:
        form.current.errors = [fault]
    return fault is None


def may_try_second_step(account: Account) -> bool:
    """Count one try of the second step, whatever it is made with; False when there were too many."""
    keep_changes()
    return actions.count_try(login=f"second:{account.login}", address=_address())


def second_step_proven(account: Account) -> None:
    """A good second step lets somebody in and clears the count."""
    actions.forget_tries(login=f"second:{account.login}", address=_address())
    actions.note_second_step(account=account)


def too_many() -> str:
    """The sentence for whoever has tried too often."""
    return _("Too many tries. Wait a quarter of an hour and try again.")


def _address() -> str:
    return request.remote_addr or ""
