"""Read how commissions are called in rosters: `УИК № 17`, `№ 17 УСК`, `PEC No. 17`, `ТИК: ...`, `АСК: ...`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lms.commissions.rules import Territory
from lms.core.text import LOOK_ALIKES, tidy

_PRECINCT = re.compile(
    r"\b(?:уик|уск|ушк|pec|precinct(?: election)? commission|polling station"
    r"|участков\w+(?: избирательн\w+)? комисси\w+|избирательн\w+ участ\w+"
    r"|учаскелік(?: сайлау)? комиссия\w*|сайлау учаскес\w+)\b",
    re.I,
)
_TERRITORIAL = re.compile(
    r"\b(?:тик|аск|ашк|tec|territorial(?: election)? commission|(?:территориальн\w+ )?избирательн\w+ комисси\w+"
    r"|(?:аума[қ?]ты[қ?] )?сайлау комиссия\w*)\b",
    re.I,
)
_CONSTITUENCY = re.compile(
    r"\b(?:оик|окск|conec|окружн\w+ (?:избирательн\w+ )?комисси\w+|округтік (?:сайлау )?комиссия\w*"
    r"|constituency (?:election )?commission)\b",
    re.I,
)
_ABROAD = re.compile(r"\b(?:заграничн\w*|загран\w*|зарубежн\w*|за рубежом|шет ел\w*|шетел\w*|abroad|overseas)\b", re.I)
_NUMBER_SIGN = re.compile(r"(?:№|\bN[o°]?\b\.?|#)\s*", re.I)
_DIGITS = re.compile(r"\d+")
_BARE_NUMBER = re.compile(r"(?:№\s*)?\d{1,5}")
_EDGES = " :;,.-–—«»\"'()"
_KINDS = (
    (Territory.REGION, re.compile(r"\b(?:област\w*|обл|облыс\w*|region|oblast)\b", re.I)),
    (Territory.DISTRICT, re.compile(r"\b(?:район\w*|р-н|ауда[нңы]\w*|district)\b", re.I)),
    (Territory.CITY, re.compile(r"(?:\b(?:город\w*|[қк?]ала\w*|city)\b|(?:^|\s)г\.|\s[қк?]\.?$|^г\s)", re.I)),
)
_FOLDING = str.maketrans("әғқңөұүһіыё", "агкноуухиие")
_ENDING = re.compile(r"(?:ск(?:ий|ая|ое|ого|ой|ом)|дық|дік|лық|лік|тық|тік)$")
_STEM_TAIL = "инйы"


@dataclass(frozen=True, slots=True)
class PrecinctName:
    """What the name of a commission that is known by its number says: of a precinct, or of a constituency."""

    territory: Territory
    """PRECINCT, PRECINCT_ABROAD or CONSTITUENCY."""
    number: int
    beside: str
    """The territory named beside the number, if any."""


@dataclass(frozen=True, slots=True)
class TerritoryName:
    """What a territorial commission's name says."""

    kind: Territory | None
    """REGION, DISTRICT or CITY by the name's own words, or None when it does not say."""
    name: str


@lru_cache(maxsize=4096)
def parse_commission(text: str) -> PrecinctName | TerritoryName | None:
    """What `text` names, or None when it is not a commission's name."""
    clean = tidy(text)
    if _BARE_NUMBER.fullmatch(clean):
        return _precinct(clean)
    for spelling in (clean, clean.translate(LOOK_ALIKES)):
        if _CONSTITUENCY.search(spelling):
            return _constituency(spelling)
        if _PRECINCT.search(spelling):
            return _precinct(spelling)
        found = _TERRITORIAL.search(spelling)
        if found:
            return _territorial(spelling, found)
    return None


def parse_territory(text: str) -> TerritoryName:
    """What `text` names if it is a territory's bare name, as a sheet's name, or its commission's."""
    clean = tidy(text)
    named = parse_commission(clean)
    return named if isinstance(named, TerritoryName) else TerritoryName(territory_kind(clean), _trimmed(clean))


def territory_kind(name: str) -> Territory | None:
    """REGION, DISTRICT or CITY by the words in `name`, or None."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)


@lru_cache(maxsize=4096)
def territory_key(name: str) -> str:
    """What is the same in a territory's Kazakh and Russian name: `бейне` of Бейнеуский район and Бейнеу ауданы."""
    kind = territory_kind(name)
    bare = name
    for _, pattern in _KINDS:
        bare = pattern.sub(" ", bare)
    words = [_stem(word) for word in re.findall(r"[\w?-]+", bare.casefold())]
    return f"{kind or ''}:{' '.join(word for word in words if word)}"


def _stem(word: str) -> str:
    folded = _ENDING.sub("", word).translate(_FOLDING)
    return folded.rstrip(_STEM_TAIL) or folded


def _territorial(text: str, found: re.Match[str]) -> TerritoryName | None:
    """The words `ТИК` and the like stand before the territory, or after it if it is one by its own words."""
    name = _trimmed(text[: found.start()] + " " + text[found.end() :])
    kind = territory_kind(name)
    if found.start() == 0 or (found.end() == len(text) and kind):
        return TerritoryName(kind, name)
    return None


def _constituency(text: str) -> PrecinctName | None:
    numbers = _DIGITS.findall(text)
    if len(numbers) != 1 or len(numbers[0]) > 3 or int(numbers[0]) == 0:
        return None
    return PrecinctName(Territory.CONSTITUENCY, int(numbers[0]), "")


def _precinct(text: str) -> PrecinctName | None:
    numbers = _DIGITS.findall(text)
    if len(numbers) != 1 or len(numbers[0]) > 6 or int(numbers[0]) == 0:
        return None
    abroad = bool(_ABROAD.search(text))
    beside = text
    for pattern in (_PRECINCT, _ABROAD, _NUMBER_SIGN, _DIGITS):
        beside = pattern.sub(" ", beside)
    territory = Territory.PRECINCT_ABROAD if abroad else Territory.PRECINCT
    return PrecinctName(territory, int(numbers[0]), _trimmed(beside))


def _trimmed(text: str) -> str:
    name = tidy(text).strip(_EDGES)
    return f"{name}." if name.endswith((" қ", " к", " ?")) else name
