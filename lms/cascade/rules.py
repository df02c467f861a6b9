"""Who counts as trained by whom: pure decisions."""

from __future__ import annotations


def is_lineage(trainer_id: int, learner_id: int) -> bool:
    """Whether a link of the cascade joins two people: nobody trains themselves."""
    return trainer_id != learner_id
