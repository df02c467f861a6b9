"""Forms of terms and of erasing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from lms.core.web.fields import WholeNumberField, stripped
from lms.core.web.languages import _, lazy
from lms.people.actions import LONGEST_REASON
from lms.retention.errors import WrongTerm
from lms.retention.schedule import Category
from lms.retention.words import WORDS


class WithinBounds:
    """A number of days that may be set for a category."""

    def __init__(self, category: Category) -> None:
        self.category = category

    def __call__(self, _form: FlaskForm, field: WholeNumberField) -> None:
        if field.data is None or not self.category.term.allows(field.data):
            raise ValidationError(WrongTerm(self.category.code, self.category.term).sentence)


def terms_form(categories: Iterable[Category], **days: int) -> Any:
    """A form with a number of days for each category that may be changed."""
    fields = {
        one.code: WholeNumberField(
            WORDS[one.code].name,
            [InputRequired(lazy("Type a number of days.")), WithinBounds(one)],
            render_kw={"inputmode": "numeric", "autocomplete": "off"},
        )
        for one in categories
        if not one.term.is_fixed
    }
    return type("TermsForm", (FlaskForm,), fields)(**days)


class FindForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Whose data is meant."""

    number = StringField(
        lazy("Identity number"),
        filters=[stripped],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20},
    )


def _check_reason(_form: FlaskForm, field: TextAreaField) -> None:
    """Refuse what is too long for a reason."""
    if len(field.data or "") > LONGEST_REASON:
        raise ValidationError(_("Keep the reason within %(n)s characters.", n=LONGEST_REASON))


class EraseForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why somebody's data is erased."""

    reason = TextAreaField(
        lazy("Why is it erased?"),
        [
            InputRequired(
                lazy("Say in a few words why the data is erased: who asked for it, or what the mistake was.")
            ),
            _check_reason,
        ],
        filters=[stripped],
        render_kw={"rows": 3, "autocomplete": "off"},
    )


class GiveOutForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why somebody's data is taken out for them."""

    reason = TextAreaField(
        lazy("Why is it taken out?"),
        [
            InputRequired(lazy("Say in a few words why the data is taken out: who asked for it, and how.")),
            _check_reason,
        ],
        filters=[stripped],
        render_kw={"rows": 3, "autocomplete": "off"},
    )
