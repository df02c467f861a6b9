"""What commissions, levels, offices and roles are called in the reader's language."""

from __future__ import annotations

from lms.commissions.models import Commission
from lms.core.web.languages import _, pick

CENTRAL_NAMES = {
    "kk": "Орталық сайлау комиссиясы",
    "ru": "Центральная избирательная комиссия",
    "en": "Central Election Commission",
}


def name_of(commission: Commission) -> str:
    """The commission's name in the reader's language."""
    return pick({row.language: row.name for row in commission.names})


def precinct_names(number: int, *, abroad: bool) -> dict[str, str]:
    """A precinct commission's names in all languages."""
    if abroad:
        return {
            "kk": f"Шет елдегі № {number} УСК",
            "ru": f"Заграничный УИК № {number}",
            "en": f"PEC No. {number} abroad",
        }
    return {"kk": f"№ {number} УСК", "ru": f"УИК № {number}", "en": f"PEC No. {number}"}


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
