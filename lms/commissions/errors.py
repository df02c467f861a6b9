"""What is refused about seats and roles, each with a sentence; of seats with the field of the form it is about."""

from __future__ import annotations

from lms.commissions.rules import SeatFault
from lms.core.errors import Refused
from lms.core.web.languages import _, lazy

FIELDS = {
    SeatFault.FUTURE: "since",
    SeatFault.BEFORE_SEAT: "since",
    SeatFault.ACT_AFTER: "act_on",
    SeatFault.ACT_TWICE: "act",
    SeatFault.SAME_PERSON: "number",
    SeatFault.SITS_ELSEWHERE: "number",
    SeatFault.OVERLAPS: "since",
    SeatFault.SECOND_CHAIR: "office",
}
"""Where on the form a fault is mended."""


class NotSeated(Refused):
    """A change of seat that cannot be made. `params` fill the sentence: a day in words, a commission's name."""

    def __init__(self, fault: SeatFault, **params: str) -> None:
        super().__init__(sentence_of(fault, params))
        self.fault = fault
        self.field = FIELDS.get(fault, "")


def sentence_of(fault: SeatFault, params: dict[str, str]) -> str:
    """What is wrong and what to do."""
    if fault is SeatFault.SITS_ELSEWHERE and params.get("place"):
        return _("This person sits in %(place)s. They have to leave that seat first.", **params)
    words = {
        SeatFault.CLOSED: lazy("This commission is closed, so nobody can be seated in it."),
        SeatFault.FUTURE: lazy("This day is yet to come. Enter the change on the day from which it holds, or later."),
        SeatFault.BEFORE_SEAT: lazy("The seat has been as it is since %(day)s. Choose that day or a later one."),
        SeatFault.ACT_AFTER: lazy("The decision is later than the day from which it holds. Check both dates."),
        SeatFault.ACT_TWICE: lazy(
            "Decision No. %(number)s is known here with the date %(day)s. Check the number and the date."
        ),
        SeatFault.SAME_PERSON: lazy(
            "This is the identity number of the person who leaves. Type the number of whoever comes."
        ),
        SeatFault.SITS_ELSEWHERE: lazy("This person sits in another commission. They have to leave that seat first."),
        SeatFault.OVERLAPS: lazy("This person held another seat until %(day)s. Choose that day or a later one."),
        SeatFault.SECOND_CHAIR: lazy(
            "The commission has a chair: %(name)s. Give another office, or replace the chair."
        ),
    }
    return _(words[fault].message, **params)


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
