"""Find or plan the commission of every row: the sheet gives the territory, its first block the commission above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lms.commissions.rules import Level, Territory, may_stand_under
from lms.rosters.findings import Problem
from lms.rosters.gazetteer import find_region
from lms.rosters.naming import PrecinctName, TerritoryName, parse_commission, parse_territory, territory_key
from lms.rosters.reading.words import wildcard
from lms.rosters.state import Present, PresentCommission

UPPER = (Territory.REGION, Territory.REPUBLICAN_CITY)
NUMBERED = (Territory.PRECINCT, Territory.PRECINCT_ABROAD, Territory.CONSTITUENCY)
"""Known by their numbers; what follows them in a file does not stand below them."""
PATH_SIGN = " / "
"""Between the names of territories in the column of the upper commission."""


@dataclass(slots=True)
class Place:
    """A commission that rows of the file belong to, or that stands above one."""

    index: int
    parent: int | None
    """Index of the place above; None for the commission that the branch begins with."""
    territory: Territory
    number: int | None
    """None for a new territorial commission: its number is given when it is made."""
    name: str
    """The territory as written in the file; empty for a precinct, whose number says all."""
    present: PresentCommission | None = None
    time_zone: str = ""
    seats: int = 0
    """Said by the file: a column, a subtotal, or the number of rows; 0 when the file does not name it."""
    rows: int = 0
    sheet: int = -1
    row: int = 0
    """Where it is first named."""
    said: int | None = None
    """What the block's subtotal says."""
    full: bool = False
    """Whether the file lists everyone who is in it."""
    held_by: tuple[int, int] | None = None
    """Sheet and row of the first problem because of which it may not list everyone."""

    needed: bool = False
    """Whether a row that goes in belongs to it, or to one below it."""

    @property
    def is_new(self) -> bool:
        """Whether applying makes this commission."""
        return self.present is None and self.needed


@dataclass(slots=True)
class _Context:
    """What the rows above say about the next ones."""

    sheet: int = -1
    upper: Place | None = None
    territorial: Place | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What a commission's name is understood by, besides its words."""
        return (self.upper.index if self.upper else None, self.territorial.index if self.territorial else None)


