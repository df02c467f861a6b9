"""Limit roles in time, and list sessions so that each can be ended."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
KNOWN = (
    "role IN ('cec_administrator', 'methodologist', 'territorial_officer', 'trainer', 'reporting_officer', 'auditor')"
)


def upgrade() -> None:
    """Make the change. Who was signed in signs in once more: sessions of before stand in no list. Who gave themselves a
    role once is told by the record alone."""
    op.create_table(
        "account_session",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_account_session")),
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_session_created_at"), ["created_at"], unique=False)

    op.execute("UPDATE role_grant SET granted_by_id = NULL WHERE granted_by_id = account_id")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_role_grant_role_is_known"), KNOWN)
        batch_op.create_check_constraint(
            batch_op.f("ck_role_grant_not_to_oneself"), "granted_by_id IS NULL OR granted_by_id <> account_id"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_role_grant_ends_later"),
            "valid_until IS NULL OR valid_from IS NULL OR valid_until > valid_from",
        )


def downgrade() -> None:
    """Take it back. Roles with a first or last day would work for good, those that only read mean nothing: they go."""
    op.execute(
        "DELETE FROM role_grant WHERE valid_from IS NOT NULL OR valid_until IS NOT NULL "
        "OR role IN ('reporting_officer', 'auditor')"
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        for name in ("ends_later", "not_to_oneself", "role_is_known"):
            batch_op.drop_constraint(batch_op.f(f"ck_role_grant_{name}"), type_="check")
        batch_op.drop_column("valid_until")
        batch_op.drop_column("valid_from")

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_session_created_at"))
        batch_op.drop_index(batch_op.f("ix_account_session_account_id"))
    op.drop_table("account_session")
