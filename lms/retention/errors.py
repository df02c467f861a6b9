"""What is refused about terms and erasing, each with a sentence."""

from __future__ import annotations

from lms.core.errors import Refused
from lms.core.web.languages import _, number
from lms.retention.rules import Hindrance, Term


class WrongTerm(Refused):
    """A term outside its bounds. `category`: of which it is."""

    def __init__(self, category: str, term: Term) -> None:
        super().__init__(
            _("Type a number of days from %(least)s to %(greatest)s.", least=term.least, greatest=number(term.greatest))
        )
        self.category = category


class NotErased(Refused):
    """Erasing somebody's values while something hinders it. `rosters`: numbers of those that name the person."""

    def __init__(self, hindrance: Hindrance, rosters: str = "") -> None:
        super().__init__(hindrance_sentence(hindrance, rosters))
        self.hindrance = hindrance


def hindrance_sentence(hindrance: Hindrance, rosters: str = "") -> str:
    """What hinders erasing and what to do."""
    return {
        Hindrance.ERASED: _("The personal data of this person is erased already."),
        Hindrance.SEAT: _("This person holds a seat. Have them leave it first; then their data can be erased."),
        Hindrance.ROLE: _("This person holds a role. Take it away first; then their data can be erased."),
        Hindrance.TEST: _("This person is taking a test now. Wait until it is over."),
        Hindrance.ROSTER: _(
            "A roster that waits names this person: No. %(numbers)s. Apply or discard it first, or it would bring the "
            "data back.",
            numbers=rosters,
        ),
    }[hindrance]
