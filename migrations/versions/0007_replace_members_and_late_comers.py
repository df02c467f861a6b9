"""Know by which decision seats change hands, who comes late, who leads a precinct, and single guests of workshops."""

import sqlalchemy as sa
from alembic import op

from lms.commissions.overlaps import trigger_statements

revision = "0007"
down_revision = "0006"
LEADERS = """
UPDATE completion_counter SET leaders = (
    SELECT count(DISTINCT appointment.office) FROM appointment
    JOIN commission ON commission.id = appointment.commission_id
    WHERE appointment.commission_id = completion_counter.commission_id AND appointment.ends_on IS NULL
    AND appointment.office IN ('chair', 'secretary')
    AND EXISTS (
        SELECT 1 FROM requirement
        WHERE requirement.campaign_id = completion_counter.campaign_id AND requirement.level = commission.level
    )
    AND NOT EXISTS (
        SELECT 1 FROM requirement
        LEFT JOIN enrolment ON enrolment.course_id = requirement.course_id
        AND enrolment.campaign_id = requirement.campaign_id AND enrolment.person_id = appointment.person_id
        WHERE requirement.campaign_id = completion_counter.campaign_id AND requirement.level = commission.level
        AND enrolment.completed_at IS NULL
    )
)
"""
"""Chairs and secretaries who have finished all that is asked of their level."""


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("act_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_act", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("end_act_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_appointment_replaces_id_appointment"), "appointment", ["replaces_id"], ["id"]
        )
    without_default("appointment", "end_act", sa.String())
    for statement in trigger_statements(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ready_percent", sa.Integer(), nullable=False, server_default="100"))
        batch_op.create_check_constraint(batch_op.f("ck_campaign_ready_percent"), "ready_percent BETWEEN 1 AND 100")
    without_default("campaign", "ready_percent", sa.Integer())
    with op.batch_alter_table("completion_counter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaders", sa.Integer(), nullable=False, server_default="0"))
    without_default("completion_counter", "leaders", sa.Integer())
    op.execute(sa.text(LEADERS))
    for table in ("course_version", "requirement"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("late_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_again", sa.Boolean(), nullable=False, server_default=sa.false()))
    without_default("course", "counts_again", sa.Boolean())
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carried_from_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_carried_from_id_enrolment"), "enrolment", ["carried_from_id"], ["id"]
        )
    make_tables()


def make_tables() -> None:
    """Late comers, and guests of workshops."""
    op.create_table(
        "late_start",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_late_start_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_late_start_person_id_person")),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_late_start")),
    )
    op.create_table(
        "workshop_guest",
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_workshop_guest_given_by_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_workshop_guest_person_id_person")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_guest_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("workshop_id", "person_id", name=op.f("pk_workshop_guest")),
    )
    op.create_index(op.f("ix_workshop_guest_person_id"), "workshop_guest", ["person_id"])


def downgrade() -> None:
    """Take it back: decisions, late comers and guests are forgotten."""
    op.drop_table("workshop_guest")
    op.drop_table("late_start")
    drop_triggers()
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_carried_from_id_enrolment"), type_="foreignkey")
        batch_op.drop_column("carried_from_id")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_column("counts_again")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_column("late_days")
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_column("late_days")
    if op.get_bind().dialect.name == "sqlite":
        op.freeze("course_version")
    with op.batch_alter_table("completion_counter", schema=None) as batch_op:
        batch_op.drop_column("leaders")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_campaign_ready_percent"), type_="check")
        batch_op.drop_column("ready_percent")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appointment_replaces_id_appointment"), type_="foreignkey")
        for column in ("replaces_id", "end_act_on", "end_act", "act_on"):
            batch_op.drop_column(column)


def without_default(table: str, column: str, kind: sa.types.TypeEngine[object]) -> None:
    """The default was for the rows that were there."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column, existing_type=kind, server_default=None)


def drop_triggers() -> None:
    """Have the database allow appointments that overlap."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("insert", "update"):
            op.execute(sa.text(f"DROP TRIGGER appointment_overlap_{act}"))
        return
    for act in ("insert", "update"):
        op.execute(sa.text(f"DROP TRIGGER appointment_overlap_{act} ON appointment"))
    op.execute(sa.text("DROP FUNCTION refuse_overlap()"))
