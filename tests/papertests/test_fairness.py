"""What was keyed in from paper tells nothing of time, and everything else as any test does."""

from __future__ import annotations

from flask import Flask

from lms.fairness import reading, searching
from lms.fairness.integrity import Kind
from tests.factories.assessment import answer_all, make_attempt, make_learner
from tests.factories.commissions import scope
from tests.factories.papertests import key_in, make_village, print_sheet


def test_no_time_and_no_pace_of_what_was_keyed_in(app: Flask, monkeypatch: object) -> None:
    from lms.assessment.actions import submit_attempt

    village = make_village()
    keyed = key_in(print_sheet(village), village.trainer)
    account, enrolment = make_learner(village.country.precinct, village.version)
    attempt = make_attempt(account, enrolment)
    answer_all(attempt, account)
    submit_attempt(attempt=attempt, by=scope(account))
    papers = {one.attempt_id: one for one in reading.read_papers(village.version.id, keyed.id, attempt.id)}
    assert {place.seconds for place in papers[keyed.id].places} == {None}
    assert papers[keyed.id].seconds_at_it is None
    assert {place.said for place in papers[keyed.id].places} != {""}
    assert None not in {place.seconds for place in papers[attempt.id].places}
    assert papers[attempt.id].seconds_at_it == papers[attempt.id].seconds


def test_only_a_test_on_the_screen_gives_a_sign_of_pace(app: Flask) -> None:
    from lms.fairness.rules import Place

    places = [Place(n, "opening", 1000, '{"choice":"a"}', "kk", 0) for n in range(12)]
    words = dict.fromkeys(range(12), 100)
    for client, kinds in (("tab", [Kind.PACE]), ("paper:K7M-4R2X", [])):
        gathered = searching.Gathered()
        gathered.add(reading.Paper(1, 1, True, 5, list(places), {client}), words)
        assert [one.kind for one in gathered.paces] == kinds
