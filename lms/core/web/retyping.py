"""What was typed into a form that could not be taken, under the words of its form, so that it can be sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField

from lms.core.web.languages import _
from lms.core.web.trouble import typed_fields

UNSEEN = (BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField)
"""Fields that send a word of ours and not of whoever fills the form in."""
_WORD_OF_OURS = re.compile(r"[a-z0-9_.:-]*")


@dataclass(frozen=True)
class Typed:
    """One field of a form."""

    name: str
    value: str
    label: str
    """Empty: nothing that somebody typed; it is sent again unseen."""


def list_typed() -> list[Typed]:
    """The fields of this request's form in order; no secrets."""
    sent = typed_fields()
    names = {name for name, _value in sent}
    return [Typed(name, value, _label_of(name, value, names)) for name, value in sent]


def _label_of(name: str, value: str, sent: set[str]) -> str:
    """What the form that was sent calls a field: of all forms with such a field the one of which most was sent. Where
    there is none, or several call it differently, what looks typed is named by no word of theirs."""
    prefix, hyphen, own = name.rpartition("-")
    forms = [fields for fields in map(_fields_of, _list_forms(Form)) if own in fields]
    known = [len({f"{prefix}{hyphen}{field}" for field in fields} & sent) for fields in forms]
    found = {_said(fields[own]) for fields, count in zip(forms, known, strict=True) if count == max(known, default=0)}
    if len(found) == 1:
        return found.pop()
    return "" if _WORD_OF_OURS.fullmatch(value) else _("What you typed")


def _list_forms(kind: type[Form]) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from _list_forms(one)


def _fields_of(form: type[Form]) -> dict[str, UnboundField]:
    return {name: field for name in dir(form) if isinstance(field := getattr(form, name), UnboundField)}


def _said(field: UnboundField) -> str:
    label = field.args[0] if field.args else field.kwargs.get("label", "")
    return "" if issubclass(field.field_class, UNSEEN) else str(label)
