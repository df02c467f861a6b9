"""Keep drafts of questions, cases from below, how hard a question is and how many have seen it."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
OPEN = sa.text("state IN ('draft', 'in_review', 'reviewed')")
PEOPLE = ("author_id", "reviewer_id")


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_because", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("words", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("languages", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_question_withdrawn_at"), ["withdrawn_at"])
        batch_op.create_check_constraint(
            batch_op.f("ck_question_withdrawn_because"), "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)"
        )
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("difficulty", sa.String(), server_default="medium", nullable=False))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        for column in PEOPLE:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_question_version_{column}"), [column])
            batch_op.create_foreign_key(batch_op.f(f"fk_question_version_{column}_person"), "person", [column], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_question_version_two_people"), "author_id <> reviewer_id")
        batch_op.create_check_constraint(batch_op.f("ck_question_version_valid_in_order"), "valid_from <= valid_until")
    if is_sqlite():
        op.freeze("question_version")
    make_tables()
    op.freeze("draft_step")
    fill_words()


def make_tables() -> None:
    """Cases, drafts and copies of drafts; how many have seen a question."""
    op.create_table(
        "exposure",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("counted_to", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        points_to("exposure", "version_id", "course_version"),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_exposure")),
    )
    op.create_table(
        "field_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        points_to("field_case", "sender_id", "person"),
        points_to("field_case", "commission_id", "commission"),
        points_to("field_case", "answered_by_id", "person"),
        sa.CheckConstraint("state IN ('sent', 'answered', 'used')", name=op.f("ck_field_case_state")),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_field_case_answered")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_case")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        points_to("draft", "course_id", "course"),
        points_to("draft", "question_id", "question"),
        points_to("draft", "case_id", "field_case"),
        points_to("draft", "author_id", "person"),
        points_to("draft", "reviewer_id", "person"),
        sa.CheckConstraint("author_id <> reviewer_id", name=op.f("ck_draft_two_people")),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'reviewed', 'published', 'dropped')", name=op.f("ck_draft_state")
        ),
        sa.CheckConstraint("state <> 'reviewed' OR reviewer_id IS NOT NULL", name=op.f("ck_draft_reviewed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_table(
        "draft_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        points_to("draft_step", "draft_id", "draft"),
        points_to("draft_step", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
    )
    for table, columns in (
        ("field_case", ("sender_id", "commission_id", "answered_by_id")),
        ("draft", ("course_id", "question_id", "case_id", "author_id", "reviewer_id")),
        ("draft_step", ("draft_id", "person_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_field_case_state_id", "field_case", ["state", "id"])
    op.create_index("ix_draft_state_id", "draft", ["state", "id"])
    op.create_index("uq_draft_open", "draft", ["question_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A column that names a row of another table."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def fill_words() -> None:
    """Have questions that are there found by their words."""
    connection = op.get_bind()
    newest = "SELECT question_id, max(number) AS number FROM question_version GROUP BY question_id"
    rows = connection.execute(
        sa.text(
            f"SELECT v.question_id, v.body FROM question_version v JOIN ({newest}) n "  # noqa: S608
            "ON n.question_id = v.question_id AND n.number = v.number"
        )
    ).all()
    for question_id, body in rows:
        said = json.loads(body) if isinstance(body, str) else body
        text = said.get("text")
        languages = " ".join(text) if isinstance(text, dict) else ""
        connection.execute(
            sa.text("UPDATE question SET words = :words, languages = :languages WHERE id = :id"),
            {"words": words_in(said), "languages": languages, "id": question_id},
        )


def words_in(said: Any) -> str:
    """Every word of a body, in small letters."""
    if isinstance(said, str):
        return " ".join(said.casefold().replace("ё", "е").split())
    if isinstance(said, dict):
        said = [value for key, value in said.items() if key != "id"]
    parts = said if isinstance(said, list) else []
    return "\n".join(filter(None, map(words_in, parts)))


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    """Take it back: drafts and cases go, questions stay."""
    for table in ("draft_step", "draft", "field_case", "exposure"):
        op.drop_table(table)
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_question_version_valid_in_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_question_version_two_people"), type_="check")
        for column in PEOPLE:
            batch_op.drop_constraint(batch_op.f(f"fk_question_version_{column}_person"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_question_version_{column}"))
            batch_op.drop_column(column)
        for column in ("valid_until", "valid_from", "difficulty"):
            batch_op.drop_column(column)
    if is_sqlite():
        op.freeze("question_version")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_question_withdrawn_because"), type_="check")
        batch_op.drop_index(batch_op.f("ix_question_withdrawn_at"))
        for column in ("languages", "words", "returned_at", "withdrawn_because", "withdrawn_at"):
            batch_op.drop_column(column)
