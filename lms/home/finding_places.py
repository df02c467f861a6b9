"""Commissions by number, code or name; workshops by place, day or trainer; courses by title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Commission, CommissionName
from lms.commissions.names import level_abbreviations, level_kinds, precinct_names
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import NUMBERED, Level, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_newest_ids
from lms.curriculum.shelf import get_published
from lms.home.rules import Code, code_typed, read_day, without_day
from lms.people.folding import folded_words, words_of
from lms.people.models import Person
from lms.workshops.models import Workshop
from lms.workshops.queries import visible

OF_LETTER = {
    "P": Commission.level == Level.PEC,
    "A": Commission.territory == Territory.PRECINCT_ABROAD,
    "C": Commission.level == Level.CONSTITUENCY,
}
"""Which commissions have a letter before their number in their code; abroad is a precinct too."""
NO_NAMES = frozenset({"uik", "usk", "pec", "no", "n", "uchaskelik", "uchaske", "uchastok", "uchastkovaia"})
"""What stands before a precinct's number, folded."""
NUMBER_SIGNS = frozenset({"no", "n"})
CALLED = ("seminar", "uorkshop")
"""What workshops are called, folded."""
LONGEST_NUMBER = 5
AT_ONCE = 200


def precinct_typed(typed: str) -> int | None:
    """The number of the precinct for which somebody looks: `17`, `УИК 17`; None when it is something else, as a day or
    a workshop."""
    asked, of_workshop = _read(typed), any(map(_is_workshop, folded_words(typed)))
    return None if of_workshop or day_typed(typed) is not None or asked.is_constituency else asked.number


def day_typed(typed: str) -> date | None:
    """The day for whose workshops somebody looks; None when no day was typed."""
    campaign = find_open_campaign()
    return read_day(typed, campaign.election_on) if campaign else None


@dataclass(frozen=True)
class _Typed:
    """What was typed, as a commission is called."""

    number: int | None
    words: list[str]

    @property
    def is_constituency(self) -> bool:
        """Whether a constituency's commission is meant, and none by its own name."""
        kinds = (*level_abbreviations(Level.CONSTITUENCY).values(), *level_kinds(Level.CONSTITUENCY).values())
        return bool(self.words) and {*self.words} <= {word for kind in kinds for word in _keys_of(kind)}


def find_commissions(scope: Scope, typed: str, *, most: int) -> Sequence[Commission]:
    """Commissions within what `scope` watches: `17`, `УИК 17`, `Beineu`, `17 Beineu`, `ConEC 1`, `KZ-12-03`, `P17`."""
    code = code_typed(typed)
    fits = _called(code) if code else _named(typed)
    return db.session.scalars(
        select(Commission)
        .where(is_commission_in(scope, Commission.id, *WATCHERS), or_(*fits))
        .order_by(Commission.code)
        .limit(most)
    ).all()


def _called(code: Code) -> list[ColumnElement[bool]]:
    """What is asked of commissions of which the code was typed."""
    if code.kind:
        return [and_(OF_LETTER[code.kind], Commission.number == code.number)]
    return [Commission.code == code.whole]


def _named(typed: str) -> list[ColumnElement[bool]]:
    """What is asked of commissions of which a name, a number or both were typed: one of it is enough."""
    asked = _read(typed)
    named = _ids_of_names(asked.words) if asked.words else []
    fits = [Commission.code == typed.strip().upper()]
    if asked.number is None:
        return [*fits, Commission.id.in_(named)]
    numbered = and_(Commission.level == Level.PEC, Commission.number == asked.number)
    if not asked.words:
        return [*fits, numbered]
    own = and_(Commission.level.in_(NUMBERED), Commission.number == asked.number, Commission.id.in_(named))
    fits += [own, and_(numbered, Commission.parent_id.in_(named))]
    if asked.is_constituency:
        fits.append(and_(Commission.level == Level.CONSTITUENCY, Commission.number == asked.number))
    return fits


