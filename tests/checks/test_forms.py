"""Forms as a whole: what is too long is refused with a sentence, in whatever field it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import Length

from lms.core.web.languages import speaking


def list_forms(form: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form of the product, those of the library left out."""
    for one in form.__subclasses__():
        yield from list_forms(one)
        if one.__module__.startswith("lms."):
            yield one


def list_fields() -> Iterator[tuple[str, Form, Any]]:
    """Every field whose length is checked: its name, a form that holds it alone, and the check."""
    for form in list_forms():
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                alone = type("Alone", (Form,), {"field": field})()
                yield from ((f"{form.__name__}.{name}", alone, one) for one in lengths_of(alone.field))


def lengths_of(field: Field) -> list[Length]:
    """The checks of a field's length."""
    return [one for one in field.validators if isinstance(one, Length)]


def test_what_is_too_long_is_refused_in_the_readers_language(app: Flask) -> None:
    found = list(list_fields())
    assert len(found) > 30
    for name, form, check in found:
        said = {}
        for language in ("kk", "ru", "en"):
            with speaking(language):
                form.field.process(MultiDict({"field": "а" * (check.max + 1)}))
                assert not form.validate(), name
                said[language] = str(form.field.errors[-1])
        assert len(set(said.values())) == 3, (name, said)


def test_a_line_break_counts_as_the_browser_counts_it(app: Flask) -> None:
    for name, form, check in list_fields():
        if isinstance(form.field, TextAreaField):
            form.field.process(MultiDict({"field": "а\r\n" * (check.max // 2 - 1) + "а"}))
            assert form.validate(), (name, form.errors)
            assert "\r" not in form.field.data, name
