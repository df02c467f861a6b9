"""What commissions, levels, offices and roles are called in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.campaigns.queries import this_country
from lms.commissions.models import Commission
from lms.core.web.languages import LANGUAGES, _, pick
from lms.countries.reading import shipped
from lms.countries.rules import find_level

if TYPE_CHECKING:
    from lms.countries.schema import Country

REFERENCE = "kz"
"""The country of the demo."""


def name_of(commission: Commission) -> str:
    """The commission's name in the reader's language."""
    return pick({row.language: row.name for row in commission.names})


def taken_sentence(commission: Commission) -> str:
    """What is said to whoever would give this commission's number once more."""
    if commission.closed_on is None:
        return _("There is a commission %(code)s already. Choose another number.", code=commission.code)
    return _(
        "The commission %(code)s has this number and is closed. Open it again, or choose another number.",
        code=commission.code,
    )


def central_names(country: Country | None = None) -> dict[str, str]:
    """The central commission's names in all languages."""
    return _names_of_level("cec", country or this_country())


def demo_central_names() -> dict[str, str]:
    """The same in the country of the demo."""
    return central_names(shipped(REFERENCE))


def precinct_names(number: int, *, abroad: bool) -> dict[str, str]:
    """A precinct commission's names in all languages."""
    short = level_abbreviations("pec")
    if abroad:
        return {
            "kk": f"Шет елдегі № {number} {short['kk']}",
            "ru": f"Заграничный {short['ru']} № {number}",
            "en": f"{short['en']} No. {number} abroad",
        }
    return _numbered(short, number)


def constituency_names(number: int) -> dict[str, str]:
    """The names in all languages of a constituency's commission that is given none."""
    return _numbered(level_abbreviations("con"), number)


def _numbered(short: dict[str, str], number: int) -> dict[str, str]:
    return {"kk": f"№ {number} {short['kk']}", "ru": f"{short['ru']} № {number}", "en": f"{short['en']} No. {number}"}


def level_abbreviations(level: str) -> dict[str, str]:
    """What the country calls the commissions of a level in short, by language; empty words for a level without any."""
    found = find_level(this_country(), level) or find_level(shipped(REFERENCE), level)
    return dict(found.abbreviation) if found else dict.fromkeys(LANGUAGES, "")


def level_kinds(level: str) -> dict[str, str]:
    """The one word, by language, that tells the commissions of a level from the others."""
    found = find_level(this_country(), level) or find_level(shipped(REFERENCE), level)
    return dict(found.kind) if found else {}


def level_abbreviation(level: str) -> str:
    """The same in short, in the reader's language."""
    return pick(level_abbreviations(level))


def level_name(level: str) -> str:
    """What the country calls the commissions of a level, in the reader's language; nothing for an unknown one."""
    return pick(_names_of_level(level, this_country()))


def _names_of_level(level: str, country: Country) -> dict[str, str]:
    found = find_level(country, level) or find_level(shipped(REFERENCE), level)
    return dict(found.name) if found else {}


def office_name(office: str) -> str:
    """chair, deputy chair, secretary, member."""
    match office:
        case "chair":
            return _("chair")
        case "deputy_chair":
            return _("deputy chair")
        case "secretary":
            return _("secretary")
        case "member":
            return _("member")
    raise KeyError(office)


def territory_name(territory: str) -> str:
    """What a commission is responsible for."""
    return {
        "country": _("Central Election Commission"),
        "constituency": _("constituency"),
        "region": _("region"),
        "republican_city": _("city of republican rank"),
        "district": _("district"),
        "city": _("city"),
        "city_district": _("district of a city"),
        "precinct": _("precinct"),
        "precinct_abroad": _("precinct abroad"),
    }[territory]


def kind_name(kind: str) -> str:
    """How a member came to the seat."""
    return {"elected": _("elected"), "temporary": _("appointed for the time being by the commission above")}[kind]


def role_name(role: str) -> str:
    """What a role is called."""
    return {
        "cec_administrator": _("CEC administrator"),
        "methodologist": _("methodologist"),
        "territorial_officer": _("territorial officer"),
        "trainer": _("trainer"),
        "reporting_officer": _("reporting officer"),
        "auditor": _("auditor"),
    }[role]
