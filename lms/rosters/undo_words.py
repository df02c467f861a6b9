"""What a page says about undoing an import: what it will do, or what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lms.core.web.languages import _n
from lms.rosters.standing import Reason, Standing


def what_undoing_does(counts: Mapping[str, int]) -> list[str]:
    """What undoing will do, a sentence each; empty when applying has changed nothing."""
    return [words(counts[name]) for name, words in _DONE if counts[name]]


def standing_sentence(reason: Reason) -> str:
    """What stands on the import: how many, the first few by name, and what to do if anything can be done."""
    few = ", ".join(reason.few) + (" …" if reason.count > len(reason.few) else "")
    return _STANDING[reason.kind](reason.count, few)


def _commissions(n: int) -> str:
    return _n("%(n)s commission that it made is taken away.", "%(n)s commissions that it made are taken away.", n)


def _people(n: int) -> str:
    return _n(
        "%(n)s person whom it added is taken out again; a sign-in slip printed for them stops working.",
        "%(n)s people whom it added are taken out again; sign-in slips printed for them stop working.",
        n,
    )


def _appointments(n: int) -> str:
    return _n(
        "%(n)s seat that it gave is taken back, with the course that was not begun.",
        "%(n)s seats that it gave are taken back, with the courses that were not begun.",
        n,
    )


def _reopened(n: int) -> str:
    return _n("%(n)s person has their seat again.", "%(n)s people have their seats again.", n)


def _corrected(n: int) -> str:
    return _n(
        "%(n)s correction is set back to what stood there before.",
        "%(n)s corrections are set back to what stood there before.",
        n,
    )


def _time_zones(n: int) -> str:
    return _n(
        "%(n)s commission has its earlier time zone again.", "%(n)s commissions have their earlier time zones again.", n
    )


_DONE: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("commissions", _commissions),
    ("people", _people),
    ("appointments", _appointments),
    ("reopened", _reopened),
    ("corrected", _corrected),
    ("time_zones", _time_zones),
)


def _signed_in(n: int, few: str) -> str:
    return _n(
        "%(n)s person whom it added has signed in (%(few)s).",
        "%(n)s people whom it added have signed in (%(few)s).",
        n,
        few=few,
    )


def _begun(n: int, few: str) -> str:
    return _n(
        "%(n)s person has begun the course (%(few)s).", "%(n)s people have begun the course (%(few)s).", n, few=few
    )


def _recorded(n: int, few: str) -> str:
    return _n(
        "Of %(n)s person something more is recorded: a workshop, a role or a certificate (%(few)s).",
        "Of %(n)s people something more is recorded: a workshop, a role or a certificate (%(few)s).",
        n,
        few=few,
    )


def _corrected_again(n: int, few: str) -> str:
    return _n(
        "What is known of %(n)s person was corrected afterwards (%(few)s).",
        "What is known of %(n)s people was corrected afterwards (%(few)s).",
        n,
        few=few,
    )


def _seats_later(n: int, few: str) -> str:
    return _n(
        "The seat of %(n)s person was changed afterwards (%(few)s).",
        "The seats of %(n)s people were changed afterwards (%(few)s).",
        n,
        few=few,
    )


def _commissions_later(n: int, few: str) -> str:
    return _n(
        "%(n)s commission was changed afterwards, or something more is recorded of it (%(few)s).",
        "%(n)s commissions were changed afterwards, or something more is recorded of them (%(few)s).",
        n,
        few=few,
    )


def _later_import(n: int, few: str) -> str:
    return _n(
        "%(n)s roster applied afterwards changed the same people or commissions (No. %(few)s). Undo that one first.",
        "%(n)s rosters applied afterwards changed the same people or commissions (No. %(few)s). Undo those first.",
        n,
        few=few,
    )


_STANDING: Mapping[Standing, Callable[[int, str], str]] = {
    Standing.SIGNED_IN: _signed_in,
    Standing.BEGUN: _begun,
    Standing.RECORDED: _recorded,
    Standing.CORRECTED: _corrected_again,
    Standing.SEATS: _seats_later,
    Standing.COMMISSIONS: _commissions_later,
    Standing.LATER_IMPORT: _later_import,
}
