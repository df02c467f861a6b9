"""The one statement: what is kept, what counts, who is told what. Every order in which answers may come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from lms.accounts.browsers import leave_session
from lms.accounts.models import Account
from lms.assessment import queries, saving
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.rules import State
from lms.assessment.saving import Fate, Receipt, Sender, Step
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from tests.factories.assessment import give, make_attempt, make_learner, sender, steps_of
from tests.factories.commissions import Country, make_member, make_officer, make_passkey
from tests.factories.curriculum import make_course

pytestmark = pytest.mark.usefixtures("db_session")
A, B, C, D = ({"choice": letter} for letter in "abcd")


@pytest.fixture
def learner(country: Country) -> tuple[Account, Attempt]:
    account, enrolment = make_learner(country.precinct, make_course())
    return account, make_attempt(account, enrolment)


def current(attempt: Attempt, position: int = 1) -> dict[str, Any]:
    """The answer that counts."""
    return queries.list_answers(attempt.id).get(position, queries.NONE_YET).response


def test_an_answer_is_a_step_with_the_servers_revision(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    receipt = give(attempt, account, 1, A)
    (step,) = steps_of(attempt)
    assert (receipt.fate, receipt.revision, receipt.response) == (Fate.SAVED, step.id, A)
    assert 29 * 60 < receipt.left <= 30 * 60
    assert (step.position, step.client, step.client_seq, step.base_revision) == (1, "tab", 1, 0)
    assert (step.response, step.stale, step.late) == (A, False, False)


def test_each_answer_follows_the_one_before(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    first = give(attempt, account, 1, A)
    second = give(attempt, account, 1, B, base=first.revision)
    assert second.revision > first.revision
    assert [step.base_revision for step in steps_of(attempt)] == [0, first.revision]
    assert current(attempt) == B


def test_a_step_sent_twice_is_written_once_and_answered_the_same(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    first = give(attempt, account, 1, A, seq=1)
    later = give(attempt, account, 1, B, seq=2)
    again = give(attempt, account, 1, A, seq=1)
    assert (again.fate, again.revision, again.differs) == (Fate.SAVED, first.revision, False)
    assert len(steps_of(attempt)) == 2
    assert queries.list_answers(attempt.id)[1].revision == later.revision


def test_one_name_for_two_answers_is_told_apart(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    give(attempt, account, 1, A, seq=1)
    assert give(attempt, account, 1, B, seq=1).differs
    assert give(attempt, account, 2, A, seq=1).differs
    assert len(steps_of(attempt)) == 1


ORDERS = list(permutations(range(4)))


@pytest.fixture
def afresh() -> Callable[[], AbstractContextManager[None]]:
    """Whatever happens inside the block is undone after it."""

    @contextmanager
    def undone() -> Iterator[None]:
        with db.session.begin_nested() as nested:
            yield
            nested.rollback()

    return undone


def test_the_newest_answer_of_a_page_counts_in_whatever_order_they_come(
    learner: tuple[Account, Attempt], afresh: Callable[[], AbstractContextManager[None]]
) -> None:
    account, attempt = learner
    answers = [A, B, C, D]
    won = 0
    for order in ORDERS:
        with afresh():
            for number in order:
                give(attempt, account, 1, answers[number], client="tab", seq=number + 1)
            give(attempt, account, 1, answers[order[0]], client="tab", seq=order[0] + 1)  # a duplicate
            give(attempt, account, 1, A, client="tab", seq=1)  # a packet that was long on its way
            assert len(steps_of(attempt)) == 4, order
            in_time = [step for step in steps_of(attempt) if not step.stale]
            assert [step.base_revision for step in in_time] == [0, *(step.id for step in in_time[:-1])], order
            won += current(attempt) == D
    assert won == len(ORDERS) == 24


def test_of_four_devices_the_first_counts_until_the_member_says_otherwise(
    learner: tuple[Account, Attempt], afresh: Callable[[], AbstractContextManager[None]]
) -> None:
    account, attempt = learner
    answers = [A, B, C, D]
    for order in ORDERS:
        with afresh():
            fates = [give(attempt, account, 1, answers[number], client=f"device-{number}").fate for number in order]
            assert fates == [Fate.SAVED, Fate.STALE, Fate.STALE, Fate.STALE], order
            assert current(attempt) == answers[order[0]], order
            assert sorted(step.response["choice"] for step in steps_of(attempt)) == ["a", "b", "c", "d"], order


def test_a_second_device_is_told_of_the_newer_answer_and_may_choose(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    phone = give(attempt, account, 1, A, client="phone")
    desk = give(attempt, account, 1, B, client="desk", base=phone.revision)
    stale = give(attempt, account, 1, C, client="phone", base=phone.revision)
    assert (stale.fate, stale.revision, stale.response) == (Fate.STALE, desk.revision, B)
    assert current(attempt) == B
    chosen = give(attempt, account, 1, C, client="phone", base=stale.revision)
    assert chosen.fate is Fate.SAVED
    assert current(attempt) == C


def test_a_stale_step_sent_twice_is_still_stale(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    give(attempt, account, 1, A, client="phone")
    first = give(attempt, account, 1, B, client="desk", seq=1)
    assert give(attempt, account, 1, B, client="desk", seq=1) == first
    assert first.fate is Fate.STALE


def test_the_same_answer_on_two_devices_asks_nothing(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    phone = give(attempt, account, 1, A, client="phone")
    desk = give(attempt, account, 1, A, client="desk")
    assert (desk.fate, desk.revision) == (Fate.SAVED, phone.revision)


def test_an_answer_may_be_taken_back(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    give(attempt, account, 1, A)
    give(attempt, account, 1, {})
    assert current(attempt) == {}


def test_places_do_not_touch_each_other(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    for position in range(1, 6):
        assert give(attempt, account, position, A, client=f"tab-{position}").fate is Fate.SAVED
    assert set(queries.list_answers(attempt.id)) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("seconds", "fate", "late"),
    [(-1, Fate.SAVED, False), (0, Fate.LATE, True), (1, Fate.LATE, True), (3600, Fate.LATE, True)],
)
def test_the_servers_clock_decides(learner: tuple[Account, Attempt], seconds: int, fate: Fate, late: bool) -> None:
    account, attempt = learner
    receipt = give(attempt, account, 1, A, now=attempt.deadline + timedelta(seconds=seconds))
    (step,) = steps_of(attempt)
    assert (receipt.fate, step.late, step.response) == (fate, late, A)
    assert current(attempt) == ({} if late else A)


def test_a_late_step_is_kept_once(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    late = attempt.deadline + timedelta(seconds=1)
    assert [give(attempt, account, 1, A, seq=1, now=late).fate for _ in range(2)] == [Fate.LATE, Fate.LATE]
    assert len(steps_of(attempt)) == 1


def test_time_given_in_the_middle_counts(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    after = attempt.deadline + timedelta(seconds=1)
    attempt.deadline += timedelta(minutes=10)
    db.session.flush()
    assert give(attempt, account, 1, A, now=after).fate is Fate.SAVED


@pytest.mark.parametrize(
    ("state", "fate", "kept"), [(State.SUBMITTED, Fate.CLOSED, 0), (State.TIMED_OUT, Fate.LATE, 1)]
)
def test_nothing_counts_after_the_end(learner: tuple[Account, Attempt], state: State, fate: Fate, kept: int) -> None:
    account, attempt = learner
    attempt.state = state
    db.session.flush()
    assert give(attempt, account, 1, A).fate is fate
    assert len(steps_of(attempt)) == kept
    assert queries.list_answers(attempt.id) == {}


def test_what_was_saved_in_time_is_confirmed_after_the_end(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    first = give(attempt, account, 1, A, seq=1)
    attempt.state = State.SUBMITTED
    db.session.flush()
    assert give(attempt, account, 1, A, seq=1).revision == first.revision


@pytest.mark.parametrize("position", [0, 6, 2**31 - 1])
def test_there_is_no_answer_without_a_question(learner: tuple[Account, Attempt], position: int) -> None:
    account, attempt = learner
    assert give(attempt, account, position, A).fate is Fate.CLOSED
    assert steps_of(attempt) == []


def refused(attempt: Attempt, by: Sender) -> Receipt:
    step = Step(attempt.id, 1, "tab", 1, 0, A)
    receipt = saving.save(db.session.connection(), step, by, clock.now())
    assert steps_of(attempt) == []
    return receipt


def test_only_the_owner_answers(country: Country, learner: tuple[Account, Attempt]) -> None:
    _account, attempt = learner
    for stranger in (
        make_member(country.precinct),
        make_officer(country.region),
        make_officer(country.central, Role.METHODOLOGIST),
    ):
        assert refused(attempt, sender(stranger)).fate is Fate.NOT_YOURS


def test_a_session_that_was_ended_saves_nothing(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    before = sender(account)
    db.session.execute(update(Account).where(Account.id == account.id).values(session_version=2))
    assert refused(attempt, before).fate is Fate.SIGNED_OUT


def test_a_browser_that_was_signed_out_saves_nothing(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    before, beside = sender(account), sender(account)
    leave_session(before.session)
    assert refused(attempt, before).fate is Fate.SIGNED_OUT
    assert refused(attempt, replace(beside, session="")).fate is Fate.SIGNED_OUT
    assert give(attempt, account, 1, A).fate is Fate.SAVED


def test_a_disabled_account_saves_nothing(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    account.disabled_at = clock.now()
    db.session.flush()
    assert refused(attempt, sender(account)).fate is Fate.SIGNED_OUT


@pytest.mark.parametrize("factor", ["app", "passkey"])
def test_where_there_is_a_second_factor_it_must_have_been_proven(learner: tuple[Account, Attempt], factor: str) -> None:
    account, attempt = learner
    if factor == "app":
        account.totp_encrypted = b"set"
    else:
        make_passkey(account)
    db.session.flush()
    assert refused(attempt, replace(sender(account), second_factor=False)).fate is Fate.SIGNED_OUT
    assert give(attempt, account, 1, A).fate is Fate.SAVED


def test_steps_are_only_ever_added(learner: tuple[Account, Attempt]) -> None:
    account, attempt = learner
    give(attempt, account, 1, A)
    with pytest.raises(DatabaseError, match="never change"), db.session.begin_nested():
        db.session.execute(update(AnswerStep).values(response=B))
    assert current(attempt) == A
