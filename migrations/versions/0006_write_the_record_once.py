"""Write the record once: the database refuses changes of audit entries and of their seals."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
TABLES = ("audit_entry", "audit_seal")


def upgrade() -> None:
    """Make the change."""
    for table in TABLES:
        op.freeze(table)


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(sa.text(f"DROP TRIGGER frozen_{table} ON {table}"))
        else:
            for act in ("update", "delete"):
                op.execute(sa.text(f"DROP TRIGGER frozen_{table}_{act}"))
