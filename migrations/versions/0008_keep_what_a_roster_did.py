"""Keep what applying a roster did, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "roster_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name=op.f("fk_roster_change_import_id_roster_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
    )
    op.create_index("ix_roster_change_import_id", "roster_change", ["import_id"])
    op.create_index("ix_roster_change_table_first_id", "roster_change", ["table", "first_id"])
    op.create_index("ix_person_merged_into_id", "person", ["merged_into_id"])
    op.create_table(
        "roster_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_roster_columns_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_roster_columns_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_columns")),
        sa.UniqueConstraint("commission_id", "key", name=op.f("uq_roster_columns_commission_id_key")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("keeps_changes", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.alter_column("keeps_changes", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Take it back: what rosters did is forgotten; one that was undone or discarded waits to be read."""
    op.execute("UPDATE roster_import SET state = 'uploaded' WHERE state IN ('undone', 'discarded')")
    with op.batch_alter_table("roster_import") as batch_op:
        batch_op.drop_column("keeps_changes")
        batch_op.drop_column("undone_at")
    op.drop_index("ix_person_merged_into_id", table_name="person")
    op.drop_table("roster_columns")
    op.drop_table("roster_change")
