"""What the operator is told of the record of what was done."""

from __future__ import annotations

import json
from datetime import timedelta

import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, update

from lms.cli import main
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.audit.models import AuditSeal, AuditValue
from lms.core.audit.sealing import seal
from lms.core.database.base import db
from tests.core.test_audit import thaw
from tests.factories.commissions import SYSTEM


def verify(*words: str) -> Result:
    """The answer of `lms audit verify`."""
    return CliRunner().invoke(main, ["audit", "verify", *words])


def make_chain(entries: int) -> str:
    """The last hash of a chain over some entries."""
    for number in range(entries):
        record("probe.done", by=SYSTEM, subject=f"probe:{number}", values={"phone": ("1", "2")})
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        made = seal()
    assert made is not None
    db.session.commit()
    return made.hash


def test_before_any_seal_it_says_so(app: Flask) -> None:
    assert verify().stdout.endswith("There is no seal yet.\n")


def test_a_whole_chain_gives_its_last_hash_to_write_down(app: Flask) -> None:
    kept = make_chain(3)
    record("probe.done", by=SYSTEM, subject="probe:young")
    db.session.commit()
    words = "3 entries under 1 seal are as they were written; 1 are not sealed yet.\n"
    words += "Values before and after: 3 as they were written, 0 erased.\nWrite down elsewhere: "
    assert verify("--expect", kept.upper()).stdout == f"{words}{kept}\n"
    told = {"sealed": 3, "open": 1, "seals": 1, "last_hash": kept}
    aside = {"values": 3, "values_erased": 0, "values_unproven": 0}
    assert json.loads(verify("--json").stdout) == {**told, **aside}


def test_a_broken_chain_is_refused_with_what_to_do(app: Flask) -> None:
    make_chain(2)
    thaw()
    db.session.execute(update(AuditSeal).values(count=1))
    db.session.commit()
    answer = verify()
    assert answer.exit_code == 1
    assert "does not hold" in answer.stderr
    assert "compare these entries with a backup" in answer.stderr


def test_a_value_changed_aside_is_refused_with_what_to_do(app: Flask) -> None:
    make_chain(2)
    thaw()
    db.session.execute(update(AuditValue).values(after="3"))
    db.session.commit()
    answer = verify()
    assert answer.exit_code == 1
    assert "a value before or after" in answer.stderr


def test_seals_that_were_taken_away_are_missed(app: Flask) -> None:
    make_chain(2)
    thaw()
    db.session.execute(delete(AuditSeal))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        answer = verify()
    assert answer.exit_code == 1
    assert "seals were taken away" in answer.stderr


def test_a_hash_of_another_chain_is_refused(app: Flask) -> None:
    kept = make_chain(2)
    thaw()
    db.session.execute(delete(AuditSeal))
    make_chain(1)
    answer = verify("--expect", kept)
    assert answer.exit_code == 1
    assert "not one of theirs" in answer.stderr
