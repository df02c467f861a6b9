"""Figures and outlooks as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lms.commissions.rules import Office
from lms.core.web.languages import _, _n, day, number
from lms.learning.rules import State
from lms.reporting.rules import Figures, Forecast, Lacking, Missing, Outlook, Readiness, readiness

STATE_KINDS = {State.FINISHED: "done", State.BEGUN: "", State.NOT_BEGUN: "wait"}
OUTLOOK_KINDS = {
    Outlook.EMPTY: "wait",
    Outlook.READY: "done",
    Outlook.IN_TIME: "",
    Outlook.JUST: "wait",
    Outlook.LEADERLESS: "today",
    Outlook.LATE: "today",
    Outlook.STANDING: "today",
    Outlook.OVER: "today",
}
MOST_NAMES = 4
"""Territories named in a sentence; of more only the number is told."""
READINESS_KINDS = {
    Readiness.EMPTY: "wait",
    Readiness.READY: "done",
    Readiness.BEGUN: "",
    Readiness.NOT_BEGUN: "wait",
}


def days_to(election_on: date, today: date) -> str:
    """How far the election is."""
    left = (election_on - today).days
    if left > 0:
        return _n("1 day to the election", "%(n)s days to the election", left)
    return _("Today is election day") if left == 0 else _("The election is over")


def headline(figures: Figures, *, election_on: date, today: date) -> str:
    """The answer for a branch: how many precincts are not ready."""
    return f"{days_to(election_on, today)}: {_branch_answer(figures)}"


def _branch_answer(figures: Figures) -> str:
    if figures.precincts == 0:
        return _("there is no precinct here yet")
    if figures.precincts_not_ready == 0:
        return _n("the precinct is ready", "all %(n)s precincts are ready", figures.precincts)
    return _n(
        "1 of %(total)s precincts is not ready",
        "%(n)s of %(total)s precincts are not ready",
        figures.precincts_not_ready,
        total=number(figures.precincts),
    )


def precinct_headline(figures: Figures, *, election_on: date, today: date) -> str:
    """The answer for one commission: how many members have not finished."""
    return f"{days_to(election_on, today)}: {_members_answer(figures)}"


def _members_answer(figures: Figures) -> str:
    if figures.must == 0:
        return _("nobody here has to learn yet")
    if figures.missing == 0:
        return _n("the one member has finished", "all %(n)s members have finished", figures.must)
    return _n(
        "1 of %(total)s members has not finished",
        "%(n)s of %(total)s members have not finished",
        figures.missing,
        total=number(figures.must),
    )


def readiness_rule(percent: int) -> str:
    """When a precinct counts as ready."""
    if percent == 100:
        return _("A precinct is ready when it has a chair and a secretary and all its members have finished.")
    return _(
        "A precinct is ready when chair, secretary and %(percent)s %% of all its members have finished.",
        percent=percent,
    )


def lacking_words(lack: Lacking) -> str:
    """What a precinct lacks to be ready: `the chair has not finished; 2 more members have to finish`."""
    nobody = {Office.CHAIR: _("there is no chair"), Office.SECRETARY: _("there is no secretary")}
    unfinished = {
        Office.CHAIR: _("the chair has not finished"),
        Office.SECRETARY: _("the secretary has not finished"),
    }
    parts = [unfinished[office] for office in lack.unfinished] + [nobody[office] for office in lack.nobody]
    if lack.people:
        parts.append(_n("1 more member has to finish", "%(n)s more members have to finish", lack.people))
    return "; ".join(parts)


def outlook_words(found: Forecast) -> str:
    """An outlook in a few words, for a tag."""
    if found.outlook is Outlook.LATE:
        return _n("will not make it: 1 person", "will not make it: %(n)s people", found.short)
    if found.outlook is Outlook.STANDING:
        return _n("standing still: 1 person left", "standing still: %(n)s people left", found.short)
    if found.outlook is Outlook.OVER:
        return _n("did not make it: 1 person", "did not make it: %(n)s people", found.short)
    if found.outlook is Outlook.IN_TIME:
        return _("will make it")
    if found.outlook is Outlook.JUST:
        return _("just in time")
    if found.outlook is Outlook.LEADERLESS:
        return _("no chair or no secretary")
    return _("ready") if found.outlook is Outlook.READY else _("nobody here yet")


def outlook_sentence(found: Forecast, *, days: int, lately: int, election_on: date) -> str:
    """How the outlook was reached, in one plain sentence."""
    eve = day(election_on - timedelta(days=1), weekday=False)
    pace = _pace_words(lately, days)
    if found.outlook in (Outlook.IN_TIME, Outlook.JUST) and found.finished_on:
        return (
            pace + " " + _("At this pace everyone has finished on %(day)s.", day=day(found.finished_on, weekday=False))
        )
    if found.outlook is Outlook.LATE:
        return (
            pace
            + " "
            + _n(
                "At this pace 1 person will not have finished by %(day)s.",
                "At this pace %(n)s people will not have finished by %(day)s.",
                found.short,
                day=eve,
            )
        )
    if found.outlook is Outlook.STANDING:
        if days == 1:
            return _("Nobody finished in the last day, so no day can be named.")
        return _("Nobody finished in the last %(days)s days, so no day can be named.", days=days)
    if found.outlook is Outlook.OVER:
        return _("The time for training is over.")
    if found.outlook is Outlook.LEADERLESS:
        return _("A precinct without a chair or a secretary is not ready, whoever has finished.")
    return _("Everyone has finished.") if found.outlook is Outlook.READY else ""


def _pace_words(lately: int, days: int) -> str:
    if days == 1:
        return _n("1 person finished in the last day.", "%(n)s people finished in the last day.", lately)
    return _n(
        "1 person finished in the last %(days)s days.",
        "%(n)s people finished in the last %(days)s days.",
        lately,
        days=days,
    )


def late_words(late: int, *, election_on: date, today: date) -> str:
    """How many territories will not make it, or did not once election day has come: without the number."""
    if today >= election_on:
        return _n("territory did not make it", "territories did not make it", late)
    eve = day(election_on - timedelta(days=1), weekday=False)
    return _n("territory will not make it by %(day)s", "territories will not make it by %(day)s", late, day=eve)


def trend_sentence(figures: Figures, found: Forecast, *, days: int, election_on: date) -> str:
    """What the line of a branch shows, in one sentence."""
    if figures.missing == 0:
        return _n("The one who must has finished.", "All %(n)s have finished.", figures.must)
    far = _n(
        "1 of %(must)s has finished", "%(n)s of %(must)s have finished", figures.finished, must=number(figures.must)
    )
    if found.outlook in (Outlook.IN_TIME, Outlook.JUST) and found.finished_on:
        return _n(
            "%(far)s; at the pace of the last day all will have finished on %(day)s.",
            "%(far)s; at the pace of the last %(n)s days all will have finished on %(day)s.",
            days,
            far=far,
            day=day(found.finished_on, weekday=False),
        )
    if found.outlook is Outlook.LATE:
        return _n(
            "%(far)s; at the pace of the last day %(short)s will not have finished by %(day)s.",
            "%(far)s; at the pace of the last %(n)s days %(short)s will not have finished by %(day)s.",
            days,
            far=far,
            short=number(found.short),
            day=day(election_on - timedelta(days=1), weekday=False),
        )
    if found.outlook is Outlook.OVER:
        return _("%(far)s; the time for training is over.", far=far)
    return _("%(far)s; too few finished lately for a day to be named.", far=far)


def slow_sentence(names: Sequence[str], short: int, *, others: bool, days: int, lately: int, election_on: date) -> str:
    """Which territories are too slow, how many people that is, and whether the others make it."""
    pace = _pace_words(lately, days)
    places = _n("%(places)s is too slow", "%(places)s are too slow", len(names), places=joined(names))
    people = _n(
        "1 person will not have finished by %(day)s",
        "%(n)s people will not have finished by %(day)s",
        short,
        day=day(election_on - timedelta(days=1), weekday=False),
    )
    rest = "; " + _("the others will make it") if others else ""
    return f"{pace} {places}: {people}{rest}."


def joined(names: Sequence[str]) -> str:
    """Names one after another: `Beineu, Karakiya and 3 more`."""
    shown, more = (names, 0) if len(names) <= MOST_NAMES + 1 else (names[:MOST_NAMES], len(names) - MOST_NAMES)
    if more:
        return _("%(first)s and %(last)s", first=", ".join(shown), last=_n("1 more", "%(n)s more", more))
    if len(shown) < 2:
        return "".join(shown)
    return _("%(first)s and %(last)s", first=", ".join(shown[:-1]), last=shown[-1])


def last_words(names: Sequence[str]) -> str:
    """Whose end the end date is."""
    if len(names) == 1:
        return _("%(place)s is the last to finish, at the present pace", place=names[0])
    if names:
        return _("%(places)s are the last to finish, at the present pace", places=joined(names))
    return _("everyone has finished, at the present pace")


def readiness_words(figures: Figures) -> str:
    """A commission's state in a few words, for a tag."""
    found = readiness(figures)
    if found is Readiness.BEGUN:
        return _n("1 has not finished", "%(n)s have not finished", figures.missing)
    if found is Readiness.NOT_BEGUN:
        return _("not begun")
    return _("ready") if found is Readiness.READY else _("nobody here yet")


