"""Forms about files with questions."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from lms.core.web.languages import lazy

SELECT = {"class": "form-select"}


class UploadForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A file with questions, its format and language, and the course and topic that the drafts are for."""

    file = FileField(lazy("File with questions"), [FileRequired(lazy("Choose the file with the questions."))])
    form = SelectField(lazy("Format"), render_kw=SELECT)
    language = SelectField(lazy("Language of its texts"), render_kw=SELECT)
    place = SelectField(lazy("Course and topic"), render_kw=SELECT)
    """`course/topic`"""


class ExportForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Which questions are taken out, how, and in which language."""

    class Meta:
        csrf = False  # it only asks: nothing changes by looking

    course = SelectField(lazy("Course"), render_kw=SELECT)
    topic = SelectField(lazy("Topic"), render_kw=SELECT)
    kind = SelectField(lazy("Kind"), render_kw=SELECT)
    form = SelectField(lazy("Format"), render_kw=SELECT)
    language = SelectField(lazy("Language"), render_kw=SELECT)
