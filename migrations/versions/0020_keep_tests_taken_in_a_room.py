"""Keep tests taken in a room."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_sitting_closes_after_opening")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sitting_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["commission_id"], ["commission.id"], name=op.f("fk_sitting_commission_id_commission")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_sitting_course_id_course")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_sitting_supervisor_id_person")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_sitting_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_commission_id"), ["commission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_supervisor_id"), ["supervisor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_workshop_id"), ["workshop_id"], unique=False)
        batch_op.create_index(
            "uq_sitting_code",
            ["code"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "sitting_attempt",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_sitting_attempt_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_attempt_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sitting_attempt")),
    )
    with op.batch_alter_table("sitting_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_attempt_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "sitting_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["sitting_attempt.attempt_id"], name=op.f("fk_sitting_remark_attempt_id_sitting_attempt")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_sitting_remark_made_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_remark")),
    )
    with op.batch_alter_table("sitting_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_remark_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_remark_made_by_id"), ["made_by_id"], unique=False)

    op.freeze("sitting_attempt")


def downgrade() -> None:
    """Take it back. Which tests were taken in a room, and what was remarked on them, is lost."""
    for table in ("sitting_remark", "sitting_attempt", "sitting"):
        op.drop_table(table)
