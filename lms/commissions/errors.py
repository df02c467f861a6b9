"""What is refused about seats and roles, each with a sentence; of seats with the field of the form it is about."""

from __future__ import annotations

from lms.commissions.rules import DayFault, ReserveFault, SeatFault
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _, lazy
from lms.people.models import Person

TOO_YOUNG = lazy(
    "This person is old enough for a seat only from %(day)s on. Choose that day or a later one, or check the "
    "identity number."
)
FIELDS = {
    SeatFault.FUTURE: "since",
    SeatFault.BEFORE_SEAT: "since",
    SeatFault.BEFORE_FOUNDED: "since",
    SeatFault.TOO_YOUNG: "since",
    SeatFault.ACT_AFTER: "act_on",
    SeatFault.ACT_LONG_BEFORE: "act_on",
    SeatFault.ACT_TWICE: "act",
    SeatFault.SAME_PERSON: "number",
    SeatFault.SITS_HERE: "number",
    SeatFault.SITS_ELSEWHERE: "number",
    SeatFault.OVERLAPS: "since",
    SeatFault.SECOND_CHAIR: "office",
    SeatFault.PARTY_TWICE: "nominated_by",
}
"""Where on the form a fault is mended."""


class NotSeated(Refused):
    """A change of seat that cannot be made. `params` fill the sentence: a day in words, a commission's name.
    `sits`: the id of whoever holds a seat already, if the reader looks after it."""

    def __init__(self, fault: SeatFault, sits: int = 0, **params: str) -> None:
        super().__init__(sentence_of(fault, params))
        self.fault = fault
        self.field = FIELDS.get(fault, "")
        self.sits = sits


def sentence_of(fault: SeatFault, params: dict[str, str]) -> str:
    """What is wrong and what to do."""
    if fault is SeatFault.SITS_ELSEWHERE and params.get("place"):
        return _("This person sits in %(place)s. They have to leave that seat first.", **params)
    words = {
        SeatFault.CLOSED: lazy("This commission is closed, so nobody can be seated in it."),
        SeatFault.FUTURE: lazy("This day is yet to come. Enter the change on the day from which it holds, or later."),
        SeatFault.BEFORE_SEAT: lazy("The seat has been as it is since %(day)s. Choose that day or a later one."),
        SeatFault.BEFORE_FOUNDED: lazy("The commission has been here since %(day)s. Choose that day or a later one."),
        SeatFault.TOO_YOUNG: TOO_YOUNG,
        SeatFault.ACT_AFTER: lazy("The decision is later than the day from which it holds. Check both dates."),
        SeatFault.ACT_LONG_BEFORE: lazy(
            "The decision is more than two years older than the day from which it holds. Check the year."
        ),
        SeatFault.ACT_TWICE: lazy(
            "Decision No. %(number)s is known here with the date %(day)s. Check the number and the date."
        ),
        SeatFault.SAME_PERSON: lazy(
            "This is the identity number of the person who leaves. Type the number of whoever comes."
        ),
        SeatFault.SITS_HERE: lazy(
            "This person sits in this commission already. For another office, take “Another office” on their page."
        ),
        SeatFault.SITS_ELSEWHERE: lazy("This person sits in another commission. They have to leave that seat first."),
        SeatFault.OVERLAPS: lazy("This person held another seat until %(day)s. Choose that day or a later one."),
        SeatFault.SECOND_CHAIR: lazy(
            "The commission has a chair: %(name)s. Give another office, or replace the chair."
        ),
        SeatFault.PARTY_TWICE: lazy(
            "This party has a member in the commission already, and may have one only. Take a person of another body."
        ),
    }
    return _(words[fault].message, **params)


