"""Copy the whole database into another one: from SQLite to PostgreSQL, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from lms.core import occupancy
from lms.core.address import SERVER, sqlalchemy_address
from lms.core.command import Progress
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.engine import engine_options, prepare_engine
from lms.core.database.rows.reading import Sum, one_moment, read_blocks
from lms.core.database.rows.tables import count_rows, last_id, read_tables
from lms.core.database.shape import Shape, revision_of, shape_of
from lms.core.database.trouble import Trouble, trouble_of
from lms.core.errors import Refused
from lms.operations.backup.restoring import leave_database
from lms.operations.backup.target import Standing, cleared_server, look_at, new_sqlite, remove_sqlite
from lms.operations.filling import Source, fill


@dataclass(frozen=True)
class Copied:
    """What was copied: where to (without a password), and the sum of each table."""

    to: str
    sums: dict[str, Sum]


def copy_database(settings: Settings, url: str, progress: Progress) -> Copied:
    """Every row in the database at `url`, which must be empty; compared after, and there at once or not at all. The
    source is only read. Refused while the server runs: what it saved meanwhile would be left behind."""
    leave_database()
    with occupancy.alone(settings.instance):
        target = _engine_of(url)
        try:
            before = _look_at_empty(target)
            with one_moment(db.engine) as connection:
                source = _source_of(connection)
                with _place_in(target, before) as place:
                    sums = fill(place, source, progress)
        finally:
            target.dispose()
    return Copied(_named(target), sums)


def _source_of(connection: Connection) -> Source:
    tables, revision = read_tables(connection), revision_of(connection)
    if revision is None or shape_of(revision) is not Shape.CURRENT:
        raise Refused("The database is not at the newest revision. Run: lms db upgrade")
    return Source(
        revision=revision,
        tables=tables,
        blocks=lambda table: read_blocks(connection, table),
        last_ids={table.name: last_id(connection, table) for table in tables},
        rows=sum(count_rows(connection, table) for table in tables),
    )


def _engine_of(url: str) -> Engine:
    if not (url.startswith("sqlite:///") or SERVER.match(url)):
        raise Refused("--to names a database as postgresql://user@host/name or sqlite:////folder/file.db.")
    try:
        address = make_url(sqlalchemy_address(url))
    except (ArgumentError, ValueError):
        raise Refused("--to is no address of a database: postgresql://user@host/name") from None
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").absolute().parent.is_dir():
        raise Refused(f"There is no folder {Path(address.database or '').parent}. Make it first.")
    engine = create_engine(address, **engine_options(sqlalchemy_address(url)))
    prepare_engine(engine)
    return engine


def _look_at_empty(target: Engine) -> Standing:
    where = _named(target)
    try:
        standing = look_at(target)
    except DBAPIError as fault:
        if trouble_of(fault) is Trouble.AWAY:
            raise Refused(f"{where} cannot be reached. Look at the address and whether it runs.") from None
        raise
    if not standing.is_empty:
        raise Refused(f"{where} is not empty. It holds {standing.in_words()}. Name an empty database.")
    return standing


@contextmanager
def _place_in(target: Engine, before: Standing) -> Iterator[Connection]:
    if target.dialect.name != "sqlite":
        with cleared_server(target, before, aside="") as connection:
            yield connection
        return
    place = Path(target.url.database or "").absolute()
    new = Path(f"{place}.copying")
    with new_sqlite(new) as connection:
        yield connection
    target.dispose()
    remove_sqlite(place)  # an empty one
    new.rename(place)


def _named(target: Engine) -> str:
    """The address without the password, as an operator writes it."""
    return target.url.render_as_string().replace("+psycopg", "")
