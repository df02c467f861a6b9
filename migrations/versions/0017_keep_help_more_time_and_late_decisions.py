"""Keep help at tests, more time, late decisions, files of answers and more attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "accommodation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("commission_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("helps", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (commission_id IS NULL)", name=op.f("ck_accommodation_one_holder")),
        sa.CheckConstraint("percent >= 0 AND minutes >= 0", name=op.f("ck_accommodation_no_less_time")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_accommodation_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_accommodation_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_accommodation_given_by_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_accommodation_withdrawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accommodation_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accommodation_commission_id"), ["commission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accommodation_given_by_id"), ["given_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accommodation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accommodation_withdrawn_by_id"), ["withdrawn_by_id"], unique=False)

    op.create_table(
        "attempt_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_attempt_grant_some_attempts")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_attempt_grant_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_attempt_grant_given_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_grant")),
        sa.UniqueConstraint("enrolment_id", "source", name=op.f("uq_attempt_grant_enrolment_id_source")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attempt_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_grant_given_by_id"), ["given_by_id"], unique=False)

    op.create_table(
        "attempt_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reopens", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_attempt_extension_some_time")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_extension_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_attempt_extension_given_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_extension")),
    )
    with op.batch_alter_table("attempt_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_extension_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_extension_given_by_id"), ["given_by_id"], unique=False)

    op.create_table(
        "rescue_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("brought_by_id", sa.Integer(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_rescue_file_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["account.id"], name=op.f("fk_rescue_file_brought_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_file")),
        sa.UniqueConstraint("attempt_id", "digest", name=op.f("uq_rescue_file_attempt_id_digest")),
    )
    with op.batch_alter_table("rescue_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rescue_file_brought_by_id"), ["brought_by_id"], unique=False)

    op.create_table(
        "late_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("last_step_id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_late_decision_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_late_decision_decided_by_id_account")),
        sa.ForeignKeyConstraint(
            ["last_step_id"], ["answer_step.id"], name=op.f("fk_late_decision_last_step_id_answer_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_decision")),
        sa.UniqueConstraint("attempt_id", "last_step_id", name=op.f("uq_late_decision_attempt_id_last_step_id")),
    )
    with op.batch_alter_table("late_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_decision_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_decision_last_step_id"), ["last_step_id"], unique=False)

    op.create_table(
        "rescued_step",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("rescue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rescue_id"], ["rescue_file.id"], name=op.f("fk_rescued_step_rescue_id_rescue_file")),
        sa.ForeignKeyConstraint(["step_id"], ["answer_step.id"], name=op.f("fk_rescued_step_step_id_answer_step")),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_rescued_step")),
    )
    with op.batch_alter_table("rescued_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rescued_step_rescue_id"), ["rescue_id"], unique=False)

    op.create_index(
        "ix_answer_step_late",
        "answer_step",
        ["attempt_id", "id"],
        sqlite_where=sa.text("late = 1"),
        postgresql_where=sa.text("late"),
    )
    op.freeze("attempt_extension")
    op.freeze("rescue_file")
    op.freeze("late_decision")
    op.freeze("rescued_step")


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_answer_step_late", "answer_step")
    with op.batch_alter_table("rescued_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rescued_step_rescue_id"))

    op.drop_table("rescued_step")
    with op.batch_alter_table("late_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_decision_last_step_id"))
        batch_op.drop_index(batch_op.f("ix_late_decision_decided_by_id"))

    op.drop_table("late_decision")
    with op.batch_alter_table("rescue_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rescue_file_brought_by_id"))

    op.drop_table("rescue_file")
    with op.batch_alter_table("attempt_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_extension_given_by_id"))
        batch_op.drop_index(batch_op.f("ix_attempt_extension_attempt_id"))

    op.drop_table("attempt_extension")
    with op.batch_alter_table("attempt_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_grant_given_by_id"))

    op.drop_table("attempt_grant")
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accommodation_withdrawn_by_id"))
        batch_op.drop_index(batch_op.f("ix_accommodation_person_id"))
        batch_op.drop_index(batch_op.f("ix_accommodation_given_by_id"))
        batch_op.drop_index(batch_op.f("ix_accommodation_commission_id"))
        batch_op.drop_index(batch_op.f("ix_accommodation_campaign_id"))

    op.drop_table("accommodation")
