"""Who counts as trained by whom."""

from __future__ import annotations

import pytest

from lms.cascade.rules import is_lineage


@pytest.mark.parametrize(("trainer", "learner", "counts"), [(1, 2, True), (2, 1, True), (1, 1, False)])
def test_nobody_trains_themselves(trainer: int, learner: int, counts: bool) -> None:
    assert is_lineage(trainer, learner) is counts
