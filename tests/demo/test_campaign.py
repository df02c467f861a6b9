"""What happened in the campaign of 2022 ends in time, and a day earlier is the beginning of the same."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from lms.core.clock import start_of
from lms.demo.campaign_story import CampaignTeller, stop
from lms.demo.history import PUBLISHED_AT, Historian, Way
from lms.demo.nation import Place, plan_country
from lms.demo.story import Seated, Tale

END = start_of(date(2022, 11, 18))
ACTIVITIES = ["module:a", "module:b", "module:c", "module:d"]
PLACES = plan_country(2022)
DAYS = [start_of(date(2022, month, day)) for month, day in ((9, 24), (10, 5), (10, 20), (11, 3), (11, 12), (11, 18))]


def branch(code: str) -> list[Place]:
    """A territorial commission and its precincts."""
    top = next(place for place in PLACES if place.code == code)
    return [top, *(place for place in PLACES if place.parent == top.index)]


def ways(code: str = "KZ-18-03", stop_at: object = END, seed: int = 1) -> list[Way]:
    """The ways of everyone in a branch."""
    return list(Historian(seed, ACTIVITIES, stop_at).tell_branch(code, branch(code)))  # type: ignore[arg-type]


def tale(stop_at: object = END, seed: int = 1) -> Tale:
    """The tale of one district of sevens."""
    precincts = [Seated(n, list(range(n * 100, n * 100 + 7))) for n in range(1, 41)]
    told = CampaignTeller(Random(seed), 4).tell_precincts(precincts)
    stop(told, stop_at)  # type: ignore[arg-type]
    return told


def test_everyone_elsewhere_has_finished_on_the_last_day() -> None:
    for way in ways():
        assert way.finished
        assert {activity for activity, _at in way.steps} == {*ACTIVITIES, "test", "workshop"}
        moments = [at for _activity, at in way.steps]
        assert moments == sorted(moments)
        assert way.started_at is not None
        assert way.started_at > PUBLISHED_AT
        assert moments[-1] < END


@pytest.mark.parametrize("stop_at", DAYS)
def test_history_on_an_earlier_day_is_the_beginning_of_the_same(stop_at: object) -> None:
    for whole, part in zip(ways(), ways(stop_at=stop_at), strict=True):
        assert part.steps == whole.steps[: len(part.steps)]
        assert all(at < stop_at for _activity, at in part.steps)
        assert all(at >= stop_at for _activity, at in whole.steps[len(part.steps) :])
        assert part.finished == (len(part.steps) == len(whole.steps))


def test_more_and_more_have_finished() -> None:
    counts = [sum(way.finished for way in ways("KZ-10-01", stop_at)) for stop_at in DAYS]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert 0 < counts[2] < counts[3] < counts[5]


def test_everyone_in_the_region_told_in_full_has_finished_on_the_last_day() -> None:
    told = tale()
    for journey in told.journeys.values():
        assert journey.finished
        assert journey.tries[-1].passes
        assert journey.tries[-1].started_at + timedelta(minutes=30) < END
        moments = [PUBLISHED_AT, *journey.read, *(one.started_at for one in journey.tries)]
        assert moments == sorted(moments)
    slots = [(one.trainer, one.starts_at) for one in told.meetings]
    assert len(slots) == len(set(slots))
    assert told.meetings[-1].only
    assert all(meeting.taken for meeting in told.meetings)


@pytest.mark.parametrize("stop_at", DAYS)
def test_the_tale_of_an_earlier_day_is_the_beginning_of_the_same(stop_at: object) -> None:
    whole, part = tale(), tale(stop_at)
    starts = [meeting.starts_at for meeting in part.meetings]
    assert starts == [one.starts_at for one in whole.meetings if one.starts_at - timedelta(days=8) < stop_at]
    for person, journey in part.journeys.items():
        full = whole.journeys[person]
        assert journey.read == [moment for moment in full.read if moment < stop_at]
        assert journey.tries == full.tries[: len(journey.tries)]
        assert journey.finished == (
            journey.meeting is not None and len(journey.read) == 4 and len(journey.tries) == len(full.tries)
        )


def test_another_seed_tells_something_else() -> None:
    assert ways() == ways()
    assert ways() != ways(seed=2)
    assert [one.read for one in tale().journeys.values()] != [one.read for one in tale(seed=2).journeys.values()]
