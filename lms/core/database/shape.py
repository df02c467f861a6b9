"""Whether the database is of the shape that this code expects: older, newer, or none yet. Read without Alembic, which
would cost every command its start."""

from __future__ import annotations

import re
from contextlib import suppress
from enum import StrEnum
from functools import cache

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from lms.core.config import ROOT
from lms.core.database.engine import only_reading
from lms.core.errors import Refused

VERSIONS = ROOT / "migrations" / "versions"
_NAMED = re.compile(r"^(revision|down_revision)(?::[^=]*)? = (.+)$", re.MULTILINE)
_REVISION = re.compile(r"""["']([^"']+)["']""")


class Shape(StrEnum):
    """How the database stands to the code."""

    NONE = "none"
    """No migration has run: an empty database."""
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    """Its revision is unknown to this code."""


@cache
def known_revisions() -> dict[str, tuple[str, ...]]:
    """Every revision of this code, with those before it."""
    known = {}
    for path in VERSIONS.glob("*.py"):
        named = dict(_NAMED.findall(path.read_text(encoding="utf-8")))
        for revision in _REVISION.findall(named.get("revision", "")):
            known[revision] = tuple(_REVISION.findall(named.get("down_revision", "")))
    return known


def newest_revision() -> str:
    """The revision that this code wants."""
    known = known_revisions()
    before = {one for those in known.values() for one in those}
    [newest] = set(known) - before
    return newest


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None when no migration has run on it. On PostgreSQL its absence ends the
    transaction."""
    try:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except SQLAlchemyError as error:
        said = str(error.orig if hasattr(error, "orig") else error)
        if "no such table" in said or getattr(getattr(error, "orig", None), "sqlstate", None) == "42P01":
            return None
        raise


def shape_of(revision: str | None) -> Shape:
    """How a database of this revision stands to the code."""
    if revision is None:
        return Shape.NONE
    if revision not in known_revisions():
        return Shape.NEWER
    return Shape.CURRENT if revision == newest_revision() else Shape.OLDER


def check_not_newer(revision: str | None) -> None:
    """Raise Refused when a database of this revision is from newer code."""
    if shape_of(revision) is Shape.NEWER:
        raise Refused(
            f"The database is from newer code (revision {revision}; this code knows up to {newest_revision()}). "
            "Install that version, or restore a backup made before it."
        )


def check_shape(engine: Engine) -> Shape | None:
    """How the database stands to the code; None when it cannot be asked. Raises Refused when it is older or newer. One
    that is away or empty passes: the command itself meets that, when it needs the database at all."""
    with suppress(SQLAlchemyError), only_reading(), engine.connect() as connection:
        revision = revision_of(connection)
        check_not_newer(revision)
        shape = shape_of(revision)
        if shape is Shape.OLDER:
            raise Refused(
                f"The database is older than the code (revision {revision}; this code wants {newest_revision()}). "
                "Make a backup (lms backup FILE), then run: lms db upgrade"
            )
        return shape
    return None
