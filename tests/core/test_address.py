"""The address of the database, for SQLAlchemy and for PostgreSQL's own programs."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from lms.core.address import libpq_address, sqlalchemy_address

WRITABLE = "target_session_attrs=read-write"


@pytest.mark.parametrize(
    ("written", "hosts", "ports"),
    [
        ("postgresql://cascade:se%40cret@one/lms", "one", None),
        ("postgres://cascade:se%40cret@one:5433/lms", "one", 5433),
        ("postgresql://cascade:se%40cret@one:5432,two:5433/lms", "one,two", "5432,5433"),
        ("postgresql+psycopg://cascade:se%40cret@/lms?host=one:5432&host=two:5433", "one,two", "5432,5433"),
    ],
)
def test_every_host_is_known_to_the_driver(written: str, hosts: str, ports: object) -> None:
    address = sqlalchemy_address(written)
    assert sqlalchemy_address(address) == address
    url = make_url(address)
    _plain, options = url.get_dialect()().create_connect_args(url)
    assert (options["host"], options.get("port")) == (hosts, ports)
    assert (options["user"], options["password"], options["dbname"]) == ("cascade", "se@cret", "lms")
    assert options.get("target_session_attrs") == ("read-write" if "," in hosts else None)


def test_a_socket_stays_a_socket() -> None:
    address = sqlalchemy_address("postgresql+psycopg://cascade@/lms?host=/run/postgresql")
    assert make_url(address).query["host"] == "/run/postgresql"
    assert libpq_address(address).startswith("postgresql://cascade@/lms?host=%2Frun%2Fpostgresql&")


def test_programs_of_postgresql_get_every_host_in_one_address() -> None:
    address = sqlalchemy_address("postgresql://cascade@one:5432,two:5433/lms?sslmode=require")
    told = libpq_address(address)
    assert told.startswith("postgresql://cascade@one:5432,two:5433/lms?sslmode=require&")
    assert told.count(WRITABLE) == 1


def test_other_databases_keep_their_address() -> None:
    assert sqlalchemy_address("sqlite:////srv/cascade.db") == "sqlite:////srv/cascade.db"