@dataclass(slots=True)
class Placer:
    """Places commissions one after another, in the order of the file."""

    present: Present
    places: list[Place] = field(default_factory=list)
    _by_present: dict[int, Place] = field(default_factory=dict)
    _by_name: dict[tuple[int, str], Place] = field(default_factory=dict)
    _by_number: dict[tuple[int, Territory, int], Place] = field(default_factory=dict)
    _children: dict[int | None, list[PresentCommission]] = field(default_factory=dict)
    _numbered: dict[tuple[int, Territory, int], PresentCommission] = field(default_factory=dict)
    _known: dict[tuple[str, str, int | None, int | None], Place | Problem] = field(default_factory=dict)
    _context: _Context = field(default_factory=_Context)

    def __post_init__(self) -> None:
        for commission in self.present.commissions.values():
            self._children.setdefault(commission.parent_id, []).append(commission)
            if commission.parent_id is not None:
                self._numbered[commission.parent_id, commission.territory, commission.number] = commission
        self._existing(self.present.base)

    def place(self, sheet: int, sheet_names: Iterable[str], text: str, path: str = "") -> Place | Problem:
        """The place of a row that names its commission `text`; a problem when it cannot be told or is elsewhere.

        `sheet_names`: the sheet's name and titles; `path`: the upper commissions, if the row names them.
        """
        if self._context.sheet != sheet:
            self._context.sheet = sheet
            self._context.territorial = None
            self._known.clear()
        key = (text, path, *self._context.key)
        if key not in self._known:
            self._known[key] = self._resolve(text, path, sheet_names)
        found = self._known[key]
        if isinstance(found, Place) and found.territory not in NUMBERED:
            self._enter(found)
        return found

    def _resolve(self, text: str, path: str, sheet_names: Iterable[str]) -> Place | Problem:
        reference = parse_commission(text)
        if reference is None:
            return Problem.COMMISSION_UNKNOWN
        for name in path.split(PATH_SIGN) if path else ():
            above = self._territorial(parse_territory(name))
            if isinstance(above, Problem):
                return above
            self._enter(above)
        if isinstance(reference, PrecinctName) and reference.territory is Territory.CONSTITUENCY:
            return self._constituency(reference)
        if isinstance(reference, PrecinctName):
            return self._precinct(reference, sheet_names)
        if not reference.name:
            reference = next(_territories_in(sheet_names), reference)
        return self._territorial(reference) if reference.name else Problem.TERRITORY_UNKNOWN

    def _enter(self, place: Place) -> None:
        if place.territory in UPPER:
            self._context.upper = place
        self._context.territorial = place

    def _territorial(self, reference: TerritoryName, *, known_only: bool = False) -> Place | Problem:
        found = self._find_territorial(reference)
        if known_only and isinstance(found, Place) and found.present is None and not found.rows:
            return Problem.TERRITORY_UNKNOWN
        return found

    def _find_territorial(self, reference: TerritoryName) -> Place | Problem:
        base = self.present.base
        if base.level is Level.PEC:
            return Problem.OUTSIDE_BRANCH
        region = find_region(reference.name, self.present.country)
        if reference.kind is Territory.REGION or (region and reference.kind in (None, Territory.CITY)):
            territory = region.territory if region else Territory.REGION
            return self._upper(reference.name, territory)
        if base.territory not in (*UPPER, Territory.COUNTRY, Territory.CONSTITUENCY):
            return self._existing(base) if self._means(reference.name, base) else Problem.OUTSIDE_BRANCH
        if self._context.upper or base.level in (Level.TEC, Level.CONSTITUENCY):
            above = self._context.upper or self._existing(base)
            return self._named(above, reference.name, _lower_territory(reference, above))
        return self._anywhere(reference)

    def _upper(self, name: str, territory: Territory) -> Place | Problem:
        base = self.present.base
        if base.level is Level.CEC:
            return self._named(self._existing(base), name, territory)
        return self._existing(base) if self._means(name, base) else Problem.OUTSIDE_BRANCH

    def _anywhere(self, reference: TerritoryName) -> Place | Problem:
        """A district or city whose region the file does not name: the only one of that name, or a new one."""
        lower = [
            one for one in self.present.commissions.values() if one.level is Level.TEC and one.territory not in UPPER
        ]
        fitting = [one for one in lower if self._means(reference.name, one)]
        if len(fitting) > 1:
            return Problem.TERRITORY_UNKNOWN
        if fitting:
            return self._existing(fitting[0])
        above = self._existing(self.present.base)
        return self._named(above, reference.name, _lower_territory(reference, above))

    def _named(self, above: Place, name: str, territory: Territory) -> Place | Problem:
        """The territorial commission of that name under `above`, present or new."""
        key = (above.index, territory_key(name))
        if key in self._by_name:
            return self._by_name[key]
        siblings = self._children.get(above.present.id, []) if above.present else []
        fitting = [one for one in siblings if one.level is Level.TEC and self._means(name, one)]
        if len(fitting) == 1:
            return self._existing(fitting[0])
        if len(fitting) > 1 or "?" in name:
            return Problem.COMMISSION_UNKNOWN
        place = self._add(Place(len(self.places), above.index, territory, None, name))
        self._by_name[key] = place
        return place

    def _constituency(self, reference: PrecinctName) -> Place | Problem:
        """The commission of a constituency, by its number: the only one of the branch, else a new one where the country
        has such commissions and one may stand directly below the commission that the file is for."""
        base = self.present.base
        if not self.present.country.has_constituencies:
            return Problem.COMMISSION_UNKNOWN
        if found := self._only_one(reference):
            return found
        if not may_stand_under(Territory.CONSTITUENCY, base.territory):
            return Problem.OUTSIDE_BRANCH
        return self._precinct_under(self._existing(base), reference)

    def _precinct(self, reference: PrecinctName, sheet_names: Iterable[str]) -> Place | Problem:
        base = self.present.base
        if base.level is Level.PEC:
            same = (base.territory, base.number) == (reference.territory, reference.number)
            return self._existing(base) if same else Problem.OUTSIDE_BRANCH
        above = self._above_precinct(reference, sheet_names)
        if above is None:
            return self._precinct_anywhere(reference)
        return above if isinstance(above, Problem) else self._precinct_under(above, reference)

    def _precinct_anywhere(self, reference: PrecinctName) -> Place | Problem:
        """A precinct of which the file names nothing but the number: the only one of the branch, else a new one; of
        several none is guessed."""
        return self._only_one(reference) or self._precinct_under(self._existing(self.present.base), reference)

    def _only_one(self, reference: PrecinctName) -> Place | Problem | None:
        """The commission of the branch that is of this kind and bears this number; a problem when several do."""
        same = (reference.territory, reference.number)
        present = [one for one in self.present.commissions.values() if (one.territory, one.number) == same]
        if len(present) > 1:
            return Problem.TERRITORY_UNKNOWN
        return self._existing(present[0]) if present else None

    def _precinct_under(self, above: Place, reference: PrecinctName) -> Place:
        key = (above.index, reference.territory, reference.number)
        if key in self._by_number:
            return self._by_number[key]
        present = self._numbered.get((above.present.id, *key[1:])) if above.present else None
        if present:
            return self._existing(present)
        place = self._add(Place(len(self.places), above.index, reference.territory, reference.number, ""))
        self._by_number[key] = place
        return place

    def _above_precinct(self, reference: PrecinctName, sheet_names: Iterable[str]) -> Place | Problem | None:
        """The commission above a precinct; None when nothing but its number is told."""
        if reference.beside:
            return self._territorial(parse_territory(reference.beside), known_only=True)
        if self._context.territorial:
            return self._context.territorial
        if reference.territory is Territory.PRECINCT_ABROAD:
            return self._above_abroad()
        for territory in _territories_in(sheet_names):
            return self._territorial(territory)
        return None if self.present.base.level is Level.TEC else Problem.TERRITORY_UNKNOWN

    def _above_abroad(self) -> Place:
        """Where precincts abroad already stand in the branch, else the commission that the file is for."""
        commissions = self.present.commissions
        parents = {one.parent_id for one in commissions.values() if one.territory is Territory.PRECINCT_ABROAD}
        known = [commissions[parent] for parent in parents if parent in commissions]
        return self._existing(known[0] if len(known) == 1 else self.present.base)

    def _existing(self, commission: PresentCommission) -> Place:
        if commission.id in self._by_present:
            return self._by_present[commission.id]
        parent = None
        if commission.id != self.present.base.id and commission.parent_id in self.present.commissions:
            parent = self._existing(self.present.commissions[commission.parent_id]).index
        place = Place(len(self.places), parent, commission.territory, commission.number, "", commission)
        self._by_present[commission.id] = place
        return self._add(place)

    def _add(self, place: Place) -> Place:
        self.places.append(place)
        return place

    @staticmethod
    def _means(name: str, commission: PresentCommission) -> bool:
        """Whether `name` is the commission's name in one of its languages, or the same territory in another one."""
        names = [parse_territory(known).name for known in commission.names]
        if "?" in name:
            return any(wildcard(name).fullmatch(known) for known in names)
        return name in names or territory_key(name) in {territory_key(known) for known in names}


def _territories_in(names: Iterable[str]) -> Iterator[TerritoryName]:
    """The territories that a sheet's name and titles name by themselves."""
    for name in names:
        found = parse_territory(name)
        if found.kind and found.name and len(name.split()) <= 3:
            yield found


def _lower_territory(reference: TerritoryName, above: Place) -> Territory:
    if above.territory is Territory.REPUBLICAN_CITY:
        return Territory.CITY_DISTRICT
    return Territory.CITY if reference.kind is Territory.CITY else Territory.DISTRICT
