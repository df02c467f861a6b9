"""Commands over the record of what was done."""

from __future__ import annotations

from dataclasses import asdict

import click

from lms.core.audit.sealing import look_at_chain
from lms.core.audit.values import look_aside
from lms.core.command import answer, in_app
from lms.core.database.engine import only_reading
from lms.core.errors import Refused


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command("verify")
@click.option("--expect", default="", help="A last hash that was kept elsewhere: it must be in the chain.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def verify(expect: str, as_json: bool) -> None:
    """Compare every seal with the entries under it, and what stands aside of them with the hashes that they keep: what
    was changed, removed or slipped in is found."""
    with only_reading():
        chain = look_at_chain(expect.strip().lower())
        aside = look_aside()
    if chain.broken is not None:
        row = chain.broken
        raise Refused(
            f"Seal {row.id} does not hold: an entry from {row.first_id} to {row.last_id}, or the seal itself, was "
            f"changed, removed or slipped in after {row.sealed_at:%Y-%m-%d %H:%M} UTC. The {chain.seals} seals before "
            "it hold. Keep the database as it is and compare these entries with a backup made before."
        )
    if not chain.expected:
        raise Refused(
            "The seals hold among themselves, but the hash you gave is not one of theirs: the whole chain was made "
            "anew, or the hash is of another installation. Compare with a backup of the time when it was written down."
        )
    if aside.broken is not None:
        raise Refused(
            f"The entries are as they were written, but beside entry {aside.broken} a value before or after, or the "
            "place from which it came, was changed, removed or slipped in. Keep the database as it is and compare this "
            "entry with a backup made before."
        )
    if chain.late is not None:
        raise Refused(
            f"The seals that there are hold, but {chain.open} entries, the oldest of {chain.late:%Y-%m-%d %H:%M} UTC, "
            "have none: either no worker has run since, or seals were taken away. Let the worker run for some minutes "
            "and ask again; if a seal was ever written down, give it with --expect."
        )
    told = {key: value for key, value in asdict(chain).items() if key not in ("broken", "expected", "late")}
    told |= {"values": aside.kept, "values_erased": aside.erased, "values_unproven": aside.unproven}
    seals = "1 seal" if chain.seals == 1 else f"{chain.seals} seals"
    words = f"{chain.sealed} entries under {seals} are as they were written; {chain.open} are not sealed yet.\n"
    words += f"Values before and after: {aside.kept} as they were written, {aside.erased} erased"
    words += f", {aside.unproven} from before hashes were kept of them.\n" if aside.unproven else ".\n"
    words += f"Write down elsewhere: {chain.last_hash}" if chain.last_hash else "There is no seal yet."
    answer(told, as_json=as_json, words=words)
