"""Commands over the record of what was done."""

from __future__ import annotations

from dataclasses import asdict

import click

from lms.core.audit.sealing import look_at_chain
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
    """Compare every seal with the entries under it: an entry changed, removed or slipped in breaks the chain."""
    with only_reading():
        chain = look_at_chain(expect.strip().lower())
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
    told = {key: value for key, value in asdict(chain).items() if key not in ("broken", "expected")}
    words = (
        f"{chain.sealed} entries under {chain.seals} seals are as they were written; {chain.open} are not sealed yet.\n"
    )
    words += f"Write down elsewhere: {chain.last_hash}" if chain.last_hash else "There is no seal yet."
    answer(told, as_json=as_json, words=words)
