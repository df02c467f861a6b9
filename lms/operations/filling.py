"""Fill an empty database with the rows of another: its tables by the migrations, its rows in bulk, then compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Connection

from lms.core.command import Progress
from lms.core.database.rows.reading import Sum, Summing, sum_of
from lms.core.database.rows.tables import Table, read_tables, set_last_id
from lms.core.database.rows.writing import bare, check_links, write_blocks
from lms.core.database.shape import newest_revision
from lms.core.errors import Refused


@dataclass(frozen=True)
class Source:
    """Rows from elsewhere: the revision they are of, their tables, each table's lines, and the last ids given."""

    revision: str
    tables: Sequence[Table]
    blocks: Callable[[Table], Iterator[bytes]]
    last_ids: Mapping[str, int | None]
    rows: int


def fill(connection: Connection, source: Source, progress: Progress) -> dict[str, Sum]:
    """Bring an empty database to the source's rows and to this code's newest revision, all in the connection's own
    transaction. The sum of each table as it came and as it stands (before newer migrations): Refused when they differ.
    """
    migrate(connection, source.revision)
    tables = read_tables(connection)
    if list(tables) != list(source.tables):
        raise Refused(
            f"The tables of revision {source.revision} are others than this code's ({_difference(tables, source)}). "
            "Install the version that these rows are from. Nothing has changed."
        )
    sums = _write(connection, source, progress)
    _compare(connection, tables, sums, progress)
    if source.revision != newest_revision():
        migrate(connection, newest_revision())
        check_links(connection)
    connection.exec_driver_sql("ANALYZE")
    return sums


def migrate(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision within the connection's transaction."""
    from alembic import command  # only here: other commands start without it

    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _write(connection: Connection, source: Source, progress: Progress) -> dict[str, Sum]:
    sums, done = {}, 0
    with bare(connection, source.tables):
        for table in source.tables:
            summing = Summing()
            told = _telling(summing.passing(source.blocks(table)), done, source.rows, progress)
            write_blocks(connection, table, told)
            set_last_id(connection, table, source.last_ids[table.name])
            sums[table.name] = summing.sum
            done += summing.rows
    check_links(connection)
    return sums


def _telling(blocks: Iterator[bytes], done: int, total: int, progress: Progress) -> Iterator[bytes]:
    for block in blocks:
        yield block
        done += block.count(b"\n")
        progress("Writing rows", done, total)


def _compare(connection: Connection, tables: Sequence[Table], sums: Mapping[str, Sum], progress: Progress) -> None:
    different = []
    for done, table in enumerate(tables):
        progress("Comparing tables", done, len(tables))
        if sum_of(connection, table) != sums[table.name]:
            different.append(table.name)
    if different:
        raise Refused(f"Rows came over otherwise than they were: {', '.join(different)}. Nothing has changed.")


def _difference(tables: Sequence[Table], source: Source) -> str:
    ours, theirs = {table.name: table for table in tables}, {table.name: table for table in source.tables}
    return ", ".join(sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)))
