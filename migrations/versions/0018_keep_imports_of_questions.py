"""Keep files with questions that were sent in, and the drafts that were made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "question_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('read', 'applied', 'undone')", name=op.f("ck_question_import_state")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_question_import_course_id_course")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_question_import_file_id_stored_file")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_question_import_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import")),
    )
    for column in ("checksum", "course_id", "file_id", "job_id"):
        op.create_index(op.f(f"ix_question_import_{column}"), "question_import", [column])
    op.create_table(
        "imported_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_imported_draft_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["question_import.id"], name=op.f("fk_imported_draft_import_id_question_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_draft")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_imported_draft_draft_id")),
    )
    op.create_index(op.f("ix_imported_draft_import_id"), "imported_draft", ["import_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("imported_draft")
    op.drop_table("question_import")
