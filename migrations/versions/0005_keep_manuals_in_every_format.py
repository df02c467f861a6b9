"""Keep manuals in every format. Those kept so far are of A4."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("manual_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.String(), nullable=False, server_default="a4"))
        batch_op.alter_column("pages", existing_type=sa.INTEGER(), nullable=True)
    name_by("version_id", "language", "format")
    with op.batch_alter_table("manual_file", schema=None) as batch_op:
        batch_op.alter_column("format", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Take it back: manuals of other formats than A4 are forgotten; they can be made again."""
    op.execute("DELETE FROM manual_file WHERE format <> 'a4'")
    name_by("version_id", "language")
    with op.batch_alter_table("manual_file", schema=None) as batch_op:
        batch_op.alter_column("pages", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("format")


def name_by(*columns: str) -> None:
    """Give the table another primary key."""
    with op.batch_alter_table("manual_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_manual_file"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_manual_file"), list(columns))
