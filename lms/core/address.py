"""The address of the database as an operator writes it, for each of those who read it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

SERVER = re.compile(r"^postgres(?:ql)?(?:\+psycopg)?://")
_PARTS = re.compile(r"^(?P<user>[^@/]*@)?(?P<hosts>[^/?]*)(?P<name>/[^?]*)?(?:\?(?P<query>.*))?$")
WRITABLE = {"target_session_attrs": "read-write"}
"""Of several hosts the one that takes writes."""
KEEP_ALIVE = {"connect_timeout": "5", "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3"}
"""Seconds after which a host that says nothing is given up."""


def sqlalchemy_address(address: str) -> str:
    """The address for SQLAlchemy: psycopg as the driver, several hosts (`@one:5432,two:5433/name`) one by one.
    Addresses of other databases stay as they are."""
    if not SERVER.match(address):
        return address
    user, hosts, name, query = _split(address)
    if "," not in hosts:
        return f"postgresql+psycopg://{user}{hosts}{name}" + (f"?{urlencode(query)}" if query else "")
    options = [*(("host", host) for host in hosts.split(",")), *query, *_missing(WRITABLE, query)]
    return f"postgresql+psycopg://{user}{name}?{urlencode(options, safe=':')}"


def libpq_address(address: str) -> str:
    """The same address for PostgreSQL's own programs and for the queue: every host, the one that takes writes."""
    user, hosts, name, query = _split(address)
    options = [*query, *_missing(WRITABLE | KEEP_ALIVE, query)]
    return f"postgresql://{user}{hosts}{name}?{urlencode(options)}"


def _split(address: str) -> tuple[str, str, str, list[tuple[str, str]]]:
    found = _PARTS.match(SERVER.sub("", address))
    if found is None:
        raise ValueError(f"DATABASE_URL is no address of a database: {address.partition('@')[2] or address}")
    named = found.groupdict(default="")
    query = parse_qsl(named["query"])
    machines = [value for key, value in query if key == "host" and "/" not in value]
    hosts = named["hosts"] or ",".join(machines)
    return named["user"], hosts, named["name"], [pair for pair in query if pair != ("host", pair[1]) or "/" in pair[1]]


def _missing(wanted: dict[str, str], query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in wanted.items() if pair[0] not in dict(query)]
