"""What the figures, doubts, rulings and signs are called, and sentences about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.assessment.grading import Effect
from lms.core.web.languages import NAMES, _, decimal, lazy, number
from lms.fairness import integrity, rules
from lms.fairness.integrity import Judgement, Kind
from lms.fairness.rules import Doubt
from lms.fairness.states import State
from lms.questions.kinds.shapes import points_of

EFFECTS: dict[Effect, lazy] = {
    Effect.STANDS: lazy("The question stands: nothing changes"),
    Effect.KEY: lazy("Another answer is right, and the one so far is wrong"),
    Effect.ALSO: lazy("Another answer is right too, beside the one so far"),
    Effect.POINT: lazy("Everybody who saw the question gets its point"),
    Effect.LEFT_OUT: lazy("The question is left out: of 20 questions 19 count"),
}
JUDGEMENTS: dict[Judgement, lazy] = {
    Judgement.OPEN: lazy("Being looked into"),
    Judgement.HARMLESS: lazy("There is a harmless reason"),
    Judgement.CONFIRMED: lazy("Help that was not allowed"),
}


def share(part: float | None) -> str:
    """A share as per cent: 0.873 is 87.3 %."""
    return "–" if part is None else f"{decimal(round(part * 100, 1))}\u202f%"


def figure(value: float | None) -> str:
    """A figure with two places; a dash for none."""
    return "–" if value is None else decimal(round(value, 2))


def doubt_name(doubt: str) -> str:
    """A doubt in a word or two."""
    return {
        Doubt.FEW: _("few answers"),
        Doubt.EASY: _("very easy"),
        Doubt.HARD: _("very hard"),
        Doubt.WEAK: _("tells little"),
        Doubt.NEGATIVE: _("tells the wrong way"),
        Doubt.KEY: _("key in doubt"),
        Doubt.LANGUAGE: _("languages differ"),
        Doubt.NEVER: _("option never chosen"),
    }[Doubt(doubt)]


def doubt_sentence(doubt: str, about: list[str], figures: Mapping[str, Any], options: Mapping[str, str]) -> str:
    """What is doubtful about a question, with the threshold. `options`: their texts, by name."""
    named = ", ".join(_("“%(title)s”", title=options.get(one, one)) for one in about)
    gap = figures.get("gap") or {"low": "", "high": "", "difference": 0, "error": 0}
    languages = {"low": NAMES.get(gap["low"], gap["low"]), "high": NAMES.get(gap["high"], gap["high"])}
    return {
        Doubt.FEW: _("There are fewer than %(n)s answers, so nothing can be judged yet.", n=rules.FEW),
        Doubt.EASY: _("More than %(limit)s get it right: it tells nobody from anybody.", limit=share(rules.EASY)),
        Doubt.HARD: _(
            "Fewer than %(limit)s get it right: look whether the course teaches it, and whether the key is right.",
            limit=share(rules.HARD),
        ),
        Doubt.WEAK: _(
            "Those who do well elsewhere hardly do better here: discrimination is below %(limit)s. The wording may "
            "mislead.",
            limit=figure(rules.WEAK),
        ),
        Doubt.NEGATIVE: _("Those who do well elsewhere do worse here. Look at the key first."),
        Doubt.KEY: _(
            "The stronger ones choose %(options)s rather than the key, by more than %(n)s standard errors. The key may "
            "be wrong.",
            options=named,
            n=figure(rules.STRONGER),
        ),
        Doubt.LANGUAGE: _(
            "In %(low)s it is harder than in %(high)s by %(difference)s (standard error %(error)s), all else being "
            "equal. Compare the texts of both.",
            difference=share(gap["difference"]),
            error=share(gap["error"]),
            **languages,
        ),
        Doubt.NEVER: _("Nobody chooses %(options)s: it could as well not be there.", options=named),
    }[Doubt(doubt)]


def effect_name(effect: str) -> str:
    """What a ruling does, in words."""
    return str(EFFECTS[Effect(effect)])


def state_name(state: str) -> str:
    """Where a marking anew stands."""
    return {
        State.COUNTING: _("being counted"),
        State.COUNTED: _("counted, nothing has changed yet"),
        State.OUTDATED: _("counted, but something changed since"),
        State.APPLYING: _("being applied"),
        State.APPLIED: _("applied"),
        State.TAKING_BACK: _("being taken back"),
        State.TAKEN_BACK: _("taken back"),
    }[State(state)]


def result_words(credit: int, total: int, *, passed: bool) -> str:
    """What a test came to: 14 of 20, passed."""
    words = _("%(right)s of %(total)s", right=decimal(points_of(credit)), total=total)
    outcome = _("passed") if passed else _("not passed")
    return f"{words}, {outcome}"


def sign_name(kind: str) -> str:
    """A kind of sign in words."""
    return {
        Kind.PACE: _("Faster than it can be read"),
        Kind.SIMILAR: _("The same wrong answers"),
        Kind.SAME_CLIENT: _("Answers from one and the same page"),
    }[Kind(kind)]


def sign_sentence(kind: str, seen: Mapping[str, Any]) -> str:
    """What was seen, in figures."""
    if kind == Kind.PACE:
        return _(
            "The whole test took %(seconds)s seconds. Its questions have %(words)s words: at %(pace)s words a second, "
            "three times as fast as a quick reader, that takes %(least)s seconds.",
            seconds=number(seen["seconds"]),
            words=number(seen["words"]),
            pace=integrity.WORDS_A_SECOND,
            least=number(seen["least"]),
        )
    if kind == Kind.SIMILAR:
        return _(
            "Of %(both)s questions that both got wrong they gave the same wrong answer to %(same)s; by chance it would "
            "be %(expected)s. So many or more come about by chance once in %(times)s pairs.",
            both=seen["both_wrong"],
            same=seen["same"],
            expected=figure(seen["expected"]),
            times=number(round(1 / max(seen["probability"], 1e-12))),
        )
    return _("One page or form of a browser sent answers of both.")


def harmless_words(kind: str) -> str:
    """What may be a harmless reason."""
    return {
        Kind.PACE: _(
            "A harmless reason may be: somebody read the questions on an earlier paper, or answers were written down "
            "beforehand without a link."
        ),
        Kind.SIMILAR: _("A harmless reason may be: both were taught the same mistake at one workshop."),
        Kind.SAME_CLIENT: _("A harmless reason may be: one device was lent, and its answers were carried over."),
    }[Kind(kind)]
