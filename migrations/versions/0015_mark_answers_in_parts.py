"""Mark answers in thousandths of a question: an answer may be right in part."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
WHOLE = 1000


def upgrade() -> None:
    """Make the change. What was right is worth a whole question, what was not is worth nothing."""
    op.add_column("attempt", sa.Column("credit", sa.Integer(), nullable=True))
    op.execute(sa.text(f'UPDATE attempt SET credit = "right" * {WHOLE}'))  # noqa: S608
    op.drop_column("attempt", "right")
    op.add_column("paper_question", sa.Column("credit", sa.Integer(), nullable=True))
    worth = f"CASE WHEN is_right THEN {WHOLE} WHEN NOT is_right THEN 0 END"
    op.execute(sa.text(f"UPDATE paper_question SET credit = {worth}"))  # noqa: S608
    op.drop_column("paper_question", "is_right")


def downgrade() -> None:
    """Take it back: what was right in part only is wrong again."""
    op.add_column("paper_question", sa.Column("is_right", sa.Boolean(), nullable=True))
    op.execute(sa.text(f"UPDATE paper_question SET is_right = credit = {WHOLE}"))  # noqa: S608
    op.drop_column("paper_question", "credit")
    op.add_column("attempt", sa.Column("right", sa.Integer(), nullable=True))
    op.execute(sa.text(f'UPDATE attempt SET "right" = credit / {WHOLE}'))  # noqa: S608
    op.drop_column("attempt", "credit")
