"""Keep personal data for terms: when campaigns closed, what was erased of people and rosters, and the terms set."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "retention_term",
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint("days IS NULL OR days > 0", name=op.f("ck_retention_term_days")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_retention_term")),
    )
    op.add_column("person", sa.Column("contacts_erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("campaign", sa.Column("closed_on", sa.Date(), nullable=True))
    _say_when_campaigns_closed()
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.alter_column("file_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def _say_when_campaigns_closed() -> None:
    """The day stands in the record; where it does not, election day is taken."""
    connection = op.get_bind()
    at = sa.column("at", sa.DateTime(timezone=True))
    entry = sa.table("audit_entry", at, sa.column("action"), sa.column("subject"))
    days = sa.column("election_on", sa.Date()), sa.column("closed_on", sa.Date())
    campaign = sa.table("campaign", sa.column("id"), sa.column("state"), *days)
    closed = {
        subject: moment.date()
        for subject, moment in connection.execute(
            sa.select(entry.c.subject, entry.c.at).where(entry.c.action == "campaigns.archived").order_by(entry.c.at)
        )
    }
    archived = sa.select(campaign.c.id, campaign.c.election_on).where(campaign.c.state == "archived")
    for row in connection.execute(archived).all():
        day = closed.get(f"campaign:{row.id}", row.election_on)
        connection.execute(campaign.update().where(campaign.c.id == row.id).values(closed_on=day))


def downgrade() -> None:
    """Take it back. Rosters whose files are gone cannot be told without: they go, with what is left of them."""
    erased = "IN (SELECT id FROM roster_import WHERE file_id IS NULL)"
    op.execute(f"DELETE FROM roster_row WHERE import_id {erased}")  # noqa: S608
    op.execute(f"DELETE FROM roster_change WHERE import_id {erased}")  # noqa: S608
    op.execute(f"UPDATE roster_import SET mends_id = NULL WHERE mends_id {erased}")  # noqa: S608
    op.execute("DELETE FROM roster_import WHERE file_id IS NULL")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.alter_column("file_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("closed_on")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("contacts_erased_at")
    op.drop_table("retention_term")
