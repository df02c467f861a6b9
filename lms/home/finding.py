"""Find people and commissions, workshops and courses within what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.curriculum.models import CourseVersion
from lms.home import finding_people, finding_places
from lms.home.rules import code_typed
from lms.people.identity_number import is_whole_number
from lms.people.models import Person
from lms.workshops.models import Workshop

MOST = 50
"""Of each kind on the page of what was found."""
WHILE_TYPING = 6
SHORTEST = 2
"""Letters from which on something is looked for."""


@dataclass(frozen=True)
class Found:
    """What fits, at most so many of each kind."""

    people: Sequence[tuple[Person, Commission]] = field(default=())
    former: Sequence[tuple[Person, Commission]] = field(default=())
    """People without a seat, with the commission in which they sat last."""
    commissions: Sequence[Commission] = field(default=())
    workshops: Sequence[Workshop] = field(default=())
    courses: Sequence[CourseVersion] = field(default=())

    @property
    def nothing(self) -> bool:
        """Whether nothing fits."""
        return not (self.people or self.former or self.commissions or self.workshops or self.courses)


def search(scope: Scope, typed: str, *, most: int = MOST) -> Found:
    """People by the beginnings of their names in any spelling, login, phone or the last four digits of the identity
    number; commissions by number, code or name; workshops by place, day or trainer; courses by title. A whole identity
    number is refused: nothing is searched by it."""
    check_words(typed)
    is_code = code_typed(typed) is not None
    if len(typed.strip()) < SHORTEST and not typed.strip().isdigit():
        return Found()
    people, former = finding_people.find_people(scope, typed, most=most)
    return Found(
        people=people,
        former=former,
        commissions=finding_places.find_commissions(scope, typed, most=most),
        workshops=[] if is_code else finding_places.find_workshops(scope, typed, most=most),
        courses=[] if is_code else finding_places.find_courses(typed, most=most),
    )


def check_words(typed: str) -> None:
    """Raise Refused when somebody is looked for by identity number."""
    if is_whole_number(typed):
        raise Refused(_("People are not searched by identity number. Type a surname, a login or a precinct’s number."))
