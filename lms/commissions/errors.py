"""What is refused about roles, each with a sentence."""

from __future__ import annotations

from lms.core.errors import Refused
from lms.core.web.languages import _


class WrongTerm(Refused):
    """A role is to begin and end on days that cannot be (`rules.term_fault`)."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            {
                "begun": _("The first day is over. Choose a later one, or leave it empty: the role works at once."),
                "over": _("The last day is over. Choose a later one, or leave it empty."),
                "turned": _("The last day lies before the first. Choose a later one, or leave it empty."),
                "long": _("This is more than ten years away. Choose an earlier day, or leave it empty."),
            }[fault]
        )
        self.is_of_first_day = fault == "begun"
