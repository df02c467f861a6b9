"""Name the newest version of a question."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the change, and name the newest version of each question that there is."""
    op.add_column("question", sa.Column("newest", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_question_version_usage",
        "question_version",
        ["question_id", "number", "kind", "topic", "use", "difficulty", "valid_from", "valid_until"],
    )
    newest = "SELECT max(number) FROM question_version WHERE question_version.question_id = question.id"
    op.execute(sa.text(f"UPDATE question SET newest = coalesce(({newest}), 0)"))  # noqa: S608


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_question_version_usage", table_name="question_version")
    op.drop_column("question", "newest")