class WrongDay(Refused):
    """A commission is to be changed from a day on from which it cannot be. `params` fill the sentence: a day in words,
    the commission's name."""

    def __init__(self, fault: DayFault, **params: str) -> None:
        been_here = lazy("%(name)s has been here since %(day)s. Choose that day or a later one.")
        words = {
            DayFault.FUTURE: lazy(
                "This day is yet to come. Come back on that day; until then everything stays as it is."
            ),
            DayFault.BEFORE_FOUNDED: been_here,
            DayFault.BEFORE_PARENT: been_here,
            DayFault.BEFORE_MOVE: lazy("It has stood where it stands since %(day)s. Choose that day or a later one."),
            DayFault.BEFORE_SEATS: lazy(
                "The number of seats has been as it is since %(day)s. Choose that day or a later one."
            ),
            DayFault.BEFORE_LEFT: lazy("Somebody sat in it until %(day)s. Choose that day or a later one."),
            DayFault.BEFORE_BELOW: lazy("One below it was there until %(day)s. Choose that day or a later one."),
        }
        super().__init__(_(words[fault].message, **params))
        self.fault = fault


class NotInReserve(Refused):
    """Somebody who cannot be put into a reserve. `params` fill the sentence."""

    def __init__(self, fault: ReserveFault, **params: str) -> None:
        words = {
            ReserveFault.CLOSED: lazy("This commission is closed, so it has no reserve."),
            ReserveFault.FUTURE: lazy("This day is yet to come. Enter it on the day from which it holds, or later."),
            ReserveFault.ACT_AFTER: lazy("The decision is later than the day from which it holds. Check both dates."),
            ReserveFault.OVER: lazy("The last day is over, or lies before the first. Choose a later one."),
            ReserveFault.LONG: lazy("An entry holds until %(day)s at the latest. Choose that day or an earlier one."),
            ReserveFault.TOO_YOUNG: TOO_YOUNG,
            ReserveFault.SITS: lazy("This person sits in a commission of this level and needs no reserve."),
            ReserveFault.WAITS: lazy("This person waits in this reserve already."),
        }
        super().__init__(_(words[fault].message, **params))
        self.fault = fault
        self.field = {
            ReserveFault.FUTURE: "since",
            ReserveFault.ACT_AFTER: "act_on",
            ReserveFault.OVER: "until",
            ReserveFault.LONG: "until",
            ReserveFault.TOO_YOUNG: "since",
            ReserveFault.SITS: "number",
            ReserveFault.WAITS: "number",
        }.get(fault, "")


class NumberTaken(Refused):
    """An identity number that somebody else is known by. `other`: who it is, if the reader looks after them; otherwise
    nothing is told of them. `merge`: the one of the two entries that can stand for both, and the other one."""

    field = "number"

    def __init__(self, other: Person | None = None, merge: tuple[int, int] | None = None) -> None:
        self.other, self.merge = other, merge
        if other is None:
            words = _(
                "Somebody else is known by this identity number. Check each digit. If it is right, ask the commission "
                "above yours: it can look at both entries."
            )
        elif merge is None:
            words = _(
                "%(name)s is known by this identity number, and the two entries cannot be joined as they are. Check "
                "each digit; if the two are one person, have one of them leave the seat first.",
                name=other.full_name,
            )
        else:
            words = _(
                "%(name)s is known by this identity number. Check each digit; if the two are one person, join the "
                "entries instead.",
                name=other.full_name,
            )
        super().__init__(words)


class NoLongerSeated(NotFound):
    """The person sat in the reader's branch and has left, or held a role there and no seat: who came in their place,
    and what they held, stands in the history of seats."""

    def __init__(self, person_id: int, *, held_role: bool = False) -> None:
        super().__init__()
        self.person_id = person_id
        self.held_role = held_role


class WrongTerm(Refused):
    """A role is to begin and end on days that cannot be (`rules.term_fault`), or to be put off while it works."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            {
                "begun": _("The first day is over. Choose a later one, or leave it empty: the role works at once."),
                "over": _("The last day is over. Choose a later one, or leave it empty."),
                "turned": _("The last day lies before the first. Choose a later one, or leave it empty."),
                "put_off": _(
                    "This person holds this role here and it works now. Leave the first day empty: giving the role "
                    "again changes its last day only."
                ),
                "long": _("This is more than ten years away. Choose an earlier day, or leave it empty."),
            }[fault]
        )
        self.is_of_first_day = fault in ("begun", "put_off")
