"""Why an answer does not fit, said to the person who gave it."""

from __future__ import annotations

from lms.core.errors import CascadeError
from lms.core.web.languages import _
from lms.questions.errors import BadResponse


def say_refusal(refusal: CascadeError) -> str:
    """Why an answer was not taken, in the reader's language; of a question with parts it names the part."""
    if isinstance(refusal, BadResponse) and refusal.line:
        return _("Line %(key)s: %(sentence)s", key=refusal.line, sentence=_(refusal.sentence))
    if not isinstance(refusal, BadResponse) or not refusal.number:
        return _(refusal.sentence)
    if refusal.part == "gap":
        return _("Gap %(n)s: %(sentence)s", n=refusal.number, sentence=_(refusal.sentence))
    return _("Step %(n)s: %(sentence)s", n=refusal.number, sentence=_(refusal.sentence))
