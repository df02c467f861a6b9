"""Know from where somebody acted, and keep hashes of values so that they cannot be altered unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
VALUE_KEPT = ("id", "entry_id", "field", "hash")
ORIGIN_KEPT = ("hash", "account_id", "made_at")


def upgrade() -> None:
    """Make the change."""
    op.add_column("audit_entry", sa.Column("origin", sa.String(), nullable=True))
    op.add_column("audit_entry", sa.Column("value_hashes", sa.JSON(), nullable=True))
    op.create_index("ix_audit_entry_account_id", "audit_entry", ["account_id"])
    op.add_column("audit_value", sa.Column("salt", sa.String(), nullable=True))
    op.add_column("audit_value", sa.Column("hash", sa.String(), nullable=True))
    op.create_table(
        "audit_origin",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_audit_origin")),
    )
    op.create_index("ix_audit_origin_account_id", "audit_origin", ["account_id"])
    op.freeze("audit_value", ("before", "after", "salt"), VALUE_KEPT)
    op.freeze("audit_origin", ("network", "browser", "salt"), ORIGIN_KEPT)


def downgrade() -> None:
    """Take it back."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("frozen_audit_value_update", "frozen_audit_value_delete") if is_sqlite else ("frozen_audit_value",):
        op.execute(sa.text(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON audit_value")))
    op.drop_index("ix_audit_origin_account_id", "audit_origin")
    op.drop_table("audit_origin")
    if not is_sqlite:
        op.execute(sa.text("DROP FUNCTION refuse_change_but_emptying()"))
    op.drop_column("audit_value", "hash")
    op.drop_column("audit_value", "salt")
    op.drop_index("ix_audit_entry_account_id", "audit_entry")
    op.drop_column("audit_entry", "value_hashes")
    op.drop_column("audit_entry", "origin")
