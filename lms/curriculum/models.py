"""What is taught: courses, their versions (which never change), modules, topics, and who must take what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database.base import Model
from lms.core.database.frozen import freeze


class Course(Model):
    """A course through all its versions."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    counts_again: Mapped[bool] = mapped_column(default=False)
    """Whether who has finished it in one campaign need not take it again in the next, as long as nothing material has
    changed since."""


class CourseVersion(Model):
    """A published state of a course."""

    __tablename__ = "course_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    change: Mapped[str]
    """material | editorial"""
    level: Mapped[str]
    """`commissions.rules.Level` whose work is taught: pec or tec"""
    law_date: Mapped[date]
    workshop: Mapped[bool]
    """Whether attendance of a workshop is part of the course."""
    late_days: Mapped[int | None] = mapped_column(default=None)
    """Of a short course for those who come to a seat this many days before the election or fewer; they take it instead
    of the other courses of their level. None: a course for everyone."""
    test: Mapped[dict[str, Any]]
    """minutes, pass_percent, attempts, hours_between, blueprint, minimums: as in the pack."""
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """blueprint of the questions before the course, if there are any."""
    checksum: Mapped[str]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    course: Mapped[Course] = relationship()
    texts: Mapped[list[CourseText]] = relationship(lazy="selectin")
    modules: Mapped[list[Module]] = relationship(order_by="Module.position")
    topics: Mapped[list[Topic]] = relationship(order_by="Topic.position")

    __table_args__ = (UniqueConstraint("course_id", "number"),)


class CourseText(Model):
    """A course version's words in one language."""

    __tablename__ = "course_text"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str]
    note: Mapped[str]


class Topic(Model):
    """What questions are about, and the module that teaches it."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    code: Mapped[str]
    position: Mapped[int]
    module_code: Mapped[str]
    titles: Mapped[list[TopicTitle]] = relationship(lazy="selectin")

    __table_args__ = (UniqueConstraint("version_id", "code"),)


class TopicTitle(Model):
    """A topic's name in one language."""

    __tablename__ = "topic_title"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]


class Module(Model):
    """One thing to read, 5 to 10 minutes."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    code: Mapped[str]
    position: Mapped[int]
    minutes: Mapped[int]
    self_check: Mapped[list[str]]
    """Question ids as in the pack."""
    texts: Mapped[list[ModuleText]] = relationship(lazy="selectin")

    __table_args__ = (UniqueConstraint("version_id", "code"),)


class ModuleText(Model):
    """A module's title and text in one language."""

    __tablename__ = "module_text"

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    """Markdown."""


class Source(Model):
    """Where a course has its facts from; texts and questions name it by its code in source marks."""

    __tablename__ = "source"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    mark: Mapped[str]
    """`rules.SourceKind`: seen | derived | known"""
    titles: Mapped[dict[str, str]]
    editions: Mapped[dict[str, str]]
    dated: Mapped[date | None]
    """The state of the text, where it is known."""


class Figure(Model):
    """A drawing of a module: SVG with places for words, and the words per language."""

    __tablename__ = "figure"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    svg: Mapped[str]
    """As in the pack: `{name}` stands where the label of that name goes."""
    titles: Mapped[dict[str, str]]
    alts: Mapped[dict[str, str]]
    labels: Mapped[dict[str, Any]]
    """name -> language -> words"""


class Case(Model):
    """A practical case of a module: a scene, what one may do, and what follows. Ungraded."""

    __tablename__ = "practical_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    code: Mapped[str]
    position: Mapped[int]
    module_code: Mapped[str]
    source: Mapped[list[str]]
    """Source marks."""
    body: Mapped[dict[str, Any]]
    """title, situation, question, options (id, text, reply, right), lesson: as in the pack."""

    __table_args__ = (UniqueConstraint("version_id", "code"),)


class Form(Model):
    """A training form to copy and fill in by hand."""

    __tablename__ = "training_form"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    titles: Mapped[dict[str, str]]
    bodies: Mapped[dict[str, str]]
    """Markdown per language."""


class Term(Model):
    """A word of the course's glossary, in every language."""

    __tablename__ = "glossary_term"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    terms: Mapped[dict[str, str]]
    meanings: Mapped[dict[str, str]]
    wording: Mapped[dict[str, Any]]
    """For those who write: `stem` (language -> pattern) and `avoid` (language -> patterns)."""


class VersionQuestion(Model):
    """The question versions that a course version is made with."""

    __tablename__ = "version_question"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True)


class Exposure(Model):
    """On how many papers each question of a course version stood, as the worker counted last: drawing prefers those
    that few have seen. A count of a moment ago, kept in one row, so that nobody who begins a test waits for others."""

    __tablename__ = "exposure"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    papers: Mapped[int]
    counts: Mapped[dict[str, Any]]
    """Id of the question version -> papers it stood on."""
    counted_to: Mapped[int]
    """The newest attempt that is counted in."""
    counted_at: Mapped[datetime]


class Requirement(Model):
    """Who must take a course in a campaign: the members of commissions of one level."""

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    level: Mapped[str]
    """`commissions.rules.Level`: pec or tec"""
    late_days: Mapped[int | None] = mapped_column(default=None)
    """As `CourseVersion.late_days`: asked only of those who come late."""

    course: Mapped[Course] = relationship()

    __table_args__ = (UniqueConstraint("campaign_id", "course_id", "level"),)


freeze(CourseVersion, CourseText, Topic, TopicTitle, Module, ModuleText, VersionQuestion)
freeze(Source, Figure, Case, Form, Term)
