"""Keep what stands beside modules, and entry attempts."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "figure",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("svg", sa.String(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("alts", sa.JSON(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_figure_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("pk_figure")),
    )
    op.create_table(
        "glossary_term",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_glossary_term_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("pk_glossary_term")),
    )
    op.create_table(
        "practical_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module_code", sa.String(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_practical_case_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical_case")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_practical_case_version_id_code")),
    )
    op.create_table(
        "source",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("editions", sa.JSON(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_source_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("pk_source")),
    )
    op.create_table(
        "training_form",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_training_form_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("pk_training_form")),
    )
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry", sa.JSON(none_as_null=True), nullable=True))

    tell_attempts_apart()
    make_sources_a_list()
    op.freeze("figure")
    op.freeze("glossary_term")
    op.freeze("practical_case")
    op.freeze("source")
    op.freeze("training_form")


def downgrade() -> None:
    """Take it back: a question's sources become one line again, entry attempts are forgotten."""
    make_sources_a_line()
    forget_entry_attempts()

    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_column("entry")
    freeze_again("course_version")

    for table in ("training_form", "source", "practical_case", "glossary_term", "figure"):
        op.drop_table(table)


def tell_attempts_apart() -> None:
    """Every attempt so far is one at the test."""
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="final"))
        batch_op.drop_constraint(batch_op.f("uq_attempt_enrolment_id_number"), type_="unique")
        batch_op.drop_index(batch_op.f("uq_attempt_open"), sqlite_where=sa.text("state = 'open'"))
        batch_op.create_index(
            "uq_attempt_open",
            ["enrolment_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_attempt_enrolment_id_kind_number"), ["enrolment_id", "kind", "number"]
        )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(), server_default=None)


def make_sources_a_list() -> None:
    """What a question said of its source stays as it is, the one line of its list."""
    if is_sqlite():
        with op.batch_alter_table("question_version", schema=None) as batch_op:
            batch_op.alter_column("source", existing_type=sa.VARCHAR(), type_=sa.JSON(), existing_nullable=False)
        op.execute("UPDATE question_version SET source = json_array(source)")
        freeze_again("question_version")
    else:
        op.execute("ALTER TABLE question_version ALTER COLUMN source TYPE JSON USING json_build_array(source)")


def make_sources_a_line() -> None:
    """Several sources become one line, with semicolons between."""
    if is_sqlite():
        with op.batch_alter_table("question_version", schema=None) as batch_op:
            batch_op.alter_column("source", existing_type=sa.JSON(), type_=sa.VARCHAR(), existing_nullable=False)
        joined = "(SELECT group_concat(value, '; ') FROM json_each(question_version.source))"
        op.execute(f"UPDATE question_version SET source = {joined}")  # noqa: S608 - nothing from outside
        freeze_again("question_version")
    else:
        op.execute("ALTER TABLE question_version ALTER COLUMN source TYPE VARCHAR USING source::text")
        joined = "(SELECT string_agg(value, '; ') FROM json_array_elements_text(source::json))"
        with thawed("question_version"):
            op.execute(f"UPDATE question_version SET source = {joined}")  # noqa: S608 - nothing from outside


def forget_entry_attempts() -> None:
    """Entry attempts go, with their papers and answers; then attempts are of one kind."""
    entries = "(SELECT id FROM attempt WHERE kind = 'entry')"
    with thawed("answer_step"):
        for table in ("answer_step", "paper_question"):
            op.execute(f"DELETE FROM {table} WHERE attempt_id IN {entries}")  # noqa: S608 - nothing from outside
    op.execute("DELETE FROM attempt WHERE kind = 'entry'")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_attempt_enrolment_id_kind_number"), type_="unique")
        batch_op.drop_index(
            "uq_attempt_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.create_index(
            batch_op.f("uq_attempt_open"),
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_attempt_enrolment_id_number"), ["enrolment_id", "number"])
        batch_op.drop_column("kind")


@contextmanager
def thawed(table: str) -> Iterator[None]:
    """Inside, rows of a frozen table may be changed."""
    if is_sqlite():
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER frozen_{table}_{act}")
        yield
        op.freeze(table)
    else:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER frozen_{table}")
        yield
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER frozen_{table}")


def freeze_again(table: str) -> None:
    """SQLite makes a changed table anew, without its triggers; PostgreSQL keeps them."""
    if is_sqlite():
        op.freeze(table)


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return op.get_bind().dialect.name == "sqlite"
