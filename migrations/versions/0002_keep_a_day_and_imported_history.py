"""Keep a day and imported history."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing_day", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_installation_only_a_demo_stands"), "demo OR standing_day IS NULL"
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_installation_only_a_demo_stands"), type_="check")
        batch_op.drop_column("standing_day")

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_column("imported_at")
