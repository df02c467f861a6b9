"""How migrations run: each in a transaction of its own, on SQLite too; a killed one leaves nothing half done."""

from __future__ import annotations

from contextlib import nullcontext

from alembic import context
from flask import current_app

from lms.core.database import migrating
from lms.core.database.base import db


def run() -> None:
    """Run the migrations asked for on the app's database."""
    if context.is_offline_mode():
        raise SystemExit("Migrations read the database as they go: run them without --sql.")
    settings = current_app.extensions["migrate"].configure_args
    given = context.config.attributes.get("connection")  # a database that is just being filled: one transaction for all
    with nullcontext(given) if given is not None else migrating.connection(db.engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            transaction_per_migration=True,
            include_object=migrating.is_ours,
            render_item=migrating.render,
            process_revision_directives=migrating.complete,
            **settings,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