def find_workshops(scope: Scope, typed: str, *, most: int) -> Sequence[Workshop]:
    """Workshops of the open campaign that the reader may see: by number, place, trainer's name or day, the last ones
    first; all of them when only the word was typed."""
    campaign = find_open_campaign()
    if campaign is None:
        return []
    on, rest = read_day(typed, campaign.election_on), without_day(typed)
    typed_words = folded_words(rest)
    words = [word for word in typed_words if not _is_workshop(word)]
    named = len(words) < len(typed_words)
    number = None if on else _number_of_workshop(rest, named=named)
    if number is not None:
        words = [word for word in words if word not in NO_NAMES]
    if on is None and number is None and not words and not named:
        return []
    rows = db.session.execute(
        select(Workshop.id, Workshop.place, Person.surname, Person.given_name)
        .join(Person, Person.id == Workshop.trainer_id)
        .where(
            Workshop.campaign_id == campaign.id,
            *(_on(on) if on else ()),
            *((Workshop.id == number,) if number is not None else ()),
        )
        .order_by(Workshop.starts_at.desc(), Workshop.id)
    ).all()
    fitting = [row.id for row in rows if _all_begin(words, (row.place, row.surname, row.given_name))]
    return _seen(scope, fitting, most)


def _is_workshop(word: str) -> bool:
    """Whether a folded word is what a workshop is called, with any ending."""
    return word.startswith(CALLED)


def _number_of_workshop(typed: str, *, named: bool) -> int | None:
    """The number of a workshop: `89`, `№ 89`, `семинар 89`; None for that of a precinct or within other words."""
    asked = _read(typed)
    others = [word for word in asked.words if not _is_workshop(word)]
    of_precinct = any(word in NO_NAMES - NUMBER_SIGNS for word in folded_words(typed))
    return None if of_precinct or (others and not named) else asked.number


def find_courses(typed: str, *, most: int) -> list[CourseVersion]:
    """Published courses, each in its newest version, by words of the title in any language."""
    words = folded_words(typed)
    if not words:
        return []
    newest = map(get_published, list_newest_ids())
    return [one for one in newest if _all_begin(words, (text.title for text in one.texts))][:most]


def _read(typed: str) -> _Typed:
    parts = words_of(typed.replace("№", " "))
    numbers = [part for part in parts if part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER]
    words = [word for part in parts for word in folded_words(part) if word not in NO_NAMES]
    return _Typed(int(numbers[0]) if len(numbers) == 1 else None, words)


def _ids_of_names(words: Sequence[str]) -> list[int]:
    """Commissions, of any branch, in whose names, in one language or another, each word begins a word; precincts called
    by their number alone left out."""
    names: dict[int, set[str]] = defaultdict(set)
    rows = select(CommissionName.commission_id, CommissionName.name)
    above = select(Commission.id).where(Commission.territory != Territory.PRECINCT)
    for place, name in db.session.execute(rows.where(CommissionName.commission_id.in_(above))):
        names[place].add(name)
    own = [place for place in db.session.scalars(_not_usual()) if place not in names]
    for start in range(0, len(own), AT_ONCE):
        of_own = rows.where(CommissionName.commission_id.in_(own[start : start + AT_ONCE]))
        for place, name in db.session.execute(of_own):
            names[place].add(name)
    return [place for place, called in names.items() if _all_begin(words, called, but=NO_NAMES)]


def _not_usual() -> Select[tuple[int]]:
    """Commissions whose name in Russian is not the usual one of a precinct: asked so that it is soon told of ten
    thousand."""
    usual = precinct_names(0, abroad=False)["ru"].partition("0")[0]
    return select(CommissionName.commission_id).where(
        CommissionName.language == "ru", func.substr(CommissionName.name, 1, len(usual)) != usual
    )


def _all_begin(words: Sequence[str], texts: Iterable[str], *, but: Collection[str] = ()) -> bool:
    keys = [key for text in texts for key in _keys_of(text) if key not in but]
    return all(any(key.startswith(word) for key in keys) for word in words)


@lru_cache(maxsize=5_000)
def _keys_of(text: str) -> tuple[str, ...]:
    """Names of territories, places and courses are read again and again."""
    return tuple(folded_words(text))


def _on(day: date) -> tuple[ColumnElement[bool], ...]:
    begins = datetime.combine(day, time(), ZoneInfo(clock.home_zone()))
    return Workshop.starts_at >= begins, Workshop.starts_at < begins + timedelta(days=1)


def _seen(scope: Scope, ids: Sequence[int], most: int) -> list[Workshop]:
    """Those of some workshops that the reader may see, in order."""
    found: list[Workshop] = []
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        rows = db.session.scalars(
            select(Workshop)
            .where(Workshop.id.in_(part), visible(scope))
            .order_by(Workshop.starts_at.desc(), Workshop.id)
        )
        found += rows.all()
        if len(found) >= most:
            break
    return found[:most]
