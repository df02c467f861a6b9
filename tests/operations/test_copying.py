"""The database goes over whole into another one, of either kind, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from lms.commissions.permissions import SYSTEM
from lms.core.audit.actions import record
from lms.core.audit.sealing import look_at_chain, seal
from lms.core.database.base import db
from lms.core.database.rows import words
from lms.core.database.rows.reading import one_moment, sum_of
from lms.core.database.rows.tables import Kind, read_tables
from lms.core.errors import Refused
from lms.operations import filling
from lms.operations.copying import copy_database
from tests.factories.installations import NewInstallation, database_url, numbers
from tests.operations.conftest import quietly, settings_of, sums_of
from tests.postgres import Server


def copy(app: Flask, url: str) -> None:
    """Copy an installation's database."""
    with app.app_context():
        copy_database(settings_of(app), url, quietly)


def sums_at(url: str) -> dict[str, object]:
    """The sum of every table of a database."""
    engine = create_engine(url)
    with one_moment(engine) as connection:
        found = {table.name: sum_of(connection, table) for table in read_tables(connection)}
    engine.dispose()
    return found


def test_rows_go_over_and_back(source: Flask, postgres_server: Server | None, tmp_path: Path) -> None:
    """On PostgreSQL's run: to SQLite, and from there to PostgreSQL again."""
    first = f"sqlite:///{tmp_path / 'first.db'}"
    copy(source, first)
    assert sums_at(first) == sums_of(source)
    second = database_url(postgres_server, tmp_path, next(numbers))
    from dataclasses import replace

    from lms.app import create_app

    between = create_app(replace(settings_of(source), database_url=first))
    copy(between, second)
    with between.app_context():
        db.engine.dispose()
    assert sums_at(second) == sums_of(source)


def test_a_target_with_rows_is_refused(source: Flask, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    copy(source, url)
    before = sums_at(url)
    with pytest.raises(Refused, match="is not empty"):
        copy(source, url)
    assert sums_at(url) == before


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/name", "--to names"),
        ("postgresql://somebody:hidden@127.0.0.1:1/none", "cannot be reached"),
        ("sqlite:////no/such/folder/copy.db", "There is no folder"),
    ],
)
def test_a_target_that_cannot_be_is_told(source: Flask, url: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        copy(source, url)
    assert "hidden" not in refused.value.sentence


def test_a_row_lost_on_the_way_is_found_and_nothing_stands_there(
    source: Flask, postgres_server: Server | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: somebody writes between writing and comparing."""
    real = filling.check_links

    def lose(connection: object) -> None:
        real(connection)  # type: ignore[arg-type]
        connection.execute(text("DELETE FROM certificate_print"))  # type: ignore[attr-defined]

    monkeypatch.setattr(filling, "check_links", lose)
    url = database_url(postgres_server, tmp_path, next(numbers))
    with pytest.raises(Refused, match="otherwise than they were: certificate_print"):
        copy(source, url)
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    assert not list(tmp_path.glob("*.copying"))


def test_the_chain_of_seals_holds_after(new: NewInstallation, tmp_path: Path) -> None:
    """Moments and JSON come over to the last sign: the hash is over them."""
    from dataclasses import replace
    from datetime import timedelta

    from flask_migrate import upgrade

    from lms.app import create_app
    from lms.core import clock

    app = new()
    with app.app_context():
        upgrade()
        with clock.pretending(clock.now() - timedelta(hours=1)):
            record(
                "tests.strange", by=SYSTEM, subject="tab\tline\nback\\slash\r\x0b", ключ="ə\\n", number=1.5, none=None
            )
        assert seal() is not None
        db.session.commit()
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    copy(app, url)
    over = create_app(replace(settings_of(app), database_url=url))
    with over.app_context():
        assert look_at_chain().broken is None
        db.session.remove()
        db.engine.dispose()


ROWS = {
    Kind.TEXT: ["", "\\N", None, "a\tb\nc\rd\x0be\x0cf\x08g", "\\", "ң"],
    Kind.INTEGER: [0, -(2**40), None],
    Kind.BOOLEAN: [0, 1, None],
    Kind.BYTES: [b"", b"\\N\n\x00", None],
    Kind.FLOAT: [0.1, -1e300, 5.0, None],
    Kind.MOMENT: ["2026-01-01 00:00:00.000001", None],
    Kind.DATE: ["2022-11-20", None],
    Kind.JSON: ['{"a": "\\n"}', "null", None],
}


@pytest.mark.parametrize("kind", Kind)
def test_every_value_comes_back_from_its_line(kind: Kind) -> None:
    rows = [(value,) for value in ROWS[kind]]
    lines = words.lines_of([kind], rows)
    assert lines.count(b"\n") == len(rows)
    assert words.rows_of([kind], lines) == rows


@pytest.mark.parametrize(
    ("kept", "whole"),
    [
        ("2026-01-01 10:00:00", "2026-01-01 10:00:00.000000"),
        ("2026-01-01T10:00:00.5", "2026-01-01 10:00:00.500000"),
        ("2026-01-01 10:00:00.123456", "2026-01-01 10:00:00.123456"),
    ],
)
def test_moments_have_all_their_digits(kept: str, whole: str) -> None:
    assert words.moment(kept) == whole
