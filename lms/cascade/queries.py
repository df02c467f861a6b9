"""Read who was trained by whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from lms.cascade.models import Training
from lms.commissions.permissions import Scope, person_condition
from lms.core.database.base import db
from lms.people.models import Person


def list_trained_by(scope: Scope, trainer_id: int, campaign_id: int) -> Sequence[tuple[Person, Training]]:
    """Whom a trainer trained in a campaign, as far as the reader may see these people; by name."""
    rows = db.session.execute(
        select(Person, Training)
        .join(Training, Training.learner_id == Person.id)
        .where(Training.trainer_id == trainer_id, Training.campaign_id == campaign_id, person_condition(scope))
        .order_by(Person.surname, Person.given_name, Training.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def list_trainers_of(scope: Scope, learner_id: int, campaign_id: int) -> Sequence[tuple[Person, Training]]:
    """Who trained a person in a campaign, the first one first; nothing when the reader may not see the person."""
    visible = select(Person.id).where(Person.id == learner_id, person_condition(scope))
    rows = db.session.execute(
        select(Person, Training)
        .join(Training, Training.trainer_id == Person.id)
        .where(Training.learner_id.in_(visible), Training.campaign_id == campaign_id)
        .order_by(Training.trained_at, Training.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def count_trained_by(trainer_id: int, campaign_id: int) -> int:
    """How many people a trainer has trained in a campaign."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Training.learner_id))).where(
                Training.trainer_id == trainer_id, Training.campaign_id == campaign_id
            )
        )
        or 0
    )