def counts_words(figures: Figures) -> str:
    """How many have finished, begun, not begun: `1 204 · 31 · 8`."""
    return f"{number(figures.finished)} · {number(figures.begun)} · {number(figures.not_begun)}"


def precincts_ready_words(figures: Figures) -> str:
    """How many precincts are ready, of all."""
    return _("%(part)s of %(whole)s", part=number(figures.ready), whole=number(figures.precincts))


def cells_of(figures: Figures) -> tuple[str, str, str, str, str]:
    """The cells of a territory's row, in one go for long tables: its precincts, who must, how far they are, who is
    missing, precincts ready."""
    ready = precincts_ready_words(figures) if figures.precincts else ""
    return (
        number(figures.precincts),
        number(figures.must),
        counts_words(figures),
        number(figures.missing),
        ready,
    )


def state_words(state: State) -> str:
    """A person's state."""
    if state is State.FINISHED:
        return _("finished")
    return _("begun") if state is State.BEGUN else _("not begun")


def missing_words(missing: Missing) -> str:
    """What a person has yet to do: `2 of 4 modules, the test, the workshop`. Say before it that this is left."""
    parts = []
    if missing.modules:
        parts.append(
            _n("1 of %(total)s modules", "%(n)s of %(total)s modules", len(missing.modules), total=missing.of_modules)
        )
    if missing.test:
        parts.append(_("the test"))
    if missing.workshop:
        parts.append(_("the workshop"))
    return ", ".join(parts)


def people_headline(total: int, asked: Mapping[str, str]) -> str:
    """How many people a list holds, and in what state they are."""
    state = asked.get("state", "")
    if state == "finished":
        return _n("1 person has finished", "%(n)s people have finished", total)
    if state == "begun":
        return _n("1 person has begun and not finished", "%(n)s people have begun and not finished", total)
    if state == "not-begun":
        return _n("1 person has not begun", "%(n)s people have not begun", total)
    if state == "missing":
        return _n("1 person has not finished", "%(n)s people have not finished", total)
    return _n("1 person", "%(n)s people", total)


def state_choices() -> list[tuple[str, str]]:
    """States by which a list can be narrowed: what stands in the address, and the words."""
    return [
        ("", _("any")),
        ("missing", _("not finished")),
        ("not-begun", _("not begun")),
        ("begun", _("begun")),
        ("finished", _("finished")),
    ]
