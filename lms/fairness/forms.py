"""Forms of disputes, rulings and judgements."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.core.web.fields import AtMost, stripped
from lms.core.web.languages import lazy
from lms.fairness.disputing import LONGEST
from lms.fairness.words import EFFECTS, JUDGEMENTS


class DisputeForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What is wrong with a question."""

    words = TextAreaField(
        lazy("What is wrong with this question?"),
        [InputRequired(lazy("Say in a few words what is wrong with the question.")), Length(max=LONGEST)],
        filters=[stripped],
        render_kw={"rows": 5, "maxlength": LONGEST},
    )


class RulingForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What is ruled on a question, and why."""

    effect = RadioField(
        lazy("What is ruled"),
        [InputRequired(lazy("Choose what is ruled."))],
        choices=[SelectChoice(effect.value, words) for effect, words in EFFECTS.items()],
    )
    reason = TextAreaField(
        lazy("Why"),
        [
            InputRequired(lazy("Say why it is ruled so. Everybody who disputed the question reads it.")),
            AtMost(1000),
        ],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": 1000},
    )


class JudgementForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """How a sign is judged, and what was found."""

    judgement = RadioField(
        lazy("How it is judged"),
        [InputRequired(lazy("Choose how it is judged."))],
        choices=[SelectChoice(one.value, words) for one, words in JUDGEMENTS.items()],
    )
    words = TextAreaField(
        lazy("What you found"),
        [
            InputRequired(lazy("Write down what you found: whom you asked, and what they said.")),
            Length(max=LONGEST),
        ],
        filters=[stripped],
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
