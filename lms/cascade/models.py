"""Who was trained by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database.base import Model


class Training(Model):
    """One person trained by another on a course: a link of the cascade. Recorded once."""

    __tablename__ = "training"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    trainer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    trained_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("campaign_id", "course_id", "trainer_id", "learner_id"),)
