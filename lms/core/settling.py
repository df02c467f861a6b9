"""The last step of a restore: what was made ready beside is put in place, at once or not at all.

A plan in the installation's folder says what goes where. Once the plan stands there, the new state is the one that
counts: whoever starts next finishes it, should the restore have been killed. On PostgreSQL the commit decides: the
plan names a token that is written by the same transaction.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from lms.core import occupancy
from lms.core.address import libpq_address
from lms.core.errors import Refused

PLAN = "restore.plan"
ADVISORY_LOCK = 20221120
"""The number of the lock that a restore holds on PostgreSQL until its transaction has ended."""
BESIDE = ("-wal", "-journal")
"""Files that belong to a database of SQLite and must go where it goes."""


@dataclass(frozen=True)
class Move:
    """Something new, the place it goes to, and where the old one is kept."""

    new: str
    place: str
    old: str


@dataclass(frozen=True)
class Plan:
    """What a restore has made ready. `token`: on PostgreSQL, the comment that says the transaction was committed."""

    moves: list[Move]
    token: str = ""


def write_plan(instance: Path, plan: Plan) -> None:
    """Put the plan there, whole, on disk before this returns."""
    part = instance / f"{PLAN}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(plan), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(instance / PLAN)
    sync_folder(instance)


def finish_interrupted(instance: Path, database_url: str) -> None:
    """Finish a restore that was killed after its plan was there, before anything else touches the installation."""
    if (instance / PLAN).exists():
        occupancy.wait_alone(instance)
        settle(instance, database_url)


def settle(instance: Path, database_url: str) -> None:
    """Do what the plan says; doing it again is harmless. Raises Refused when PostgreSQL has to be asked and is away."""
    path = instance / PLAN
    if not path.exists():
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    plan = Plan([Move(**move) for move in kept["moves"]], kept["token"])
    counts = not plan.token or _is_committed(plan.token, database_url)
    for move in plan.moves:
        if counts:
            _put_in_place(move)
        else:
            _remove(Path(move.new))
    path.unlink()
    sync_folder(instance)


def sync_file(path: Path) -> None:
    """What was written to a file is on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """What was renamed in a folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_in_place(move: Move) -> None:
    new, place, old = Path(move.new), Path(move.place), Path(move.old)
    if not new.exists():
        return  # done before
    for ending in BESIDE:
        beside = Path(f"{place}{ending}")
        if beside.exists():
            beside.replace(f"{old}{ending}")
    Path(f"{place}-shm").unlink(missing_ok=True)
    if place.exists():
        place.rename(old)
        old.chmod(0o700 if old.is_dir() else 0o600)
    new.rename(place)
    sync_folder(place.parent)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_committed(token: str, database_url: str) -> bool:
    import psycopg  # only here: commands start without it

    statement = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
    try:
        with psycopg.connect(libpq_address(database_url)) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
            found = connection.execute(statement).fetchone()
    except psycopg.OperationalError:
        raise Refused(
            "A restore was interrupted, and the database cannot be reached to see whether it was done. Start "
            "PostgreSQL, then try again."
        ) from None
    return found is not None and found[0] == token
