"""How statements reach each database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Select, create_engine, select, text

from lms.commissions.models import Commission
from lms.core.config import Settings
from lms.core.database.among import is_among
from lms.core.database.base import db
from lms.core.database.engine import plan_anew
from tests.factories.commissions import Country, make_country


@pytest.fixture
def country(app: Flask) -> Country:
    """A small country."""
    return make_country()


def asking(ids: list[int]) -> Select[tuple[int]]:
    """Which of these commissions there are."""
    return select(Commission.id).where(is_among(Commission.id, ids)).order_by(Commission.id)


def test_one_of_many_ids(country: Country) -> None:
    ids = [country.precinct.id, country.second_precinct.id]
    for wanted, found in (([], []), (ids[:1], ids[:1]), ([*ids, 10**9], sorted(ids)), (ids * 500, sorted(ids))):
        assert db.session.scalars(asking(wanted)).all() == found


def test_postgresql_reads_the_same_statement_however_many_ids_there_are(app: Flask, database_kind: str) -> None:
    if database_kind != "postgresql":
        pytest.skip("SQLite has no arrays")
    said = {str(asking(ids).compile(db.engine, compile_kwargs={"render_postcompile": True})) for ids in ([1], [1, 2])}
    assert len(said) == 1


def test_postgresql_plans_pages_for_the_branch_that_is_asked_for(database_kind: str, settings: Settings) -> None:
    if database_kind != "postgresql":
        pytest.skip("SQLite plans each time")
    engine = create_engine(settings.database_url)
    for mode in ("auto", "force_custom_plan"):
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW plan_cache_mode")) == mode
        engine.dispose()
        plan_anew(engine)
    engine.dispose()
