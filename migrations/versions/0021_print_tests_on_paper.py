"""Print tests on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "paper_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_paper_print_asked_by_id_account")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_paper_print_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["stored_file.id"], name=op.f("fk_paper_print_document_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_paper_print_job_id_job")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_paper_print_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_print")),
    )
    with op.batch_alter_table("paper_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_print_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_commission_id"), ["commission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_print_workshop_id"), ["workshop_id"], unique=False)

    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("spare", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keyed_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_because", sa.String(), nullable=True),
        sa.CheckConstraint("(attempt_id IS NULL) = (keyed_at IS NULL)", name=op.f("ck_paper_sheet_keyed_whole")),
        sa.CheckConstraint("(voided_at IS NULL) = (voided_because IS NULL)", name=op.f("ck_paper_sheet_voided_whole")),
        sa.CheckConstraint(
            "attempt_id IS NULL OR (enrolment_id IS NOT NULL AND written_on IS NOT NULL)",
            name=op.f("ck_paper_sheet_keyed_of"),
        ),
        sa.CheckConstraint("attempt_id IS NULL OR voided_at IS NULL", name=op.f("ck_paper_sheet_one_end")),
        sa.CheckConstraint("spare OR enrolment_id IS NOT NULL", name=op.f("ck_paper_sheet_spare_or_named")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_paper_sheet_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_paper_sheet_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_paper_sheet_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_paper_sheet_course_id_course")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_paper_sheet_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["keyed_by_id"], ["account.id"], name=op.f("fk_paper_sheet_keyed_by_id_account")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["account.id"], name=op.f("fk_paper_sheet_printed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_paper_sheet_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["voided_by_id"], ["account.id"], name=op.f("fk_paper_sheet_voided_by_id_account")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_paper_sheet_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_paper_sheet_attempt_id")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_sheet_number")),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_sheet_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_paper_sheet_commission_id", ["commission_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_keyed_by_id"), ["keyed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_printed_by_id"), ["printed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_version_id"), ["version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_voided_by_id"), ["voided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_sheet_workshop_id"), ["workshop_id"], unique=False)
        batch_op.create_index(
            "uq_paper_sheet_waiting",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("attempt_id IS NULL AND voided_at IS NULL AND enrolment_id IS NOT NULL"),
            postgresql_where=sa.text("attempt_id IS NULL AND voided_at IS NULL AND enrolment_id IS NOT NULL"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_sheet_waiting",
            sqlite_where=sa.text("attempt_id IS NULL AND voided_at IS NULL AND enrolment_id IS NOT NULL"),
            postgresql_where=sa.text("attempt_id IS NULL AND voided_at IS NULL AND enrolment_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_sheet_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_voided_by_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_version_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_printed_by_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_keyed_by_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_paper_sheet_course_id"))
        batch_op.drop_index("ix_paper_sheet_commission_id")
        batch_op.drop_index(batch_op.f("ix_paper_sheet_campaign_id"))

    op.drop_table("paper_sheet")
    with op.batch_alter_table("paper_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_print_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_paper_print_job_id"))
        batch_op.drop_index(batch_op.f("ix_paper_print_document_id"))
        batch_op.drop_index(batch_op.f("ix_paper_print_commission_id"))
        batch_op.drop_index(batch_op.f("ix_paper_print_asked_by_id"))

    op.drop_table("paper_print")
