"""Keep whether tests are fair."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the change. In which language answers were given until now is not known."""
    op.create_table(
        "question_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(effect IN ('key', 'also')) = (body IS NOT NULL)", name=op.f("ck_question_ruling_key_has_body")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_question_ruling_made_by_id_account")),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["question_version.id"],
            name=op.f("fk_question_ruling_question_version_id_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_ruling")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("question_ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_ruling_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_ruling_question_version_id"), ["question_version_id"], unique=False
        )
        batch_op.create_index(
            "uq_question_ruling_in_force",
            ["question_version_id"],
            unique=True,
            sqlite_where=sa.text("in_force_at IS NOT NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("in_force_at IS NOT NULL AND taken_back_at IS NULL"),
        )

    op.create_table(
        "integrity_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_integrity_search_asked_by_id_account")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_integrity_search_job_id_job")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_integrity_search_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_search")),
    )
    with op.batch_alter_table("integrity_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_integrity_search_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_integrity_search_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_integrity_search_version_id"), ["version_id"], unique=False)

    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_regrade_asked_by_id_account")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_regrade_job_id_job")),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["question_ruling.id"], name=op.f("fk_regrade_ruling_id_question_ruling")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_ruling_id"), ["ruling_id"], unique=False)

    op.create_table(
        "test_analysis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_test_analysis_asked_by_id_account")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_test_analysis_job_id_job")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_test_analysis_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_analysis")),
    )
    with op.batch_alter_table("test_analysis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_analysis_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_analysis_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_analysis_version_id"), ["version_id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_dispute_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispute_person_id_person")),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["question_version.id"],
            name=op.f("fk_dispute_question_version_id_question_version"),
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["question_ruling.id"], name=op.f("fk_dispute_ruling_id_question_ruling")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_question_version_id"), ["question_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_ruling_id"), ["ruling_id"], unique=False)
        batch_op.create_index(
            "uq_dispute_open",
            ["person_id", "question_version_id"],
            unique=True,
            sqlite_where=sa.text("ruling_id IS NULL"),
            postgresql_where=sa.text("ruling_id IS NULL"),
        )

    op.create_table(
        "integrity_sign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("other_attempt_id", sa.Integer(), nullable=True),
        sa.Column("commission_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_integrity_sign_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_integrity_sign_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(
            ["other_attempt_id"], ["attempt.id"], name=op.f("fk_integrity_sign_other_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_integrity_sign_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_sign")),
        sa.UniqueConstraint(
            "attempt_id", "kind", "other_attempt_id", name=op.f("uq_integrity_sign_attempt_id_kind_other_attempt_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("integrity_sign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_integrity_sign_commission_id"), ["commission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_integrity_sign_other_attempt_id"), ["other_attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_integrity_sign_version_id"), ["version_id"], unique=False)

    op.create_table(
        "regrade_change",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credits", sa.JSON(), nullable=False),
        sa.Column("credit_before", sa.Integer(), nullable=False),
        sa.Column("credit_after", sa.Integer(), nullable=False),
        sa.Column("total_before", sa.Integer(), nullable=False),
        sa.Column("total_after", sa.Integer(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_change_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_regrade_change_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_regrade_change_person_id_person")),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_change_regrade_id_regrade")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regrade_change")),
    )
    with op.batch_alter_table("regrade_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_change_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_change_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_change_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_regrade_change_regrade_id_enrolment_id", ["regrade_id", "enrolment_id"], unique=False)

    op.create_table(
        "regrade_done",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stood", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_done_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_done_regrade_id_regrade")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", "act", name=op.f("pk_regrade_done")),
    )
    with op.batch_alter_table("regrade_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_done_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "integrity_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_id", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "judgement IN ('open', 'harmless', 'confirmed')", name=op.f("ck_integrity_note_known_judgement")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_integrity_note_made_by_id_account")),
        sa.ForeignKeyConstraint(
            ["sign_id"], ["integrity_sign.id"], name=op.f("fk_integrity_note_sign_id_integrity_sign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_note")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("integrity_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_integrity_note_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_integrity_note_sign_id"), ["sign_id"], unique=False)

    op.add_column("answer_step", sa.Column("language", sa.String(), nullable=True))
    op.add_column("certificate", sa.Column("fell_with_course", sa.Boolean(), nullable=True))

    op.freeze("regrade_change")
    op.freeze("regrade_done")


def downgrade() -> None:
    """Take it back. Analyses, disputes, rulings and signs are lost; what was marked anew stays marked so."""
    op.drop_column("certificate", "fell_with_course")
    op.drop_column("answer_step", "language")
    for table in (
        *("integrity_note", "regrade_done", "regrade_change", "integrity_sign", "dispute", "test_analysis", "regrade"),
        *("integrity_search", "question_ruling"),
    ):
        op.drop_table(table)
