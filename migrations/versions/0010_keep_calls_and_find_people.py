"""Keep calls, what waits in each territory, and the words by which people are found."""

import sqlalchemy as sa
from alembic import op

from lms.people.folding import keys_of

revision = "0010"
down_revision = "0009"
BATCH = 5_000


def upgrade() -> None:
    """Make the change."""
    letter_by_letter = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "person_key",
        sa.Column("key", letter_by_letter, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person")),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_person_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_contact_attempt_by_id_account")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_contact_attempt_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_contact_attempt_commission_id_commission")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_attempt_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index("ix_contact_attempt_person_id_id", "contact_attempt", ["person_id", "id"])
    op.create_index("ix_contact_attempt_campaign_id_until", "contact_attempt", ["campaign_id", "until"])
    numbers = ("vacant", "without_slip", "no_phone", "late", "quiet", "failed", "used_up", "missed")
    op.create_table(
        "desk_unit",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_desk_unit_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commission.id"], name=op.f("fk_desk_unit_commission_id_commission")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "commission_id", name=op.f("pk_desk_unit")),
    )
    op.create_index("ix_person_number_last4", "person", ["number_last4"])
    _find_those_who_are_here()


def _find_those_who_are_here() -> None:
    connection = op.get_bind()
    keys = sa.table("person_key", sa.column("key"), sa.column("person_id"))
    here = sa.text(
        "SELECT id, surname, given_name, patronymic, phone FROM person WHERE id > :last ORDER BY id LIMIT :n"
    )
    last = 0
    while people := connection.execute(here, {"last": last, "n": BATCH}).all():
        rows = sorted((key, person_id) for person_id, *known in people for key in keys_of(*known))
        if rows:
            connection.execute(keys.insert(), [{"key": key, "person_id": person_id} for key, person_id in rows])
        last = people[-1][0]


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_person_number_last4", "person")
    op.drop_table("desk_unit")
    op.drop_table("contact_attempt")
    op.drop_table("person_key")
