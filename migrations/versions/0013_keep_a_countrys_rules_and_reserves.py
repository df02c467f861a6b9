"""Keep whose rules hold in an installation, and the reserve of each commission."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the change. Installations of before are Kazakh ones; what territorial members must take, members of
    constituencies' commissions must take too."""
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country", sa.String(), nullable=False, server_default="kz"))
        batch_op.add_column(sa.Column("country_file", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.alter_column("country", server_default=None, existing_type=sa.String(), existing_nullable=False)
        batch_op.alter_column("country_file", server_default=None, existing_type=sa.String(), existing_nullable=False)
    op.create_table(
        "reserve_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nominated_by", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("act_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end", sa.String(), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_reserve_entry_ends_after_start")),
        sa.CheckConstraint("(ended_on IS NULL) = (\"end\" = '')", name=op.f("ck_reserve_entry_ended_for_a_reason")),
        sa.CheckConstraint("turn > 0", name=op.f("ck_reserve_entry_turn_counts")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_reserve_entry_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reserve_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_entry")),
    )
    op.create_index("ix_reserve_entry_commission_id", "reserve_entry", ["commission_id"])
    op.create_index("ix_reserve_entry_person_id", "reserve_entry", ["person_id"])
    op.create_index(
        "uq_reserve_entry_waits",
        "reserve_entry",
        ["commission_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.execute(
        "INSERT INTO requirement (campaign_id, course_id, level, late_days) "
        "SELECT campaign_id, course_id, 'con', late_days FROM requirement WHERE level = 'tec'"
    )


def downgrade() -> None:
    """Take it back. A reserve that was kept is lost; commissions of constituencies become district ones."""
    op.execute("UPDATE commission SET level = 'tec', territory = 'district', number = number + 900 WHERE level = 'con'")
    op.execute("UPDATE attendance SET category = 'tec' WHERE category = 'con'")
    op.execute("DELETE FROM requirement WHERE level = 'con'")
    op.drop_table("reserve_entry")
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("country_file")
        batch_op.drop_column("country")
